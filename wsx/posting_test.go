package wsx_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/telestruct/telestruct/wsx"
)

// listing notes what is published to topics.
type listing struct {
	mu    sync.Mutex
	lines []string
}

func (l *listing) note(m wsx.Message) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, fmt.Sprintf("%s %v %v %q", m.Topic, m.Kind, m.From, m.Data))
}

func (l *listing) want(t *testing.T, lines ...string) {
	t.Helper()
	synctest.Wait()
	l.mu.Lock()
	defer l.mu.Unlock()
	slices.Sort(l.lines)
	if !slices.Equal(l.lines, lines) {
		t.Errorf("published %q, want %q", l.lines, lines)
	}
	l.lines = nil
}

// TestAccept sees where the messages of clients go.
func TestAccept(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := wsx.NewServer(wsx.NodeName("here"))
		a, b, l := server.NewTopic("a"), server.NewTopic("b"), new(listing)
		defer a.Subscribe(l.note)()
		defer b.Subscribe(l.note)()
		s := newSite(t, server.New(wsx.Accept(a, nil, b), wsx.Accept(a)))
		p := s.dial()
		p.send(fin|opText, "text")
		l.want(t, `a text here-1 "text"`, `b text here-1 "text"`)
		p.send(opBinary, "in ")
		p.send(fin|opContinuation, "pieces")
		l.want(t, `a binary here-1 "in pieces"`, `b binary here-1 "in pieces"`)
		s.dial().send(fin|opText, "")
		l.want(t, `a text here-2 ""`, `b text here-2 ""`)
		publish(t, a, "nobody is pushed this")
		l.want(t, `a text here-0 "nobody is pushed this"`)
		p.send(fin|opPing, "x")
		p.want(fin|opPong, "x")
	})
}

// TestAcceptNoMore sees that nothing is published of a connection that is being closed.
func TestAcceptNoMore(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		end  func(p *peer, e *wsx.Endpoint)
		code int
	}{
		{"invalid text", func(p *peer, _ *wsx.Endpoint) { p.send(fin|opText, "\xff") }, 1007},
		{"stopped", func(_ *peer, e *wsx.Endpoint) { go shut(t, e) }, 1001},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server := wsx.NewServer(wsx.NodeName("here"))
				topic, l := server.NewTopic("a"), new(listing)
				defer topic.Subscribe(l.note)()
				e := server.New(wsx.Accept(topic))
				p := newSite(t, e).dial()
				p.send(fin|opText, "before")
				l.want(t, `a text here-1 "before"`)
				tc.end(p, e)
				synctest.Wait()
				p.send(fin|opText, "after")
				l.want(t)
				if h := p.hear(); h.op != fin|opClose || !strings.HasPrefix(h.payload, closing(tc.code, "")) {
					t.Errorf("heard %v", h)
				}
			})
		})
	}
}

func TestExcludeSender(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := wsx.NewServer()
		chat := server.NewTopic("chat", wsx.History(5, 0))
		s := newSite(t, server.New(wsx.Room(chat), wsx.ExcludeSender(), wsx.Replay(5)))
		ann, bob := s.dial(), s.dial()
		ann.send(fin|opText, "hello")
		bob.want(fin|opText, "hello")
		bob.send(fin|opText, "hi")
		ann.want(fin|opText, "hi")
		publish(t, chat, "all")
		ann.want(fin|opText, "all")
		bob.want(fin|opText, "all")
		late := s.dial()
		late.want(fin|opText, "hello")
		late.want(fin|opText, "hi")
		late.want(fin|opText, "all")
	})
}

func TestUnheard(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		options func(*wsx.Topic) []wsx.Option
		closed  bool
		lost    int
	}{
		{"dropped", func(a *wsx.Topic) []wsx.Option { return []wsx.Option{wsx.Push(a)} }, false, 1},
		{"refused", func(a *wsx.Topic) []wsx.Option { return []wsx.Option{wsx.Push(a), wsx.RefuseMessages()} }, true, 0},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server, seen := wsx.NewServer(), new(ledger)
				s := newSite(t, server.New(append(tc.options(server.NewTopic("a")), wsx.Observe(seen))...))
				p := s.dial()
				p.send(fin|opText, "hello?")
				if tc.closed {
					p.wantClose(1008, wsx.ReasonUnheard)
				} else {
					p.send(fin|opPing, "x")
					p.want(fin|opPong, "x")
				}
				synctest.Wait()
				if lost := seen.dropped[wsx.DropUnheard]; lost != tc.lost {
					t.Errorf("%d messages are unheard, want %d", lost, tc.lost)
				}
			})
		})
	}
}

// TestConnectedMeansSubscribed sees that who learns that it is connected misses nothing
// from then on.
func TestConnectedMeansSubscribed(t *testing.T) {
	t.Parallel()
	server := wsx.NewServer()
	news := server.NewTopic("news", wsx.WithPresence())
	s := newSite(t, server.New(wsx.Push(news)))
	for range 200 {
		p := s.dial()
		publish(t, news, "now")
		p.want(fin|opText, "now")
		p.cut()
	}
	if response := s.refused("Sec-WebSocket-Key: twice"); response.StatusCode != 400 {
		t.Errorf("status %d", response.StatusCode)
	}
	for len(news.Present()) > 0 { // until the server has seen that they left
		time.Sleep(time.Millisecond)
	}
}

// TestPackedOnce sees that clients who read packed messages get them packed from all
// topics, and the others plain.
func TestPackedOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := wsx.NewServer()
		a, b := server.NewTopic("a"), server.NewTopic("b")
		s := newSite(t, server.New(wsx.Push(a, b), wsx.Accept(a, b), wsx.Compression()))
		plain := s.dial()
		packed := s.dial("Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover; server_no_context_takeover")
		long := strings.Repeat("long ", 1000)
		plain.send(fin|opText, long)
		plain.want(fin|opText, long)
		plain.want(fin|opText, long)
		first, second := packed.hear(), packed.hear()
		if first.op != fin|rsv1|opText || first != second || len(first.payload) > len(long)/10 {
			t.Errorf("heard %#x of %d bytes and %#x of %d bytes", first.op, len(first.payload), second.op, len(second.payload))
		}
		plain.send(fin|opText, "short")
		packed.want(fin|opText, "short")
	})
}

// FuzzRoom sees that any message arrives as it was sent, or closes the connection.
func FuzzRoom(f *testing.F) {
	f.Add("hello", true)
	f.Add("\xff\x00", false)
	f.Add("\xff", true)
	f.Add(strings.Repeat("x", 1<<16), false)
	f.Fuzz(func(t *testing.T, payload string, isText bool) {
		if len(payload) > 1<<16 {
			t.Skip("beyond the limit")
		}
		op := byte(fin | opBinary)
		if isText {
			op = fin | opText
		}
		server := wsx.NewServer()
		topic := server.NewTopic("room")
		s := newSite(t, server.New(wsx.Room(topic)))
		from, to := s.dial(), s.dial()
		from.send(op, payload)
		if isText && strings.ToValidUTF8(payload, "") != payload {
			from.want(fin|opClose, closing(1007, wsx.ReasonInvalidText))
			publish(t, topic, "next")
			to.want(fin|opText, "next")
			return
		}
		from.want(op, payload)
		to.want(op, payload)
	})
}
