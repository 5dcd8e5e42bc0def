package sample_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/telestruct/telestruct/tp/sample"
	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/wire"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestExamplesOfStandardDefinitions holds examples to spec appendix A.2.
func TestExamplesOfStandardDefinitions(t *testing.T) {
	t.Parallel()
	s := parse(t, "- union.Auth_:\n    - Token:\n        token: \"string\"\n")
	cases := []struct{ key, want string }{
		{"headers.Binary_", `{"inputExample":{"@bin_":[2163713,3178529],"@pac_":false},` +
			`"outputExample":{"@bin_":[16303881,954081041],"@enc_":{"lambda":415302837,"xi":589180268},"@pac_":true}}`},
		{"headers.Time_", `{"inputExample":{"@time_":2163713},"outputExample":{}}`},
		{"headers.Auth_", `{"inputExample":{"@auth_":{"Token":{"token":"sigma"}}},"outputExample":{}}`},
		{"union.Type_", `{"example":{"Base64String":{}}}`},
		{"union.CallCountCriteria_", `{"example":{"Exact":{"times":3178529}}}`},
		{"struct.ValidationFailure_", `{"example":{"path":["sigma",true],` +
			`"reason":{"ExtensionValidationFailed":{"data!":{"lambda":true,"phi":true},"reason":"tau"}}}}`},
		{"errors.Auth_", `{"example":{"ErrorUnauthorized_":{"message!":"sigma"}}}`},
		{"_ext.Select_", `{"example":{}}`},
	}
	for _, tc := range cases {
		t.Run(tc.key, func(t *testing.T) {
			t.Parallel()
			if got := text(t, sample.NewExampler(s).Examples(s.Lookup(tc.key))); got != tc.want {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
		})
	}
}

// TestExamplesOfPing stands alone: the result has the errors of no other set.
func TestExamplesOfPing(t *testing.T) {
	t.Parallel()
	s, err := schema.Parse(schema.Document{Name: "empty.telepact.yaml", Text: []byte("- info.Empty: {}\n")})
	if err != nil {
		t.Fatal(err)
	}
	want := `{"inputExample":{"fn.ping_":{}},"outputExample":{"ErrorParseFailure_":{"reasons":[` +
		`{"ExpectedJsonArrayOfAnObjectAndAnObjectOfOneObject":{}},{"ExpectedJsonArrayOfAnObjectAndAnObjectOfOneObject":{}}]}}}`
	if got := text(t, sample.NewExampler(s).Examples(s.Lookup("fn.ping_"))); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// garden has every kind of definition and every kind of type expression, and
// types that contain themselves in every way.
const garden = `
- info.Garden: {}

- struct.Everything:
    boolean: "boolean?"
    integer: "integer"
    number: "number"
    string: "string"
    any: "any"
    bytes: "bytes"
    listOfBytes: ["bytes"]
    objects: [{"string": "struct.Plant?"}]
    select: "_ext.Select_"
    call: "_ext.Call_"
    stub: "_ext.Stub_"
    link!: "fn.water"

- struct.Plant:
    name: "string"
    parent!: "struct.Plant"

- struct.Tree:
    height: "number"
    left!: "struct.Tree"
    right!: "struct.Tree"

- struct.Bush:
    twigs: ["struct.Bush"]
    named: {"string": "struct.Bush"}

- struct.Egg:
    hen: "struct.Hen?"

- struct.Hen:
    egg: "struct.Egg"

- union.Term:
    - Add:
        left: "union.Term"
        right: "union.Term"
    - Bind:
        body: "struct.Body"
    - Negate:
        term: "union.Term"
    - Variable:
        name: "string"

- struct.Body:
    terms: ["union.Term"]
    last: "union.Term"

- fn.water:
    plant: "struct.Plant"
    next!: "fn.water"
  ->:
    - Ok_:
        term: "union.Term"
        again: "fn.water"

- headers.Garden:
    "@term": "union.Term"
    "@a": "bytes"
  ->:
    "@tree": "struct.Tree"

- errors.Garden:
    - ErrorWeeds:
        bushes: ["struct.Bush"]
`

func TestExamplesGolden(t *testing.T) {
	t.Parallel()
	s := parse(t, garden)
	var got []byte
	examples := sample.NewExampler(s)
	for _, d := range s.Own() {
		for _, m := range examples.Examples(d) {
			got = append(got, d.Common().Key+" "+m.Key+" "+text(t, m.Value)+"\n"...)
		}
	}
	file := filepath.Join("testdata", "examples.golden")
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, got) {
		t.Errorf("%s differs (-update writes it); got\n%s", file, got)
	}
}

// TestExamplesAreTheCallers changes what it got, and expects the same again.
func TestExamplesAreTheCallers(t *testing.T) {
	t.Parallel()
	s := parse(t, garden)
	d := s.Lookup("struct.Everything")
	examples := sample.NewExampler(s)
	want := text(t, examples.Examples(d))
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			scramble(examples.Examples(d))
		})
	}
	wait.Wait()
	if got := text(t, examples.Examples(d)); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func scramble(v any) {
	switch v := v.(type) {
	case []any:
		for i := range v {
			scramble(v[i])
			v[i] = nil
		}
	case wire.Object:
		for i := range v {
			scramble(v[i].Value)
			v[i] = wire.Member{}
		}
	}
}
