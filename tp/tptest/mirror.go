package tptest

import (
	"testing"

	"github.com/telestruct/telestruct/tp/mirror"
)

// Mirror is a client of a live model under test. [Watch] makes one; it is safe for concurrent
// use.
type Mirror[T any] struct {
	t       testing.TB
	of      mirror.Endpoint
	conn    *mirror.Conn
	model   *mirror.Model[T]
	states  *Inbox[T]
	rejects *Inbox[mirror.Reject]
}

// Watch mirrors the model of an endpoint that has the number id, until the test ends. Opening
// says who is watching: its Identity and its Tenant; nil is nobody in particular.
func Watch[T any](t testing.TB, of mirror.Endpoint, id uint64, opening *mirror.Opening) *Mirror[T] {
	t.Helper()
	client := mirror.NewClient(nil)
	m := &Mirror[T]{
		t:       t,
		of:      of,
		model:   mirror.ModelOf[T](client, id),
		states:  newInbox[T](t, "change of the model"),
		rejects: newInbox[mirror.Reject](t, "reject"),
	}
	m.model.OnChange(m.states.put)
	client.OnReject(m.rejects.put)
	if opening == nil {
		opening = &mirror.Opening{}
	}
	o := *opening
	o.Query = client.Query()
	o.Send = func(sent []mirror.Output) {
		for _, out := range sent {
			if _, err := client.Receive(out.Frame); err != nil {
				t.Errorf("a mirror cannot follow: %v", err)
			}
		}
	}
	m.conn = of.Open(o)
	t.Cleanup(func() { of.Close(m.conn) })
	return m
}

// Get returns the model as the client has it by now, after all that hosts have changed. The
// test fails at once when it has none, or none that is a T.
func (m *Mirror[T]) Get() T {
	m.t.Helper()
	m.of.Flush()
	v, err := m.model.Get()
	if err != nil {
		m.t.Fatal(err)
	}
	return v
}

// Next returns the model after the next change, for which it waits; the snapshot is the first
// one. The test fails at once when nothing changes for a minute, which takes no time in a
// bubble of [testing/synctest].
func (m *Mirror[T]) Next() T {
	m.t.Helper()
	m.of.Flush()
	return m.states.Next()
}

// Edit proposes what fn makes of the model. The test fails at once when fn does, or the
// proposal cannot be made. Whether it was accepted, Next or Rejected tells.
func (m *Mirror[T]) Edit(fn func(*T) error) {
	m.t.Helper()
	frame, err := m.model.Edit(fn)
	if err == nil {
		err = m.of.Receive(m.conn, frame)
	}
	if err != nil {
		m.t.Fatal(err)
	}
}

// Rejected returns why the next proposal that is refused is refused, for which it waits as Next
// does. The model is sent anew then, which Next returns as well.
func (m *Mirror[T]) Rejected() mirror.Reject {
	m.t.Helper()
	return m.rejects.Next()
}
