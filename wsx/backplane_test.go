package wsx_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/telestruct/telestruct/tp/mirror"
	"github.com/telestruct/telestruct/wsx"
)

// hearing subscribes to a backplane until the test ends.
func hearing(t *testing.T, b mirror.Backplane) <-chan string {
	t.Helper()
	heard := make(chan string, 100)
	cancel, err := b.Subscribe(func(msg []byte) { heard <- string(msg) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cancel)
	return heard
}

func TestBackplane(t *testing.T) {
	t.Parallel()
	bus := wsx.MemoryBus()
	one, two, other := wsx.Backplane(bus, "doc"), wsx.Backplane(bus, "doc"), wsx.Backplane(bus, "docs")
	own, heard, again, elsewhere := hearing(t, one), hearing(t, two), hearing(t, two), hearing(t, other)
	topic := wsx.NewServer(wsx.WithBus(bus)).NewTopic("doc")
	if err := topic.Text(t.Context(), "of a topic"); err != nil {
		t.Fatal(err)
	}
	for _, b := range []mirror.Backplane{one, other, two} {
		if err := b.Publish(t.Context(), []byte(fmt.Sprint("\xff", b == one, b == other))); err != nil {
			t.Fatal(err)
		}
	}
	const ofOne, ofOther, ofTwo = "\xfftrue false", "\xfffalse true", "\xfffalse false"
	wants := []struct {
		name  string
		heard <-chan string
		want  string
	}{{"one", own, ofTwo}, {"two", heard, ofOne}, {"two again", again, ofOne}}
	for _, tc := range wants {
		if got := <-tc.heard; got != tc.want || len(tc.heard) > 0 {
			t.Errorf("%s heard %q, want %q and no more", tc.name, got, tc.want)
		}
	}
	if len(elsewhere) > 0 {
		t.Errorf("%q was heard elsewhere, not %q", <-elsewhere, ofOther)
	}
}

func TestBackplaneCancel(t *testing.T) {
	t.Parallel()
	bus := wsx.MemoryBus()
	one, two := wsx.Backplane(bus, "doc"), wsx.Backplane(bus, "doc")
	gone := make(chan string, 10)
	cancel, err := two.Subscribe(func(msg []byte) { gone <- string(msg) })
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	heard := hearing(t, two)
	if err := one.Publish(t.Context(), []byte("later")); err != nil {
		t.Fatal(err)
	}
	if got := <-heard; got != "later" || len(gone) > 0 {
		t.Errorf("got %q, and %d messages after cancel", got, len(gone))
	}
}

// deafBus cannot be subscribed to.
type deafBus struct{ wsx.Bus }

func (deafBus) Subscribe(wsx.Address, func(*wsx.BusMessage)) (stop func(), err error) {
	return nil, wsx.ErrBusUnavailable
}

func TestBackplaneErrors(t *testing.T) {
	t.Parallel()
	bus := &testBus{Bus: wsx.MemoryBus(), max: 4}
	b := wsx.Backplane(bus, "doc")
	err := b.Publish(t.Context(), []byte("12345"))
	const want = "mirror: too_large: wsx: the message is too large for the bus: 5 bytes for the backplane, and it takes 4"
	if !errors.Is(err, wsx.ErrTooLarge) || mirror.CodeOf(err) != mirror.TooLarge || err.Error() != want {
		t.Errorf("error = %v, want %s", err, want)
	}
	bus.away.Store(true)
	if err := b.Publish(t.Context(), []byte("1234")); !errors.Is(err, wsx.ErrBusUnavailable) {
		t.Errorf("error = %v", err)
	}
	if _, err := wsx.Backplane(deafBus{bus}, "doc").Subscribe(func([]byte) {}); !errors.Is(err, wsx.ErrBusUnavailable) {
		t.Errorf("error = %v", err)
	}
}

func TestBackplanePanics(t *testing.T) {
	t.Parallel()
	bus := wsx.MemoryBus()
	wantPanic(t, "wsx: Backplane: nil bus", func() { wsx.Backplane(nil, "doc") })
	wantPanic(t, "wsx: Backplane: the name of a topic is empty", func() { wsx.Backplane(bus, "") })
	wantPanic(t, "wsx: Backplane: the name of a topic has 256 bytes; 255 are possible", func() { wsx.Backplane(bus, strings.Repeat("x", 256)) })
}
