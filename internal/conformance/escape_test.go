package conformance

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestUnescape(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       any
	}{
		{"nothing", `[{"a": {"b": 1}}]`, []any{object("a", object("b", json.Number("1")))}},
		{"bytes", `{"$bytes": "AAEC"}`, []byte{0, 1, 2}},
		{"bytes inside", `[{"a": {"$bytes": ""}}]`, []any{object("a", []byte{})}},
		{"extension", `{"$ext": [-1, "AA=="]}`, extension{-1, []byte{0}}},
		{"integer keys", `{"$intkeys": {"0": {"$intkeys": {"-7": [{"$ext": [17, ""]}]}}}}`,
			intMap{0: intMap{-7: []any{extension{17, []byte{}}}}}},
		{"more than one key", `{"$bytes": "AA==", "b": 1}`, object("$bytes", "AA==", "b", json.Number("1"))},
		{"another flag", `{"$internal": {"$bytes": ""}}`, object("$internal", []byte{})},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := readEscaped([]byte(tc.text))
			if diff := cmp.Diff(tc.want, got, cmp.AllowUnexported(extension{})); diff != "" || err != nil {
				t.Errorf("error %v, tree (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestUnescapeRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{"$bytes": 1}`,
		`[{"$bytes": "?"}]`,
		`{"$ext": [1]}`,
		`{"$ext": ["1", ""]}`,
		`{"$ext": [1.5, ""]}`,
		`{"$ext": [1, null]}`,
		`{"$intkeys": []}`,
		`{"$intkeys": {"a": 1}}`,
		`{"$intkeys": {"1": {"$bytes": 1}}}`,
		`{"a": {"$bytes": 1}}`,
		`{`,
	} {
		if got, err := readEscaped([]byte(text)); err == nil {
			t.Errorf("%s is %v", text, got)
		}
	}
}
