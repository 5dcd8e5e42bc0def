package wsx

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// link keeps one connection to a server: it connects, reads, and connects again. It does
// not know what is said over it.
type link struct {
	user    linkUser
	dialer  *dialer
	options *DialOptions
	backoff backoff

	// ctx ends when the link is stopped. It belongs to the link's life, as its goroutine
	// does.
	ctx    context.Context
	cancel context.CancelFunc
	waking chan struct{} // has room for one: users wake a link that rests once
	done   chan struct{} // closed when the goroutine has ended
	begun  chan struct{} // closed when there was a connection, or never will be
	begin  func()        // closes begun

	mu     sync.Mutex
	state  ClientState
	socket *socket // nil while there is none
}

// linkUser is what a link carries messages for. The link's goroutine calls it.
type linkUser interface {
	// up is called with each new connection.
	up(*socket)
	// message is called with each message that comes in, and owns it.
	message(kind Kind, data []byte)
	// down is called when the connection is gone, and says why, and whether the link rests
	// now: it will not connect any more until it is woken.
	down(cause error, rests bool)
	// rest is called when the link rests because of an attempt for which it was woken.
	rest(cause error)
}

func newLink(url string, o *DialOptions, user linkUser) *link {
	l := &link{
		user:    user,
		dialer:  &dialer{url: url, options: o},
		options: o,
		backoff: backoff{least: o.MinBackoff, most: o.MaxBackoff},
		waking:  make(chan struct{}, 1),
		done:    make(chan struct{}),
		begun:   make(chan struct{}),
	}
	l.begin = sync.OnceFunc(func() { close(l.begun) })
	l.ctx, l.cancel = context.WithCancel(context.Background())
	return l
}

// start begins to run the link. Unless the options say that it is lazy, it returns when there
// is a connection that its user has, and fails, with a [*DialError], when the first attempt
// does.
func (l *link) start(ctx context.Context) error {
	if l.options.Lazy {
		go l.run(nil)
		return nil
	}
	s, err := l.connect(ctx)
	if err != nil {
		l.cancel()
		_ = l.enter(ClientState{Phase: ClientDisconnected, Cause: err, Retry: -1})
		_ = l.enter(ClientState{Phase: ClientStopped})
		return err
	}
	go l.run(s)
	<-l.begun // what is sent from now on does not wait for a connection
	return nil
}

// run keeps the connection, of which s is the first, or nil, until the link is stopped.
func (l *link) run(s *socket) {
	defer close(l.done)
	defer l.begin()
	isWoken := false
	for {
		var err error
		if s == nil {
			s, err = l.connect(l.ctx)
		}
		inVain := s == nil && isWoken
		if s != nil {
			err = l.session(s)
			s, isWoken = nil, false
		}
		if l.ctx.Err() != nil {
			break
		}
		if inVain || l.isFinal(err) {
			isWoken = l.rest(err, inVain)
		} else {
			l.pause(err)
		}
	}
	_ = l.enter(ClientState{Phase: ClientStopped})
}

// connect makes one attempt.
func (l *link) connect(ctx context.Context) (*socket, error) {
	if err := l.enter(ClientState{Phase: ClientConnecting}); err != nil {
		return nil, err
	}
	return l.dialer.dial(ctx)
}

// session serves one connection until it is gone, and returns why.
func (l *link) session(s *socket) error {
	const stable = 10 * time.Second
	if !l.take(s) {
		s.dismiss(CodeNormal, "")
		return s.release(ErrClientStopped)
	}
	defer l.leave()
	defer l.begin() // also when the program panics
	if err := l.enter(ClientState{Phase: ClientConnected}); err != nil {
		s.blame(err)
		s.dismiss(CodeInternalError, "")
		return s.release(err)
	}
	ctx, cancel := context.WithCancel(l.ctx)
	var heartbeat sync.WaitGroup
	heartbeat.Go(func() { s.beat(ctx) })
	l.user.up(s)
	l.begin()
	cause := s.release(l.read(s))
	cancel()
	heartbeat.Wait()
	if time.Since(s.since) >= stable {
		l.backoff.reset()
	}
	l.user.down(cause, l.isFinal(cause))
	return cause
}

// isFinal reports whether the link rests after a connection that has ended because of cause.
func (l *link) isFinal(cause error) bool {
	closed := closeErrorOf(cause)
	return closed != nil && closed.isFinal() && !l.options.AlwaysReconnect
}

// read hands the messages of a connection to the user until there are no more.
func (l *link) read(s *socket) error {
	for {
		kind, data, err := s.read()
		if err != nil {
			return err
		}
		l.user.message(kindOf(kind), data)
	}
}

// take makes s the connection. It fails when the link was stopped.
func (l *link) take(s *socket) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ctx.Err() != nil {
		return false
	}
	l.socket = s
	return true
}

func (l *link) leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.socket = nil
}

// pause waits until the next attempt.
func (l *link) pause(cause error) {
	d := l.backoff.next()
	_ = l.enter(ClientState{Phase: ClientDisconnected, Cause: cause, Retry: d})
	rest(l.ctx, d)
}

// rest waits until the user wakes the link, and reports whether it did. InVain says that it
// was woken for an attempt that has failed.
func (l *link) rest(cause error, inVain bool) bool {
	_ = l.enter(ClientState{Phase: ClientDisconnected, Cause: cause, Retry: -1})
	if inVain {
		l.user.rest(cause)
	}
	select {
	case <-l.waking:
		return true
	case <-l.ctx.Done():
		return false
	}
}

// wake ends the rest of the link.
func (l *link) wake() { l.waking <- struct{}{} }

// enter notes a state and tells the program. It fails when the program panics.
func (l *link) enter(state ClientState) error {
	l.mu.Lock()
	l.state = state
	l.mu.Unlock()
	if l.options.OnState == nil {
		return nil
	}
	return guard(func() error { l.options.OnState(state); return nil })
}

// now returns the state.
func (l *link) now() ClientState {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.state
}

// whyWaiting returns the error of a context in which something has waited for too long, with
// what there was to wait for.
func (l *link) whyWaiting(ended error) error {
	switch state := l.now(); state.Phase {
	case ClientConnecting:
		return fmt.Errorf("%w while connecting", ended)
	case ClientDisconnected:
		return fmt.Errorf("%w while there is no connection: %w", ended, state.Cause)
	}
	return ended
}

// stop closes the connection with 1000 and waits for the goroutine to end: until ctx ends,
// and a moment in which the server can be told.
func (l *link) stop(ctx context.Context) error {
	const moment = 250 * time.Millisecond
	l.mu.Lock()
	l.cancel()
	s := l.socket
	l.mu.Unlock()
	if s != nil {
		l.bid(ctx, s, moment)
	}
	select {
	case <-l.done:
		return nil
	case <-ctx.Done():
	}
	final := time.NewTimer(moment)
	defer final.Stop()
	select {
	case <-l.done:
		return nil
	case <-final.C: // a function of the program does not return
		return ctx.Err()
	}
}

// bid closes a connection with 1000. Who has no time left still gets a moment for it.
func (l *link) bid(ctx context.Context, s *socket, moment time.Duration) {
	limit := 5 * time.Second
	if ctx.Err() != nil {
		ctx, limit = context.WithoutCancel(ctx), moment
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	s.close(ctx, CodeNormal, "")
}
