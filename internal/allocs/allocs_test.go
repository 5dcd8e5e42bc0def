package allocs_test

import (
	"testing"

	"github.com/telestruct/telestruct/internal/allocs"
)

// kept keeps what is allocated from being left out.
var kept []byte

func TestOwnCostCounts(t *testing.T) {
	const size = 1 << 20
	allocate := func() { kept = make([]byte, size) }
	if got := allocs.Bytes(0, allocate); got < size || got > size+64<<10 {
		t.Errorf("%d bytes for %d", got, size)
	}
	if got := allocs.Objects(0, allocate); got != 1 {
		t.Errorf("%v objects for 1", got)
	}
	if got := allocs.Bytes(0, func() {}); got > 64<<10 {
		t.Errorf("%d bytes for nothing", got)
	}
}

// What something else allocates meanwhile is not taken for its own, when that is over some time.
func TestOthersCostDoesNotCount(t *testing.T) {
	calls := 0
	sometimes := func() {
		if calls++; calls < 3 {
			kept = make([]byte, 1<<20)
		}
	}
	if got := allocs.Bytes(1<<10, sometimes); got > 1<<10 || calls < 3 {
		t.Errorf("%d bytes after %d calls", got, calls)
	}
	calls = -200
	if got := allocs.Objects(0, sometimes); got != 0 {
		t.Errorf("%v objects after %d calls", got, calls)
	}
}

func TestEnoughIsEnough(t *testing.T) {
	calls := 0
	allocs.Bytes(1<<20, func() { calls++ })
	if calls != 1 {
		t.Errorf("%d calls, want one that costs little enough", calls)
	}
}
