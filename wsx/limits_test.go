package wsx_test

import (
	"fmt"
	"math"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/telestruct/telestruct/wsx"
)

// userOf finds an identity as an application would.
func userOf(r *http.Request) string { return r.Header.Get("User") }

func TestMaxConnectionsPerIdentity(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := wsx.NewServer()
		s := newSite(t, srv.New(wsx.MaxConnectionsPerIdentity(2, userOf)))
		first := s.dial("User: ann")
		s.dial("User: ann")
		for _, tc := range []struct {
			line string
			want int
		}{
			{"User: ann", 429}, {"User: bob", 101}, {"User: ", 101}, {"User: ", 101}, {"User: ", 101},
		} {
			got := s.refused(tc.line)
			if got.StatusCode != tc.want || tc.want == 429 && got.Header.Get("Retry-After") == "" {
				t.Errorf("%q: status %d, header %v, want %d", tc.line, got.StatusCode, got.Header, tc.want)
			}
		}
		first.cut()
		synctest.Wait()
		s.dial("User: ann")
		none := newSite(t, srv.New(wsx.MaxConnectionsPerIdentity(0, userOf)))
		for range 3 {
			none.dial("User: ann")
		}
	})
}

func TestMessageRate(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name      string
		perSecond float64
		burst     int
		over      wsx.RatePolicy
		sent      int
		want      int // that arrive
		closed    bool
	}{
		{"under", 2, 3, wsx.CloseOver, 3, 3, false},
		{"close", 2, 3, wsx.CloseOver, 4, 3, true},
		{"drop", 2, 3, wsx.DropOver, 7, 3, false},
		{"usual burst", 2.5, 0, wsx.DropOver, 7, 3, false},
		{"seldom", 0.1, 0, wsx.DropOver, 7, 1, false},
		{"none", 0, 1, wsx.CloseOver, 100, 100, false},
		{"infinite", math.Inf(1), 1, wsx.CloseOver, 100, 100, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				seen := &ledger{}
				srv := wsx.NewServer()
				said := srv.NewTopic("said")
				came := 0
				defer said.Subscribe(func(wsx.Message) { came++ })()
				p := newSite(t, srv.New(wsx.Accept(said), wsx.MessageRate(tc.perSecond, tc.burst, tc.over), wsx.Observe(seen))).dial()
				for range tc.sent {
					p.send(fin|opText, "hello")
				}
				if tc.closed {
					p.wantClose(1008, wsx.ReasonRate)
				}
				synctest.Wait()
				if came != tc.want {
					t.Errorf("%d messages came, want %d", came, tc.want)
				}
				if tc.closed || tc.want == tc.sent {
					return
				}
				if got := seen.dropped[wsx.DropRate]; got != tc.sent-tc.want {
					t.Errorf("%d were dropped, want %d", got, tc.sent-tc.want)
				}
				if got := srv.Clients("")[0].Dropped; got != uint64(tc.sent-tc.want) {
					t.Errorf("the list says %d", got)
				}
				time.Sleep(time.Duration(float64(time.Second) / tc.perSecond))
				p.send(fin|opText, "again")
				synctest.Wait()
				if came != tc.want+1 {
					t.Error("another one did not come later")
				}
			})
		})
	}
}

func TestExpiresAt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		until := func(r *http.Request) time.Time {
			d, err := time.ParseDuration(r.Header.Get("For"))
			if err != nil {
				return time.Time{}
			}
			return time.Now().Add(d).Round(0)
		}
		for name, e := range map[string]*wsx.Endpoint{
			"topic": wsx.NewServer().New(wsx.ExpiresAt(until)),
			"calls": wsx.NewServer().Handler(build(t), wsx.ExpiresAt(until)),
		} {
			s := newSite(t, e)
			start := time.Now()
			s.dial("For: 7s").wantClose(3000, wsx.ReasonExpired)
			if got := time.Since(start); got != 7*time.Second {
				t.Errorf("%s: closed after %v, want 7s", name, got)
			}
			for line, want := range map[string]int{"For: 0s": 401, "For: -1h": 401, "For: ever": 101} {
				if got := s.refused(line).StatusCode; got != want {
					t.Errorf("%s: %q: status %d, want %d", name, line, got, want)
				}
			}
			s.dial("For: 1h").cut() // leaves no timer
			lasting := s.dial()
			for range 100 {
				lasting.want(fin|opPing, "")
				lasting.send(fin|opPong, "")
			}
			lasting.cut()
		}
	})
}

func TestOwnSubprotocols(t *testing.T) {
	t.Parallel()
	srv := wsx.NewServer()
	own := wsx.Subprotocols("chat.v2", "chat.v1")
	for name, e := range map[string]*wsx.Endpoint{"topic": srv.New(own), "calls": srv.Handler(build(t), own, wsx.Subprotocols("more"))} {
		s := newSite(t, e)
		for offered, want := range map[string]string{
			"": "", "chat.v1": "chat.v1", "chat.v1, chat.v2": "chat.v2", "Chat.V1": "Chat.V1", "other": "",
			"telepact.json":          map[string]string{"calls": "telepact.json"}[name],
			"more":                   map[string]string{"calls": "more"}[name],
			"telepact.json, chat.v1": "chat.v1",
		} {
			response, p := s.ask("Sec-WebSocket-Protocol: " + offered)
			if got := response.Header.Get("Sec-WebSocket-Protocol"); got != want || response.StatusCode != 101 {
				t.Errorf("%s: %q was offered: status %d, protocol %q, want %q", name, offered, response.StatusCode, got, want)
			}
			p.cut()
		}
	}
}

func TestPingText(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := wsx.NewServer()
		room := srv.NewTopic("room")
		p := newSite(t, srv.New(wsx.Room(room), wsx.PingText("ping", "pong"))).dial()
		synctest.Wait()
		for _, tc := range []struct {
			op     byte
			text   string
			wantOp byte
			want   string
		}{
			{opText, "ping", opText, "pong"},
			{opText, "ping ", opText, "ping "},
			{opText, "pong", opText, "pong"}, // which is a message
			{opBinary, "ping", opBinary, "ping"},
		} {
			p.send(fin|tc.op, tc.text)
			p.want(fin|tc.wantOp, tc.want)
		}
		q := newSite(t, srv.Handler(build(t), wsx.PingText("ping", "pong"))).dial()
		q.send(fin|opText, "ping")
		q.want(fin|opText, "pong")
		q.send(fin|opText, "ping!")
		q.want(fin|opText, garbage)
	})
}

// TestNonsense gives endpoints options that are wrong, by themselves or together.
func TestNonsense(t *testing.T) {
	t.Parallel()
	srv, other := wsx.NewServer(), wsx.NewServer()
	room := srv.NewTopic("room")
	credentials := wsx.Credentials(func(*http.Request) (any, bool) { return nil, false })
	for _, tc := range []struct {
		name    string
		options func() []wsx.Option
		want    string
	}{
		{"accept beside actor", func() []wsx.Option { return []wsx.Option{wsx.Actor(wsx.Start(0)), wsx.Room(room)} }, "use Push in place of Room"},
		{"replay of nothing", func() []wsx.Option { return []wsx.Option{wsx.Accept(room), wsx.Replay(3)} }, "add Push or Room"},
		{"no sender", func() []wsx.Option { return []wsx.Option{wsx.Push(room), wsx.ExcludeSender()} }, "add Accept or Room"},
		{"all is taken", func() []wsx.Option { return []wsx.Option{wsx.Room(room), wsx.RefuseMessages()} }, "leave it out"},
		{"unchecked credentials", func() []wsx.Option { return []wsx.Option{wsx.Room(room), credentials} }, "add Calls"},
		{"nothing to keep", func() []wsx.Option { return []wsx.Option{wsx.Room(room), wsx.KeepCredentials()} }, "add Calls"},
		{"calls without answer", func() []wsx.Option { return []wsx.Option{wsx.Calls(build(t)), wsx.MessageRate(1, 1, wsx.DropOver)} }, "give CloseOver"},
		{"foreign topic", func() []wsx.Option { return []wsx.Option{wsx.Push(room, other.NewTopic("far"))} }, `topic "far" belongs to another Server`},
		{"rate", func() []wsx.Option { return []wsx.Option{wsx.MessageRate(math.NaN(), 1, wsx.DropOver)} }, "not a number"},
		{"policy", func() []wsx.Option { return []wsx.Option{wsx.MessageRate(1, 1, 7)} }, "give CloseOver or DropOver"},
		{"identity", func() []wsx.Option { return []wsx.Option{wsx.MaxConnectionsPerIdentity(1, nil)} }, "nil identity"},
		{"expiry", func() []wsx.Option { return []wsx.Option{wsx.ExpiresAt(nil)} }, "ExpiresAt: nil"},
		{"no protocol", func() []wsx.Option { return []wsx.Option{wsx.Subprotocols("")} }, "is empty"},
		{"no token", func() []wsx.Option { return []wsx.Option{wsx.Subprotocols("a", "b c")} }, `"b c" is no token`},
		{"taken protocol", func() []wsx.Option { return []wsx.Option{wsx.Subprotocols("Telepact.JSON")} }, "is one of Telepact"},
		{"ping", func() []wsx.Option { return []wsx.Option{wsx.PingText("", "pong")} }, "must differ"},
		{"echo", func() []wsx.Option { return []wsx.Option{wsx.PingText("ping", "ping")} }, "must differ"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				if got := fmt.Sprint(recover()); !strings.HasPrefix(got, "wsx: ") || !strings.Contains(got, tc.want) {
					t.Errorf("panic = %q, want %q in it", got, tc.want)
				}
			}()
			srv.New(tc.options()...)
		})
	}
}
