package wsx_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/wsx"
)

// ledger notes what an observer is told.
type ledger struct {
	mu                sync.Mutex
	opened            int
	closed, refused   []int
	received, sent    int
	bytesIn, bytesOut int
	deepest           int
	kinds             map[string]int // "in text", "out control" and so on
	dropped           map[string]int
	handled           []time.Duration
}

func (l *ledger) ConnectionOpened() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.opened++
}

func (l *ledger) ConnectionClosed(code int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = append(l.closed, code)
}

func (l *ledger) UpgradeRefused(status int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refused = append(l.refused, status)
}

func (l *ledger) MessageReceived(kind string, bytes int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	count(&l.kinds, "in "+kind, 1)
	l.received++
	l.bytesIn += bytes
}

func (l *ledger) MessagesDropped(reason string, messages int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	count(&l.dropped, reason, messages)
}

func count(counts *map[string]int, what string, n int) {
	if *counts == nil {
		*counts = map[string]int{}
	}
	(*counts)[what] += n
}

func (l *ledger) MessageHandled(took time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.handled = append(l.handled, took)
}

func (l *ledger) MessagesSent(kind string, messages, bytes int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	count(&l.kinds, "out "+kind, messages)
	l.sent += messages
	l.bytesOut += bytes
}

func (l *ledger) QueueDepth(messages int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.deepest = max(l.deepest, messages)
}

func (l *ledger) closedCodes() []int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.closed)
}

func TestObserver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		seen := &ledger{}
		s := newSite(t, wsx.Handler(build(t), wsx.Observe(seen)))
		s.refused("Origin: https://evil.example")
		s.refused("Sec-WebSocket-Key: twice")
		p := s.dial()
		for range 2 {
			p.send(fin|opText, greetAnn)
			p.want(fin|opText, greetedAnn)
		}
		p.send(fin|opClose, closing(4001, ""))
		p.want(fin|opClose, closing(4001, ""))
		p.wantEnd()
		synctest.Wait()
		s.dial().cut()
		synctest.Wait()
		got := fmt.Sprint(seen.opened, seen.closed, seen.refused, seen.received, seen.bytesIn, seen.sent, seen.bytesOut, seen.deepest)
		want := fmt.Sprint(2, []int{4001, 1006}, []int{403, 400}, 2, 2*len(greetAnn), 3, 2*len(greetedAnn)+4+4, 1)
		if got != want {
			t.Errorf("told %s, want %s", got, want)
		}
	})
}

// TestObserverOfModes sees what is told of topics and actors.
func TestObserverOfModes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		seen := &ledger{}
		srv := wsx.NewServer()
		room := srv.NewTopic("room")
		s := newSite(t, mux(map[string]*wsx.Endpoint{
			"/room": srv.New(wsx.Room(room), wsx.Observe(seen)),
			"/feed": srv.New(wsx.Push(room), wsx.Observe(seen)),
			"/actor": srv.New(wsx.Observe(seen), wsx.Actor(wsx.Start(0), wsx.On(func(_ *wsx.Conn, text string, n int) (int, error) {
				time.Sleep(time.Second)
				return n, nil
			}))),
		}))
		member, reader, guest := s.dial("Path: /room"), s.dial("Path: /feed"), s.dial("Path: /actor")
		synctest.Wait()
		member.send(fin|opBinary, "1234")
		reader.send(fin|opText, "nobody hears it")
		guest.send(fin|opText, "wait")
		guest.send(fin|opBinary, "for which there is no rule")
		for _, p := range []*peer{member, reader} {
			p.want(fin|opBinary, "1234")
			p.send(fin|opPing, "")
			p.want(fin|opPong, "")
		}
		time.Sleep(2 * time.Second)
		seen.mu.Lock()
		defer seen.mu.Unlock()
		if diff := cmp.Diff(map[string]int{"in text": 2, "in binary": 2, "out binary": 2, "out control": 2}, seen.kinds); diff != "" {
			t.Errorf("messages (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(map[string]int{wsx.DropUnheard: 2}, seen.dropped); diff != "" {
			t.Errorf("dropped (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]time.Duration{time.Second}, seen.handled); diff != "" {
			t.Errorf("handled (-want +got):\n%s", diff)
		}
	})
}

// TestPanickingObserver sees that an observer cannot harm the calls.
func TestPanickingObserver(t *testing.T) {
	t.Parallel()
	s := newSite(t, wsx.Handler(build(t), wsx.Observe(panicking{})))
	s.refused("Origin: https://evil.example")
	p := s.dial()
	p.send(fin|opText, greetAnn)
	p.want(fin|opText, greetedAnn)
}

type panicking struct{}

func (panicking) ConnectionOpened()             { panic("opened") }
func (panicking) ConnectionClosed(int)          { panic("closed") }
func (panicking) UpgradeRefused(int)            { panic("refused") }
func (panicking) MessageReceived(string, int)   { panic("received") }
func (panicking) MessagesSent(string, int, int) { panic("sent") }
func (panicking) MessagesDropped(string, int)   { panic("dropped") }
func (panicking) MessageHandled(time.Duration)  { panic("handled") }
func (panicking) QueueDepth(int)                { panic("depth") }
