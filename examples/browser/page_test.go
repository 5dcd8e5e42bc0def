package main

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/internal/headless"
	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/wsx"
)

// site is the program on a free port, with an endpoint for sockets that can change.
type site struct {
	*httptest.Server
	srv      *tp.Server
	endpoint atomic.Pointer[wsx.Endpoint] // nil while there is none
	conns    connections
	gates    gates
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{}
	srv, err := newAPI(tp.Use(s.gates.middleware)).Build()
	if err != nil {
		t.Fatal(err)
	}
	s.srv = srv
	s.startSockets()
	s.Server = httptest.NewUnstartedServer(newRouter(srv, http.HandlerFunc(s.upgrade)))
	s.conns.Listener = s.Listener
	s.Listener = &s.conns
	s.Start()
	t.Cleanup(func() {
		s.stopSockets(t)
		s.Close()
	})
	return s
}

func (s *site) upgrade(w http.ResponseWriter, r *http.Request) {
	if endpoint := s.endpoint.Load(); endpoint != nil {
		endpoint.ServeHTTP(w, r)
		return
	}
	http.Error(w, "stopped", http.StatusServiceUnavailable)
}

// startSockets lets clients connect. Those of a test need not be told one by one to go.
func (s *site) startSockets() {
	s.endpoint.Store(wsx.Handler(s.srv, wsx.Drain(0, time.Millisecond)))
}

// stopSockets stops the endpoint as a program that ends does.
func (s *site) stopSockets(t *testing.T) {
	t.Helper()
	endpoint := s.endpoint.Swap(nil)
	if endpoint == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := endpoint.Shutdown(ctx); err != nil {
		t.Error(err)
	}
}

// connections knows the connections that it has accepted.
type connections struct {
	net.Listener
	mu       sync.Mutex
	accepted []net.Conn
}

func (l *connections) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err == nil {
		l.mu.Lock()
		l.accepted = append(l.accepted, conn)
		l.mu.Unlock()
	}
	return conn, err
}

// cut ends all of them as a broken cable does: without a word.
func (l *connections) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, conn := range l.accepted {
		conn.Close()
	}
	l.accepted = nil
}

// gates hold calls of fn.wait back, by their names.
type gates struct{ held sync.Map }

// hold holds calls of that name until open is called.
func (g *gates) hold(name string) (open func()) {
	gate := make(chan struct{})
	g.held.Store(name, gate)
	return func() { close(gate) }
}

func (g *gates) middleware(next tp.Handler) tp.Handler {
	return func(ctx context.Context, req *tp.Request) (*tp.Response, error) {
		if in, ok := req.Args.(*Wait); ok {
			if gate, ok := g.held.Load(in.Name); ok {
				<-gate.(chan struct{})
			}
		}
		return next(ctx, req)
	}
}

// The tests below share a browser. Each has a tab and a server of its own.
func TestPage(t *testing.T) {
	browser := headless.Start(t)
	for _, tc := range []struct {
		name string
		test func(*testing.T, *headless.Browser, *site)
	}{
		{"calls over HTTP", testHTTP},
		{"messages by hand", testByHand},
		{"answers in another order", testOrder},
		{"errors over a socket", testSocketErrors},
		{"many calls in flight", testMany},
		{"server that stops", testDrained},
		{"connection that breaks", testBroken},
		{"policy", testPolicy},
	} {
		t.Run(tc.name, func(t *testing.T) { tc.test(t, browser, newSite(t)) })
	}
}

func testHTTP(t *testing.T, browser *headless.Browser, s *site) {
	page := browser.Open(t, s.URL)
	for _, tc := range []struct{ subject, want, state string }{
		{"World", "Hello World!", "ok"},
		{`世界 😀 "quoted" \ <b>`, `Hello 世界 😀 "quoted" \ <b>!`, "ok"},
		{" ", "There is nobody to greet.", "error"},
		{"you", "Hello you!", "ok"},
	} {
		page.Enter("#subject", tc.subject)
		page.Click("#greet button")
		page.Sees("#greeting", tc.want)
		if state := page.Value(`document.querySelector("#greeting").dataset.state`); state != tc.state {
			t.Errorf("%q is shown as %q, want %q", tc.subject, state, tc.state)
		}
	}
	s.Close()
	page.Click("#greet button")
	page.Sees("#greeting", "Failed to fetch")
}

func testByHand(t *testing.T, browser *headless.Browser, s *site) {
	page := browser.Open(t, s.URL)
	for _, tc := range []struct{ request, want string }{
		{`[{}, {"fn.greet": {"subject": 42}}]`,
			`[{},{"ErrorInvalidRequestBody_":{"cases":[{"path":["fn.greet","subject"],"reason":{"TypeUnexpected":{"actual":{"Number":{}},"expected":{"String":{}}}}}]}}]`},
		{`[{"@id_": "me"}, {"fn.greet": {"subject": "you"}}]`,
			`[{"@id_":"me"},{"Ok_":{"message":"Hello you!"}}]`},
		{`[{}, {"fn.greet": {"subject": "\n"}}]`,
			`[{},{"ErrorNobody":{}}]`},
		{`Hello?`,
			`[{},{"ErrorParseFailure_":{"reasons":[{"ExpectedJsonArrayOfTwoObjects":{}}]}}]`},
		{`[{}, {"fn.wait": {"name": "too long", "milliseconds": 20001}}]`,
			`[{},{"ErrorTooLong":{"limit":20000}}]`},
		{`[{}, {"fn.grete": {}}]`,
			`[{},{"ErrorInvalidRequestBody_":{"cases":[{"path":["fn.grete"],"reason":{"FunctionUnknown":{}}}]}}]`},
	} {
		page.Enter("#message", tc.request)
		page.Click("#byhand button")
		page.Sees("#answer", tc.want)
	}
	page.Run(`document.querySelector("#message").value = " ".repeat(2 << 20)`)
	page.Click("#byhand button")
	page.Sees("#answer", "HTTP status 413: …")
}

// The race is won by who is fastest, not by who started first.
func testOrder(t *testing.T, browser *headless.Browser, s *site) {
	dog, tortoise := s.gates.hold("dog"), s.gates.hold("tortoise")
	page := browser.Open(t, s.URL)
	page.Sees("#connection", "Connected")
	if count := page.Value(`document.querySelector("#race").click(), document.querySelector("#count").textContent`); count != "3" {
		t.Errorf("%v calls are in flight, want 3", count)
	}
	page.Sees("#count", "2")
	dog()
	page.Sees("#count", "1")
	tortoise()
	page.Sees("#count", "0")
	want := []any{
		"1 tortoise, 1500 ms tortoise is there",
		"2 dog, 600 ms dog is there",
		"3 hare, 150 ms hare is there",
	}
	if diff := cmp.Diff(want, rows(page)); diff != "" {
		t.Errorf("calls, the latest one first (-want +got):\n%s", diff)
	}
}

// rows returns the text of the table of calls.
func rows(page *headless.Tab) any {
	return page.Value(`[...document.querySelectorAll("#calls tr")].map((row) => [...row.cells].map((cell) => cell.textContent).join(" "))`)
}

func testSocketErrors(t *testing.T, browser *headless.Browser, s *site) {
	page := browser.Open(t, s.URL)
	page.Enter("#name", "stone")
	page.Enter("#milliseconds", "20001")
	page.Click("#wait button")
	page.Sees("#calls tr td:last-child", "No call may take longer than 20000 ms.")
	// The page's own socket takes everything; what the server thinks of it is shown.
	page.Enter("#milliseconds", "")
	page.Run(`document.querySelector("#milliseconds").required = false`)
	page.Click("#wait button")
	page.Sees("#calls tr td:last-child", "ErrorInvalidRequestBody_ …")
	page.Sees("#count", "0")
	page.Sees("#connection", "Connected")
}

// More calls than the server runs at a time for one connection.
func testMany(t *testing.T, browser *headless.Browser, s *site) {
	page := browser.Open(t, s.URL)
	page.Run(`(async () => {
		const { Socket } = await import("./telepact.js");
		const url = new URL("/ws/telepact", location.href);
		url.protocol = "ws:";
		const socket = new Socket(url);
		const names = Array.from({ length: 500 }, (_, i) => "call " + i);
		const answers = await Promise.all(names.map((name, i) =>
			socket.call("fn.wait", { name, milliseconds: i * 7 % 13 }).result));
		answers.forEach((answer, i) => {
			if (answer.name !== names[i]) throw new Error(names[i] + " got the answer of " + answer.name);
		});
	})()`)
}

// A server that stops answers what it has, and the next one gets the rest.
func testDrained(t *testing.T, browser *headless.Browser, s *site) {
	page := browser.Open(t, s.URL)
	page.Sees("#connection", "Connected")
	early := s.gates.hold("early")
	page.Enter("#name", "early")
	page.Enter("#milliseconds", "1000")
	page.Click("#wait button")
	page.Enter("#name", "quick")
	page.Enter("#milliseconds", "0")
	page.Click("#wait button")
	page.Sees("[data-state=ok] td:last-child", "quick is there") // so early was read before
	early()
	s.stopSockets(t)
	page.Sees("#calls tr td:last-child", "early is there")
	page.Sees("#connection", "Not connected; trying again soon …")
	page.Enter("#name", "late")
	page.Click("#wait button")
	page.Sees("#count", "1")
	s.startSockets()
	page.Sees("#connection", "Connected")
	page.Sees("#calls tr td:last-child", "late is there")
}

// Whether a call has run that was in flight when the connection broke, nobody knows.
func testBroken(t *testing.T, browser *headless.Browser, s *site) {
	page := browser.Open(t, s.URL)
	page.Sees("#connection", "Connected")
	page.Enter("#milliseconds", "20000")
	page.Click("#wait button")
	page.Sees("#count", "1")
	s.conns.cut()
	page.Sees("#calls tr td:last-child", "the connection broke before the answer came; the call may have run")
	page.Sees("#connection", "Connected")
	page.Enter("#milliseconds", "0")
	page.Click("#wait button")
	page.Sees("#calls tr td:last-child", "snail is there")
}

// The page works without anything from elsewhere, and nothing else gets in.
func testPolicy(t *testing.T, browser *headless.Browser, s *site) {
	page := browser.Open(t, s.URL)
	page.Sees("#connection", "Connected")
	const refused = `new Promise((done) => {
		document.addEventListener("securitypolicyviolation", (event) => done(event.effectiveDirective), { once: true });
		const script = document.createElement("script");
		script.textContent = "document.title = 'injected'";
		document.body.append(script);
	})`
	if directive := page.Value(refused); directive != "script-src-elem" {
		t.Errorf("an injected script was refused by %v", directive)
	}
	if title := page.Value(`document.title`); title != "Telepact from a browser" {
		t.Errorf("the title is %v", title)
	}
	page.Expect("Executing inline script violates …")
}

// What the browser asks for is there, with the headers that make the page safe.
func TestFiles(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for path, contentType := range map[string]string{
		"/":            "text/html; charset=utf-8",
		"/telepact.js": "text/javascript; charset=utf-8",
		"/page.js":     "text/javascript; charset=utf-8",
		"/style.css":   "text/css; charset=utf-8",
		"/icon.svg":    "image/svg+xml",
	} {
		res, err := s.Client().Get(s.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		h := res.Header
		if res.StatusCode != http.StatusOK || h.Get("Content-Type") != contentType ||
			h.Get("Content-Security-Policy") != policy || h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: status %d, headers %v", path, res.StatusCode, h)
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
	if err := run(t.Context(), l.Addr().String()); err == nil {
		t.Error("the program serves at an address that is taken")
	}
	ctx, stop := context.WithTimeout(t.Context(), time.Nanosecond)
	defer stop()
	if err := run(ctx, "127.0.0.1:0"); err != nil {
		t.Errorf("a program that is stopped ends with %v", err)
	}
}
