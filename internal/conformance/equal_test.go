package conformance

import "testing"

func TestEqual(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, a, b string
		want       bool // arrays are ordered
		wantSets   bool // arrays of objects are not
	}{
		{"null", "null", "null", true, true},
		{"null and false", "null", "false", false, false},
		{"booleans", "true", "true", true, true},
		{"boolean and number", "true", "1", false, false},
		{"texts", `"a"`, `"b"`, false, false},
		{"text and number", `"1"`, "1", false, false},

		{"integer and its number", "0", "0.0", true, true},
		{"integer and another number", "1", "1.5", false, false},
		{"number and its integer", "1e3", "1000", true, true},
		{"negative zero", "-0.0", "0", true, true},
		{"integers beyond 64 bits", "9223372036854775808", "9223372036854775809", false, false},
		{"integer that a float rounds", "9007199254740993", "9007199254740992.0", false, false},
		{"integer that a float is", "9223372036854775808", "9.223372036854775808e18", true, true},
		{"numbers of the same 64 bits", "0.1", "0.10000000000000001", true, true},
		{"numbers", "0.1", "0.2", false, false},
		{"numbers beyond 64 bits", "1e400", "1e401", false, false},
		{"number beyond 64 bits and itself", "1e400", "1e400", true, true},
		{"integer and number beyond 64 bits", "1", "1e400", false, false},

		{"keys in another order", `{"a": 1, "b": 2}`, `{"b": 2.0, "a": 1}`, true, true},
		{"missing key", `{"a": 1}`, `{"a": 1, "b": null}`, false, false},
		{"another key", `{"a": 1}`, `{"b": 1}`, false, false},
		{"object and array", `{}`, `[]`, false, false},
		{"bytes", `{"$bytes": "AA=="}`, `{"$bytes": "AA=="}`, true, true},
		{"bytes and text", `{"$bytes": "AA=="}`, `"AA=="`, false, false},
		{"extensions", `{"$ext": [17, ""]}`, `{"$ext": [17, ""]}`, true, true},
		{"extension of another code", `{"$ext": [17, ""]}`, `{"$ext": [18, ""]}`, false, false},
		{"integer keys", `{"$intkeys": {"1": 2}}`, `{"$intkeys": {"1": 2.0}}`, true, true},
		{"integer key and text", `{"$intkeys": {"1": 2}}`, `{"1": 2}`, false, false},

		{"longer array", `[1]`, `[1, 1]`, false, false},
		{"scalars in another order", `[1, 2]`, `[2, 1]`, false, false},
		{"objects in another order", `[{"a": 1}, {"b": 1}]`, `[{"b": 1}, {"a": 1}]`, false, true},
		{"objects and scalars", `[{"a": 1}, 2, 2]`, `[{"a": 1}, 2, 3]`, false, false},
		{"scalar first on one side", `[{"a": 1}, 2]`, `[2, {"a": 1}]`, false, false},
		{"one object more often", `[{"a": 1}, {"a": 1}, {}]`, `[{"a": 1}, {}, {}]`, false, false},
		{"fewer objects", `[{"a": 1}, {"a": 1}]`, `[{"a": 1}]`, false, false},
		{"sets inside sets", `[{"a": [{"b": 1}, {"c": 1}]}, {}]`, `[{}, {"a": [{"c": 1}, {"b": 1}]}]`, false, true},
		{"order inside sets", `[{"a": [1, 2]}, {}]`, `[{}, {"a": [2, 1]}]`, false, false},
		{"maps of integers in another order", `[{"$intkeys": {}}, {}]`, `[{}, {"$intkeys": {}}]`, false, true},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			a, b := tree(t, tc.a), tree(t, tc.b)
			for _, pair := range [][2]any{{a, b}, {b, a}} {
				if got := (comparison{}).equal(pair[0], pair[1]); got != tc.want {
					t.Errorf("%s and %s are equal: %v", tc.a, tc.b, got)
				}
				if got := (comparison{sets: true}).equal(pair[0], pair[1]); got != tc.wantSets {
					t.Errorf("%s and %s are equal as sets: %v", tc.a, tc.b, got)
				}
			}
		})
	}
}

func TestNoTreeIsNotEqual(t *testing.T) {
	t.Parallel()
	if (comparison{}).equal(1, 1) {
		t.Error("an int, which is no tree, is equal to something")
	}
}
