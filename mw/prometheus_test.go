package mw_test

import (
	"flag"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/telestruct/telestruct/mw"
	"github.com/telestruct/telestruct/wsx"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var (
	_ mw.Meter     = (*mw.Prometheus)(nil)
	_ wsx.Observer = (*mw.Prometheus)(nil)
)

// scrape reads all measurements as a Prometheus server does.
func scrape(t testing.TB, p *mw.Prometheus) string {
	t.Helper()
	w := httptest.NewRecorder()
	p.ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	if got := w.Header().Get("Content-Type"); w.Code != 200 || got != "text/plain; version=0.0.4; charset=utf-8" {
		t.Errorf("status %d, content type %q", w.Code, got)
	}
	return w.Body.String()
}

// TestPrometheus compares all there is with testdata/metrics.txt.
func TestPrometheus(t *testing.T) {
	t.Parallel()
	p := mw.NewPrometheus()
	for _, took := range []time.Duration{0, 100 * time.Microsecond, 101 * time.Microsecond, 3 * time.Second, time.Minute} {
		p.Call("fn.greet", "Ok_", took)
	}
	p.Call("fn.greet", "ErrorUnknown_", time.Millisecond)
	p.Call("", "ErrorParseFailure_", time.Millisecond)
	p.Call("fn.\"quoted\"\\\n\xff", "Ok_", time.Millisecond)
	for range 4 {
		p.ConnectionOpened()
	}
	p.ConnectionClosed(1000)
	p.ConnectionClosed(1006)
	p.UpgradeRefused(403)
	p.ConnectionClosed(4711)
	p.MessageReceived("text", 100)
	p.MessageReceived("binary", 23)
	p.MessagesSent("text", 3, 512)
	p.MessagesSent("control", 1, 2)
	p.MessagesDropped("slow", 7)
	p.MessagesDropped("made up", 1)
	p.MessageHandled(2 * time.Millisecond)
	p.QueueDepth(4)
	p.QueueDepth(17)
	p.QueueDepth(2)
	got := scrape(t, p)
	const golden = "testdata/metrics.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("metrics (-want +got):\n%s", diff)
	}
}

// TestPrometheusFormat holds every line to the grammar of text format 0.0.4.
func TestPrometheusFormat(t *testing.T) {
	t.Parallel()
	p := mw.NewPrometheus()
	p.Call("fn.\"quoted\"\\\n", "Ok_", time.Millisecond)
	line := regexp.MustCompile(`^(# (HELP [a-z_]+ .+|TYPE [a-z_]+ (counter|gauge|histogram))|` +
		`[a-z_]+(\{([a-z]+="([^"\\\n]|\\\\|\\"|\\n)*",?)+\})? [0-9.e+-]+)$`)
	for text := range strings.Lines(scrape(t, p)) {
		if !line.MatchString(strings.TrimSuffix(text, "\n")) || !strings.HasSuffix(text, "\n") {
			t.Errorf("no line of the format: %q", text)
		}
	}
}

func TestPrometheusMethods(t *testing.T) {
	t.Parallel()
	for method, want := range map[string]int{"GET": 200, "HEAD": 200, "POST": 405} {
		w := httptest.NewRecorder()
		mw.NewPrometheus().ServeHTTP(w, httptest.NewRequest(method, "/metrics", nil))
		if w.Code != want {
			t.Errorf("%s: status %d, want %d", method, w.Code, want)
		}
	}
}

// TestPrometheusCountsEverything counts from many goroutines while others read.
func TestPrometheusCountsEverything(t *testing.T) {
	t.Parallel()
	p := mw.NewPrometheus()
	srv := newServer(t, mw.Metrics(p))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i := range 250 {
				inProcess(srv, [...]string{runCall, runAs("quota"), "garbage", `[{},{"fn.made.up":{}}]`}[i%4])
				p.MessageReceived("text", 3)
				p.QueueDepth(i)
			}
		})
		wg.Go(func() { scrape(t, p) })
	}
	wg.Wait()
	got := scrape(t, p)
	for _, want := range []string{
		`telepact_call_duration_seconds_count{function="fn.run",tag="Ok_"} 504`,
		`telepact_call_duration_seconds_count{function="fn.run",tag="ErrorQuota"} 504`,
		`telepact_call_duration_seconds_count{function="unknown",tag="ErrorParseFailure_"} 496`,
		`telepact_call_duration_seconds_count{function="unknown",tag="ErrorInvalidRequestBody_"} 496`,
		`telepact_call_duration_seconds_bucket{function="fn.run",tag="Ok_",le="+Inf"} 504`,
		`telepact_messages_received_total{kind="text"} 2000`, `telepact_received_bytes_total{kind="text"} 6000`, "telepact_queue_depth_max 249",
	} {
		if !strings.Contains(got, want+"\n") {
			t.Errorf("there is no %s in:\n%s", want, got)
		}
	}
	if strings.Contains(got, "made") {
		t.Error("a name that a caller made up is a label")
	}
}
