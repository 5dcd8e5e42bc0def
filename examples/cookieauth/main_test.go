package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// site is the program as browsers see it.
type site struct {
	*httptest.Server
	later atomic.Int64 // by how much the sessions' clock is ahead
}

// testAccounts are as easy to guess as they are fast to check.
func testAccounts(t *testing.T) *accounts {
	t.Helper()
	a, err := newAccounts(1000, map[string]string{"ada": "analytical", "alan": "enigmatic"})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// start serves the program; with TLS, as if a proxy did.
func start(t *testing.T, https bool) *site {
	t.Helper()
	s := &site{}
	service := newService(testAccounts(t), newSessions(func() time.Time { return time.Now().Add(time.Duration(s.later.Load())) }))
	srv, err := newAPI(service).Build()
	if err != nil {
		t.Fatal(err)
	}
	handler := newRouter(service, srv, cookieFor(https))
	if https {
		s.Server = httptest.NewTLSServer(handler)
	} else {
		s.Server = httptest.NewServer(handler)
	}
	t.Cleanup(s.Close)
	return s
}

// browser is somebody with a cookie jar. It follows no redirect, so that tests see them.
type browser struct {
	t      *testing.T
	site   *site
	client *http.Client
}

func (s *site) browser(t *testing.T) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t, s, &http.Client{
		Transport:     s.Client().Transport,
		Jar:           jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// post sends a body; headers are pairs of name and value.
func (b *browser) post(path, contentType, body string, headers ...string) (res *http.Response, answer string) {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.site.URL+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", contentType)
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	if res, err = b.client.Do(req); err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return res, string(text)
}

// call sends a message as the page does, and wants this answer.
func (b *browser) call(message, want string) {
	b.t.Helper()
	res, got := b.post("/api/telepact", "application/json", message, "Origin", b.site.URL, "Sec-Fetch-Site", "same-origin")
	if res.StatusCode != http.StatusOK {
		b.t.Errorf("%s: status %s: %s", message, res.Status, got)
	} else if diff := cmp.Diff(want, got); diff != "" {
		b.t.Errorf("%s: answer (-want +got):\n%s", message, diff)
	}
}

// form sends a form as the page does, and returns where the answer leads.
func (b *browser) form(path string, fields url.Values) (location string, cookies []*http.Cookie) {
	b.t.Helper()
	res, answer := b.post(path, "application/x-www-form-urlencoded", fields.Encode(), "Origin", b.site.URL, "Sec-Fetch-Site", "same-origin")
	if res.StatusCode != http.StatusSeeOther {
		b.t.Errorf("%s: status %s: %s", path, res.Status, answer)
	}
	return res.Header.Get("Location"), res.Cookies()
}

func (b *browser) login(name, password string) (location string, cookies []*http.Cookie) {
	b.t.Helper()
	return b.form("/login", url.Values{"name": {name}, "password": {password}})
}

// cookies are those that the browser would send.
func (b *browser) cookies() []*http.Cookie {
	b.t.Helper()
	u, err := url.Parse(b.site.URL)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.client.Jar.Cookies(u)
}

const (
	list            = `[{}, {"fn.listNotes": {}}]`
	noNotes         = `[{},{"Ok_":{"notes":[]}}]`
	add             = `[{}, {"fn.addNote": {"text": "a note"}}]`
	added           = `[{},{"Ok_":{}}]`
	aNote           = `[{},{"Ok_":{"notes":["a note"]}}]`
	unauthenticated = `[{},{"ErrorUnauthenticated_":{"message!":"Valid authentication is required."}}]`
)

func TestLoginAndLogout(t *testing.T) {
	t.Parallel()
	b := start(t, false).browser(t)
	b.call(list, unauthenticated)
	if location, _ := b.login("ada", "analytical"); location != "/" {
		t.Errorf("login leads to %q", location)
	}
	b.call(list, noNotes)
	b.call(add, added)
	b.call(list, aNote)
	kept := b.cookies()
	if location, _ := b.form("/logout", nil); location != "/" || len(b.cookies()) != 0 {
		t.Errorf("logout leads to %q and leaves cookies %v", location, b.cookies())
	}
	b.call(list, unauthenticated)

	// The session is over on the server, whoever still has the cookie.
	u, _ := url.Parse(b.site.URL)
	b.client.Jar.SetCookies(u, kept)
	b.call(list, unauthenticated)
	b.login("ada", "analytical")
	b.call(list, aNote)
}

func TestLoginRefused(t *testing.T) {
	t.Parallel()
	s := start(t, false)
	for _, tc := range []struct{ name, password string }{
		{"ada", "enigmatic"}, {"ada", ""}, {"", ""}, {"nobody", "analytical"}, {"ADA", "analytical"},
	} {
		location, cookies := s.browser(t).login(tc.name, tc.password)
		if location != "/#wrong" || len(cookies) != 0 {
			t.Errorf("%q, %q: leads to %q with cookies %v", tc.name, tc.password, location, cookies)
		}
	}
	res, _ := s.browser(t).post("/login", "application/x-www-form-urlencoded", "name=ada&password="+strings.Repeat("x", maxForm))
	if res.StatusCode != http.StatusBadRequest {
		t.Errorf("a form that is too large: status %s", res.Status)
	}
}

func TestCookie(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		https bool
		want  string // but for the value
	}{
		{"HTTP", false, "session=; Path=/; Max-Age=43200; HttpOnly; SameSite=Lax"},
		{"HTTPS", true, "__Host-session=; Path=/; Max-Age=43200; HttpOnly; Secure; SameSite=Lax"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			b := start(t, tc.https).browser(t)
			_, cookies := b.login("alan", "enigmatic")
			if len(cookies) != 1 || len(cookies[0].Value) < 26 {
				t.Fatalf("cookies %v, want one with a long value", cookies)
			}
			cookies[0].Value = ""
			if diff := cmp.Diff(tc.want, cookies[0].String()); diff != "" {
				t.Errorf("cookie (-want +got):\n%s", diff)
			}
			b.call(add, added)
			b.call(list, aNote)
		})
	}
}

func TestUsers(t *testing.T) {
	t.Parallel()
	s := start(t, false)
	ada, elsewhere, alan := s.browser(t), s.browser(t), s.browser(t)
	ada.login("ada", "analytical")
	elsewhere.login("ada", "analytical")
	alan.login("alan", "enigmatic")
	ada.call(add, added)
	elsewhere.call(list, aNote)
	alan.call(list, noNotes)

	// Who logs in again with the same browser leaves no session behind.
	before := alan.cookies()[0].Value
	alan.login("ada", "analytical")
	alan.call(list, aNote)
	alan.call(`[{"@auth_": {"Session": {"token": "`+before+`"}}}, {"fn.listNotes": {}}]`, unauthenticated)
	alan.login("alan", "enigmatic")

	ada.call(`[{}, {"fn.endSessions": {}}]`, `[{},{"Ok_":{"ended":2}}]`)
	ada.call(list, unauthenticated)
	elsewhere.call(list, unauthenticated)
	alan.call(list, noNotes)
}

func TestExpiry(t *testing.T) {
	t.Parallel()
	s := start(t, false)
	b := s.browser(t)
	b.login("ada", "analytical")
	s.later.Store(int64(sessionTime - time.Minute))
	b.call(list, noNotes)
	s.later.Store(int64(sessionTime))
	b.call(list, unauthenticated)
}

// Cookies of sessions that are over lock nobody out.
func TestOldCookies(t *testing.T) {
	t.Parallel()
	s := start(t, false)
	old := s.browser(t)
	old.login("ada", "analytical")
	s.later.Store(int64(sessionTime))
	for range 50 {
		old.call(list, unauthenticated)
	}
	b := s.browser(t)
	b.login("ada", "analytical")
	b.call(list, noNotes)
}

// What the message says of the caller counts, whatever cookie came with it.
func TestCredentialsOfTheMessage(t *testing.T) {
	t.Parallel()
	s := start(t, false)
	ada, alan := s.browser(t), s.browser(t)
	ada.login("ada", "analytical")
	alan.login("alan", "enigmatic")
	alan.call(add, added)
	ada.call(`[{"@auth_": {"Session": {"token": "`+alan.cookies()[0].Value+`"}}}, {"fn.listNotes": {}}]`, aNote)
	ada.call(`[{"@auth_": {"Session": {"token": ""}}}, {"fn.listNotes": {}}]`, unauthenticated)
	ada.call(list, noNotes)
}

// A page of another origin that makes the browser of somebody who is logged in send
// what it wants. Browsers would leave the cookie out; this one does not.
func TestForeignOrigins(t *testing.T) {
	t.Parallel()
	b := start(t, true).browser(t)
	b.login("ada", "analytical")
	ada := url.Values{"name": {"ada"}, "password": {"analytical"}}.Encode()
	for _, headers := range [][]string{
		{"Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"},
		{"Origin", "https://evil.example"}, // an old browser
		{"Origin", "null"},
		{"Sec-Fetch-Site", "cross-site"},
		{"Origin", strings.Replace(b.site.URL, "127.0.0.1", "neighbour.127.0.0.1", 1), "Sec-Fetch-Site", "same-site"},
	} {
		for _, request := range []struct{ path, contentType, body string }{
			{"/api/telepact", "text/plain", add}, // what a form can send without asking
			{"/api/telepact", "application/json", add},
			{"/login", "application/x-www-form-urlencoded", ada},
			{"/logout", "application/x-www-form-urlencoded", ""},
		} {
			res, answer := b.post(request.path, request.contentType, request.body, headers...)
			if res.StatusCode != http.StatusForbidden || len(res.Cookies()) != 0 {
				t.Errorf("%s with %v: status %s, cookies %v: %s", request.path, headers, res.Status, res.Cookies(), answer)
			}
		}
	}
	b.call(list, noNotes)
}

func TestNotes(t *testing.T) {
	t.Parallel()
	b := start(t, false).browser(t)
	b.login("ada", "analytical")
	long := strings.Repeat("ä", maxNote)
	b.call(`[{}, {"fn.addNote": {"text": "`+long+`"}}]`, added)
	b.call(`[{}, {"fn.addNote": {"text": "`+long+`!"}}]`, `[{},{"ErrorLimit":{"what":"characters of a note","limit":200}}]`)
	for range maxNotes - 1 {
		b.call(add, added)
	}
	b.call(add, `[{},{"ErrorLimit":{"what":"notes","limit":100}}]`)
}

func TestManySessions(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	s := newSessions(func() time.Time { return now })
	for range maxSessions {
		if _, err := s.begin("ada"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.begin("ada"); err != errTooManySessions {
		t.Errorf("one session too many: %v", err)
	}
	now = now.Add(sessionTime)
	if _, err := s.begin("ada"); err != nil || len(s.byHash) != 1 {
		t.Errorf("when the others have ended: %v, %d sessions", err, len(s.byHash))
	}
}

func TestPage(t *testing.T) {
	t.Parallel()
	s := start(t, false)
	for path, contentType := range map[string]string{
		"/":          "text/html; charset=utf-8",
		"/page.js":   "text/javascript; charset=utf-8",
		"/style.css": "text/css; charset=utf-8",
		"/icon.svg":  "image/svg+xml",
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
	if err := run(t.Context(), l.Addr().String(), testAccounts(t), cookieFor(false)); err == nil {
		t.Error("the program serves at an address that is taken")
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := run(ctx, "127.0.0.1:0", testAccounts(t), cookieFor(true)); err != nil {
		t.Errorf("a program that is stopped ends with %v", err)
	}
}
