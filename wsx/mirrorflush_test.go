package wsx_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/telestruct/telestruct/tp/mirror"
	"github.com/telestruct/telestruct/wsx"
)

// TestMirrorGathers sees that changes in a row become one patch.
func TestMirrorGathers(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		options []wsx.Option
		after   time.Duration
	}{
		{"by default", nil, 10 * time.Millisecond},
		{"zero", []wsx.Option{wsx.FlushEvery(0)}, 10 * time.Millisecond},
		{"second", []wsx.Option{wsx.FlushEvery(time.Second)}, time.Second},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				l := newLamps(t, nil, tc.options...)
				p := l.dial()
				p.want(fin|opText, shows(0, 60))
				time.Sleep(2 * tc.after) // what was hosted counts as a change
				for rev := range 3 {
					time.Sleep(tc.after)
					start := time.Now()
					for n := range 50 {
						l.set(int64(10*rev + n%10))
						time.Sleep(tc.after / 100)
					}
					p.want(fin|opText, sets(rev+1, 10*rev+9))
					if took := time.Since(start); took != tc.after {
						t.Errorf("sent after %v, want %v", took, tc.after)
					}
				}
			})
		})
	}
}

// TestMirrorTwice sees that a server may have several endpoints, each of which may end.
func TestMirrorTwice(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLamps(t, nil)
		second := l.sockets.Mirror(l.end, wsx.Drain(0, time.Millisecond))
		p, q := l.dial(), newSite(t, second).dial()
		p.want(fin|opText, shows(0, 60))
		q.want(fin|opText, shows(0, 60))
		for rev := range 20 {
			l.set(int64(rev))
			p.want(fin|opText, sets(rev+1, rev))
			q.want(fin|opText, sets(rev+1, rev))
		}
		l.set(20) // whichever of them has heard of it
		go shut(t, second)
		q.want(fin|opClose, closing(1001, wsx.ReasonDrained))
		q.cut()
		p.want(fin|opText, sets(21, 20))
		l.set(21)
		p.want(fin|opText, sets(22, 21))
	})
}

func TestMirrorShutdown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLamps(t, nil)
		p := l.dial()
		p.want(fin|opText, shows(0, 60))
		stopped := make(chan error)
		go func() { stopped <- l.serve.Shutdown(context.Background()) }()
		p.wantClose(1001, wsx.ReasonDrained)
		if err := <-stopped; err != nil {
			t.Error(err)
		}
		l.set(1)
		if status := l.refused().StatusCode; status != 503 {
			t.Errorf("status %d", status)
		}
		if e := l.sockets.Endpoints(); len(e) != 0 {
			t.Errorf("there are %v", e)
		}
	})
}

// TestMirrorShutdownAnswers sees that a proposal that was read is answered before the end.
func TestMirrorShutdownAnswers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		deciding, decide := make(chan struct{}), make(chan struct{})
		l := newLamps(t, &mirror.ServerOptions{Authorize: func(any, mirror.Change) error {
			close(deciding)
			<-decide
			return nil
		}})
		p := l.dial()
		p.want(fin|opText, shows(0, 60))
		p.send(fin|opText, proposes(1))
		<-deciding
		go shut(t, l.serve)
		time.Sleep(time.Second)
		close(decide)
		p.want(fin|opText, sets(1, 1))
		p.wantClose(1001, wsx.ReasonDrained)
	})
}

// TestMirrorPanics sees that a proposal is refused when a function of the program panics on it, of
// which the client learns nothing and the program everything.
func TestMirrorPanics(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		failures := make(chan error, 1)
		l := newLamps(t, &mirror.ServerOptions{
			Authorize: func(any, mirror.Change) error { panic("secret") },
			OnFailure: func(_ uint64, err error) { failures <- err },
		})
		p := l.dial()
		p.want(fin|opText, shows(0, 60))
		p.send(fin|opText, proposes(1))
		p.want(fin|opText, shows(0, 60))
		p.want(fin|opText, `{"error":"what authorizes proposals has panicked","id":1,"rev":0,"t":"reject"}`)
		if p, ok := errors.AsType[*mirror.PanicError](<-failures); !ok || p.Value != "secret" {
			t.Errorf("told %v", p)
		}
	})
}

// broken is an endpoint of which parts panic.
type broken struct {
	*mirror.Server
	part string
}

func (b *broken) Open(o mirror.Opening) *mirror.Conn {
	b.panics("open")
	return b.Server.Open(o)
}

func (b *broken) Flush() {
	b.panics("flush")
	b.Server.Flush()
}

func (b *broken) panics(part string) {
	if b.part == part {
		panic(part)
	}
}

func TestMirrorBroken(t *testing.T) {
	t.Parallel()
	for _, part := range []string{"open", "flush"} {
		t.Run(part, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				session := mirror.NewSession()
				model := hostLamp(t, session)
				end := &broken{mirror.NewServer(session, nil), ""}
				panics := make(chan any, 1)
				e := wsx.NewServer().Mirror(end, wsx.OnPanic(func(value any, _ []byte) { panics <- value }))
				t.Cleanup(func() { shut(t, e) })
				s := newSite(t, e)
				p := s.dial()
				p.want(fin|opText, shows(0, 60))
				synctest.Wait()
				time.Sleep(time.Second)
				end.part = part
				if part == "open" {
					p = s.dial()
				} else if err := model.Replace(lampAt(1)); err != nil {
					t.Error(err)
				}
				p.wantClose(1011, "")
				if got := <-panics; got != part {
					t.Errorf("panic %v", got)
				}
				end.part = ""
				s.dial().hear()
			})
		})
	}
}

// TestMirrorCodecPanics sees that a codec that panics ends the connection that has it.
func TestMirrorCodecPanics(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var codecs mirror.Codecs
		codec := mirror.CustomCodec{ContentType: "x", Encode: func(any) ([]byte, error) { panic("encode") },
			Decode: func([]byte) (any, error) { return nil, errors.New("no") }}
		if _, err := codecs.Register(codec); err != nil {
			t.Fatal(err)
		}
		failures := make(chan error, 1)
		l := newLamps(t, &mirror.ServerOptions{OnFailure: func(_ uint64, err error) { failures <- err }}, wsx.MirrorCodecs(&codecs, "json"))
		l.dialFor("/?codec=x").wantClose(1011, wsx.ReasonNotEncoded)
		if p, ok := errors.AsType[*mirror.PanicError](<-failures); !ok || p.Value != "encode" {
			t.Errorf("told %v", p)
		}
	})
}
