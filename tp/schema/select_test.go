package schema_test

import (
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/wire"
)

const orchard = `
- struct.Tree:
    kind: "string"
    age!: "integer"
    planted!: "struct.Day"
    grafts!: ["struct.Tree"]

- struct.Day:
    year: "integer"

- struct.Unused:
    nothing: "any"

- struct.Blank: {}

- union.Fruit:
    - Apple:
        weight: "number"
        tree!: {"string": "struct.Tree?"}
    - None: {}

- union.Sky:
    - Sunny: {}
    - Cloudy: {}

- struct.Weather:
    sky: "union.Sky"
    blank: "struct.Blank"

- fn.silent:
    tree!: "struct.Tree"
  ->:
    - Ok_: {}
    - ErrorStorm:
        weather: "struct.Weather"

- fn.pick:
    row: "struct.Unused"
  ->:
    - Ok_:
        fruit: ["union.Fruit"]
        any!: "any"
        again!: "fn.pick"
    - ErrorNothing:
        sky: "union.Sky"

- fn.look:
    unused: "struct.Unused"
  ->:
    - Ok_:
        day!: "struct.Day"
        next: "fn.silent?"

- errors.Orchard:
    - ErrorClosed:
        fruit: "union.Fruit"
`

func TestSelectable(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, fn, want string }{
		{"nothing", "fn.silent", `{"->": {"Ok_": []}}`},
		{"standard function", "fn.ping_", `{"->": {"Ok_": []}}`},
		{
			// The link to itself leads into the error that is its own, not
			// into the one that applies to every function.
			"collections, recursion and a link to itself", "fn.pick",
			`{"->": {"Ok_": ["again!", "any!", "fruit"]},
			  "struct.Day": ["year"],
			  "struct.Tree": ["age!", "grafts!", "kind", "planted!"],
			  "union.Fruit": {"Apple": ["tree!", "weight"]},
			  "union.Sky": {}}`,
		},
		{
			"link to another function", "fn.look",
			`{"->": {"Ok_": ["day!", "next"]},
			  "struct.Day": ["year"],
			  "struct.Weather": ["blank", "sky"],
			  "union.Sky": {}}`,
		},
	}
	s := parseOrchard(t)
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			want, err := wire.DecodeJSON([]byte(tc.want), wire.CallLimits())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, any(s.Selectable(s.Function(tc.fn)))); diff != "" {
				t.Errorf("selectable (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSelectableOfNoFunction(t *testing.T) {
	t.Parallel()
	if got := parseOrchard(t).Selectable(nil); got != nil {
		t.Errorf("got %v", got)
	}
}

func TestSelectableConcurrently(t *testing.T) {
	t.Parallel()
	s := parseOrchard(t)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for _, f := range s.Functions() {
				if s.Selectable(f) == nil {
					t.Errorf("%s allows nothing", f.Key)
				}
			}
		})
	}
	all.Wait()
}

func parseOrchard(t *testing.T) *schema.Schema {
	t.Helper()
	s, err := schema.Parse(schema.Document{Name: "orchard.telepact.yaml", Text: []byte(orchard)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}
