package mw

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Prometheus is a [Meter] that a Prometheus server can read: it is an [http.Handler]
// that answers GET with all measurements, in text format 0.0.4. [NewPrometheus] makes
// one. Several APIs may share it. It is safe for concurrent use.
//
//	telepact_call_duration_seconds{function,tag}  histogram; its count is that of calls
//	telepact_connections                          gauge of lasting connections
//	telepact_connections_total                    counter of those that were opened
//	telepact_queue_messages, telepact_queue_bytes gauges of what waits to be sent
//
// Function is "unknown" for what does not exist and for what is no message, so that
// callers cannot make up new ones.
type Prometheus struct {
	calls atomic.Pointer[map[callLabels]*histogram] // replaced when one is added
	mu    sync.Mutex                                // held to add one

	connections, opened atomic.Int64
	messages, bytes     atomic.Int64
}

type callLabels struct{ function, tag string }

// NewPrometheus returns a meter without measurements.
func NewPrometheus() *Prometheus {
	p := &Prometheus{}
	p.calls.Store(&map[callLabels]*histogram{})
	return p
}

// Call counts a request that was answered, see [Meter].
func (p *Prometheus) Call(function, tag string, took time.Duration) {
	labels := callLabels{function, tag}
	h := (*p.calls.Load())[labels]
	if h == nil {
		h = p.add(labels)
	}
	h.observe(took)
}

func (p *Prometheus) add(labels callLabels) *histogram {
	p.mu.Lock()
	defer p.mu.Unlock()
	known := *p.calls.Load()
	if h := known[labels]; h != nil {
		return h
	}
	calls := make(map[callLabels]*histogram, len(known)+1)
	for l, h := range known {
		calls[l] = h
	}
	h := &histogram{}
	calls[labels] = h
	p.calls.Store(&calls)
	return h
}

// Connections counts connections that were opened or closed, see [Meter].
func (p *Prometheus) Connections(delta int) {
	p.connections.Add(int64(delta))
	if delta > 0 {
		p.opened.Add(int64(delta))
	}
}

// Queued counts what waits to be sent, see [Meter].
func (p *Prometheus) Queued(messages, bytes int) {
	p.messages.Add(int64(messages))
	p.bytes.Add(int64(bytes))
}

// ServeHTTP answers with all measurements.
func (p *Prometheus) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "metrics are read with GET", http.StatusMethodNotAllowed)
		return
	}
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	b := bufio.NewWriter(w)
	p.write(b)
	_ = b.Flush() // a reader that went away has nobody to tell
}

func (p *Prometheus) write(w io.Writer) {
	p.writeCalls(w)
	for _, m := range []struct {
		name, kind, help string
		value            int64
	}{
		{"telepact_connections", "gauge", "Lasting connections that are open.", p.connections.Load()},
		{"telepact_connections_total", "counter", "Lasting connections that were opened.", p.opened.Load()},
		{"telepact_queue_messages", "gauge", "Messages that wait to be sent.", p.messages.Load()},
		{"telepact_queue_bytes", "gauge", "Bytes of messages that wait to be sent.", p.bytes.Load()},
	} {
		writeHead(w, m.name, m.kind, m.help)
		fmt.Fprintf(w, "%s %d\n", m.name, m.value)
	}
}

func (p *Prometheus) writeCalls(w io.Writer) {
	const name = "telepact_call_duration_seconds"
	calls := *p.calls.Load()
	order := make([]callLabels, 0, len(calls))
	for l := range calls {
		order = append(order, l)
	}
	slices.SortFunc(order, func(a, b callLabels) int {
		return cmp.Or(strings.Compare(a.function, b.function), strings.Compare(a.tag, b.tag))
	})
	writeHead(w, name, "histogram", "How long requests took, by function and tag of the answer.")
	for _, l := range order {
		labels := fmt.Sprintf(`function="%s",tag="%s"`, labelValue(cmp.Or(l.function, "unknown")), labelValue(l.tag))
		calls[l].write(w, name, labels)
	}
}

func writeHead(w io.Writer, name, kind, help string) {
	fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
}

// labelValue escapes what cannot stand between quotes.
func labelValue(text string) string {
	return strings.NewReplacer(`\`, `\\`, "\n", `\n`, `"`, `\"`).Replace(strings.ToValidUTF8(text, "\uFFFD"))
}

// bounds are the upper ends of the buckets of durations.
var bounds = [...]time.Duration{
	100 * time.Microsecond, 250 * time.Microsecond, 500 * time.Microsecond,
	time.Millisecond, 2500 * time.Microsecond, 5 * time.Millisecond,
	10 * time.Millisecond, 25 * time.Millisecond, 50 * time.Millisecond,
	100 * time.Millisecond, 250 * time.Millisecond, 500 * time.Millisecond,
	time.Second, 2500 * time.Millisecond, 5 * time.Second, 10 * time.Second, 30 * time.Second,
}

// histogram counts durations. It has several parts, so that processors that count at the
// same time seldom wait for each other's memory.
type histogram struct{ parts [8]histogramPart }

type histogramPart struct {
	counts [len(bounds) + 1]atomic.Uint64 // the last is of what is longer
	sum    atomic.Int64                   // nanoseconds
	_      [40]byte                       // the next part is in another line of memory
}

func (h *histogram) observe(took time.Duration) {
	part := &h.parts[rand.Uint32()%uint32(len(h.parts))]
	i := 0
	for i < len(bounds) && took > bounds[i] {
		i++
	}
	part.counts[i].Add(1)
	part.sum.Add(int64(took))
}

func (h *histogram) write(w io.Writer, name, labels string) {
	var count uint64
	for i := range len(bounds) + 1 {
		for p := range h.parts {
			count += h.parts[p].counts[i].Load()
		}
		end := "+Inf"
		if i < len(bounds) {
			end = seconds(bounds[i])
		}
		fmt.Fprintf(w, "%s_bucket{%s,le=\"%s\"} %d\n", name, labels, end, count)
	}
	var sum time.Duration
	for p := range h.parts {
		sum += time.Duration(h.parts[p].sum.Load())
	}
	fmt.Fprintf(w, "%s_sum{%s} %s\n%s_count{%s} %d\n", name, labels, seconds(sum), name, labels, count)
}

func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'g', -1, 64) }
