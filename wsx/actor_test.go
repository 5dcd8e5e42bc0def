package wsx_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/wsx"
)

type (
	Guest        struct{}
	AwaitingName struct{}
	Chatting     struct{ Name string }
)

// actors returns an endpoint of a server of its own, with an actor that begins as a Guest.
func actors(rules ...wsx.Rule) *wsx.Endpoint {
	return wsx.NewServer().New(wsx.Actor(wsx.Start(Guest{}), rules...))
}

// on returns a rule for messages of one type in any state, which stays.
func on[M any](do func(c *wsx.Conn, m M) error) wsx.Rule {
	return wsx.On(func(c *wsx.Conn, m M, s wsx.State) (wsx.State, error) { return s, do(c, m) })
}

// diary is what several goroutines note.
type diary struct {
	mu    sync.Mutex
	lines []string
}

func (d *diary) note(format string, args ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lines = append(d.lines, fmt.Sprintf(format, args...))
}

// want fails unless these are the lines.
func (d *diary) want(t *testing.T, lines ...string) {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	if diff := cmp.Diff(lines, d.lines); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
}

// ends returns a rule that notes how its connection ended.
func (d *diary) ends() wsx.Rule {
	return on(func(_ *wsx.Conn, m wsx.Disconnected) error {
		d.note("%v %d %q", m.Cause, m.Code, m.Reason)
		return nil
	})
}

// errors, panics and unhandled return options that note what their hooks are told, by
// names that do not depend on the connection.
func (d *diary) errors() wsx.Option {
	return wsx.OnError(func(e *wsx.HandlerError) {
		d.note("error %s in %s: %v, expected: %v", e.Message, e.State, e.Err, e.IsExpected)
	})
}

func (d *diary) panics() wsx.Option {
	return wsx.OnPanic(func(value any, stack []byte) {
		p, ok := value.(*wsx.HandlerPanic)
		if !ok {
			d.note("panic %v", value)
			return
		}
		d.note("panic %s in %s: %v", p.Message, p.State, p.Value)
		if p.Conn.Number == 0 || !strings.Contains(p.Error(), p.Conn.String()) || len(stack) == 0 {
			d.note("panic of %v without a stack", p.Conn)
		}
	})
}

func (d *diary) unhandled() wsx.Option {
	return wsx.OnUnhandled(func(u wsx.Unhandled) { d.note("unhandled %T in %T", u.Message, u.State) })
}

func TestActor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e := actors(
			on(func(c *wsx.Conn, _ wsx.Connected) error { c.Reply("welcome"); return nil }),
			on(func(c *wsx.Conn, text string) error { c.Reply("you said: " + text); return nil }),
			on(func(c *wsx.Conn, data []byte) error { c.ReplyBinary(data); return nil }),
		)
		p := newSite(t, e).dial()
		p.want(fin|opText, "welcome")
		p.send(fin|opText, "hello")
		p.want(fin|opText, "you said: hello")
		p.send(fin|opBinary, "\x00\xff")
		p.want(fin|opBinary, "\x00\xff")
		stopped := make(chan error)
		go func() { stopped <- e.Shutdown(context.Background()) }()
		p.wantClose(wsx.CodeGoingAway, wsx.ReasonDrained)
		if err := <-stopped; err != nil {
			t.Error(err)
		}
	})
}

func TestConnectedAndDisconnected(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var came wsx.Connected
		var left wsx.Disconnected
		e := wsx.NewServer(wsx.NodeName("n")).New(wsx.Subprotocols("chat.v1"), wsx.Actor(wsx.Start(Guest{}),
			on(func(_ *wsx.Conn, m wsx.Connected) error { came = m; return nil }),
			on(func(c *wsx.Conn, m wsx.Disconnected) error {
				left = m
				if c.Context().Err() != nil || c.Context().Value(ctxKey{}) != "v" {
					t.Error("the context has ended, or lost its values")
				}
				return nil
			})))
		h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			e.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), ctxKey{}, "v")))
		})
		p := newSite(t, h).dial("Sec-WebSocket-Protocol: chat.v1", "X-Tenant: blue")
		synctest.Wait()
		time.Sleep(time.Second)
		p.send(fin|opClose, closing(4321, "done"))
		p.wantClose(4321, "")
		synctest.Wait()
		r := came.Request
		if r == nil || r.Header.Get("X-Tenant") != "blue" || r.Context().Value(ctxKey{}) != "v" || r.Context().Err() != nil {
			t.Fatalf("request = %v", r)
		}
		in, out := came.In, came.Out
		if in.Name() != "_in.1" || out.Name() != "_out.1" {
			t.Errorf("In = %q, Out = %q", in.Name(), out.Name())
		}
		for _, topic := range []*wsx.Topic{in, out} {
			if err := topic.Text(t.Context(), "late"); !errors.Is(err, wsx.ErrGone) {
				t.Errorf("publish to %s = %v, want ErrGone", topic.Name(), err)
			}
		}
		came.Request, came.In, came.Out = nil, nil, nil
		id := wsx.ID{Node: "n", Number: 1}
		want := wsx.Connected{ID: id, Addr: came.Addr, Path: "/", Time: start, Subprotocol: "chat.v1"}
		if came != want {
			t.Errorf("Connected = %+v, want %+v", came, want)
		}
		wantLeft := wsx.Disconnected{ID: id, Addr: came.Addr, Path: "/", Time: start.Add(time.Second), Code: 4321, Reason: "done", Cause: wsx.CauseClient}
		if left != wantLeft {
			t.Errorf("Disconnected = %+v, want %+v", left, wantLeft)
		}
	})
}

type ctxKey struct{}

func TestDisconnectedCause(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		end  func(t *testing.T, e *wsx.Endpoint, p *peer)
		want string
	}{
		{"client", func(_ *testing.T, _ *wsx.Endpoint, p *peer) {
			p.send(fin|opClose, closing(1001, "off"))
			p.wantClose(1001, "")
		}, `client 1001 "off"`},
		{"client without a code", func(_ *testing.T, _ *wsx.Endpoint, p *peer) { p.send(fin|opClose, ""); p.hear() }, `client 1005 ""`},
		{"lost", func(_ *testing.T, _ *wsx.Endpoint, p *peer) { p.cut() }, `lost 1006 ""`},
		{"silent", func(_ *testing.T, _ *wsx.Endpoint, p *peer) { p.hearUntil(0) }, `silent 1006 "silent"`},
		{"program", func(_ *testing.T, _ *wsx.Endpoint, p *peer) { p.send(fin|opText, "close"); p.wantClose(4000, "bye") }, `program 4000 "bye"`},
		{"remote", func(_ *testing.T, _ *wsx.Endpoint, p *peer) {
			p.send(fin|opText, "remote")
			p.wantClose(1008, "you")
		}, `program 1008 "you"`},
		{"policy", func(_ *testing.T, _ *wsx.Endpoint, p *peer) {
			p.send(fin|opText, "\xff")
			p.wantClose(wsx.CodeInvalidText, wsx.ReasonInvalidText)
		}, `policy 1007 "invalid utf-8"`},
		{"shutdown", func(t *testing.T, e *wsx.Endpoint, p *peer) {
			go shut(t, e)
			p.wantClose(wsx.CodeGoingAway, wsx.ReasonDrained)
		}, `shutdown 1001 "drained"`},
		{"expired", func(_ *testing.T, _ *wsx.Endpoint, p *peer) {
			for range 4 { // a minute is longer than two pings
				h := p.hear()
				if h.op == fin|opClose {
					return
				}
				p.send(fin|opPong, "")
			}
		}, `expired 3000 "expired"`},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var d diary
				server := wsx.NewServer()
				e := server.New(wsx.ExpiresAt(func(*http.Request) time.Time { return time.Now().Add(time.Minute) }),
					wsx.Actor(wsx.Start(Guest{}), d.ends(), on(func(c *wsx.Conn, text string) error {
						if text == "close" {
							c.Close(4000, "bye")
							return nil
						}
						r, err := server.Remote(c.ID().Number)
						if err == nil {
							r.Close(1008, "you")
						}
						return err
					})))
				p := newSite(t, e).dial()
				tc.end(t, e, p)
				p.cut()
				synctest.Wait()
				d.want(t, tc.want)
			})
		})
	}
}

func TestCauseString(t *testing.T) {
	t.Parallel()
	if got := wsx.CausePolicy.String() + wsx.CauseUnknown.String() + wsx.Cause(99).String(); got != "policyunknownunknown" {
		t.Errorf("causes = %q", got)
	}
}

// TestActorRest tells apart after which ends what the client has said still counts. What the
// actor posts to itself does as long as there is a connection.
func TestActorRest(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		end  func(t *testing.T, e *wsx.Endpoint, p *peer)
		want []string
	}{
		{"client has closed", func(_ *testing.T, _ *wsx.Endpoint, p *peer) { p.send(fin|opClose, closing(1000, "")); p.hear() }, []string{"a", "b", "client"}},
		{"client is lost", func(_ *testing.T, _ *wsx.Endpoint, p *peer) { p.cut() }, []string{"a", "b", "lost"}},
		{"drained", func(t *testing.T, e *wsx.Endpoint, _ *peer) { go shut(t, e) }, []string{"a", "b", "posted", "shutdown"}},
		{"cut", func(_ *testing.T, e *wsx.Endpoint, _ *peer) {
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			_ = e.Shutdown(ctx)
		}, []string{"a", "shutdown"}},
		{"text that is none", func(_ *testing.T, _ *wsx.Endpoint, p *peer) { p.send(fin|opText, "\xff") }, []string{"a", "policy"}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var d diary
				goOn := make(chan struct{})
				e := actors(
					on(func(c *wsx.Conn, text string) error {
						<-goOn
						d.note("%s", text)
						if text == "b" {
							c.Post("posted")
						}
						return nil
					}),
					on(func(_ *wsx.Conn, m wsx.Disconnected) error { d.note("%v", m.Cause); return nil }))
				p := newSite(t, e).dial()
				p.send(fin|opText, "a")
				p.send(fin|opText, "b")
				synctest.Wait()
				tc.end(t, e, p)
				synctest.Wait()
				close(goOn)
				synctest.Wait()
				p.cut()
				synctest.Wait()
				d.want(t, tc.want...)
			})
		})
	}
}

func TestActorErrors(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	cases := []struct {
		name string
		do   func() error
		code int // 0 when the connection goes on
		text string
		want []string
	}{
		{"error", func() error { return broken }, wsx.CodeInternalError, "",
			[]string{`error string in wsx_test.Guest: broken, expected: false`, `error 1011 ""`}},
		{"with a code", func() error { return wsx.CloseWith(4001, "go", broken) }, 4001, "go",
			[]string{`error string in wsx_test.Guest: closed with 4001 go: broken, expected: true`, `error 4001 "go"`}},
		{"with a code, wrapped", func() error { return fmt.Errorf("secret: %w", wsx.CloseWith(4001, "go", nil)) }, 4001, "go",
			[]string{`error string in wsx_test.Guest: secret: closed with 4001 go, expected: true`, `error 4001 "go"`}},
		{"recoverable", func() error { return wsx.Recoverable(broken) }, 0, "",
			[]string{`error string in wsx_test.Guest: broken, expected: true`}},
		{"recoverable nil", func() error { return wsx.Recoverable(nil) }, 0, "x", nil},
		{"of a client", func() error { return &wsx.CloseError{Code: 4002, Reason: "not ours"} }, wsx.CodeInternalError, "",
			[]string{`error string in wsx_test.Guest: ` + (&wsx.CloseError{Code: 4002, Reason: "not ours"}).Error() + `, expected: false`, `error 1011 ""`}},
		{"panic", func() error { panic("ouch") }, wsx.CodeInternalError, "",
			[]string{`panic string in wsx_test.Guest: ouch`, `panic 1011 ""`}},
		{"abort", func() error { panic(http.ErrAbortHandler) }, wsx.CodeInternalError, "", []string{`panic 1011 ""`}},
		{"goexit", func() error { runtime.Goexit(); return nil }, wsx.CodeInternalError, "",
			[]string{`panic string in wsx_test.Guest: the handler has ended its goroutine`, `panic 1011 ""`}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var d diary
				e := wsx.NewServer().New(d.errors(), d.panics(), wsx.Actor(wsx.Start(Guest{}),
					wsx.On(func(c *wsx.Conn, text string, s Guest) (Chatting, error) {
						c.Reply("x")
						return Chatting{}, tc.do()
					}),
					on(func(c *wsx.Conn, _ []byte) error { c.Reply("still there"); return nil }),
					d.ends()))
				p := newSite(t, e).dial()
				p.send(fin|opText, "do")
				if tc.code != 0 {
					p.wantClose(tc.code, tc.text)
				} else {
					if tc.text != "" {
						p.want(fin|opText, tc.text)
					}
					p.send(fin|opBinary, "")
					p.want(fin|opText, "still there")
				}
				synctest.Wait()
				d.want(t, tc.want...)
				p.cut()
			})
		})
	}
}

// TestActorLastPanic has a panic in the handler of the last message, after another one.
func TestActorLastPanic(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func(){"panic": func() { panic("again") }, "goexit": runtime.Goexit} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var d diary
				e := wsx.NewServer().New(d.panics(), wsx.Actor(wsx.Start(Guest{}),
					on(func(*wsx.Conn, string) error { panic("first") }),
					on(func(*wsx.Conn, wsx.Disconnected) error { fail(); return nil })))
				p := newSite(t, e).dial()
				p.send(fin|opText, "do")
				p.wantClose(wsx.CodeInternalError, "")
				second := map[string]string{"panic": "again", "goexit": "the handler has ended its goroutine"}[name]
				synctest.Wait()
				d.want(t, "panic string in wsx_test.Guest: first", "panic wsx.Disconnected in wsx_test.Guest: "+second)
				shut(t, e)
			})
		})
	}
}

func TestActorUnhandled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var d diary
		var l ledger
		e := wsx.NewServer().New(d.unhandled(), wsx.Observe(&l), wsx.Actor(wsx.Start(Guest{}),
			on(func(c *wsx.Conn, text string) error { c.Post(4.5); c.Reply(text); return nil })))
		p := newSite(t, e).dial()
		p.send(fin|opBinary, "m")
		p.send(fin|opText, "m")
		p.want(fin|opText, "m")
		synctest.Wait()
		d.want(t, "unhandled []uint8 in wsx_test.Guest", "unhandled float64 in wsx_test.Guest")
		if got := l.dropped[wsx.DropUnheard]; got != 2 {
			t.Errorf("%d messages dropped, want 2", got)
		}
		p.cut()
	})
}

func TestActorInitial(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name    string
		initial func(*http.Request) (wsx.State, error)
		status  int
		text    string
		header  string // that is set
	}{
		{"refused", func(*http.Request) (wsx.State, error) { return nil, wsx.Refuse(http.StatusUnauthorized) }, 401, "unauthorized", "WWW-Authenticate"},
		{"with a text", func(*http.Request) (wsx.State, error) { return nil, wsx.Refuse(403, "members only") }, 403, "members only", ""},
		{"wrapped", func(*http.Request) (wsx.State, error) { return nil, fmt.Errorf("secret: %w", wsx.Refuse(429)) }, 429, "too many requests", "Retry-After"},
		{"status of another error", func(*http.Request) (wsx.State, error) { return nil, codedError(404) }, 404, "not found", ""},
		{"status that refuses nothing", func(*http.Request) (wsx.State, error) { return nil, codedError(200) }, 500, "internal error", ""},
		{"plain error", func(*http.Request) (wsx.State, error) { return nil, errors.New("secret") }, 403, "the connection is not allowed", ""},
		{"nothing", func(*http.Request) (wsx.State, error) { return nil, nil }, 500, "internal error", ""},
		{"panic", func(*http.Request) (wsx.State, error) { panic("secret") }, 500, "internal error", ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var d diary
			e := wsx.NewServer().New(wsx.Actor(tc.initial, tellAll()), wsx.MaxConnections(1), d.errors(), d.panics())
			s := newSite(t, e)
			for range 2 { // the place is free again
				response, p := s.ask()
				body := make([]byte, 100)
				n, _ := response.Body.Read(body)
				if got := strings.TrimSpace(string(body[:n])); response.StatusCode != tc.status || got != tc.text {
					t.Errorf("status %d, %q, want %d, %q", response.StatusCode, got, tc.status, tc.text)
				}
				if tc.header != "" && response.Header.Get(tc.header) == "" {
					t.Errorf("no header %s", tc.header)
				}
				p.cut()
			}
			switch tc.name {
			case "nothing":
				const told = "error  in : the first function of the actor has returned nil in place of a state: return one, or an error, expected: false"
				d.want(t, told, told)
			case "panic":
				d.want(t, "panic secret", "panic secret")
			}
		})
	}
}

type codedError int

func (e codedError) Error() string   { return "secret" }
func (e codedError) StatusCode() int { return int(e) }

func TestRefuse(t *testing.T) {
	t.Parallel()
	if got := wsx.Refuse(401).Error(); got != "wsx: refused with status 401: unauthorized" {
		t.Errorf("error = %q", got)
	}
	defer func() {
		if got := recover(); got != "wsx: Refuse: the status 302 does not refuse anything; 400 to 599 do" {
			t.Errorf("panic = %v", got)
		}
	}()
	_ = wsx.Refuse(302)
}

// TestActorEndless stops actors that post to themselves without end.
func TestActorEndless(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var d diary
		e := wsx.NewServer().New(wsx.Drain(time.Second, time.Second), wsx.Actor(wsx.Start(Guest{}), d.ends(),
			on(func(c *wsx.Conn, _ wsx.Connected) error { c.Post(1); return nil }),
			on(func(c *wsx.Conn, n int) error { time.Sleep(time.Millisecond); c.Post(n + 1); return nil })))
		s := newSite(t, e)
		p, q := s.dial(), s.dial()
		synctest.Wait()
		p.cut()
		go shut(t, e)
		q.wantClose(wsx.CodeGoingAway, wsx.ReasonStopped)
		time.Sleep(time.Second)
		d.want(t, `lost 1006 ""`, `shutdown 1001 "stopped"`)
	})
}
