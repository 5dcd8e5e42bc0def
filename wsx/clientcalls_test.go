package wsx

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"github.com/telestruct/telestruct/tp/wire"
)

// clientInFlight returns calls of which the given requests are in flight.
func clientInFlight(t testing.TB, requests ...string) (*clientCalls, []*clientCall) {
	t.Helper()
	c := newClientCalls((*DialOptions)(nil).withDefaults())
	c.socket = &socket{}
	var all []*clientCall
	for _, request := range requests {
		all = append(all, clientBegin(t, c, request))
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
	c.down(&CloseError{Code: CodeGoingAway, Reason: ReasonDrained}, false)
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
	c.down(errors.New("cut"), false)
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

// Who has lost a call to a connection after which the link rests can make another at once.
func TestCallAfterTheLast(t *testing.T) {
	t.Parallel()
	c, calls := clientInFlight(t, clientText)
	if _, err := c.begin([]byte(clientText)); err != nil {
		t.Fatal(err)
	}
	woken := 0
	c.wake = func() { woken++ }
	c.down(&CloseError{Code: CodePolicy}, true)
	if !calls[0].isSettled() || c.queue.Len() > 0 || woken > 0 {
		t.Errorf("%d calls wait, and the link was woken %d times", c.queue.Len(), woken)
	}
	if _, err := c.begin([]byte(clientText)); err != nil || c.queue.Len() != 1 || woken != 1 {
		t.Errorf("%v: %d calls wait, and the link was woken %d times; want 1 and once", err, c.queue.Len(), woken)
	}
}

// What a message is when there is an inbox: the answer to a call, one that comes twice, or
// a message like any other.
func TestAnswerOrMessage(t *testing.T) {
	t.Parallel()
	const failure = `[{},{"ErrorParseFailure_":{"reasons":[{"JsonInvalid":{}}]}}]`
	answer, stray, message := clientFate{settled: 1}, clientFate{strays: 1}, clientFate{received: 1}
	tests := []struct {
		name     string
		requests int
		data     func(id int64) string // id is the number of the last call
		want     clientFate
	}{
		{"answer", 2, func(id int64) string { return fmt.Sprintf(`[{"@id_":%d},{"Ok_":{}}]`, id) }, answer},
		{"answer in MessagePack", 2, func(id int64) string {
			b := wire.MessagePack.AppendInt([]byte("\x92\x81\xa4@id_"), id)
			return string(b) + "\x81\x00\x80"
		}, answer},
		{"next number", 2, func(id int64) string { return fmt.Sprintf(`[{"@id_":%d},{"Ok_":{}}]`, id+1) }, message},
		{"number before the first", 1, func(id int64) string { return fmt.Sprintf(`[{"@id_":%d},{"Ok_":{}}]`, id-1) }, message},
		{"small number", 1, withoutID(`[{"@id_":1},{"Ok_":{}}]`), message},
		{"no calls", 0, withoutID(`[{"@id_":1},{"Ok_":{}}]`), message},
		{"id of another", 1, withoutID(`[{"@id_":"x"},{"Ok_":{}}]`), message},
		{"without an id", 1, withoutID(`[{},{"Ok_":{}}]`), message},
		{"of a typed topic", 1, withoutID(`[{"@topic":"prices"},{"struct.Price":{"euro":1}}]`), message},
		{"text", 1, withoutID("hello"), message},
		{"empty", 1, withoutID(""), message},
		{"list", 1, withoutID("[1,2]"), message},
		{"refusal, one call", 1, withoutID(failure), answer},
		{"refusal, two calls", 2, withoutID(failure), message},
		{"refusal, no call", 0, withoutID(failure), message},
		{"text about a refusal", 1, withoutID(`[{},{"Ok_":{"text":"ErrorParseFailure_"}}]`), message},
		{"refusal on a topic", 1, withoutID(`[{"@topic":"room"},` + failure[4:]), message},
		{"broken refusal", 1, withoutID(failure + "]"), message},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c, received := clientWithInbox()
			for range tc.requests {
				clientBegin(t, c, clientText)
			}
			data := []byte(tc.data(c.lastID))
			c.message(Text, data)
			if got := clientFateOf(c, tc.requests, received); got != tc.want {
				t.Errorf("%q is %+v, want %+v", data, got, tc.want)
			}
		})
	}
	t.Run("refusal as bytes", func(t *testing.T) {
		t.Parallel()
		c, received := clientWithInbox()
		clientBegin(t, c, clientText)
		c.message(Binary, []byte(" "+failure))
		if got := clientFateOf(c, 1, received); got != message {
			t.Errorf("it is %+v, want %+v", got, message)
		}
	})
	t.Run("twice", func(t *testing.T) {
		t.Parallel()
		c, received := clientWithInbox()
		clientBegin(t, c, clientText)
		data := fmt.Appendf(nil, `[{"@id_":%d},{"Ok_":{}}]`, c.lastID)
		c.message(Text, data)
		c.message(Text, data)
		want := clientFate{settled: answer.settled, strays: stray.strays}
		if got := clientFateOf(c, 1, received); got != want {
			t.Errorf("%q twice is %+v, want %+v", data, got, want)
		}
	})
}

// withoutID returns the function of what needs no id.
func withoutID(s string) func(int64) string { return func(int64) string { return s } }

// clientFate is what has become of messages.
type clientFate struct{ settled, strays, received int }

// clientWithInbox returns calls whose inbox appends to received.
func clientWithInbox() (c *clientCalls, received *[]string) {
	c, received = newClientCalls((*DialOptions)(nil).withDefaults()), new([]string)
	c.receive(func(_ Kind, data []byte) { *received = append(*received, string(data)) })
	c.socket = &socket{}
	return c, received
}

// clientBegin makes a call and writes it.
func clientBegin(t testing.TB, c *clientCalls, request string) *clientCall {
	t.Helper()
	call, err := c.begin([]byte(request))
	if err != nil {
		t.Fatal(err)
	}
	if next, _ := c.next(); next.call != call {
		t.Fatal("another call is the next")
	}
	return call
}

// clientFateOf returns what has become of what came, after so many calls.
func clientFateOf(c *clientCalls, calls int, received *[]string) clientFate {
	return clientFate{settled: calls - c.flight.live(), strays: int(c.stats.Strays), received: len(*received)}
}

// Whatever a server sends settles one call at most, and that once; or it is in the inbox as
// it came, if there is one.
func FuzzAnswer(f *testing.F) {
	for _, seed := range []string{
		`[{"@id_":1},{"Ok_":{}}]`, `[ {"@a":0, "@id_" : 2 } , {"Ok_":{"@id_":1}}]`, `[{},{"Ok_":{}}]`, clientRefusal,
		`[{"@id_":1,"@id_":2},{"Ok_":{}}]`, `[{"@id_":1}`, "\x92\x81\xa4@id_\x01\x81\x00\x80", "\x82\xbf\x64@id_\x02\xff\xa1\x00\xa0",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, answer []byte) {
		c, calls := clientInFlight(t, `[{"@id_":{"k":["v"]}},{"fn.x":{}}]`, clientOne, clientText)
		settled, original := 0, bytes.Clone(answer)
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

		c, received := clientWithInbox()
		clientBegin(t, c, clientOne)
		c.message(Binary, bytes.Clone(original))
		fate := clientFateOf(c, 1, received)
		if fate.settled+fate.strays+fate.received != 1 || fate.received == 1 && (*received)[0] != string(original) {
			t.Errorf("with an inbox %q is %+v, and there is %q", original, fate, *received)
		}
	})
}

// What other clients can have a server pass on is no answer, not even to the only call and
// with its number.
func TestClientForgeries(t *testing.T) {
	t.Parallel()
	for _, forgery := range []struct {
		name string
		kind Kind
		data string
	}{
		{"of a topic", Text, `[{"@topic":"t","@id_":1},{"Ok_":{}}]`},
		{"of a topic, not first", Text, `[{"@id_":1,"@\u0074opic":"t"},{"Ok_":{}}]`},
		{"refusal of a topic", Text, `[{"@topic":"t"},{"ErrorParseFailure_":{}}]`},
		{"broken off", Text, `[{"@topic":"t"},`},
		{"binary of a topic", Binary, "\x92\x82\xa6@topic\xa1t\xa4@id_\x01\x81\xa3Ok_\x80"},
		{"text in bytes", Binary, ` [{"@id_":1},{"Ok_":{}}]`},
		{"refusal in bytes", Binary, ` [{},{"ErrorParseFailure_":{}}]`},
		{"bytes", Binary, "hello"},
	} {
		t.Run(forgery.name, func(t *testing.T) {
			t.Parallel()
			c, received := clientWithInbox()
			c.baseID, c.lastID = 0, 0
			clientBegin(t, c, clientText)
			c.message(forgery.kind, []byte(forgery.data))
			if got, want := clientFateOf(c, 1, received), (clientFate{received: 1}); got != want {
				t.Errorf("with an inbox it is %+v, want %+v", got, want)
			}
			c.inbox = nil
			c.message(forgery.kind, []byte(forgery.data))
			if got, want := clientFateOf(c, 1, received), (clientFate{received: 1, strays: 1}); got != want {
				t.Errorf("without an inbox it is %+v, want %+v", got, want)
			}
		})
	}
}
