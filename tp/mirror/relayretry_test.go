package mirror

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// failing is a backplane that fails for a time.
type failing struct {
	Backplane
	mu   sync.Mutex
	with error
}

func (f *failing) fail(with error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.with = with
}

func (f *failing) Publish(ctx context.Context, msg []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.with != nil {
		return f.with
	}
	return f.Backplane.Publish(ctx, msg)
}

// retryPair is a node whose backplane fails for a time, and another one.
func retryPair(t *testing.T) (one, two *Hub, way *failing, relay *Relay, reported func() string) {
	t.Helper()
	var bus MemoryBus
	way = &failing{Backplane: bus.Node()}
	var mu sync.Mutex
	var errs []error
	o := RelayOptions{JoinTimeout: time.Nanosecond, OnError: func(err error) {
		mu.Lock()
		defer mu.Unlock()
		errs = append(errs, err)
	}}
	var hubs []*Hub
	var relays []*Relay
	for _, b := range []Backplane{way, bus.Node()} {
		h := NewHub(nil)
		shareDoc(t, h, &SharedOptions{Merge: LwwMapCrdt()})
		r, err := NewRelay(h, b, &o)
		if err == nil {
			err = r.Start(context.Background())
		}
		if err != nil {
			t.Fatal(err)
		}
		hubs, relays = append(hubs, h), append(relays, r)
	}
	return hubs[0], hubs[1], way, relays[0], func() string {
		mu.Lock()
		defer mu.Unlock()
		text := fmt.Sprint(errs)
		errs = nil
		return text
	}
}

func hasX(t *testing.T, h *Hub, want int64) {
	t.Helper()
	s, _ := h.Shared(firstShared)
	if x, _ := s.Value.Get("x"); !x.Equal(Int(want)) {
		t.Errorf("x is %v, want %d", x, want)
	}
}

func writeX(t *testing.T, h *Hub, x int64) {
	t.Helper()
	sameError(t, "", h.SetShared(firstShared, Map(map[string]Value{"x": Int(x)})))
}

// What is written while the backplane is away reaches other nodes a while after it is back.
func TestRelayRetries(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		one, two, way, relay, reported := retryPair(t)
		writeX(t, one, 1)
		hasX(t, two, 1)
		way.fail(errors.New("away"))
		writeX(t, one, 2)
		writeX(t, one, 3)
		sameText(t, "reported", "[away]", reported())
		time.Sleep(10*time.Second + time.Second/2)
		way.fail(nil)
		writeX(t, one, 4) // comes after the others
		time.Sleep(3 * time.Second)
		hasX(t, two, 1)
		way.fail(errors.New("away again")) // as it was to be published
		time.Sleep(10 * time.Second)
		way.fail(nil)
		time.Sleep(5 * time.Second)
		hasX(t, two, 4)
		writeX(t, one, 5)
		hasX(t, two, 5)
		sameText(t, "reported", "[]", reported())
		relay.Stop()
	})
}

// Some writes are never taken.
func TestRelayGivesUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		one, two, way, relay, reported := retryPair(t)
		tooLarge := &Error{Code: TooLarge, Reason: "no"}
		way.fail(tooLarge)
		writeX(t, one, 1)
		way.fail(nil)
		sameText(t, "reported", "[mirror: too_large: no]", reported())
		writeX(t, one, 2) // at once
		hasX(t, two, 2)

		way.fail(errors.New("away"))
		writeX(t, one, 3)
		large := Map(map[string]Value{"x": Int(4), "text": Str(strings.Repeat("x", maxUnsent))})
		sameError(t, "", one.SetShared(firstShared, large))
		sameText(t, "reported", "[away mirror: too_large: too much waits for the backplane: other nodes do not get a write to model 1099511627776]", reported())
		way.fail(nil)
		time.Sleep(5 * time.Second)
		hasX(t, two, 3)

		way.fail(errors.New("away"))
		writeX(t, one, 5)
		relay.Stop()
		way.fail(nil)
		time.Sleep(time.Minute)
		hasX(t, two, 3)
	})
}

// With names of nodes, the same key may be written on all of them at the same moment.
func TestRelayNode(t *testing.T) {
	t.Parallel()
	for _, named := range []bool{true, false} {
		bus := &holding{}
		var hubs []*Hub
		for _, name := range []string{"n1", "n2"} {
			h := NewHub(nil)
			shareDoc(t, h, &SharedOptions{Merge: LwwMapCrdt()})
			if !named {
				name = ""
			}
			r, err := NewRelay(h, bus.Node(), &RelayOptions{JoinTimeout: time.Nanosecond, Node: name})
			if err == nil {
				err = r.Start(context.Background())
			}
			sameError(t, "", err)
			hubs = append(hubs, h)
		}
		bus.hold = true
		writeX(t, hubs[0], 1)
		writeX(t, hubs[1], 2)
		bus.release(t)
		one, _ := hubs[0].Shared(firstShared)
		two, _ := hubs[1].Shared(firstShared)
		if got := one.Value.Equal(two.Value); got != named {
			t.Errorf("named: %v, equal: %v: %v and %v", named, got, one.Value, two.Value)
		}
		if want := `{"clock":{"x":[1,"\u003chost\u003e@n2"]}}`; named && string(one.MergeState) != want {
			t.Errorf("the state is %s, want %s", one.MergeState, want)
		}
	}
}

// holding is a bus that keeps messages until they are released.
type holding struct {
	MemoryBus
	hold bool
	held []func() error
}

type holdingNode struct {
	Backplane
	bus *holding
}

func (h *holding) Node() Backplane { return holdingNode{h.MemoryBus.Node(), h} }

func (n holdingNode) Publish(ctx context.Context, msg []byte) error {
	send := func() error { return n.Backplane.Publish(ctx, msg) }
	if n.bus.hold {
		n.bus.held = append(n.bus.held, send)
		return nil
	}
	return send()
}

func (h *holding) release(t *testing.T) {
	t.Helper()
	for _, send := range h.held {
		sameError(t, "", send())
	}
}

// Writes that nobody sees do not wait for anybody.
func TestHubKeepsNothingForNobody(t *testing.T) {
	t.Parallel()
	h := NewHub(nil)
	id := shareDoc(t, h, nil)
	sameError(t, "", h.Subscribe("a", id, Write))
	writeX(t, h, 1)
	if len(h.queue) != 0 {
		t.Errorf("%d changes wait", len(h.queue))
	}
	a := connect(t, h, Opening{Tenant: "a"})
	a.got = ""
	writeX(t, h, 2)
	h.Flush()
	if a.got == "" {
		t.Error("nothing was sent")
	}
}
