package wsx_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/wsx"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares text with a file, or writes it with -update.
func golden(t testing.TB, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// read asks a handler with GET.
func read(h http.Handler, target string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, target, nil))
	return w
}

// TestDebugHandler compares a page with testdata/debug.json.
func TestDebugHandler(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := wsx.NewServer(wsx.NodeName("n1"))
		s := newSite(t, mux(map[string]*wsx.Endpoint{"/chat": srv.New(wsx.Room(srv.NewTopic("room")))}))
		p := s.dial("Path: /chat", "From: 192.0.2.1:1000", "Origin: https://example.com")
		p.want(fin|opPing, "")
		time.Sleep(2 * time.Millisecond)
		p.send(fin|opPong, "")
		p.send(fin|opText, "hello")
		p.want(fin|opText, "hello")
		synctest.Wait()
		remote, _ := srv.Remote(1)
		remote.SetLabel("</script>")
		w := read(srv.DebugHandler(), "/debug?path=/chat")
		golden(t, "testdata/debug.json", w.Body.String())
		for name, want := range map[string]string{"Content-Type": "application/json", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"} {
			if got := w.Header().Get(name); got != want {
				t.Errorf("%s = %q, want %q", name, got, want)
			}
		}
	})
}

func TestDebugHandlerPages(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := wsx.NewServer()
		s := newSite(t, srv.New())
		const n = 1000 + 2
		for range n {
			s.dial()
		}
		synctest.Wait()
		type page struct {
			Clients []struct{ ID wsx.ID }
			Next    uint64
		}
		for _, tc := range []struct {
			target      string
			want        int
			first, next uint64
		}{
			{"/", 1000, 1, 1000},
			{"/?after=1000", 2, 1001, 0},
			{"/?after=1002", 0, 0, 0},
			{"/?path=/other", 0, 0, 0},
			{"/?path=/&after=500", 502, 501, 0},
		} {
			var got page
			if err := json.Unmarshal(read(srv.DebugHandler(), tc.target).Body.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			if len(got.Clients) != tc.want || got.Next != tc.next || tc.want > 0 && got.Clients[0].ID.Number != tc.first {
				t.Errorf("%s: %d connections and next %d, want %d and %d", tc.target, len(got.Clients), got.Next, tc.want, tc.next)
			}
		}
	})
}

// TestDebugHandlerTopics has a connection with many topics.
func TestDebugHandlerTopics(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := wsx.NewServer()
		newSite(t, srv.New()).dial()
		synctest.Wait()
		remote, _ := srv.Remote(1)
		for i := range 40 {
			_ = remote.Subscribe(srv.NewTopic(fmt.Sprint("topic ", i)))
		}
		var page struct {
			Clients []struct{ Subscriptions []string }
		}
		if err := json.Unmarshal(read(srv.DebugHandler(), "/").Body.Bytes(), &page); err != nil {
			t.Fatal(err)
		}
		if shown, all := len(page.Clients[0].Subscriptions), len(srv.Clients("")[0].Subscriptions); shown != 32 || all != 40 {
			t.Errorf("%d topics are shown of %d, want 32 of 40", shown, all)
		}
	})
}

func TestDebugHandlerRefuses(t *testing.T) {
	t.Parallel()
	h := wsx.NewServer().DebugHandler()
	for _, tc := range []struct {
		method, target string
		want           int
	}{
		{"GET", "/", 200}, {"HEAD", "/", 200}, {"POST", "/", 405}, {"DELETE", "/", 405},
		{"GET", "/?after=", 200}, {"GET", "/?after=x", 400}, {"GET", "/?after=-1", 400},
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(tc.method, tc.target, nil))
		if w.Code != tc.want || w.Code == 405 && w.Header().Get("Allow") != "GET, HEAD" {
			t.Errorf("%s %s: status %d, want %d", tc.method, tc.target, w.Code, tc.want)
		}
	}
}
