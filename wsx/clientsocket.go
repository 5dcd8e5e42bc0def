package wsx

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/coder/websocket"
)

// socket is one connection of a client, from when it is up until it is gone. One
// goroutine reads; any number may do the rest.
type socket struct {
	ws      *websocket.Conn
	conn    io.Closer // what ws runs on: closing it ends everything at once
	options *DialOptions
	since   time.Time

	turn    chan struct{} // holds a token while a message is written
	overdue *time.Timer   // gives up a message that takes too long to write
	heard   atomic.Int64  // grows with whatever comes in
	cause   atomic.Pointer[error]
}

// Causes of lost connections.
var (
	errSilent = errors.New("the server did not answer a ping in time; see wsx.DialOptions.PongTimeout")
	errStuck  = errors.New("the server took no message in time; see wsx.DialOptions.WriteTimeout")
)

// patience is how long a connection whose end has begun may take to end.
const patience = time.Second

// newSocket returns a socket that lacks its connection.
func newSocket(o *DialOptions) *socket {
	s := &socket{options: o, since: time.Now(), turn: make(chan struct{}, 1)}
	s.overdue = time.AfterFunc(o.WriteTimeout, func() { s.abort(errStuck) })
	s.overdue.Stop()
	return s
}

// write sends one message. When it fails the server cannot have read the message: the
// last byte of its frame was never taken by the connection.
func (s *socket) write(kind websocket.MessageType, data []byte) error {
	s.turn <- struct{}{}
	defer func() { <-s.turn }()
	// A context for each message would cost more than the whole message does.
	s.overdue.Reset(s.options.WriteTimeout)
	err := s.ws.Write(context.Background(), kind, data)
	if s.overdue.Stop(); err != nil {
		// Who reads is about to find out why, perhaps from what the server has said before,
		// unless only this direction is broken.
		s.overdue.Reset(patience)
	}
	return err
}

// read returns the next message, whose bytes are the caller's own. Whatever is wrong with
// a message closes the connection.
func (s *socket) read() (websocket.MessageType, []byte, error) {
	kind, r, err := s.ws.Reader(context.Background())
	if err != nil {
		return 0, nil, err
	}
	s.heard.Add(1)
	data, err := s.readAll(r)
	if errors.Is(err, websocket.ErrMessageTooBig) {
		err = fmt.Errorf("a message has more than %d bytes; see wsx.DialOptions.ReadLimit: %w", s.options.ReadLimit,
			&CloseError{Code: CodeTooBig, Reason: ReasonTooBig, Local: true})
	}
	if err == nil && kind == websocket.MessageText && !utf8.Valid(data) {
		err = &CloseError{Code: CodeInvalidText, Reason: ReasonInvalidText, Local: true}
		s.dismiss(CodeInvalidText, ReasonInvalidText)
	}
	return kind, data, err
}

// readAll reads a message to its end. Each piece of it is a sign of life: the answer to a
// ping comes after a message that is on its way.
func (s *socket) readAll(r io.Reader) ([]byte, error) {
	const first = 512
	b := make([]byte, 0, first)
	for {
		n, err := r.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		switch {
		case err == io.EOF:
			return b, nil
		case err != nil:
			return nil, err
		}
		s.heard.Add(1)
		if len(b) == cap(b) {
			b = append(b, 0)[:len(b)]
		}
	}
}

// beat asks the server now and then whether it is there, until ctx ends, and cuts the
// connection when it is not.
func (s *socket) beat(ctx context.Context) {
	for rest(ctx, jittered(s.options.PingInterval)) {
		if err := s.probe(ctx); err != nil {
			s.abort(err)
			return
		}
	}
}

// probe fails unless the server answers a ping in time, or says anything else.
func (s *socket) probe(ctx context.Context) error {
	for {
		heard := s.heard.Load()
		select { // a ping goes out after the message that is being written, not behind it
		case s.turn <- struct{}{}:
			<-s.turn
		case <-ctx.Done():
			return nil
		}
		waiting, cancel := context.WithTimeout(ctx, s.options.PongTimeout)
		err := s.ws.Ping(waiting)
		timedOut := waiting.Err() != nil
		cancel()
		switch {
		case err == nil, errors.Is(err, net.ErrClosed), ctx.Err() != nil, s.heard.Load() != heard:
			return nil
		case timedOut:
			return errSilent
		case !errors.Is(err, context.DeadlineExceeded):
			// Who reads is about to find out why, unless only this direction is broken.
			if !rest(ctx, patience) {
				return nil
			}
			return fmt.Errorf("a ping could not be written: %w", err)
		}
		// Another message was faster, and the ping was never written.
	}
}

// hears notes a ping or a pong.
func (s *socket) hears() { s.heard.Add(1) }

// abort cuts the connection. Err becomes why it is gone, unless that is known already.
func (s *socket) abort(err error) {
	s.blame(err)
	_ = s.conn.Close()
}

// blame notes why the connection is about to be gone, unless that is known already.
func (s *socket) blame(err error) { s.cause.CompareAndSwap(nil, &err) }

// dismiss closes the connection because of what came over it. It does not wait long for a
// server that does not do as it should.
func (s *socket) dismiss(code int, reason string) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	s.close(ctx, code, reason)
}

// close closes the connection with a code, and cuts it when ctx ends before the server
// has agreed.
func (s *socket) close(ctx context.Context, code int, reason string) {
	s.blame(&CloseError{Code: code, Reason: reason, Local: true})
	defer context.AfterFunc(ctx, func() { _ = s.conn.Close() })()
	_ = s.ws.Close(websocket.StatusCode(code), reason)
}

// release lets go of the connection and returns why it is gone; read has failed with err.
func (s *socket) release(err error) error {
	s.abort(err)
	_ = s.ws.CloseNow()
	s.overdue.Stop()
	cause := *s.cause.Load()
	if closed, ok := errors.AsType[websocket.CloseError](cause); ok {
		return &CloseError{Code: int(closed.Code), Reason: closed.Reason}
	}
	return cause
}

// rest waits, and reports whether that was long enough: false when ctx has ended before.
func rest(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}
