package schema

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// versions parses two schemas that are called old and new.
func versions(t *testing.T, oldText, newText string) (old, new *Schema) {
	t.Helper()
	parse := func(name, text string) *Schema {
		s, err := Parse(Document{name + ".telepact.json", []byte(text)})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	return parse("old", oldText), parse("new", newText)
}

func TestBreakingChanges(t *testing.T) {
	t.Parallel()
	const (
		asArgument = `, {"fn.put": {"of": ["struct.A"]}, "->": [{"Ok_": {}}]}`
		asResult   = `, {"fn.get": {}, "->": [{"Ok_": {"all": {"string": "struct.A"}}}]}`
	)
	tests := []struct {
		name     string
		old, new string
		want     []string
	}{
		{"nothing", `{"struct.A": {"x": "integer"}}` + asArgument, `{"struct.A": {"x": "integer"}}` + asArgument, nil},
		{"a definition is gone", `{"struct.A": {"x": "integer"}}, {"union.U": [{"T": {}}]}, {"fn.f": {}, "->": [{"Ok_": {}}]}`, `{"struct.B": {}}`, []string{
			`definition-removed: fn.f: was the definition (old.telepact.json:1:61), is no such definition`,
			`definition-removed: struct.A: was the definition (old.telepact.json:1:3), is no such definition`,
			`definition-removed: union.U: was the definition (old.telepact.json:1:35), is no such definition`,
		}},
		{"errors and headers are not compared", `{"errors.E": [{"ErrorE": {}}]}, {"headers.H": {"@h": "string"}, "->": {}}`, ``, nil},
		{"a field is gone", `{"struct.A": {"x": "integer", "y!": "string?"}}`, `{"struct.A": {}}`, []string{
			`field-removed: struct.A field x: was "integer" (old.telepact.json:1:16), is no such field (new.telepact.json:1:3)`,
			`field-removed: struct.A field y!: was "string?" (old.telepact.json:1:32), is no such field (new.telepact.json:1:3)`,
		}},
		{"a type", `{"struct.A": {"x": ["integer"]}}`, `{"struct.A": {"x": {"string": "integer"}}}`, []string{
			`field-type-changed: struct.A field x: was ["integer"] (old.telepact.json:1:16), is {"string": "integer"} (new.telepact.json:1:16)`,
		}},
		{"null is another type", `{"struct.A": {"x": "integer"}}`, `{"struct.A": {"x": "integer?"}}`, []string{
			`field-type-changed: struct.A field x: was "integer" (old.telepact.json:1:16), is "integer?" (new.telepact.json:1:16)`,
		}},
		{"required in an argument", `{"struct.A": {"x!": "integer"}}` + asArgument, `{"struct.A": {"x": "integer"}}` + asArgument, []string{
			`field-became-required: struct.A field x!: was optional "integer" (old.telepact.json:1:16), is required "integer" (new.telepact.json:1:16)`,
		}},
		{"required in a result", `{"struct.A": {"x!": "integer"}}` + asResult, `{"struct.A": {"x": "integer"}}` + asResult, []string{
			`field-removed: struct.A field x!: was optional "integer" (old.telepact.json:1:16), is required "integer" (new.telepact.json:1:16)`,
		}},
		{"optional and another type", `{"struct.A": {"x": "integer"}}` + asArgument, `{"struct.A": {"x!": "number"}}` + asArgument, []string{
			`field-removed: struct.A field x: was required "integer" (old.telepact.json:1:16), is optional "number" (new.telepact.json:1:16)`,
			`field-type-changed: struct.A field x: was "integer" (old.telepact.json:1:16), is "number" (new.telepact.json:1:16)`,
		}},
		{"new fields of an argument", `{"struct.A": {}}` + asArgument, `{"struct.A": {"x": "any", "y!": "any"}}` + asArgument, []string{
			`required-field-added: struct.A field x: was no such field (old.telepact.json:1:3), is "any" (new.telepact.json:1:16)`,
		}},
		{"new fields of a result", `{"struct.A": {}}` + asResult, `{"struct.A": {"x": "any", "y!": "any"}}` + asResult, nil},
		{"new fields of arguments", `{"fn.f": {}, "->": [{"Ok_": {}}]}`, `{"fn.f": {"x": "any", "y!": "any"}, "->": [{"Ok_": {"z": "any"}}]}`, []string{
			`required-field-added: fn.f field x: was no such field (old.telepact.json:1:3), is "any" (new.telepact.json:1:12)`,
		}},
		{"tags of a result", `{"fn.f": {}, "->": [{"Ok_": {"x": "any"}}, {"ErrorOld": {}}]}`, `{"fn.f": {}, "->": [{"Ok_": {}}, {"ErrorNew": {}}]}`, []string{
			`tag-removed: fn.f result tag ErrorOld: was the tag (old.telepact.json:1:46), is no such tag (new.telepact.json:1:3)`,
			`field-removed: fn.f result tag Ok_ field x: was "any" (old.telepact.json:1:31), is no such field (new.telepact.json:1:23)`,
		}},
		{
			"tags of unions",
			`{"union.In": [{"A": {}}, {"B": {}}]}, {"union.Out": [{"A": {}}]}, {"fn.f": {"in": "union.In"}, "->": [{"Ok_": {"out": "union.Out"}}]}`,
			`{"union.In": [{"A": {"x": "any"}}, {"C": {}}]}, {"union.Out": [{"A": {"x": "any"}}, {"C": {}}]}, {"fn.f": {"in": "union.In"}, "->": [{"Ok_": {"out": "union.Out"}}]}`,
			[]string{
				`required-field-added: union.In tag A field x: was no such field (old.telepact.json:1:17), is "any" (new.telepact.json:1:23)`,
				`tag-removed: union.In tag B: was the tag (old.telepact.json:1:28), is no such tag (new.telepact.json:1:3)`,
				`tag-added: union.Out tag C: was no such tag (old.telepact.json:1:41), is the tag (new.telepact.json:1:87)`,
			},
		},
		{"errors are tags of results", `{"fn.f": {}, "->": [{"Ok_": {}}]}, {"errors.E": [{"ErrorE": {}}]}`, `{"fn.f": {}, "->": [{"Ok_": {}}]}`, []string{
			`tag-removed: fn.f result tag ErrorE: was the tag (old.telepact.json:1:52), is no such tag (new.telepact.json:1:3)`,
		}},
		{
			"what contains itself",
			`{"struct.A": {"next!": "struct.A", "of!": ["struct.B"]}}, {"struct.B": {"a!": "struct.A"}}` + asArgument,
			`{"struct.A": {"next!": "struct.A", "of!": ["struct.B"]}}, {"struct.B": {"a!": "struct.A", "x": "any"}}` + asArgument,
			[]string{`required-field-added: struct.B field x: was no such field (old.telepact.json:1:61), is "any" (new.telepact.json:1:92)`},
		},
		{
			"links",
			`{"struct.A": {}}, {"fn.f": {"a": "struct.A"}, "->": [{"Ok_": {"more": "fn.f"}}]}`,
			`{"struct.A": {"x": "any"}}, {"fn.f": {"a": "struct.A"}, "->": [{"Ok_": {"more": "fn.f"}}]}`,
			[]string{`required-field-added: struct.A field x: was no such field (old.telepact.json:1:3), is "any" (new.telepact.json:1:16)`},
		},
		{"another kind with the name", `{"fn.f": {"x": "any"}, "->": [{"Ok_": {}}]}`, `{"struct.F": {}}`, []string{
			`definition-removed: fn.f: was the definition (old.telepact.json:1:3), is no such definition`,
		}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			old, new := versions(t, "["+tc.old+"]", "["+strings.TrimPrefix(tc.new, ", ")+"]")
			var lines []string
			for _, b := range BreakingChanges(old, new) {
				lines = append(lines, b.String())
			}
			if diff := cmp.Diff(tc.want, lines); diff != "" {
				t.Errorf("breaking changes (-want +got):\n%s", diff)
			}
			if found := BreakingChanges(old, old); found != nil {
				t.Errorf("a schema breaks itself: %v", found)
			}
		})
	}
}
