package httpx

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"
)

// deadlines is a response that notes the deadlines of its request.
type deadlines struct {
	http.ResponseWriter
	set []time.Time
}

func (d *deadlines) SetReadDeadline(at time.Time) error {
	d.set = append(d.set, at)
	return nil
}

func TestArrivals(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := arrivals{limit: 10 * time.Second}
		start := time.Now()
		var slow, quick, later [2]arrival
		var waits, arrives, comesLater deadlines
		a.begin(&slow[0], &waits)
		time.Sleep(4 * time.Second)
		a.begin(&quick[0], &arrives)
		a.begin(&later[0], &comesLater)
		if a.end(&quick[0]) {
			t.Error("a quick body is late")
		}
		time.Sleep(7 * time.Second)
		synctest.Wait()
		if !a.end(&slow[0]) || len(waits.set) != 1 || waits.set[0].Sub(start) != 10*time.Second {
			t.Errorf("the slow one has the deadlines %v", waits.set)
		}
		time.Sleep(3 * time.Second)
		synctest.Wait()
		if len(comesLater.set) != 1 || comesLater.set[0].Sub(start) != 14*time.Second || len(arrives.set) != 0 {
			t.Errorf("the later one has the deadlines %v, the quick one %v", comesLater.set, arrives.set)
		}
		if !a.end(&later[0]) || a.root.next != &a.root || a.isArmed {
			t.Error("something is left")
		}
		time.Sleep(time.Hour)
		a.begin(&slow[1], &waits)
		time.Sleep(time.Minute)
		synctest.Wait()
		if !a.end(&slow[1]) || len(waits.set) != 2 {
			t.Error("nobody looked any more")
		}
	})
}

// panics is a body that cannot be read.
type panics struct{}

func (panics) Read([]byte) (int, error) { panic("body") }
func (panics) Close() error             { return nil }

func TestArrivalsAfterAPanic(t *testing.T) {
	t.Parallel()
	h := &handler{maxBody: 10, arrivals: arrivals{limit: time.Second}}
	defer func() {
		if recover() == nil || h.arrivals.root.next != &h.arrivals.root {
			t.Error("the request is still waited for")
		}
	}()
	_, _ = h.readInTime(new(inbound), httptest.NewRecorder(), &http.Request{Body: panics{}}, "")
}
