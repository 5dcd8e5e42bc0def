package httpx

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/telestruct/telestruct/tp"
)

// Stopper is a part of a program that can be stopped, such as an endpoint for
// WebSockets, or an [http.Server]. Shutdown returns when it has stopped, or when ctx
// ends, with ctx's error. One that also has a Stopping method, as [Routes] has, is told
// before anything stops; one that has Close is closed when its Shutdown was too late.
type Stopper interface {
	Shutdown(ctx context.Context) error
}

// StopFunc is a function as a [Stopper]: a hook for what else has to stop. A panic is a
// [*tp.PanicError] in the error of the whole.
type StopFunc func(ctx context.Context) error

// Shutdown calls f.
func (f StopFunc) Shutdown(ctx context.Context) error { return f(ctx) }

// Drain says how a program stops. The zero value is that of [Serve] and [Shutdown].
type Drain struct {
	// Delay is how long the program goes on as before after health began to answer 503,
	// so that load balancers see it. Default none.
	Delay time.Duration
	// Timeout is how long what comes after the delay may take under Serve. Then
	// connections are cut. Endpoints of package wsx close their sockets over three
	// quarters of it at most. Default 40 s.
	Timeout time.Duration
}

const (
	defaultDrain = 40 * time.Second
	// lastWords is how long a part may take to return once its time is over.
	lastWords = time.Second
)

// Serve serves until ctx ends, and then stops the whole program:
//
//	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
//	defer stop()
//	err := httpx.Serve(ctx, httpx.NewServer(":8080", r), routes, sockets)
//
// It stops as [Shutdown] does, within 40 seconds; [Drain] has other times. It listens at
// server's Addr, with TLS if its TLSConfig has certificates. What uses what the calls
// need, such as a database, is closed after it has returned.
//
// The error is nil when everything stopped in time. When the server ends by itself, as
// for an address that is taken, the stoppers are stopped at once, and the error says
// why.
func Serve(ctx context.Context, server *http.Server, stoppers ...Stopper) error {
	return Drain{}.Serve(ctx, server, stoppers...)
}

// Shutdown stops a program that serves by itself: first health says so, where one of the
// stoppers is what [Mount] returned; then server and the stoppers stop, all at the same
// time. The server takes no new connections and answers the calls in flight. A nil server
// is left out, and so are nil stoppers.
//
// When ctx ends, what has not stopped is closed, and calls in flight are cut off. The
// error joins those of all parts.
func Shutdown(ctx context.Context, server *http.Server, stoppers ...Stopper) error {
	return Drain{}.Shutdown(ctx, server, stoppers...)
}

// Serve is [Serve] with the times of d.
func (d Drain) Serve(ctx context.Context, server *http.Server, stoppers ...Stopper) error {
	if c := server.TLSConfig; c != nil && (len(c.Certificates) > 0 || c.GetCertificate != nil || c.GetConfigForClient != nil) {
		return d.serve(ctx, server, func() error { return server.ListenAndServeTLS("", "") }, stoppers)
	}
	return d.serve(ctx, server, server.ListenAndServe, stoppers)
}

// ServeListener is [Drain.Serve] on a listener, which it closes.
func (d Drain) ServeListener(ctx context.Context, l net.Listener, server *http.Server, stoppers ...Stopper) error {
	return d.serve(ctx, server, func() error { return server.Serve(l) }, stoppers)
}

func (d Drain) serve(ctx context.Context, server *http.Server, run func() error, stoppers []Stopper) error {
	ended := make(chan error, 1)
	go func() { ended <- run() }()
	var err error
	hasEnded := false
	select {
	case <-ctx.Done():
	case err = <-ended:
		hasEnded, d.Delay = true, 0
	}
	if d.Timeout <= 0 {
		d.Timeout = defaultDrain
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), max(d.Delay, 0)+d.Timeout)
	defer cancel()
	failed := d.Shutdown(stop, server, stoppers...)
	if !hasEnded {
		err = <-ended
	}
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return errors.Join(err, failed)
}

// Shutdown is [Shutdown] after the delay of d. Its Timeout does not count, but the
// deadline of ctx.
func (d Drain) Shutdown(ctx context.Context, server *http.Server, stoppers ...Stopper) error {
	var parts []Stopper
	if server != nil {
		parts = append(parts, server)
	}
	for _, s := range stoppers {
		if s != nil {
			parts = append(parts, s)
		}
		if s, ok := s.(interface{ Stopping() }); ok {
			s.Stopping()
		}
	}
	if d.Delay > 0 {
		wait(ctx, d.Delay)
	}
	return stopAll(ctx, parts)
}

// wait returns after d, or when ctx ends.
func wait(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// stopAll stops all parts at the same time. It does not wait for parts that do not heed
// the end of ctx.
func stopAll(ctx context.Context, parts []Stopper) error {
	stopped := make([]chan error, len(parts))
	for i, part := range parts {
		stopped[i] = make(chan error, 1)
		go func() { stopped[i] <- stop(ctx, part) }()
	}
	late, cancel := context.WithCancel(context.Background())
	defer cancel()
	defer context.AfterFunc(ctx, func() { wait(late, lastWords); cancel() })()
	failures := make([]error, len(parts))
	for i, part := range parts {
		select {
		case failures[i] = <-stopped[i]:
		case <-late.Done():
			failures[i] = fmt.Errorf("httpx: a %T goes on after its time: %w", part, ctx.Err())
		}
	}
	return errors.Join(failures...)
}

// stop stops one part, and closes it when it was too late. A panic is its error, so that
// the other parts stop as they should.
func stop(ctx context.Context, part Stopper) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("httpx: a %T panicked: %w", part, &tp.PanicError{Value: v, Stack: debug.Stack()})
		}
	}()
	if err = part.Shutdown(ctx); err == nil {
		return nil
	}
	if closer, ok := part.(interface{ Close() error }); ok && ctx.Err() != nil {
		err = errors.Join(err, closer.Close())
	}
	return fmt.Errorf("httpx: a %T did not stop as it should: %w", part, err)
}
