package httpx_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/telestruct/telestruct/httpx"
	"github.com/telestruct/telestruct/tp/mirror"
)

// level is a model with one field.
func level(n int64) mirror.Value { return mirror.Map(map[string]mirror.Value{"level": mirror.Int(n)}) }

// snapshot and patch are events about such a model.
func snapshot(id, rev, n int) string {
	return fmt.Sprintf(`data: {"id":%d,"rev":%d,"t":"snapshot","type":"Lamp","value":{"Map":{"level":{"Int":%d}}}}`, id, rev, n)
}

func patch(id, rev, n int) string {
	return fmt.Sprintf(`data: {"id":%d,"patch":{"ops":[{"Set":{"path":[{"Key":"level"}],"value":{"Int":%d}}}],"rev":%d},"t":"patch"}`, id, n, rev)
}

// lamps are models and what shows them.
type lamps struct {
	t      *testing.T
	models []*mirror.Untyped
	server *mirror.Server
}

// newLamps hosts so many models, all at level 0.
func newLamps(t *testing.T, n int) *lamps {
	t.Helper()
	session := mirror.NewSession(mirror.LogSize(4))
	l := &lamps{t: t, server: mirror.NewServer(session, nil)}
	for range n {
		lamp, err := session.HostValue("Lamp", level(0), nil)
		if err != nil {
			t.Fatal(err)
		}
		l.models = append(l.models, lamp)
	}
	return l
}

// set changes a model, and waits until that was sent.
func (l *lamps) set(id int, n int64) {
	l.t.Helper()
	if err := l.models[id-1].Replace(level(n)); err != nil {
		l.t.Error(err)
	}
	time.Sleep(10 * time.Millisecond) // on the test's clock
}

// showLamps shows models within a bubble of its own clock.
func showLamps(t *testing.T, n int, server *http.Server, client func(p *pipes, l *lamps), options ...httpx.Option) {
	t.Helper()
	on(t, server, func(p *pipes) {
		l := newLamps(t, n) // with channels of the bubble
		server.Handler = httpx.MirrorEvents(l.server, options...)
		client(p, l)
	})
}

// reader reads the events of a response.
type reader struct {
	t    *testing.T
	conn net.Conn
	res  *http.Response
	text *bufio.Reader
}

// read begins a stream of events.
func read(t *testing.T, p *pipes, query string, headers ...string) *reader {
	t.Helper()
	c := p.dial()
	if c == nil {
		t.Fatal("nobody listens")
	}
	fmt.Fprintf(c, "GET /%s HTTP/1.1\r\nHost: example.com\r\n%s\r\n", query, strings.Join(append(headers, ""), "\r\n"))
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	synctest.Wait() // it sends what there is
	return &reader{t, c, res, bufio.NewReader(res.Body)}
}

// next returns the lines of the next event; "EOF" at the end.
func (r *reader) next() string {
	r.t.Helper()
	var lines []string
	for {
		line, err := r.text.ReadString('\n')
		switch {
		case errors.Is(err, io.EOF) && line == "" && lines == nil:
			return "EOF"
		case err != nil:
			return err.Error()
		case line == "\n":
			return strings.Join(lines, "\n")
		}
		lines = append(lines, strings.TrimSuffix(line, "\n"))
	}
}

// want fails unless these are the next events.
func (r *reader) want(events ...string) {
	r.t.Helper()
	for _, want := range events {
		if got := r.next(); got != want {
			r.t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func TestMirrorEvents(t *testing.T) {
	t.Parallel()
	// The server would cut off what takes long, and its deadline must not.
	showLamps(t, 2, &http.Server{WriteTimeout: time.Second}, func(p *pipes, l *lamps) {
		r := read(t, p, "", "Accept: text/event-stream")
		start := time.Now()
		got := map[string]string{}
		for _, name := range []string{"Content-Type", "Cache-Control", "X-Accel-Buffering", "X-Content-Type-Options"} {
			got[name] = r.res.Header.Get(name)
		}
		want := map[string]string{"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no", "X-Content-Type-Options": "nosniff"}
		if diff := cmp.Diff(want, got); diff != "" || r.res.StatusCode != 200 {
			t.Errorf("status %d, headers (-want +got):\n%s", r.res.StatusCode, diff)
		}
		r.want(snapshot(1, 0, 0), snapshot(2, 0, 0))
		for n := range 5 { // in a row
			if err := l.models[1].Replace(level(int64(n) + 1)); err != nil {
				t.Error(err)
			}
		}
		r.want(patch(2, 1, 5))
		if took := time.Since(start); took != 10*time.Millisecond {
			t.Errorf("the patch took %v, want 10ms", took)
		}
		r.want(":", ":")
		if took := time.Since(start); took != 30*time.Second {
			t.Errorf("the second comment came after %v, want 30s", took)
		}
		l.set(1, 7)
		r.want(patch(1, 1, 7))
		_ = r.conn.Close()
		l.set(1, 8) // nobody reads it
		again := read(t, p, "?codec=json&since=%7B%221%22%3A1%7D")
		again.want(patch(1, 2, 8), snapshot(2, 1, 5))
		_ = again.conn.Close()
	})
}

func TestMirrorEventsRefuses(t *testing.T) {
	t.Parallel()
	unlucky := httpx.MirrorTenant(func(r *http.Request) (string, error) {
		switch r.Header.Get("Tenant") {
		case "nobody":
			return "", errors.New("secret")
		case "stranger":
			return "", statusError(401)
		case "odd":
			return "", statusError(200)
		}
		return "", nil
	})
	listed := httpx.CORS(httpx.CORSOptions{Origins: []string{"https://app.example.org"}})
	tests := []struct {
		name, method, query string
		header              http.Header
		status              int
		body                string
	}{
		{"post", "POST", "", nil, 405, "events are to be read with GET"},
		{"head", "HEAD", "", nil, 405, "events are to be read with GET"},
		{"options", "OPTIONS", "", nil, 204, ""},
		{"accept", "GET", "", http.Header{"Accept": {"application/json, text/html;q=0.9"}}, 406, "there is text/event-stream only"},
		{"codec", "GET", "?codec=xml", nil, 400, `mirror: unknown_codec: there is no codec "xml"`},
		{"binary codec", "GET", "?codec=msgpack", nil, 400, "mirror: unknown_codec: events carry JSON only"},
		{"since", "GET", "?since=1", nil, 400, "mirror: bad_since: since is a JSON object from the number of a model to its revision"},
		{"id", "GET", "", http.Header{"Last-Event-Id": {"1:x"}}, 400, "httpx: the Last-Event-ID is none of these events, such as 1:3,2:7"},
		{"tenant", "GET", "", http.Header{"Tenant": {"nobody"}}, 403, "the connection is not allowed"},
		{"tenant with a status", "GET", "", http.Header{"Tenant": {"stranger"}}, 401, "unauthorized"},
		{"tenant with a status that is none", "GET", "", http.Header{"Tenant": {"odd"}}, 403, "the connection is not allowed"},
		{"foreign page", "GET", "", http.Header{"Origin": {"https://evil.example"}}, 403,
			"pages of another origin may not read these events; the server can name those that may"},
		{"cookies of a foreign page", "GET", "", http.Header{"Origin": {"https://app.example.org"}, "Cookie": {"a=b"}}, 403,
			"pages of another origin may not read these events; the server can name those that may"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			h := httpx.MirrorEvents(newLamps(t, 1).server, unlucky, listed, httpx.EventIDs())
			w, r := httptest.NewRecorder(), httptest.NewRequest(tc.method, "/"+tc.query, nil)
			if tc.header != nil {
				r.Header = tc.header
			}
			h.ServeHTTP(w, r)
			if got := strings.TrimSpace(w.Body.String()); w.Code != tc.status || got != tc.body {
				t.Errorf("%d %s\nwant %d %s", w.Code, got, tc.status, tc.body)
			}
			if allow := w.Header().Get("Allow"); (tc.status == 405 || tc.status == 204) && allow != "GET, OPTIONS" {
				t.Errorf("Allow: %s", allow)
			}
		})
	}
}

// statusError is an error with a status.
type statusError int

func (e statusError) Error() string   { return "secret" }
func (e statusError) StatusCode() int { return int(e) }

// quiet is a response that cannot be flushed.
type quiet struct{ http.ResponseWriter }

func TestMirrorEventsWithoutFlush(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	httpx.MirrorEvents(newLamps(t, 1).server).ServeHTTP(quiet{w}, httptest.NewRequest(http.MethodGet, "/", nil))
	if w.Code != 500 || w.Body.String() != "the server cannot send events here\n" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestMirrorEventsAccept(t *testing.T) {
	t.Parallel()
	h := httpx.MirrorEvents(newLamps(t, 1).server)
	for _, accept := range []string{"", "*/*", "text/*", "Text/Event-Stream;q=0.1", "text/html, application/xml;q=0.9, */*;q=0.8", strings.Repeat("a/b,", 2000)} {
		ctx, cancel := context.WithCancel(t.Context())
		cancel() // the stream ends as soon as it has begun
		w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil).WithContext(ctx)
		if accept != "" {
			r.Header.Set("Accept", accept)
		}
		h.ServeHTTP(w, r)
		if w.Code != 200 || w.Body.String() != snapshot(1, 0, 0)+"\n\n" {
			t.Errorf("%.40s: %d %s", accept, w.Code, w.Body)
		}
	}
}

// Browsers that were cut off say how far they have got.
func TestMirrorEventIDs(t *testing.T) {
	t.Parallel()
	showLamps(t, 2, &http.Server{}, func(p *pipes, l *lamps) {
		r := read(t, p, "")
		r.want(snapshot(1, 0, 0), "id: 1:0,2:0\n"+snapshot(2, 0, 0))
		l.set(1, 1)
		r.want("id: 1:1,2:0\n" + patch(1, 1, 1))
		l.set(2, 2)
		r.want("id: 1:1,2:1\n" + patch(2, 1, 2))
		_ = r.conn.Close()
		l.set(2, 3)
		for range 5 { // more than the log has
			for level := range int64(2) {
				l.set(1, 4+level)
				l.server.Flush() // nobody reads, so nobody else does
			}
		}

		const old = "?since=%7B%221%22%3A0%2C%222%22%3A0%7D"
		r = read(t, p, old, "Last-Event-ID: 1:1,2:1")
		r.want(snapshot(1, 11, 5), "id: 1:11,2:2\n"+patch(2, 2, 3))
		_ = r.conn.Close()
		r = read(t, p, "", "Last-Event-ID: 1:11,2:2")
		l.set(2, 9)
		r.want("id: 1:11,2:3\n" + patch(2, 3, 9))
		_ = r.conn.Close()
		r = read(t, p, "", "Last-Event-ID: 2:3,7:5")
		r.want("id: 1:11,2:3,7:5\n" + snapshot(1, 11, 5))
		_ = r.conn.Close()
	}, httpx.EventIDs())
}

// Without the option the header is somebody else's.
func TestMirrorEventsWithoutIDs(t *testing.T) {
	t.Parallel()
	showLamps(t, 1, &http.Server{}, func(p *pipes, _ *lamps) {
		r := read(t, p, "", "Last-Event-ID: 1:0")
		r.want(snapshot(1, 0, 0))
		_ = r.conn.Close()
		r = read(t, p, "", "Last-Event-ID: what?")
		r.want(snapshot(1, 0, 0))
		_ = r.conn.Close()
	})
}

// Who takes nothing is cut off, and makes room for others.
func TestMirrorEventsDeadClient(t *testing.T) {
	t.Parallel()
	showLamps(t, 1, &http.Server{}, func(p *pipes, _ *lamps) {
		dead := read(t, p, "")
		defer dead.conn.Close()
		time.Sleep(9 * time.Second)
		full := read(t, p, "")
		defer full.conn.Close()
		body, _ := io.ReadAll(full.res.Body)
		if got := string(body); full.res.StatusCode != 503 || got != "there are too many streams\n" || full.res.Header.Get("Retry-After") != "1" {
			t.Errorf("%d %s", full.res.StatusCode, got)
		}
		time.Sleep(2 * time.Second)
		r := read(t, p, "")
		defer r.conn.Close()
		r.want(snapshot(1, 0, 0))
	}, httpx.MaxStreams(1))
}

func TestMirrorEventsSlowClient(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		slow mirror.SlowPolicy
		want []string
	}{
		{"resync", mirror.ResyncSlow, []string{snapshot(1, 0, 0), snapshot(1, 6, 6)}},
		{"close", mirror.CloseSlow, []string{snapshot(1, 0, 0), "EOF"}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			showLamps(t, 1, &http.Server{}, func(p *pipes, l *lamps) {
				r := read(t, p, "")
				defer r.conn.Close()
				for n := range int64(6) {
					l.set(1, n+1)
				}
				r.want(tc.want...)
			}, httpx.MirrorOutbox(mirror.OutboxOptions{Frames: 2, Slow: tc.slow}), httpx.FlushEvery(time.Millisecond))
		})
	}
}

func TestMirrorEventsShutdown(t *testing.T) {
	t.Parallel()
	server := &http.Server{}
	showLamps(t, 1, server, func(p *pipes, _ *lamps) {
		events := server.Handler.(*httpx.Events)
		one, two := read(t, p, ""), read(t, p, "")
		defer one.conn.Close()
		defer two.conn.Close()
		one.want(snapshot(1, 0, 0))
		ended := make(chan error, 2)
		go func() { ended <- httpx.Shutdown(context.Background(), server, events) }()
		one.want("EOF")
		two.want(snapshot(1, 0, 0), "EOF")
		if err := <-ended; err != nil {
			t.Error(err)
		}
		w := httptest.NewRecorder()
		events.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
		if w.Code != 503 || w.Body.String() != "the server stops\n" {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		if err := events.Shutdown(context.Background()); err != nil {
			t.Errorf("the second time: %v", err)
		}
	})
}

func TestMirrorEventsShutdownInTime(t *testing.T) {
	t.Parallel()
	server := &http.Server{}
	showLamps(t, 1, server, func(p *pipes, _ *lamps) {
		dead := read(t, p, "")
		defer dead.conn.Close()
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if err := server.Handler.(*httpx.Events).Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
}

// Several endpoints may show the same models, and each is enough to send what has changed.
func TestMirrorEventsTwice(t *testing.T) {
	t.Parallel()
	server := &http.Server{}
	showLamps(t, 1, server, func(p *pipes, l *lamps) {
		mux := http.NewServeMux()
		mux.Handle("/a", server.Handler)
		mux.Handle("/b", httpx.MirrorEvents(l.server))
		server.Handler = mux
		a, b := read(t, p, "a"), read(t, p, "b")
		a.want(snapshot(1, 0, 0))
		b.want(snapshot(1, 0, 0))
		for n := range 20 {
			l.set(1, int64(n+1))
			a.want(patch(1, n+1, n+1))
			b.want(patch(1, n+1, n+1))
		}
		_ = a.conn.Close()
		l.set(1, 50)
		b.want(patch(1, 21, 50))
		_ = b.conn.Close()
	})
}

// Streams live as long over HTTP/2, where the deadlines of the server are those of streams.
func TestMirrorEventsHTTP2(t *testing.T) {
	t.Parallel()
	server := &http.Server{WriteTimeout: time.Second, Protocols: new(http.Protocols)}
	server.Protocols.SetUnencryptedHTTP2(true)
	showLamps(t, 1, server, func(p *pipes, l *lamps) {
		transport := p.transport()
		transport.Protocols = server.Protocols
		defer transport.CloseIdleConnections()
		res, err := (&http.Client{Transport: transport}).Get("http://example.com/")
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		if res.ProtoMajor != 2 {
			t.Errorf("the protocol is %s", res.Proto)
		}
		r := &reader{t: t, text: bufio.NewReader(res.Body)}
		r.want(snapshot(1, 0, 0), ":")
		l.set(1, 3)
		r.want(patch(1, 1, 3))
	})
}

func TestMirrorEventsNil(t *testing.T) {
	t.Parallel()
	defer func() {
		if got := recover(); got != "httpx: MirrorEvents: nil endpoint" {
			t.Errorf("got %v", got)
		}
	}()
	httpx.MirrorEvents(nil)
}

// stumbling is an endpoint that panics when it is to flush for the first time.
type stumbling struct {
	*mirror.Server
	again bool
}

func (s *stumbling) Flush() {
	if !s.again {
		s.again = true
		panic("oops")
	}
	s.Server.Flush()
}

// After a panic all come back: nobody knows who has got what.
func TestMirrorEventsPanic(t *testing.T) {
	t.Parallel()
	server := &http.Server{}
	showLamps(t, 1, server, func(p *pipes, l *lamps) {
		server.Handler = httpx.MirrorEvents(&stumbling{Server: l.server})
		r := read(t, p, "")
		r.want(snapshot(1, 0, 0))
		l.set(1, 1)
		r.want("EOF")
		_ = r.conn.Close()
		r = read(t, p, "")
		r.want(snapshot(1, 1, 1))
		l.set(1, 2)
		r.want(patch(1, 1, 1), patch(1, 2, 2)) // the first one is known
		_ = r.conn.Close()
	})
}
