package wsx

import (
	"container/list"
	"fmt"

	"github.com/telestruct/telestruct/tp/wire"
)

// clientCall is one call of a client. What changes is guarded by the lock of the calls it
// belongs to, until done is closed.
type clientCall struct {
	id      int64
	request []byte  // as the caller has it,
	own     idPlace // with an @id_ of its own or without
	sent    []byte  // as it goes to the server

	waiting  *list.Element // in the queue, nil outside
	isUnsent bool          // writing it has failed

	done   chan struct{} // closed when the call is settled, with
	answer []byte        // either an answer
	place  idPlace       // whose @id_ is here,
	err    error         // or an error
}

// newClientCall returns the call that a request makes. It fails with a [*wire.ParseError]
// inside on a request that is no message.
func newClientCall(request []byte, id int64) (*clientCall, error) {
	own, ok := findID(request)
	if !ok {
		return nil, fmt.Errorf("wsx: the request is no message: %w", whyNoMessage(request))
	}
	return &clientCall{id: id, request: request, own: own, sent: own.set(request, id), done: make(chan struct{})}, nil
}

// isSettled reports whether the call has ended.
func (c *clientCall) isSettled() bool {
	select {
	case <-c.done:
		return true
	default:
		return false
	}
}

// response returns the answer as the caller is to have it. The call is settled.
func (c *clientCall) response() ([]byte, error) {
	if c.err != nil || !c.place.has {
		return c.answer, c.err
	}
	return c.place.restore(c.answer, &c.own, c.request), nil
}

// whyNoMessage says what is wrong with a request of which findID has failed.
func whyNoMessage(request []byte) error {
	if wire.FormatOf(request) == wire.JSON {
		if _, err := wire.DecodeMessage(request, wire.CallLimits()); err != nil {
			return err
		}
	} else if _, err := wire.DecodeBinary(request, noFields, wire.CallLimits()); err != nil {
		return err
	}
	return &wire.ParseError{Reason: wire.ReasonNotTwoObjects}
}

// noFields resolves no names of fields: headers have none.
func noFields(wire.Object) (*wire.Fields, error) { return nil, nil }
