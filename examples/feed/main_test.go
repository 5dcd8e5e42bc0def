package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/wsx"
)

// site is the program on a free port. The token of its editors is "secret".
type site struct {
	*httptest.Server
	t       *testing.T
	sockets *wsx.Server
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{t: t, sockets: wsx.NewServer()}
	f := newFeed(s.sockets, "secret")
	srv, err := newAPI(f).Build()
	if err != nil {
		t.Fatal(err)
	}
	s.Server = httptest.NewServer(newRouter(s.sockets, f, srv))
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := s.sockets.Shutdown(ctx); err != nil {
			t.Error(err)
		}
		s.Close()
	})
	return s
}

func (s *site) url() string { return strings.Replace(s.URL, "http", "ws", 1) + "/ws/telepact" }

// post calls over HTTP, with the token of an editor.
func (s *site) post(token, message string) (answer string) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.URL+"/api/telepact", strings.NewReader(message))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	res, err := s.Client().Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(text)
}

// publish publishes a story as an editor.
func (s *site) publish(number int, headline string) {
	s.t.Helper()
	got := s.post("secret", fmt.Sprintf(`[{}, {"fn.publish": {"headline": %q}}]`, headline))
	if want := fmt.Sprintf(`[{},{"Ok_":{"number":%d}}]`, number); got != want {
		s.t.Fatalf("the answer is %s, want %s", got, want)
	}
}

// reader is somebody who listens.
type reader struct {
	t    *testing.T
	conn *websocket.Conn
}

func (s *site) listen() *reader {
	s.t.Helper()
	conn, _, err := websocket.Dial(s.t.Context(), s.url(), nil)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { conn.CloseNow() })
	return &reader{s.t, conn}
}

var times = regexp.MustCompile(`"at":"[^"]*"`)

// hears wants the next messages to be these, but for the times.
func (r *reader) hears(want ...string) {
	r.t.Helper()
	for _, want := range want {
		_, data, err := r.conn.Read(r.t.Context())
		if err != nil {
			r.t.Fatal(err)
		}
		if diff := cmp.Diff(want, times.ReplaceAllString(string(data), `"at":"…"`)); diff != "" {
			r.t.Fatalf("message (-want +got):\n%s", diff)
		}
	}
}

func (r *reader) sends(message string) {
	r.t.Helper()
	if err := r.conn.Write(r.t.Context(), websocket.MessageText, []byte(message)); err != nil {
		r.t.Fatal(err)
	}
}

func story(number int, headline string) string {
	return fmt.Sprintf(`[{"@topic":"news"},{"union.News":{"Story":{"number":%d,"headline":%q,"at":"…"}}}]`, number, headline)
}

func applause(number, total int) string {
	return fmt.Sprintf(`[{"@topic":"news"},{"union.News":{"Applause":{"number":%d,"total":%d}}}]`, number, total)
}

func TestFeed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.publish(1, "before anybody listens")
	early := s.listen()
	early.hears(story(1, "before anybody listens"))
	s.publish(2, "Ships sail")
	late := s.listen()
	late.hears(story(1, "before anybody listens"), story(2, "Ships sail"))
	late.sends("anybody there?") // nobody takes it
	late.sends(`[{"@id_": 7}, {"fn.applaud": {"number": 2}}]`)
	late.hears(applause(2, 1), `[{"@id_":7},{"Ok_":{"total":1}}]`) // the news leave before their cause is answered
	early.hears(story(2, "Ships sail"), applause(2, 1))
}

func TestCalls(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, tc := range []struct{ token, request, want string }{
		{"guess", `[{}, {"fn.publish": {"headline": "fake"}}]`,
			`[{},{"ErrorUnauthenticated_":{"message!":"Valid authentication is required."}}]`},
		{"secret", `[{}, {"fn.publish": {"headline": ""}}]`, `[{},{"ErrorHeadline":{}}]`},
		{"secret", `[{}, {"fn.publish": {"headline": "` + strings.Repeat("x", maxHeadline+1) + `"}}]`, `[{},{"ErrorHeadline":{}}]`},
		{"secret", `[{}, {"fn.applaud": {"number": 0}}]`, `[{},{"ErrorNoStory":{}}]`},
		{"secret", `[{}, {"fn.applaud": {"number": 1}}]`, `[{},{"ErrorNoStory":{}}]`},
	} {
		if diff := cmp.Diff(tc.want, s.post(tc.token, tc.request)); diff != "" {
			t.Errorf("%s: answer (-want +got):\n%s", tc.request, diff)
		}
	}
}

// Listeners learn from the schema what they get.
func TestSchema(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	got := s.post("secret", `[{}, {"fn.api_": {}}]`)
	for _, part := range []string{`"union.News":[`, `"Story":{"number":"integer","headline":"string","at":"string"}`, `"Applause":{"number":"integer"`, `"$topics":{"news":["union.News"]}`} {
		if !strings.Contains(got, part) {
			t.Errorf("the schema has no %s:\n%s", part, got)
		}
	}
}

// onlyClient returns the only client, once the server lists it: news may reach a client a
// moment before that.
func (s *site) onlyClient() *wsx.Remote {
	s.t.Helper()
	for {
		if clients := s.sockets.Clients(""); len(clients) == 1 {
			client, err := s.sockets.Remote(clients[0].ID.Number)
			if err != nil {
				s.t.Fatal(err)
			}
			return client
		}
		runtime.Gosched()
	}
}

// Who follows reads each story once, also when the connection is lost.
func TestFollow(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.publish(1, "Ships sail")
	ctx, stop := context.WithCancel(t.Context())
	out, in := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- follow(ctx, s.url(), in) }()
	lines := bufio.NewScanner(out)
	prints := func(want string) {
		t.Helper()
		if !lines.Scan() || lines.Text() != want {
			t.Fatalf("it prints %q, want %q", lines.Text(), want)
		}
	}
	prints("1. Ships sail")
	s.onlyClient().Close(4000, "for a test")
	s.publish(2, "Ships are back")
	prints("2. Ships are back")
	s.post("", `[{}, {"fn.applaud": {"number": 2}}]`)
	prints("   applause for story 2: 1")
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestLater(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for _, tc := range []struct{ last, now, want time.Time }{
		{time.Time{}, noon.Add(5), noon},
		{noon, noon.Add(time.Second), noon.Add(time.Second)},
		{noon, noon.Add(5), noon.Add(time.Microsecond)},
		{noon, noon.Add(-time.Hour), noon.Add(time.Microsecond)},
	} {
		if got := later(tc.last, tc.now); !got.Equal(tc.want) {
			t.Errorf("later(%v, %v) = %v, want %v", tc.last, tc.now, got, tc.want)
		}
	}
}

func TestRun(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if err := run(t.Context(), l.Addr().String(), "secret"); err == nil {
		t.Error("the program serves at an address that is taken")
	}
	if err := follow(t.Context(), newSite(t).url()+"/nothing", io.Discard); err == nil {
		t.Error("the program follows what is no WebSocket")
	}
	ctx, stop := context.WithTimeout(t.Context(), time.Nanosecond)
	defer stop()
	if err := run(ctx, "127.0.0.1:0", "secret"); err != nil {
		t.Errorf("a program that is stopped ends with %v", err)
	}
}
