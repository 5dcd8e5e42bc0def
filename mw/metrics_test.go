package mw_test

import (
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/telestruct/telestruct/mw"
	"github.com/telestruct/telestruct/tp"
)

// meter writes down what it is told.
type meter struct {
	mu    sync.Mutex
	calls []string
}

func (m *meter) Call(function, tag string, took time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls = append(m.calls, function+" "+tag+" "+took.String())
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	requests := []string{runCall, runAs("quota"), runAs("undeclared"), runAs("panic"), `[{"@time_":20},{"fn.run":{"how":"end"}}]`,
		`[{},{"fn.ping_":{}}]`, `[{},{"fn.nope":{}}]`, `garbage`}
	want := []string{"fn.run Ok_ 0s", "fn.run ErrorQuota 0s", "fn.run ErrorUnknown_ 0s", "fn.run ErrorUnknown_ 0s", "fn.run ErrorUnknown_ 20ms",
		"fn.ping_ Ok_ 0s", " ErrorInvalidRequestBody_ 0s", " ErrorParseFailure_ 0s"}
	for name, call := range map[string]caller{
		"process": inProcess, "http": overHTTP("192.0.2.1:1"), "websocket": newConnection("").call,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				m := &meter{}
				srv := newServer(t, mw.Metrics(m), mw.Metrics(nil))
				for _, request := range requests {
					call(srv, request)
				}
				if diff := cmp.Diff(want, m.calls); diff != "" {
					t.Errorf("calls (-want +got):\n%s", diff)
				}
			})
		})
	}
}

type panickingMeter struct{}

func (panickingMeter) Call(string, string, time.Duration) { panic("meter") }

func TestMetersMayPanic(t *testing.T) {
	t.Parallel()
	var meters []tp.Option
	m := &meter{}
	meters = append(meters, mw.Metrics(m), mw.Metrics(panickingMeter{}))
	if got := inProcess(newServer(t, meters...), runCall); got != ran || !strings.HasPrefix(strings.Join(m.calls, ""), "fn.run Ok_") {
		t.Errorf("got %s, measured %q", got, m.calls)
	}
}
