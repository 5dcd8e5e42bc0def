package mw

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Prometheus is a [Meter] that a Prometheus server can read: it is an [http.Handler]
// that answers GET with all measurements, in text format 0.0.4. It is also an observer of
// the connections of package wsx. [NewPrometheus] makes one; several APIs and endpoints
// may share it. It is safe for concurrent use.
//
//	telepact_call_duration_seconds         histogram, by function and tag of the answer;
//	                                       its count is the number of calls
//	telepact_connections                   connections that are open
//	telepact_connections_opened_total      connections that were accepted
//	telepact_connections_broken_total      connections that ended without being closed
//	telepact_upgrades_refused_total        requests for connections that were refused
//	telepact_messages_received_total       messages that were read from connections
//	telepact_received_bytes_total          their bytes
//	telepact_messages_sent_total           messages that were written to connections
//	telepact_sent_bytes_total              their bytes
//	telepact_queue_depth_max               most messages that ever waited on one connection
//
// Function is "unknown" for what does not exist and for what is no message, and nothing
// else that callers choose is a label: they cannot make up new ones.
type Prometheus struct {
	calls atomic.Pointer[map[callLabels]*histogram] // replaced when one is added
	mu    sync.Mutex                                // held to add one

	open, opened, broken, refused atomic.Int64

	received, receivedBytes counter
	sent, sentBytes         counter
	deepest                 atomic.Int64
}

// callLabels are what calls are told apart by.
type callLabels struct{ function, tag string }

func (l callLabels) compare(other callLabels) int {
	return cmp.Or(strings.Compare(l.function, other.function), strings.Compare(l.tag, other.tag))
}

// String returns the labels as the format has them.
func (l callLabels) String() string {
	return fmt.Sprintf(`function="%s",tag="%s"`, labelValue(cmp.Or(l.function, "unknown")), labelValue(l.tag))
}

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
	calls, h := maps.Clone(known), &histogram{}
	calls[labels] = h
	p.calls.Store(&calls)
	return h
}

// ConnectionOpened counts a connection that was accepted.
func (p *Prometheus) ConnectionOpened() {
	p.open.Add(1)
	p.opened.Add(1)
}

// ConnectionClosed counts a connection that ended with the code.
func (p *Prometheus) ConnectionClosed(code int) {
	p.open.Add(-1)
	const abnormal = 1006 // RFC 6455 section 7.4.1
	if code == abnormal {
		p.broken.Add(1)
	}
}

// UpgradeRefused counts a request for a connection that was refused.
func (p *Prometheus) UpgradeRefused(int) { p.refused.Add(1) }

// MessageReceived counts a message that was read from a connection.
func (p *Prometheus) MessageReceived(bytes int) {
	p.received.add(1)
	p.receivedBytes.add(bytes)
}

// MessagesSent counts messages that were written to a connection at once.
func (p *Prometheus) MessagesSent(messages, bytes int) {
	p.sent.add(messages)
	p.sentBytes.add(bytes)
}

// QueueDepth notes how many messages wait to be sent on one connection.
func (p *Prometheus) QueueDepth(messages int) {
	for {
		deepest := p.deepest.Load()
		if int64(messages) <= deepest || p.deepest.CompareAndSwap(deepest, int64(messages)) {
			return
		}
	}
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
	const name = "telepact_call_duration_seconds"
	writeHead(w, name, "histogram", "How long requests took, by function and tag of the answer.")
	calls := *p.calls.Load()
	for _, l := range slices.SortedFunc(maps.Keys(calls), callLabels.compare) {
		calls[l].write(w, name, l.String())
	}
	writeValue(w, "telepact_connections", "gauge", "Connections that are open.", p.open.Load())
	writeValue(w, "telepact_connections_opened_total", "counter", "Connections that were accepted.", p.opened.Load())
	writeValue(w, "telepact_connections_broken_total", "counter", "Connections that ended without being closed.", p.broken.Load())
	writeValue(w, "telepact_upgrades_refused_total", "counter", "Requests for connections that were refused.", p.refused.Load())
	writeValue(w, "telepact_messages_received_total", "counter", "Messages that were read from connections.", p.received.load())
	writeValue(w, "telepact_received_bytes_total", "counter", "Bytes of messages that were read from connections.", p.receivedBytes.load())
	writeValue(w, "telepact_messages_sent_total", "counter", "Messages that were written to connections.", p.sent.load())
	writeValue(w, "telepact_sent_bytes_total", "counter", "Bytes of messages that were written to connections.", p.sentBytes.load())
	writeValue(w, "telepact_queue_depth_max", "gauge", "Most messages that ever waited on one connection.", p.deepest.Load())
}

func writeValue(w io.Writer, name, kind, help string, value int64) {
	writeHead(w, name, kind, help)
	fmt.Fprintf(w, "%s %d\n", name, value)
}

func writeHead(w io.Writer, name, kind, help string) {
	fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
}

// labelValue escapes what cannot stand between quotes.
func labelValue(text string) string {
	return strings.NewReplacer(`\`, `\\`, "\n", `\n`, `"`, `\"`).Replace(strings.ToValidUTF8(text, "\uFFFD"))
}
