package callsite_test

import (
	"regexp"
	"testing"

	"github.com/telestruct/telestruct/internal/callsite"
)

func TestCaller(t *testing.T) {
	t.Parallel()
	place := regexp.MustCompile(`^callsite/callsite_test\.go:\d+$`)
	if got := callsite.Caller(); !place.MatchString(got) {
		t.Errorf("Caller() = %q", got)
	}
	if got := func() string { return callsite.Caller() }(); !place.MatchString(got) {
		t.Errorf("Caller() in a function = %q", got)
	}
	done := make(chan string)
	go func() { done <- callsite.Caller() }()
	if got := <-done; !place.MatchString(got) {
		t.Errorf("Caller() in a goroutine = %q", got)
	}
}
