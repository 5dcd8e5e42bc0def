package mock_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/mock"
)

// Large calls and stubs do not fill the memory.
func TestLargeCallsAndStubs(t *testing.T) {
	t.Parallel()
	m := newServer(t, mock.Documents(greet), mock.OnlyStubs(), mock.With(tp.OnFailure(nil)))
	large := fmt.Sprintf(`{"subject":%q,"names!":["a",%q]}`, strings.Repeat("x", 1<<20), strings.Repeat("y", 1<<20))
	for range 40 {
		if got := process(t, m, `[{},{"fn.greet":`+large+`}]`); got != `[{},`+noMatch+`]` {
			t.Fatal(got)
		}
	}
	if n := len(m.Calls()); n != 31 {
		t.Errorf("%d calls are kept, want 31", n)
	}
	stub := `[{},{"fn.createStub_":{"stub":{"fn.greet":` + large + `,"->":{"Ok_":{"message":"hi"}}},"count!":1}}]`
	for i := range 32 {
		if got := process(t, m, stub); (got == `[{},{"Ok_":{}}]`) != (i < 31) {
			t.Errorf("stub %d: got %s", i, got)
		}
	}
	for range 31 { // makes room
		if got := process(t, m, `[{},{"fn.greet":`+large+`}]`); got != `[{},`+answer("hi")+`]` {
			t.Fatal(got)
		}
	}
	if got := process(t, m, stub); got != `[{},{"Ok_":{}}]` {
		t.Error(got)
	}
}
