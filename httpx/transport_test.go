package httpx_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/telestruct/telestruct/httpx"
	"github.com/telestruct/telestruct/tp"
)

// serve starts a web server for one test.
func serve(t testing.TB, h http.Handler) string {
	t.Helper()
	ts := httptest.NewServer(h)
	t.Cleanup(func() {
		ts.Close()
		http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	})
	return ts.URL
}

// patient is for calls over a network, however busy the machine is.
var patient = tp.Timeout(time.Minute)

// Calls over HTTP in every format; from the second on the client sends what it asks
// for.
func TestTransport(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name      string
		transport []httpx.TransportOption
		client    []tp.ClientOption
		want      []string // content types of the requests
	}{
		{"JSON", nil, nil, []string{"application/json", "application/json"}},
		{"binary answers", nil, []tp.ClientOption{tp.Binary(tp.BinaryOn)}, []string{"application/json", "application/json"}},
		{"MessagePack", nil, []tp.ClientOption{tp.Binary(tp.BinaryAlways)}, []string{"application/json", "application/octet-stream"}},
		{"CBOR", []httpx.TransportOption{httpx.AcceptCBOR()}, []tp.ClientOption{tp.Binary(tp.BinaryAlways), tp.Packed()},
			[]string{"application/json", "application/cbor"}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			h := httpx.Handler(server(t))
			url := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				got = append(got, r.Header.Get("Content-Type"))
				h.ServeHTTP(w, r)
			}))
			client := tp.NewClient(httpx.Transport(url, tc.transport...), append(tc.client, patient)...)
			for range tc.want {
				greeting, err := tp.Call[Greeting](t.Context(), client, &Greet{Subject: "World"})
				if err != nil || greeting.Message != "Hello World!" {
					t.Fatalf("got %+v, %v", greeting, err)
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("content types differ (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTransportRequest(t *testing.T) {
	t.Parallel()
	const json, messagePack, cbor = "application/json", "application/octet-stream", "application/cbor"
	type request struct{ Method, ContentType, Accept, Body string }
	tests := []struct {
		name    string
		options []httpx.TransportOption
		body    string
		want    request
	}{
		{"json", nil, call, request{"POST", json, json + ", " + messagePack, call}},
		{"messagepack", nil, "\x92\x80\x80", request{"POST", messagePack, json + ", " + messagePack, "\x92\x80\x80"}},
		{"cbor", []httpx.TransportOption{httpx.AcceptCBOR()}, "\x82\xa0\xa0", request{"POST", cbor, cbor + ", " + json, "\x82\xa0\xa0"}},
		{"cbor wanted", []httpx.TransportOption{httpx.AcceptCBOR(), nil}, call, request{"POST", json, cbor + ", " + json, call}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var got request
			url := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				got = request{r.Method, r.Header.Get("Content-Type"), r.Header.Get("Accept"), string(body)}
				_, _ = io.WriteString(w, answer)
			}))
			response, err := httpx.Transport(url, tc.options...).RoundTrip(t.Context(), []byte(tc.body))
			if err != nil || string(response) != answer {
				t.Fatalf("got %q, %v", response, err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("request differs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTransportAnswers(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", 100)
	tests := []struct {
		name    string
		status  int
		body    string
		options []httpx.TransportOption
		want    string // the answer, or
		err     string
	}{
		{"message", 200, answer, nil, answer, ""},
		{"text with status 200", 200, "hello", nil, "hello", ""},
		{"message with another status", 500, answer, nil, answer, ""},
		{"messagepack with another status", 500, "\x92\x81\xa5@bin_\x90\x80", nil, "\x92\x81\xa5@bin_\x90\x80", ""},
		{"cbor with another status", 500, "\x82\xa1\x65@bin_\x80\xa0", nil, "\x82\xa1\x65@bin_\x80\xa0", ""},
		{"what begins as messagepack", 502, "\x92proxy", nil, "", "httpx: the answer is no message and has status 502 Bad Gateway"},
		{"what begins as cbor", 502, "\x82\xa0\xa0", nil, "", "httpx: the answer is no message and has status 502 Bad Gateway"},
		{"text", 502, "<html>\n  <b>Bad\tGateway</b>\n</html>", nil, "",
			`httpx: the answer is no message and has status 502 Bad Gateway: "<html> <b>Bad Gateway</b> </html>"`},
		{"too many calls", 429, answer, nil, answer, ""},
		{"too many calls, says a proxy", 429, "slow down", nil, "", `httpx: the answer is no message and has status 429 Too Many Requests: "slow down"`},
		{"no body", 404, "", nil, "", "httpx: the answer is no message and has status 404 Not Found; is the URL that of a Telepact endpoint?"},
		{"no body with status 200", 200, " \n", nil, "", "httpx: the answer is no message and has status 200 OK; is the URL that of a Telepact endpoint?"},
		{"page with status 200", 200, "\n<!doctype html>", nil, "",
			`httpx: the answer is no message and has status 200 OK; is the URL that of a Telepact endpoint?: "<!doctype html>"`},
		{"status of nobody", 599, "x", nil, "", `httpx: the answer is no message and has status 599: "x"`},
		{"binary", 500, "\x00\x01\x02", nil, "", "httpx: the answer is no message and has status 500 Internal Server Error"},
		{"no text", 500, "\xff\xfe", nil, "", "httpx: the answer is no message and has status 500 Internal Server Error"},
		{"long text", 500, "x" + long, nil, "",
			`httpx: the answer is no message and has status 500 Internal Server Error: "x` + strings.Repeat("é", 79) + `…"`},
		{"redirect", 307, "", nil, "",
			"httpx: the answer is no message and has status 307 Temporary Redirect; redirects are not followed, so the URL would have to be URL/elsewhere"},
		{"as large as may be", 200, answer, []httpx.TransportOption{httpx.MaxResponse(int64(len(answer)))}, answer, ""},
		{"too large", 200, answer, []httpx.TransportOption{httpx.MaxResponse(int64(len(answer)) - 1)}, "",
			"httpx: POST URL: httpx: an answer has at most 38 bytes here; see httpx.MaxResponse"},
		{"no limit to speak of", 200, answer, []httpx.TransportOption{httpx.MaxResponse(math.MaxInt64)}, answer, ""},
		{"default size", 200, answer, []httpx.TransportOption{httpx.MaxResponse(1), httpx.MaxResponse(0)}, answer, ""},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			url := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "/elsewhere?token=secret")
				w.WriteHeader(tc.status)
				_, _ = io.WriteString(w, tc.body)
			}))
			got, err := httpx.Transport(url, tc.options...).RoundTrip(t.Context(), []byte(call))
			if text := errorText(err, url); string(got) != tc.want || text != tc.err {
				t.Errorf("got %q and error %q, want %q and %q", got, text, tc.want, tc.err)
			}
		})
	}
}

// errorText returns the text of an error, with the excerpt that it does not show.
func errorText(err error, url string) string {
	if err == nil {
		return ""
	}
	text := strings.ReplaceAll(err.Error(), url, "URL")
	if status, ok := errors.AsType[*httpx.StatusError](err); ok && status.Excerpt != "" {
		text += fmt.Sprintf(": %q", status.Excerpt)
	}
	return text
}

func TestTransportErrors(t *testing.T) {
	t.Parallel()
	url := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "busy", http.StatusServiceUnavailable)
	}))
	client := tp.NewClient(httpx.Transport(url), patient)
	_, err := tp.Call[Greeting](t.Context(), client, &Greet{})
	var failure *tp.Error
	var status *httpx.StatusError
	if !errors.As(err, &failure) || failure.Kind != tp.KindTransport || !errors.As(err, &status) {
		t.Fatalf("got %v", err)
	}
	if want := (httpx.StatusError{Code: 503, Excerpt: "busy"}); *status != want {
		t.Errorf("got %+v, want %+v", *status, want)
	}
	if strings.Contains(err.Error(), "busy") {
		t.Errorf("%v repeats what may be the request", err)
	}
}

// Errors tell the place, and nothing of the URL that may be a secret.
func TestTransportSecrets(t *testing.T) {
	t.Parallel()
	const nobody = "http://ann:hunter2@127.0.0.1:1/api?token=hunter3"
	for _, url := range []string{nobody, "http://ann:hunter2@127.0.0.1:port/?token=hunter3", "hunter2://a",
		"http://ann:hunter3/x@127.0.0.1", "http://:hunter3@[::1/", "http://ann:%h%hunter3@127.0.0.1"} {
		_, err := httpx.Transport(url).RoundTrip(t.Context(), []byte(call))
		if err == nil {
			t.Fatalf("%s: no error", url)
		}
		if strings.Contains(err.Error(), "hunter3") || strings.Contains(err.Error(), "ann:") {
			t.Errorf("the error tells a secret: %v", err)
		}
	}
	_, err := httpx.Transport(nobody).RoundTrip(t.Context(), []byte(call))
	if !strings.Contains(err.Error(), "POST http://127.0.0.1:1/api: ") {
		t.Errorf("the error does not tell the place: %v", err)
	}
}

// What a URL needs is said where a URL may lack it.
func TestTransportScheme(t *testing.T) {
	t.Parallel()
	tests := []struct {
		url  string
		want bool
	}{
		{"", true},
		{"/api", true},
		{"localhost:8080/api", true},
		{"127.0.0.1:8080/api", true},
		{"ftp://127.0.0.1/api", true},
		{"http://127.0.0.1:1/api", false},
		{"https://127.0.0.1:1/api", false},
	}
	for _, tc := range tests {
		_, err := httpx.Transport(tc.url).RoundTrip(t.Context(), []byte(call))
		if err == nil || strings.HasSuffix(err.Error(), "begins with http:// or https://") != tc.want {
			t.Errorf("%q: got %v", tc.url, err)
		}
	}
}

// A server that changes the protocol has no answer, and keeps the connection open.
func TestTransportUpgraded(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	t.Cleanup(func() { close(release) })
	url := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n")
		<-release
	}))
	_, err := httpx.Transport(url).RoundTrip(t.Context(), []byte(call))
	if status, ok := errors.AsType[*httpx.StatusError](err); !ok || status.Code != http.StatusSwitchingProtocols {
		t.Errorf("error = %v, want one with status 101", err)
	}
}

func TestTransportContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	url := serve(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		cancel()
		<-r.Context().Done()
	}))
	_, err := tp.Call[Greeting](ctx, tp.NewClient(httpx.Transport(url), patient), &Greet{})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// countingClient counts the requests of a client of the program's own.
type countingClient struct{ requests int }

func (c *countingClient) RoundTrip(r *http.Request) (*http.Response, error) {
	c.requests++
	return http.DefaultTransport.RoundTrip(r)
}

func TestHTTPClient(t *testing.T) {
	t.Parallel()
	url := serve(t, httpx.Handler(server(t)))
	var counting countingClient
	transport := httpx.Transport(url, httpx.HTTPClient(&http.Client{Transport: &counting}), httpx.HTTPClient(nil))
	got, err := transport.RoundTrip(t.Context(), []byte(call))
	if err != nil || string(got) != answer || counting.requests != 1 {
		t.Errorf("got %q, %v after %d requests", got, err, counting.requests)
	}
}

// An answer that is shorter than it says is none.
func TestTransportTruncated(t *testing.T) {
	t.Parallel()
	url := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, answer)
	}))
	_, err := httpx.Transport(url).RoundTrip(t.Context(), []byte(call))
	if want := "httpx: POST URL: the answer broke off after 39 bytes: unexpected EOF"; errorText(err, url) != want || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v, want %s", err, want)
	}
}

// Whatever is answered, the next request finds the connection open.
func TestTransportKeepsTheConnection(t *testing.T) {
	t.Parallel()
	bodies := []string{answer, "<html>" + strings.Repeat("x", 1<<16), "", answer}
	statuses := []int{200, 502, 404, 429}
	requests := 0
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		at := requests
		requests++
		w.WriteHeader(statuses[at])
		_, _ = io.WriteString(w, bodies[at])
	})
	on(t, &http.Server{Handler: h}, func(p *pipes) {
		own := p.transport()
		defer own.CloseIdleConnections()
		transport := httpx.Transport("http://example.com", httpx.HTTPClient(&http.Client{Transport: own}))
		for range bodies {
			_, _ = transport.RoundTrip(context.Background(), []byte(call))
		}
		if n := p.dialed.Load(); requests != len(bodies) || n != 1 {
			t.Errorf("%d requests on %d connections, want %d on one", requests, n, len(bodies))
		}
	})
}

// A connection that drops is a failure of the transport, and the call is not made again:
// nobody knows whether the function ran.
func TestTransportDroppedConnection(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		begin string // of the answer
	}{
		{"before the answer", ""},
		{"within the answer", answer[:10]},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var calls atomic.Int32
			url := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				calls.Add(1)
				if tc.begin != "" {
					w.Header().Set("Content-Length", strconv.Itoa(len(answer)))
					_, _ = io.WriteString(w, tc.begin)
				}
				panic(http.ErrAbortHandler)
			}))
			_, err := tp.Call[Greeting](t.Context(), tp.NewClient(httpx.Transport(url), patient), &Greet{})
			var failure *tp.Error
			if !errors.As(err, &failure) || failure.Kind != tp.KindTransport || failure.Cause == nil {
				t.Errorf("got %v, want a failure of the transport", err)
			}
			if n := calls.Load(); n != 1 {
				t.Errorf("called %d times", n)
			}
		})
	}
}
