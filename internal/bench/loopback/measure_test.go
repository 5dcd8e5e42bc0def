package loopback

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
)

// upper answers in capitals, in chunks when chunked.
func upper(chunked bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if chunked {
			w.(http.Flusher).Flush()
		}
		_, _ = io.WriteString(w, strings.ToUpper(string(body)))
	}
}

func hello(check func([]byte) error) Call {
	return Call{Path: "/", Body: []byte("hello"), Check: check}
}

func isHello(answer []byte) error {
	if string(answer) != "HELLO" {
		return errors.New("answered " + string(answer))
	}
	return nil
}

func TestCalls(t *testing.T) {
	t.Parallel()
	for _, chunked := range []bool{false, true} {
		var calls atomic.Int64
		handler := func(w http.ResponseWriter, r *http.Request) { calls.Add(1); upper(chunked)(w, r) }
		if err := makeCalls(t, http.HandlerFunc(handler), posts(), hello(isHello), 100); err != nil {
			t.Errorf("chunked %v: %v", chunked, err)
		}
		if got := calls.Load(); got != 103 { // one for each connection in addition
			t.Errorf("chunked %v: %d calls, want 103", chunked, got)
		}
	}
}

// makeCalls makes n calls over three connections.
func makeCalls(t *testing.T, handler http.Handler, p protocol, call Call, n int) error {
	t.Helper()
	address, stop, err := listen(handler)
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	clients, err := dial(address, p, call, 3)
	if err != nil {
		return err
	}
	defer hangUp(clients)
	return spread(clients, n)
}

func TestWrongAnswers(t *testing.T) {
	t.Parallel()
	after := func(n int64, then http.HandlerFunc) http.HandlerFunc {
		var calls atomic.Int64
		return func(w http.ResponseWriter, r *http.Request) {
			if calls.Add(1) > n {
				then(w, r)
				return
			}
			upper(false)(w, r)
		}
	}
	says := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, text) }
	}
	cut := func(w http.ResponseWriter, r *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n")
			_ = conn.Close()
		}
	}
	cases := []struct {
		name    string
		handler http.Handler
		want    string
	}{
		{"status", http.NotFoundHandler(), "want status 200"},
		{"first answer", http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}), "answered "},
		{"later status", after(10, http.NotFound), "want status 200"},
		{"longer answer", after(10, says("HELLO!")), "an answer of 122 bytes, the first had 121"},
		{"shorter answer", after(10, says("bye")), "an answer of 119 bytes, the first had 121"},
		{"cut answer", after(10, cut), "an answer ended after 17 bytes, the first had 121"},
	}
	for _, tc := range cases {
		if err := makeCalls(t, tc.handler, posts(), hello(isHello), 100); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: error %v, want one that says %q", tc.name, err, tc.want)
		}
	}
}

func BenchmarkMeasure(b *testing.B) { Measure(b, upper(false), hello(isHello)) }
