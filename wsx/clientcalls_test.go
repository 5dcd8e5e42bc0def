package wsx

import (
	"errors"
	"testing"
)

// clientInFlight returns calls of which the given requests are in flight.
func clientInFlight(t testing.TB, requests ...string) (*clientCalls, []*clientCall) {
	t.Helper()
	c := newClientCalls((*DialOptions)(nil).withDefaults())
	c.socket = &socket{}
	var all []*clientCall
	for _, request := range requests {
		call, err := c.begin([]byte(request))
		if err != nil {
			t.Fatal(err)
		}
		if next, _ := c.next(); next.call != call {
			t.Fatal("another call is the next")
		}
		all = append(all, call)
	}
	return c, all
}

// Calls that go back to the queue keep their order, in front of those that were there.
func TestCallsGoBack(t *testing.T) {
	t.Parallel()
	c, _ := clientInFlight(t, clientText, clientText, clientText)
	if _, err := c.begin([]byte(clientText)); err != nil {
		t.Fatal(err)
	}
	c.down(&CloseError{Code: CodeGoingAway, Reason: ReasonDrained})
	c.socket = &socket{}
	for want := range int64(4) {
		if next, _ := c.next(); next.call.id != want+1 {
			t.Errorf("call %d is the next, want %d", next.call.id, want+1)
		}
	}
	if got := c.counts().Resent; got != 3 {
		t.Errorf("resent %d, want 3", got)
	}
}

// A stop waits for the calls that are sent again, also while others are lost.
func TestStopWaitsForUnsent(t *testing.T) {
	t.Parallel()
	c, calls := clientInFlight(t, clientText, clientText)
	calls[1].isUnsent = true
	idle := c.stop()
	c.down(errors.New("cut"))
	select {
	case <-idle:
		t.Error("a stop does not wait for the call that is sent again")
	default:
	}
	if lost, ok := errors.AsType[*CallLostError](calls[0].err); !calls[0].isSettled() || !ok || !lost.MayHaveRun {
		t.Errorf("the call that was sent has the error %v, want a lost call that may have run", calls[0].err)
	}
	c.giveUp(calls[1], ErrClientStopped)
	<-idle
	if lost, ok := errors.AsType[*CallLostError](calls[1].err); !ok || lost.MayHaveRun {
		t.Errorf("the call that was not sent has the error %v, want a lost call that has not run", calls[1].err)
	}
}

// Whatever a server sends settles one call at most, and that once.
func FuzzAnswer(f *testing.F) {
	for _, seed := range []string{
		`[{"@id_":1},{"Ok_":{}}]`, `[ {"@a":0, "@id_" : 2 } , {"Ok_":{"@id_":1}}]`, `[{},{"Ok_":{}}]`, clientRefusal,
		`[{"@id_":1,"@id_":2},{"Ok_":{}}]`, `[{"@id_":1}`, "\x92\x81\xa4@id_\x01\x81\x00\x80", "\x82\xbf\x64@id_\x02\xff\xa1\x00\xa0",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, answer []byte) {
		c, calls := clientInFlight(t, `[{"@id_":{"k":["v"]}},{"fn.x":{}}]`, clientOne, clientText)
		settled := 0
		c.message(Text, answer)
		for _, call := range calls {
			if call.isSettled() {
				settled++
				if _, err := call.response(); err != nil {
					t.Errorf("%q makes the error %v", answer, err)
				}
			}
		}
		if strays := int(c.stats.Strays); settled+strays != 1 {
			t.Errorf("%q settles %d calls, and is %d strays", answer, settled, strays)
		}
	})
}
