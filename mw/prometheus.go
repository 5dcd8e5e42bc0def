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
//	telepact_connections_closed_total      connections that have ended, by code; "other" for
//	                                       those that applications and clients choose
//	telepact_connections_broken_total      connections that ended without being closed
//	telepact_upgrades_refused_total        requests for connections that were refused
//	telepact_messages_received_total       messages that were read from connections, by kind:
//	                                       text or binary
//	telepact_received_bytes_total          their bytes
//	telepact_messages_sent_total           messages that were written to connections, by kind:
//	                                       text, binary or control
//	telepact_sent_bytes_total              their bytes
//	telepact_messages_dropped_total        messages that were lost on connections, by reason
//	telepact_actor_duration_seconds        histogram of how long actors took for a message
//	telepact_queue_depth_max               most messages that ever waited on one connection
//
// Function is "unknown" for what does not exist and for what is no message, and nothing
// else that callers choose is a label: they cannot make up new ones.
type Prometheus struct {
	calls atomic.Pointer[map[callLabels]*histogram] // replaced when one is added
	mu    sync.Mutex                                // held to add one

	sockets
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
	p.sockets.write(w)
}

func writeValue(w io.Writer, name, kind, help string, value int64) {
	writeHead(w, name, kind, help)
	fmt.Fprintf(w, "%s %d\n", name, value)
}

// writeValues writes the values that are not zero of something that is counted apart by a
// label.
func writeValues(w io.Writer, name, help, label string, values []labelled) {
	writeHead(w, name, "counter", help)
	for _, v := range values {
		if v.value != 0 {
			fmt.Fprintf(w, "%s{%s=\"%s\"} %d\n", name, label, v.label, v.value)
		}
	}
}

// labelled is one of several values.
type labelled struct {
	label string
	value int64
}

func writeHead(w io.Writer, name, kind, help string) {
	fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
}

// labelValue escapes what cannot stand between quotes.
func labelValue(text string) string {
	return strings.NewReplacer(`\`, `\\`, "\n", `\n`, `"`, `\"`).Replace(strings.ToValidUTF8(text, "\uFFFD"))
}
