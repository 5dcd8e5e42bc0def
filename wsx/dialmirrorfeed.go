package wsx

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/mirror"
)

// mirrorFeed gives the frames of a link to the mirrors, and asks for what they lack.
type mirrorFeed struct {
	mirrors   *mirror.Client
	proposals *proposals
	onFault   func(error)

	// isPlain says that a server has refused a URL that may be too long for it.
	isPlain bool
	socket  *socket // of the connection, while there is one

	connections, received, faults atomic.Int64
}

func newMirrorFeed(mirrors *mirror.Client, o *DialOptions) *mirrorFeed {
	return &mirrorFeed{mirrors: mirrors, proposals: newProposals(o), onFault: o.OnFault}
}

// options returns options of a link whose hooks are those of o, and the feed's own.
func (f *mirrorFeed) options(o *DialOptions) *DialOptions {
	own := *o
	own.BeforeDial = func(ctx context.Context, attempt *DialAttempt) error {
		if o.BeforeDial != nil {
			if err := o.BeforeDial(ctx, attempt); err != nil {
				return err
			}
		}
		f.resume(attempt)
		return nil
	}
	own.OnState = func(state ClientState) {
		f.note(state)
		if o.OnState != nil {
			o.OnState(state)
		}
	}
	return &own
}

// resume makes an attempt ask for what has happened since. What is no URL stays as it is: the
// attempt fails because of it.
func (f *mirrorFeed) resume(attempt *DialAttempt) {
	const longest = 8000 // request lines of 8 KiB are what most servers take
	q := f.mirrors.Query()
	address, err := mirror.Query{Codec: q.Codec}.AddTo(attempt.URL)
	if err != nil {
		return
	}
	if q.Since = firstRevisions(q.Since, longest-len(address)); !f.isPlain && len(q.Since) > 0 {
		address, _ = q.AddTo(attempt.URL) // which is a URL
	}
	attempt.URL = address
}

// note learns from a server that refuses a URL.
func (f *mirrorFeed) note(state ClientState) {
	refused, _ := errors.AsType[*DialError](state.Cause)
	switch {
	case state.Phase == ClientConnected:
		f.isPlain = false
	case refused == nil:
	case refused.Status == http.StatusBadRequest, refused.Status == http.StatusRequestURITooLong,
		refused.Status == http.StatusRequestHeaderFieldsTooLarge:
		f.isPlain = true
	}
}

// up begins with a new connection.
func (f *mirrorFeed) up(s *socket) {
	f.socket = s
	f.connections.Add(1)
	f.mirrors.Connected()
	f.proposals.up(s)
}

// message takes a frame.
func (f *mirrorFeed) message(kind Kind, data []byte) {
	f.received.Add(1)
	var reply *mirror.Frame
	err := guard(func() (err error) {
		reply, err = f.mirrors.Receive(mirror.Frame{Text: kind == Text, Data: data})
		return err
	})
	if err != nil {
		f.fault(err)
	}
	if reply != nil {
		f.proposals.reply(*reply)
	}
}

// fault tells the program about a frame that could not be taken, and closes the connection if
// the mirrors would not be in step from here on.
func (f *mirrorFeed) fault(err error) {
	f.faults.Add(1)
	if f.onFault != nil {
		if panicked := guard(func() error { f.onFault(err); return nil }); panicked != nil {
			err = panicked
		}
	}
	if code, reason := faultEnding(err); code != 0 {
		f.socket.blame(err)
		f.socket.dismiss(code, reason)
	}
}

// faultEnding returns what to close a connection with after a fault; 0 if it may go on.
func faultEnding(err error) (code int, reason string) {
	if _, ok := errors.AsType[*tp.PanicError](err); ok {
		return CodeInternalError, ""
	}
	switch mirror.CodeOf(err) {
	case mirror.Undecodable, mirror.BadMessage, mirror.BadValue:
		return 0, ""
	}
	return CodePolicy, "out of step"
}

// down ends with a connection.
func (f *mirrorFeed) down(cause error, _ bool) {
	f.proposals.down(cause)
	f.socket = nil
}

// rest is not called: the link always connects again.
func (f *mirrorFeed) rest(error) {}

func (f *mirrorFeed) counts() MirrorStats {
	sent, dropped := f.proposals.counts()
	return MirrorStats{
		Connections: f.connections.Load(),
		Received:    f.received.Load(),
		Faults:      f.faults.Load(),
		Sent:        sent,
		Dropped:     dropped,
	}
}
