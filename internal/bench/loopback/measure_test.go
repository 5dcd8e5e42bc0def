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
	var calls atomic.Int64
	after := func(n int64, then string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if calls.Add(1) > n {
				_, _ = io.WriteString(w, then)
				return
			}
			upper(false)(w, r)
		}
	}
	cases := []struct {
		name    string
		handler http.Handler
		want    string
	}{
		{"status", http.NotFoundHandler(), "want status 200"},
		{"first answer", http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}), "answered "},
		{"later answer", after(10, "bye"), "an answer of 3 bytes, the first had 5"},
	}
	for _, tc := range cases {
		if err := makeCalls(t, tc.handler, posts(), hello(isHello), 100); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: error %v, want one that says %q", tc.name, err, tc.want)
		}
	}
}

func BenchmarkMeasure(b *testing.B) { Measure(b, upper(false), hello(isHello)) }
