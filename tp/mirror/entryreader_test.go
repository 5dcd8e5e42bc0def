package mirror

import (
	"strings"
	"testing"
)

// Records of a list, and what is in them, keep the same keys once.
func TestRecordsShareKeys(t *testing.T) {
	t.Parallel()
	const record = `{"Map":{"at":{"Map":{"x":{"Int":1},"y":{"Int":2}}},"unit":{"Str":"degrees"}}}`
	var list Value
	if err := list.UnmarshalJSON([]byte(`{"List":[` + record + `,` + record + `]}`)); err != nil {
		t.Fatal(err)
	}
	a, b := list.At(0), list.At(1)
	atA, _ := a.Get("at")
	atB, _ := b.Get("at")
	if &a.of.keys[0] != &b.of.keys[0] || &atA.of.keys[0] != &atB.of.keys[0] {
		t.Error("the keys of equal records are kept twice")
	}
	if changed, err := Apply(list, []Op{{Kind: OpRemove, Path: Path{Index(0), Key("at")}}}); err != nil || !changed.At(1).Equal(b) {
		t.Errorf("a change of one record has changed the other: %v, %v", changed, err)
	}
}

// What resembles another map is read as it is, whatever they have in common.
func TestReadMapsThatResembleOthers(t *testing.T) {
	t.Parallel()
	const first = `{"Map":{"a":{"Int":1},"b":{"Int":2},"c":{"Int":3}}}`
	tests := []struct{ name, second, want string }{
		{"same", first, first},
		{"empty", `{"Map":{}}`, ""},
		{"beginning", `{"Map":{"a":{"Int":4}}}`, ""},
		{"end", `{"Map":{"c":{"Int":4}}}`, ""},
		{"without the middle", `{"Map":{"a":{"Int":4},"c":{"Int":5}}}`, ""},
		{"one more", `{"Map":{"a":{"Int":1},"b":{"Int":2},"c":{"Int":3},"d":{"Int":4}}}`, ""},
		{"one more before", `{"Map":{"A":{"Int":4},"a":{"Int":1},"b":{"Int":2},"c":{"Int":3}}}`, ""},
		{"other order", `{"Map":{"c":{"Int":3},"a":{"Int":1},"b":{"Int":2}}}`, first},
		{"twice", `{"Map":{"a":{"Int":7},"a":{"Int":8},"b":{"Int":9}}}`, `{"Map":{"a":{"Int":8},"b":{"Int":9}}}`},
		{"twice at last", `{"Map":{"a":{"Int":1},"b":{"Int":2},"c":{"Int":3},"c":{"Int":4}}}`, `{"Map":{"a":{"Int":1},"b":{"Int":2},"c":{"Int":4}}}`},
		{"other kinds", `{"Map":{"a":{"Map":{"a":"Null"}},"b":{"List":[{"Str":"b"}]},"c":{"Str":"c"}}}`, ""},
		{"a list", `{"List":[{"Map":{"a":{"Int":1}}},{"Map":{"b":{"Int":1}}}]}`, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			want := test.want
			if want == "" {
				want = test.second
			}
			for _, text := range []string{`{"List":[` + first + `,@]}`, `{"Map":{"k":` + first + `,"l":@}}`} {
				var got Value
				if err := got.UnmarshalJSON([]byte(strings.ReplaceAll(text, "@", test.second))); err != nil {
					t.Fatal(err)
				}
				if want := strings.ReplaceAll(text, "@", want); got.String() != want {
					t.Errorf("read %v; want %s", got, want)
				}
			}
		})
	}
}
