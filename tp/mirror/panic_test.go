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

// A check that panics refuses; what the host has changed before gets to the clients.
func TestCheckThatPanics(t *testing.T) {
	t.Parallel()
	session := NewSession()
	check := func(v Value) (Value, error) {
		if v.Equal(Int(13)) {
			panic("secret")
		}
		return v, nil
	}
	number, err := session.HostValue("Number", Int(1), &UntypedOptions{Check: check})
	sameError(t, "", err)
	c := connect(t, NewServer(session, &ServerOptions{OnFailure: func(uint64, error) {}}), Opening{})
	c.sent(`{"id":1,"rev":0,"t":"snapshot","type":"Number","value":{"Int":1}}` + "\n")
	sameError(t, "", number.Replace(Int(2)))
	c.propose(1, Set(nil, Int(13)))
	c.sent(`{"id":1,"patch":{"ops":[{"Set":{"path":[],"value":{"Int":2}}}],"rev":1},"t":"patch"}` + "\n" +
		`{"id":1,"rev":1,"t":"snapshot","type":"Number","value":{"Int":2}}` + "\n" +
		`{"error":"what checks the model has panicked","id":1,"rev":1,"t":"reject"}` + "\n")
	sameError(t, "mirror: panicked: what checks the model has panicked", number.Replace(Int(13)))
}

// When the program panics as it saves a shared model, the write has happened all the same.
func TestCommittedThatPanics(t *testing.T) {
	t.Parallel()
	hub := NewHub(nil)
	id, err := hub.Share(Shared{Type: "Number", Value: Int(1)}, &SharedOptions{Committed: func(Shared, Patch) { panic("oh") }})
	sameError(t, "", err)
	sameError(t, "", hub.Subscribe("ann", id, Write))
	relayed := 0
	hub.relayTo("", func(sharedWrite) { relayed++ })
	c := connect(t, hub, Opening{Tenant: "ann"})
	c.got = ""
	panics(t, func() { c.propose(id, Set(nil, Int(2))) })
	panics(t, func() { _ = hub.SetShared(id, Int(3)) })
	panics(t, func() { _ = hub.ApplyShared(id, Patch{Rev: 9, Ops: []Op{Set(nil, Int(4))}}, "bob") })
	hub.Flush()
	for _, n := range []string{"2", "3", "4"} {
		if !strings.Contains(c.got, `{"Int":`+n+`}`) {
			t.Errorf("the write of %s is not in %s", n, c.got)
		}
	}
	if relayed != 2 {
		t.Errorf("relayed %d writes", relayed)
	}
}

// panics fails the test unless fn panics.
func panics(t *testing.T, fn func()) {
	t.Helper()
	defer func() {
		if recover() == nil {
			t.Error("it did not panic")
		}
	}()
	fn()
}
