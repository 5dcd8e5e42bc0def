package schema

import "testing"

func TestEqual(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		a, b string
		want bool
	}{
		{"order of definitions", `[{"struct.A": {}}, {"struct.B": {}}]`, `[{"struct.B": {}}, {"struct.A": {}}]`, true},
		{"order of fields", `[{"struct.A": {"a": "any", "b": "any"}}]`, `[{"struct.A": {"b": "any", "a": "any"}}]`, false},
		{"order of tags", `[{"union.A": [{"X": {}}, {"Y": {}}]}]`, `[{"union.A": [{"Y": {}}, {"X": {}}]}]`, false},
		{"forms of docstrings", `[{"///": " a \nb", "struct.A": {}}]`, `[{"///": [" a", " b"], "struct.A": {}}]`, true},
		{"docstrings", `[{"///": "a", "struct.A": {}}]`, `[{"///": "b", "struct.A": {}}]`, false},
		{"docstrings of another kind", `[{"///": {"a": [1]}, "struct.A": {}}]`, `[{"///": {"a": [1.0]}, "struct.A": {}}]`, true},
		{"docstrings of different kinds", `[{"///": ["a", 1], "struct.A": {}}]`, `[{"///": "a", "struct.A": {}}]`, false},
		{"docstrings of tags", `[{"union.A": [{"///": "a", "X": {}}]}]`, `[{"union.A": [{"X": {}}]}]`, false},
		{"order of flags", `[{"$a": 1, "$b": null, "struct.A": {}}]`, `[{"$b": null, "$a": 1.0, "struct.A": {}}]`, true},
		{"names of flags", `[{"$a": null, "struct.A": {}}]`, `[{"$b": null, "struct.A": {}}]`, false},
		{"values of flags", `[{"$a": {"x": 1.5}, "struct.A": {}}]`, `[{"$a": {"x": 1}, "struct.A": {}}]`, false},
		{"numbers and texts", `[{"$a": 1, "struct.A": {}}]`, `[{"$a": "1", "struct.A": {}}]`, false},
		{"lengths of flags", `[{"$a": [1], "struct.A": {}}]`, `[{"$a": [1, 1], "struct.A": {}}]`, false},
		{"more flags", `[{"$a": 1, "struct.A": {}}]`, `[{"$a": 1, "$b": 1, "struct.A": {}}]`, false},
		{"keys", `[{"struct.A": {}}]`, `[{"struct.B": {}}]`, false},
		{"more definitions", `[{"struct.A": {}}]`, `[{"struct.A": {}}, {"struct.B": {}}]`, false},
		{"types", `[{"struct.A": {"a": "any"}}]`, `[{"struct.A": {"a": "string"}}]`, false},
		{"null", `[{"struct.A": {"a": "any"}}]`, `[{"struct.A": {"a": "any?"}}]`, false},
		{"depth of types", `[{"struct.A": {"a": ["any"]}}]`, `[{"struct.A": {"a": [["any"]]}}]`, false},
		{"optional", `[{"struct.A": {"a": "any"}}]`, `[{"struct.A": {"a!": "any"}}]`, false},
		{"references", `[{"struct.A": {}}, {"struct.B": {}}, {"struct.C": {"a": "struct.A"}}]`,
			`[{"struct.A": {}}, {"struct.B": {}}, {"struct.C": {"a": "struct.B"}}]`, false},
		{"arguments", `[{"fn.a": {"a": "any"}, "->": [{"Ok_": {}}]}]`, `[{"fn.a": {}, "->": [{"Ok_": {}}]}]`, false},
		{"results", `[{"fn.a": {}, "->": [{"Ok_": {}}]}]`, `[{"fn.a": {}, "->": [{"Ok_": {}}, {"No": {}}]}]`, false},
		{"_errors", `[{"fn.a_": {}, "->": [{"Ok_": {}}]}]`, `[{"fn.a_": {}, "->": [{"Ok_": {}}], "_errors": "^a"}]`, false},
		{"errors", `[{"errors.A": [{"X": {}}]}]`, `[{"errors.A": [{"Y": {}}]}]`, false},
		{"request headers", `[{"headers.A": {"@a": "any"}, "->": {}}]`, `[{"headers.A": {}, "->": {}}]`, false},
		{"response headers", `[{"headers.A": {}, "->": {"@a": "any"}}]`, `[{"headers.A": {}, "->": {"@a": "bytes"}}]`, false},
		{"what nobody reads", `[{"info.A": {"a": 1}, "b": 2}, {"headers.A": {}, "->": {}, "c": 3}]`, `[{"info.A": 1}, {"headers.A": {}, "->": {}}]`, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			a, b := mustParse(t, tc.a), mustParse(t, tc.b)
			if Equal(a, b) != tc.want || Equal(b, a) != tc.want {
				t.Errorf("Equal is %v and %v, want %v", Equal(a, b), Equal(b, a), tc.want)
			}
			if !Equal(a, a) {
				t.Error("a schema does not equal itself")
			}
		})
	}
}
