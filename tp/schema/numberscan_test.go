package schema

import (
	"strings"
	"testing"
)

func TestScanNumbers(t *testing.T) {
	t.Parallel()
	tests := []struct {
		word string
		slow bool
	}{
		{"1e300", true},
		{"-1.5E-300", true},
		{"2.2250738585072011e-308", true},
		{strings.Repeat("1", 39), true},
		{"0." + strings.Repeat("0", 38) + "1", true},
		{strings.Repeat("1", 38), false},
		{"1.5", false},
		{"1e", false},
		{"e10", false},
		{"the", false},
		{"3e10a", false},
		{"x1e300", false},
		{"1e3e5", false},
		{"2e106a57-1111-2222-3333-444455556666", false},
		{strings.Repeat("-", 80), false},
		{"é1e300", false},
	}
	for _, tc := range tests {
		for _, between := range []string{" ", ",", "\n", "\""} {
			text := strings.Repeat(tc.word+between, maxNumbers)
			if err := scanNumbers([]byte(text)); err != nil {
				t.Errorf("%d of %q: %v", maxNumbers, tc.word, err)
			}
			if err := scanNumbers([]byte(text + tc.word)); (err != nil) != tc.slow {
				t.Errorf("%d of %q: %v", maxNumbers+1, tc.word, err)
			}
		}
	}
}
