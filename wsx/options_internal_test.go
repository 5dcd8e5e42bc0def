package wsx

import (
	"errors"
	"testing"
)

func TestPanicText(t *testing.T) {
	t.Parallel()
	var list []int
	outOfRange := func() (value any) {
		defer func() { value = recover() }()
		return list[3]
	}
	for _, tc := range []struct {
		value any
		want  string
	}{
		{"canary", "string"},
		{errors.New("canary"), "*errors.errorString"},
		{nil, "<nil>"},
		{outOfRange(), "runtime error: index out of range [3] with length 0"},
	} {
		if got := panicText(tc.value); got != tc.want {
			t.Errorf("panicText(%v) = %q, want %q", tc.value, got, tc.want)
		}
	}
}
