package wsx

import (
	"bytes"
	"maps"
	"slices"

	"github.com/telestruct/telestruct/tp/wire"
)

// flight has the calls that were written on one connection and not answered yet, also
// those that nobody waits for any more. It is not safe for concurrent use.
type flight struct {
	calls map[int64]*clientCall
	// given counts the calls that were given up; forgotten says that some of them were
	// removed, so that nobody can tell how many answers may still come.
	given     int
	forgotten bool
}

// maxGivenUp is how many calls that were given up are remembered.
const maxGivenUp = 1024

func newFlight() flight { return flight{calls: map[int64]*clientCall{}} }

// live returns how many calls are waited for.
func (f *flight) live() int { return len(f.calls) - f.given }

// add notes that a call is about to be written.
func (f *flight) add(c *clientCall) { f.calls[c.id] = c }

// has reports whether a call is in flight.
func (f *flight) has(c *clientCall) bool { return f.calls[c.id] == c }

// giveUp notes that nobody waits for a call any more; its answer may come all the same.
func (f *flight) giveUp(c *clientCall) {
	c.sent, c.request, c.own.checksums = nil, nil, bytes.Clone(c.own.checksums)
	if f.given >= maxGivenUp {
		delete(f.calls, c.id)
		f.forgotten = true
		return
	}
	f.given++
}

// take removes the call with the given number; nil if there is none.
func (f *flight) take(id int64) *clientCall {
	c := f.calls[id]
	if c == nil {
		return nil
	}
	delete(f.calls, id)
	if c.isSettled() {
		f.given--
	}
	return c
}

// takeStray removes the call that is meant by an answer without a number of ours: the
// server could not read the headers of its request (spec section 1.4). It returns nil when
// that may be more than one call, since another call's error is worse than none.
func (f *flight) takeStray(answer []byte) *clientCall {
	switch {
	case f.forgotten:
		return nil
	case len(f.calls) == 1:
		for id := range f.calls {
			return f.take(id)
		}
	case isIncompatible(answer):
		return f.takeBinary()
	}
	return nil
}

// takeBinary removes the first of the binary requests, one of which the server could not
// read because its names of fields are not the server's. It will refuse all of them if they
// were written with the same names, so that these answers can change places.
func (f *flight) takeBinary() *clientCall {
	var first *clientCall
	for _, id := range slices.Sorted(maps.Keys(f.calls)) {
		c := f.calls[id]
		switch {
		case c.own.format == wire.JSON:
		case first == nil:
			first = c
		case !bytes.Equal(c.own.checksums, first.own.checksums):
			return nil
		case first.isSettled() && !c.isSettled():
			first = c // one that is waited for
		}
	}
	if first == nil {
		return nil
	}
	return f.take(first.id)
}

// takeAll removes the calls that are waited for, in the order in which they were made.
func (f *flight) takeAll() []*clientCall {
	var all []*clientCall
	for _, id := range slices.Sorted(maps.Keys(f.calls)) {
		if c := f.calls[id]; !c.isSettled() {
			all = append(all, c)
		}
	}
	*f = newFlight()
	return all
}

// isIncompatible reports whether an answer says that the server has other names of fields
// than the request was written with.
func isIncompatible(answer []byte) bool {
	m := failureIn(answer)
	if m == nil {
		return false
	}
	reasons, _ := m.Payload.Get("reasons")
	list, _ := reasons.([]any)
	if len(list) != 1 {
		return false
	}
	reason, _ := list[0].(wire.Object)
	return len(reason) == 1 && reason[0].Key == wire.ReasonIncompatibleBinary
}

// isFailure reports whether a message says that the server could not read a request.
func isFailure(message []byte) bool { return failureIn(message) != nil }

// failureIn returns a message that says that the server could not read a request; nil for
// any other.
func failureIn(message []byte) *wire.Message {
	const longest, target = 256, "ErrorParseFailure_"
	if len(message) > longest || !bytes.Contains(message, []byte(target)) {
		return nil
	}
	m, err := wire.DecodeMessage(message, wire.CallLimits())
	if err != nil || m.Target != target {
		return nil
	}
	return m
}
