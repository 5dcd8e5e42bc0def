package interop

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/telestruct/telestruct/tp/mirror"
	"github.com/telestruct/telestruct/wsx"
)

// goMirror is our client.
type goMirror struct {
	*wsx.MirrorClient
	fleet *mirror.Model[Fleet]
	conns *severable
	// gate lets attempts to connect through.
	gate sync.RWMutex

	mu        sync.Mutex
	changed   chan struct{} // closed with each change
	snapshots int
	rejects   int
}

func newGoMirror(t *testing.T, url string, codec mirror.Codec) *goMirror {
	t.Helper()
	m := &goMirror{conns: newSeverable(), changed: make(chan struct{})}
	m.gate.Lock() // until what comes is noted
	client, err := wsx.DialMirror(t.Context(), url, &mirror.ClientOptions{Codec: codec}, &wsx.DialOptions{
		HTTPClient:   &http.Client{Transport: &http.Transport{DialContext: m.conns.dial}},
		Lazy:         true,
		DialTimeout:  patience,
		WriteTimeout: patience,
		PongTimeout:  patience,
		MinBackoff:   time.Millisecond,
		MaxBackoff:   10 * time.Millisecond,
		BeforeDial: func(context.Context, *wsx.DialAttempt) error {
			m.gate.RLock()
			defer m.gate.RUnlock()
			return nil
		},
		OnFault: func(err error) { t.Error(err) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := client.Close(); err != nil {
			t.Error(err)
		}
	})
	m.MirrorClient, m.fleet = client, mirror.ModelOf[Fleet](client.Client(), fleetID)
	client.Client().OnChange(m.note)
	client.Client().OnReject(func(mirror.Reject) {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.rejects++
	})
	m.gate.Unlock()
	if err := client.Await(t.Context(), fleetID); err != nil {
		t.Fatal(err)
	}
	return m
}

// counts returns how many snapshots and rejects have come.
func (m *goMirror) counts() (snapshots, rejects int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.snapshots, m.rejects
}

// note tells who waits for it of a change.
func (m *goMirror) note(message mirror.Message) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, whole := message.(mirror.Snapshot); whole {
		m.snapshots++
	}
	close(m.changed)
	m.changed = make(chan struct{})
}

// until waits until something is true of what the client has.
func (m *goMirror) until(t *testing.T, isTrue func(mirror.Snapshot) bool) error {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for {
		m.mu.Lock()
		changed := m.changed
		m.mu.Unlock()
		if s, _ := m.Client().Snapshot(fleetID); isTrue(s) {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return errors.New("what the client has does not become what it should be")
		}
	}
}

// await waits until the client has the model at the revision, and compares it.
func (m *goMirror) await(t *testing.T, want mirror.Snapshot) {
	t.Helper()
	if err := m.until(t, func(s mirror.Snapshot) bool { return s.Rev >= want.Rev }); err != nil {
		t.Fatal(err)
	}
	got, _ := m.Client().Snapshot(fleetID)
	compare(t, got, want)
}

// propose proposes random edits, one after another, and returns when the server has decided on
// all of them.
func (m *goMirror) propose(t *testing.T, name string, count int, c changes) error {
	for range count {
		err := m.settle(t, c.edit)
		if err != nil && mirror.CodeOf(err) != mirror.Refused { // others may have changed what the edit was about
			return err
		}
	}
	var last int64
	frame, err := m.fleet.Edit(func(f *Fleet) error {
		last = f.Done[name] + 1
		f.Done[name] = last
		return nil
	})
	if err = errors.Join(err, m.Send(frame)); err != nil {
		return err
	}
	return m.until(t, func(s mirror.Snapshot) bool {
		done, _ := s.Value.Get("done")
		mine, _ := done.Get(name)
		return mine.Equal(mirror.Int(last))
	})
}

// settle proposes an edit, and waits for what comes then.
func (m *goMirror) settle(t *testing.T, change func(*Fleet)) error {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	frame, err := m.fleet.Edit(func(f *Fleet) error {
		change(f)
		return nil
	})
	if err != nil {
		return err
	}
	return m.Settle(ctx, fleetID, frame)
}
