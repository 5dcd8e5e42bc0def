package tp

import "context"

// Observation is one request, as an [Observer] sees it.
type Observation struct {
	// Function is the wire name; empty when the request names no function that
	// exists, or is no message.
	Function string
	// Headers are the request's headers as they were sent. They must not be
	// changed. They may hold credentials.
	Headers Object
	// Peer is who sent the request; nil when the transport does not know.
	Peer *Peer

	// Tag is the tag of the answer, such as Ok_, and ResponseHeaders are its
	// headers. Failure is what the failure hook got, if anything. All three are
	// set when the request has been answered.
	Tag             string
	ResponseHeaders Object
	Failure         *Error
}

// Observer is called when a request arrives, before anything about it was
// checked. It may return a context derived from ctx, which everything that
// follows gets, and a function that is called once the request was answered,
// however that went; either may be nil. It runs on the request's goroutine, many
// at a time, and what it panics with is dropped.
type Observer func(ctx context.Context, o *Observation) (context.Context, func())

// Observe adds observers to the API: logging, metrics, tracing. They see every
// request, also those that are refused, and cannot change what is answered. The
// first one given is called first, and told of the answer last. Nil observers are
// left out.
func Observe(observers ...Observer) Option {
	return optionFunc(func(s *settings) {
		for _, o := range observers {
			if o != nil {
				s.observers = append(s.observers, o)
			}
		}
	})
}

// observed runs a request under the eyes of the server's observers.
func (x *exchange) observed(ctx context.Context) {
	o := &Observation{Headers: x.headers, Peer: x.call.Peer}
	if x.fn != nil && x.fn != x.srv.unknown {
		o.Function = x.fn.name
	}
	var ends []func()
	for _, observer := range x.srv.observers {
		var end func()
		if ctx, end = begin(ctx, observer, o); end != nil {
			ends = append(ends, end)
		}
	}
	x.dispatch(ctx)
	o.Tag, o.ResponseHeaders, o.Failure = x.tag, x.sent, x.failure
	for i := len(ends) - 1; i >= 0; i-- {
		finish(ends[i])
	}
}

// begin calls one observer; ctx stays what it is when that returns none.
func begin(ctx context.Context, observer Observer, o *Observation) (next context.Context, end func()) {
	next = ctx
	defer func() { _ = recover() }()
	derived, end := observer(ctx, o)
	if derived != nil {
		next = derived
	}
	return next, end
}

func finish(end func()) {
	defer func() { _ = recover() }()
	end()
}
