package mirror

import (
	"sync"

	"github.com/telestruct/telestruct/internal/mem"
)

// Handle is a model that a session hosts as a Go value (section 9.3). The handle owns the
// value: it is changed by Update and Replace, and by proposals that are accepted. A Handle is
// safe for concurrent use.
//
// The functions that are given to its methods run while the model is locked. They must not use
// the session, or a server or hub that has it, and no method of the same handle: they would wait
// for each other forever. Other handles may be used, in one order everywhere.
type Handle[T any] struct {
	host *typedHost
	work *T // that of the host
}

// Host makes a model of the value that v points to, which is copied; nil is the zero value. The
// entries of the model are the fields of T that have a tp tag, with the names of the tags
// without their marks.
//
// When T or *T has a method Validate() error, it decides what the model may be: the initial
// value, what Update and Replace make of it, and what clients propose. The text of its error is
// what a client is told. It may change the value to what it should be, is called while the model is
// locked, and when it panics, it has refused, too.
//
// Host fails when T has something that no model has, such as a channel; when an option does not
// fit T; and with an *[Error] when the value cannot be sent or is not valid.
func Host[T any](s *Session, v *T, options ...HostOption) (*Handle[T], error) {
	o := newHostSettings(options)
	t, work, err := newTyped[T](o)
	if err != nil {
		return nil, err
	}
	if v == nil {
		v = new(T)
	}
	host, err := s.hostTyped(t, o.name, mem.Of(v))
	if err != nil {
		return nil, err
	}
	return &Handle[T]{host: host, work: work}, nil
}

// ID returns the number of the model in its session.
func (h *Handle[T]) ID() uint64 { return h.host.id }

// Get returns a copy of the value, which shares nothing with it that can change.
func (h *Handle[T]) Get() T {
	h.host.mu.RLock()
	defer h.host.mu.RUnlock()
	var v T
	h.host.of.clone(mem.Of(&v), h.host.work)
	return v
}

// View calls fn with the value, which fn must not change, or keep anything of. Others may read it
// at the same time.
func (h *Handle[T]) View(fn func(*T)) {
	h.host.mu.RLock()
	defer h.host.mu.RUnlock()
	fn(h.work)
}

// Update changes the value by fn, all or nothing: when fn fails or panics, or what it has made
// is not valid or cannot be sent, the value is as it was before. What it costs beyond fn is
// finding the difference, and not building or sending the model anew. Clients are told at the
// next flush, of all updates by then at once. fn must keep nothing of the value, nor of what it
// puts there: slices, maps and what pointers lead to belong to the handle from then on.
//
// Update returns the error of fn, and else fails with an *[Error]. A panic of fn goes on after
// all was undone.
func (h *Handle[T]) Update(fn func(*T) error) error {
	return h.host.update(func() error { return fn(h.work) })
}

// Replace sets the value to a copy of what v points to; nil is the zero value. Only what
// differs is sent. It fails as Update does, and has changed nothing then.
func (h *Handle[T]) Replace(v *T) error {
	if v == nil {
		v = new(T)
	}
	return h.host.update(h.host.copying(mem.Of(v)))
}

// typedHost is the model of a [Handle], whatever its type is.
type typedHost struct {
	id      uint64
	session *Session
	name    string

	mu sync.RWMutex
	*typed
	// at is the value that the session knows. The tree is the one of the host.
	at Value
}

// hostTyped hosts t as a copy of the Go value at v, which has the same type.
func (s *Session) hostTyped(t *typed, name string, v mem.Ptr) (*typedHost, error) {
	if err := t.changeValid(t.copying(v)); err != nil {
		return nil, err
	}
	if name == "" {
		name = t.of.typeName()
	}
	h := &typedHost{session: s, name: name, typed: t, at: t.tree}
	s.host(func(id uint64) model { h.id = id; return h })
	return h, nil
}

func (h *typedHost) update(fn func() error) error {
	changed, err := h.updateLocked(fn)
	if changed {
		h.session.changed(h.id)
	}
	return err
}

func (h *typedHost) updateLocked(fn func() error) (changed bool, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	before := h.tree
	err = h.changeValid(fn)
	return h.tree != before, err
}

func (h *typedHost) typeName() string { return h.name }

func (h *typedHost) known() Value {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.at
}

func (h *typedHost) flush() []Op {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.flushLocked()
}

func (h *typedHost) flushLocked() []Op {
	ops := change(h.at, h.tree)
	h.at = h.tree
	return ops
}

func (h *typedHost) submit(ops []Op, most int) (flushed, accepted []Op, err *Error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	flushed = h.flushLocked()
	v, err := applyForeign(h.at, ops)
	if err == nil {
		// A proposal may have nested deeper and deeper, or say what is no text.
		err = v.check(h.at, maxNesting)
	}
	if err == nil {
		err = v.outgrows(h.at, most)
	}
	if err != nil {
		return flushed, nil, err
	}
	h.most = most // also of what the type adds: an empty map may become a large struct
	defer func() { h.most = noLimit }()
	if err := h.changeValid(h.reading(h.at, v)); err != nil {
		return flushed, nil, refusal(err)
	}
	return flushed, h.flushLocked(), nil
}

func (h *typedHost) adopt(ops []Op) *Error {
	h.mu.Lock()
	defer h.mu.Unlock()
	v, err := applyForeign(h.at, ops)
	if err != nil {
		return err
	}
	if err := h.change(h.reading(h.tree, v)); err != nil {
		return refusal(err)
	}
	// What the other session has is what later patches are about, also where the type here has
	// less.
	h.at = v
	return nil
}
