package sample_test

import (
	"testing"

	"github.com/telestruct/telestruct/tp/sample"
	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/wire"
)

// TestValue makes values with seed 0, whose first draws are, as
//
//	integers: 2163713 3178529 35766321 16303881 954081041 1598503090 415302837
//	booleans: false   false   false    true     true      true       true
//	words:    sigma   sigma   kappa    kappa    sigma     lambda     chi
func TestValue(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name       string
		expression string
		blueprint  string
		optional   sample.OptionalFields
		want       string
	}{
		{"boolean", `"boolean"`, "", sample.Omit, `false`},
		{"given boolean", `"boolean"`, "true", sample.Omit, `true`},
		{"given integer", `"integer"`, "5", sample.Omit, `5`},
		{"given number", `"number"`, "0.5", sample.Omit, `0.5`},
		{"given string", `"string"`, `"a"`, sample.Omit, `"a"`},
		{"given bytes", `"bytes"`, `"AAAA"`, sample.Omit, `"AAAA"`},
		{"nullable spends a draw", `"integer?"`, "", sample.Omit, `3178529`},
		{"given to a nullable", `"integer?"`, "7", sample.Omit, `7`},
		{"given null", `"integer?"`, "null", sample.Omit, `null`},
		{"null given to a nullable struct", `"struct.Point?"`, "null", sample.Omit, `null`},
		{"null given to a nullable union", `"union.Shape?"`, "null", sample.Omit, `null`},
		{"null given to a nullable any", `"any?"`, "null", sample.Omit, `null`},
		{"null given to a nullable selection", `"_ext.Select_?"`, "null", sample.Omit, `null`},
		{"any", `"any"`, "", sample.Omit, `"sigma"`},
		{"any ignores what is given", `"any"`, "5", sample.Omit, `"sigma"`},
		{"given to a nullable any", `"any?"`, "5", sample.Omit, `"sigma"`},

		{"list", `["integer"]`, "", sample.Omit, `[3178529,35766321]`},
		{"given list", `["integer"]`, "[1,2,3]", sample.Omit, `[1,2,3]`},
		{"given empty list", `["integer"]`, "[]", sample.Omit, `[]`},
		{"given list of what is made up", `["struct.Point"]`, `[{"x":1},{}]`, sample.Omit, `[{"x":1,"y":2163713},{"x":3178529,"y":35766321}]`},
		{"what is no list", `["integer"]`, `"a"`, sample.Omit, `[3178529,35766321]`},
		{"object", `{"string": "integer"}`, "", sample.Omit, `{"sigma":35766321,"kappa":954081041}`},
		{"given object keeps its order", `{"string": "integer"}`, `{"b":1,"a":2}`, sample.Omit, `{"b":1,"a":2}`},
		{"given empty object", `{"string": "integer"}`, `{}`, sample.Omit, `{}`},
		{"given object of what is made up", `{"string": "struct.Point"}`, `{"a":{"y":1}}`, sample.Omit, `{"a":{"x":2163713,"y":1}}`},
		{"what is no object", `{"string": "integer"}`, `[1]`, sample.Omit, `{"sigma":35766321,"kappa":954081041}`},

		{"struct by ascending name", `"struct.Point"`, "", sample.Omit, `{"x":2163713,"y":3178529}`},
		{"optional fields", `"struct.Point"`, "", sample.Include, `{"label!":"sigma","x":3178529,"y":35766321}`},
		{"drawn to include", `"struct.Point"`, "", sample.Randomize, `{"label!":"sigma","x":35766321,"y":16303881}`},
		{"given field", `"struct.Point"`, `{"y":1}`, sample.Omit, `{"x":2163713,"y":1}`},
		{"given optional field", `"struct.Point"`, `{"label!":"a"}`, sample.Omit, `{"label!":"a","x":2163713,"y":3178529}`},
		{"given unknown field", `"struct.Point"`, `{"z":1,"label":"a"}`, sample.Omit, `{"x":2163713,"y":3178529}`},
		{"what is no struct", `"struct.Point"`, `null`, sample.Omit, `{"x":2163713,"y":3178529}`},

		{"union draws a tag", `"union.Shape"`, "", sample.Omit, `{"Square":{"side":3178529}}`},
		{"single tag spends a draw", `["union.Single"]`, "", sample.Omit, `[{"Only":{}},{"Only":{}}]`},
		{"given tag", `"union.Shape"`, `{"Circle":{}}`, sample.Omit, `{"Circle":{"radius":2163713}}`},
		{"given tag with fields", `"union.Shape"`, `{"Circle":{"radius":1}}`, sample.Omit, `{"Circle":{"radius":1}}`},
		{"given tag that is no object", `"union.Shape"`, `{"Circle":null}`, sample.Omit, `{"Circle":{"radius":2163713}}`},
		{"given unknown tag", `"union.Shape"`, `{"Line":{}}`, sample.Omit, `{"Square":{"side":3178529}}`},
		{"what is no union", `"union.Shape"`, `{}`, sample.Omit, `{"Square":{"side":3178529}}`},

		{"link", `"fn.setRandomSeed_"`, "", sample.Omit, `{"fn.setRandomSeed_":{"seed":3178529}}`},
		{"given link", `"fn.setRandomSeed_"`, `{"fn.setRandomSeed_":{}}`, sample.Omit, `{"fn.setRandomSeed_":{"seed":2163713}}`},
		{"given link with arguments", `"fn.setRandomSeed_"`, `{"fn.setRandomSeed_":{"seed":1}}`, sample.Omit, `{"fn.setRandomSeed_":{"seed":1}}`},
		{"given other link", `"fn.setRandomSeed_"`, `{"fn.ping_":{}}`, sample.Omit, `{"fn.setRandomSeed_":{"seed":3178529}}`},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s, typ := typeOf(t, tc.expression)
			g := sample.NewGenerator(s, sample.Options{MaxLength: 3})
			got := g.Value(typ, nil, tc.optional, given(t, tc.blueprint))
			if got := text(t, got); got != tc.want {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
		})
	}
}

// TestRandomizeLeavesOut draws true, which leaves the optional field out.
func TestRandomizeLeavesOut(t *testing.T) {
	t.Parallel()
	s, typ := typeOf(t, `"struct.Point"`)
	g := sample.NewGenerator(s, sample.Options{})
	booleans := s.Function("fn.verify_").Args.Field("strictMatch!").Type
	for range 3 { // draws are false up to here
		g.Value(booleans, nil, sample.Omit, sample.Blueprint{})
	}
	got := text(t, g.Value(typ, nil, sample.Randomize, sample.Blueprint{}))
	if want := `{"x":954081041,"y":1598503090}`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

const orders = `
- fn.order:
    item: "string"
    note!: "string"
  ->:
    - Ok_:
        number: "integer"
        note!: "string"
    - ErrorSoldOut:
        until: "integer"

- errors.Shop:
    - ErrorClosed: {}
`

// TestBodies makes requests and responses with seed 0.
func TestBodies(t *testing.T) {
	t.Parallel()
	s := parse(t, orders)
	f := s.Function("fn.order")
	request := (*sample.Generator).Request
	result := (*sample.Generator).Result
	cases := []struct {
		name      string
		make      func(*sample.Generator, *schema.Function, sample.OptionalFields, sample.Blueprint) wire.Object
		optional  sample.OptionalFields
		blueprint string
		want      string
	}{
		{"request", request, sample.Omit, "", `{"fn.order":{"item":"sigma"}}`},
		{"request with all fields", request, sample.Include, "", `{"fn.order":{"item":"sigma","note!":"kappa"}}`},
		{"given request", request, sample.Omit, `{"fn.order":{"item":"tea"}}`, `{"fn.order":{"item":"tea"}}`},
		{"given part of a request", request, sample.Omit, `{"fn.order":{"note!":"now"}}`, `{"fn.order":{"item":"sigma","note!":"now"}}`},
		{"given success", result, sample.Omit, `{"Ok_":{}}`, `{"Ok_":{"number":2163713}}`},
		{"given success with all fields", result, sample.Include, `{"Ok_":{}}`, `{"Ok_":{"note!":"sigma","number":3178529}}`},
		{"given error", result, sample.Omit, `{"ErrorSoldOut":{}}`, `{"ErrorSoldOut":{"until":2163713}}`},
		{"given applied error", result, sample.Omit, `{"ErrorClosed":{"x":1}}`, `{"ErrorClosed":{}}`},
		// 2163713 mod 10 tags, the framework's own and those of a mock among them.
		{"result", result, sample.Omit, "", `{"ErrorInvalidResponseBody_":{"cases":[{"path":[],"reason":{"ArrayElementDisallowed":{}}},{"path":[415302837,589180268],"reason":{"RequiredObjectKeyMissing":{"key":"sigma"}}}]}}`},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			g := sample.NewGenerator(s, sample.Options{MaxLength: 3})
			body := tc.make(g, f, tc.optional, given(t, tc.blueprint))
			if got := text(t, body); got != tc.want {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
			validBody(t, s, f, body)
		})
	}
}
