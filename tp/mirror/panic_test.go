package mirror

import (
	"errors"
	"io"
	"strings"
	"testing"
)

func TestCaught(t *testing.T) {
	t.Parallel()
	run := func(fn func()) (err *Error) {
		defer caught("the marshaler", &err)
		fn()
		return nil
	}
	if err := run(func() {}); err != nil {
		t.Error(err)
	}
	err := run(func() { panic(io.EOF) })
	sameError(t, "mirror: panicked: the marshaler has panicked", err)
	var p *PanicError
	if !errors.As(err, &p) || !errors.Is(err, io.EOF) || !strings.Contains(string(p.Stack), "TestCaught") {
		t.Errorf("the cause is %v", err.Cause)
	}
	sameText(t, "cause", "panic: EOF", p.Error())
	if err := run(func() { panic("secret") }); strings.Contains(err.sentence(), "secret") || errors.Unwrap(err.Cause) != nil {
		t.Errorf("clients are told %q", err.sentence())
	}
}
