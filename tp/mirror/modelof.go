package mirror

import (
	"sync"

	"github.com/telestruct/telestruct/internal/mem"
)

// Model is a mirror of a [Client] as a Go value. It is safe for concurrent use.
type Model[T any] struct {
	client *Client
	id     uint64
	err    error // why T is no type of models

	mu    sync.Mutex
	local *typed
	work  *T // that of local
	// at is the Value that was read last.
	at Value
}

// ModelOf returns the mirror that c has, or will have, of the model with the number id. What T
// does not have of the model is left alone, and what the model does not have of T is zero.
//
// ModelOf does not fail: when T is no type of models, all methods do that can fail. Options are
// [Strict], for reading, and [ValidateWith], which only Edit asks, as it does a Validate method
// of T.
func ModelOf[T any](c *Client, id uint64, options ...HostOption) *Model[T] {
	m := &Model[T]{client: c, id: id}
	m.local, m.work, m.err = newTyped[T](newHostSettings(options))
	return m
}

// ID returns the number of the model.
func (m *Model[T]) ID() uint64 { return m.id }

// Rev returns the revision of the mirror; ok is false when there was no snapshot of it yet.
func (m *Model[T]) Rev() (rev uint64, ok bool) {
	s, ok := m.client.Snapshot(m.id)
	return s.Rev, ok
}

// Get returns what the server has said last, a copy that is the caller's. It fails with an
// *[Error] when there was no snapshot yet (NoSnapshot), and when the model is no T (BadValue).
func (m *Model[T]) Get() (T, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var v T
	if err := m.follow(); err != nil {
		return v, err
	}
	m.local.of.clone(mem.Of(&v), mem.Of(m.work))
	return v, nil
}

// follow reads what has changed since the last time.
func (m *Model[T]) follow() error {
	if m.err != nil {
		return m.err
	}
	s, ok := m.client.Snapshot(m.id)
	if !ok {
		return noSnapshot(m.id)
	}
	if m.local.begun && s.Value == m.at {
		return nil
	}
	if err := m.local.change(m.local.reading(m.at, s.Value)); err != nil {
		return err
	}
	m.at = s.Value
	return nil
}

// Edit returns the frame that proposes what fn makes of the model. The mirror does not change
// before the server says so. fn must keep nothing of the value, and not use the Model.
//
// Edit returns the error of fn; else it fails as Get does, and with an *[Error] when the result is
// not valid or cannot be sent. A panic of fn goes on.
func (m *Model[T]) Edit(fn func(*T) error) (Frame, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.follow(); err != nil {
		return Frame{}, err
	}
	// What the server has and T does not is in neither of the two trees, and left alone.
	before, read := m.local.tree, m.at
	if err := m.local.changeValid(func() error { return fn(m.work) }); err != nil {
		return Frame{}, err
	}
	after := m.local.tree
	m.at = after
	if err := m.local.change(m.local.reading(after, before)); err != nil {
		return Frame{}, err
	}
	m.at = read
	return m.client.Propose(m.id, Diff(before, after)...)
}

// OnChange registers a function that is called with the model after each snapshot and patch of
// it that the client has accepted, in order, by who called [Client.Receive]. What is no T is
// left out: Get says why. The function that OnChange returns undoes that.
func (m *Model[T]) OnChange(fn func(T)) (cancel func()) {
	return m.client.OnChange(func(message Message) {
		if modelIn(message) != m.id {
			return
		}
		if v, err := m.Get(); err == nil {
			fn(v)
		}
	})
}

// modelIn returns the number of the model that a message is about.
func modelIn(m Message) uint64 {
	switch m := m.(type) {
	case Snapshot:
		return m.ID
	case Change:
		return m.ID
	case Reject:
		return m.ID
	}
	return 0
}
