package schema

import "testing"

func TestDocText(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		value any
		want  string
	}{
		{"none", nil, ""},
		{"of another kind", int64(1), ""},
		{"one line", " a b ", "a b"},
		{"trailing blanks", "a \t\n\n  b \n", "a\n\n  b"},
		{"array", []any{" a  ", "   b", "", " c"}, "a\n  b\n\nc"},
		{"array with other values", []any{"a", nil, "b"}, "a\nb"},
		{"array of blanks", []any{"  ", "\t"}, ""},
	} {
		if got := (Doc{tc.value}).Text(); got != tc.want {
			t.Errorf("%s: text is %q, want %q", tc.name, got, tc.want)
		}
	}
	if TextDoc("") != (Doc{}) || TextDoc("a") != (Doc{"a"}) {
		t.Error("TextDoc does not keep its text")
	}
}
