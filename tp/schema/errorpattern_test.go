package schema

import (
	"fmt"
	"strings"
	"testing"

	"github.com/telestruct/telestruct/internal/allocs"
)

// withPattern is an internal function that has a pattern of its own.
func withPattern(name, pattern string) string {
	return "- fn." + name + "_: {}\n  ->: [{Ok_: {}}]\n  _errors: '" + pattern + "'\n"
}

func TestErrorPatternLimits(t *testing.T) {
	t.Parallel()
	var many, names strings.Builder
	for i := range 20 {
		fmt.Fprint(&many, withPattern(fmt.Sprint("f", i), fmt.Sprintf("x{1000}%d", i)))
	}
	for i := range 100 {
		fmt.Fprintf(&names, "- errors.%s%d: [{T%d: {}}]\n", strings.Repeat("x", 1000), i, i)
	}
	tests := []struct{ name, text, want string }{
		{"one pattern", withPattern("f", `^errors\.(Validation|Auth)_$`), ""},
		{"one for many functions", withPattern("f", "x{1000}") + withPattern("g", "x{1000}"), ""},
		{"longest", withPattern("f", strings.Repeat("x", maxPattern)), ""},
		{"longer", withPattern("f", strings.Repeat("x", maxPattern+1)), `more than 256 bytes in one "_errors"`},
		{"groups and repetitions", withPattern("f", strings.Repeat("(a|b)*", 30000)), `more than 256 bytes in one "_errors"`},
		{"classes", withPattern("f", strings.Repeat(`\pL`, maxPattern/3)), "more than 16384 steps in the patterns"},
		{"repetitions", withPattern("f", strings.Repeat("x{1000}", 20)), "more than 16384 steps in the patterns"},
		{"nested repetitions", withPattern("f", strings.Repeat("((a|b)*){1000}", 5)), "more than 16384 steps in the patterns"},
		{"many patterns", many.String(), "more than 16384 steps in the patterns"},
		{"long names", withPattern("f", "x{1000}") + names.String(), "steps to match errors definitions"},
		{"wrong", withPattern("f", "("), "is not a regular expression"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := Parse(Document{"a.telepact.yaml", []byte(tc.text)})
			switch {
			case tc.want == "" && err != nil:
				t.Errorf("refused: %v", err)
			case tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)):
				t.Errorf("error is %.300v, want %s", err, tc.want)
			}
		})
	}
}

// Not parallel: it measures what is allocated.
func TestErrorPatternMemory(t *testing.T) {
	text := withPattern("f", strings.Repeat("(a|b)*", maxPattern/6))
	for i := range 100 {
		text += fmt.Sprintf("- errors.E%d: [{T%d: {}}]\n", i, i)
	}
	const most = 8 << 20
	spent := allocs.Bytes(most, func() {
		if _, err := Parse(Document{"a.telepact.yaml", []byte(text)}); err != nil {
			t.Fatal(err)
		}
	})
	if spent > most {
		t.Errorf("allocated %d bytes", spent)
	}
}
