package wsx_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/telestruct/telestruct/wsx"
)

// unpinged keeps pings out of tests in real time, on machines that are busy.
func unpinged() wsx.Option { return wsx.Heartbeat(time.Hour, time.Minute) }

// TestModes01Chatroom has three clients in a room, who all get what one of them says.
func TestModes01Chatroom(t *testing.T) {
	t.Parallel()
	server := wsx.NewServer()
	s := newSite(t, server.New(wsx.Room(server.NewTopic("chat")), unpinged()))
	all := []*peer{s.dial(), s.dial(), s.dial()}
	everybodyHears := func(t *testing.T, from *peer, op byte, payload string) {
		t.Helper()
		from.send(op, payload)
		for _, p := range all {
			p.want(op, payload)
		}
	}
	t.Run("mixed", func(t *testing.T) {
		for i, message := range []string{"hello", "", "grüß dich", `[1,"x"]`, "\x00", strings.Repeat("long ", 1000)} {
			everybodyHears(t, all[i%3], fin|opText, message)
			everybodyHears(t, all[(i+1)%3], fin|opBinary, message+"\xff")
		}
	})
	t.Run("10 MB", func(t *testing.T) {
		const piece = 64 << 10
		for i := range (10 << 20) / piece {
			bytes := strings.Repeat("\xff\x00\x80"+string(rune(i)), piece)[:piece]
			everybodyHears(t, all[i%3], fin|opBinary, bytes)
		}
	})
	t.Run("invalid text", func(t *testing.T) {
		all[2].send(fin|opText, "\xff")
		all[2].wantClose(1007, wsx.ReasonInvalidText)
		all = all[:2]
		everybodyHears(t, all[0], fin|opText, "still here")
	})
	t.Run("one leaves", func(t *testing.T) {
		all[1].cut()
		all = all[:1]
		everybodyHears(t, all[0], fin|opText, "alone")
	})
}

// TestModes02Feed sees that clients of a feed only listen, and miss nothing.
func TestModes02Feed(t *testing.T) {
	t.Parallel()
	t.Run("clients change nothing", func(t *testing.T) {
		t.Parallel()
		server := wsx.NewServer()
		news := server.NewTopic("news")
		publish(t, news, "before anybody is there")
		s := newSite(t, server.New(wsx.Push(news)))
		ann, bob := s.dial(), s.dial()
		ann.send(fin|opText, "is anybody there?")
		ann.send(fin|opBinary, "\x00")
		publish(t, news, "news")
		ann.want(fin|opText, "news")
		bob.want(fin|opText, "news")
	})
	t.Run("history", func(t *testing.T) {
		t.Parallel()
		server := wsx.NewServer()
		news := server.NewTopic("news", wsx.History(3, time.Hour))
		s := newSite(t, server.New(wsx.Push(news), wsx.Replay(2)))
		s.dial().cut() // nothing is there yet
		for _, text := range []string{"a", "b", "c"} {
			publish(t, news, text)
		}
		p := s.dial()
		publish(t, news, "d")
		p.want(fin|opText, "b")
		p.want(fin|opText, "c")
		p.want(fin|opText, "d")
	})
	t.Run("under load", func(t *testing.T) {
		t.Parallel()
		const clients = 20
		server := wsx.NewServer()
		news := server.NewTopic("news", wsx.History(1000, 0))
		s := newSite(t, server.New(wsx.Push(news), wsx.Replay(400), wsx.Queue(1<<20, 1<<30), unpinged()))
		var all sync.WaitGroup
		last, there := 0, make(chan struct{})
		all.Go(func() {
			for isOver := false; !isOver; {
				select {
				case <-there:
					isOver = true
				default:
				}
				last++
				publish(t, news, strconv.Itoa(last))
			}
			publish(t, news, "end")
		})
		ends := make([]int, clients)
		for i := range clients {
			p := s.dial()
			all.Go(func() { ends[i] = hearsNumbers(t, p) })
		}
		close(there)
		all.Wait()
		for i, end := range ends {
			if end != last {
				t.Errorf("client %d heard the numbers to %d, want %d", i, end, last)
			}
		}
	})
}

// hearsNumbers fails unless a client hears numbers in their order. It returns the last one
// before something else.
func hearsNumbers(t *testing.T, p *peer) (last int) {
	for {
		h, err := p.next()
		n, notANumber := strconv.Atoi(h.payload)
		switch {
		case err != nil || last != 0 && notANumber == nil && n != last+1:
			t.Errorf("heard %v, %v after %d", h, err, last)
			return last
		case notANumber != nil:
			return last
		}
		last = n
	}
}

// TestModes06SlowClient has one client of many that reads nothing.
func TestModes06SlowClient(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		policy wsx.SlowPolicy
		heard  []string // by the slow one, once it reads
		closed bool
		lost   int
	}{
		{"close", wsx.CloseSlow(), []string{"1"}, true, 0},
		{"drop the oldest", wsx.DropOldest(), []string{"1", "100", "end"}, false, 98},
		{"drop the new", wsx.DropNew(), []string{"1", "2", "3"}, false, 98},
		{"keep the latest", wsx.KeepLatest(func(m wsx.Message) string { return string(m.Data[len(m.Data)-1]) }), []string{"1", "100", "end"}, false, 98},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				const messages = 100
				seen := new(ledger)
				server := wsx.NewServer()
				news := server.NewTopic("news")
				s := newSite(t, server.New(wsx.Push(news), wsx.OnSlow(tc.policy), wsx.Queue(2, 1<<20), wsx.Observe(seen)))
				slow := s.dial()
				var others sync.WaitGroup
				for range 100 {
					p := s.dial()
					others.Go(func() {
						if last := hearsNumbers(t, p); last != messages {
							t.Errorf("heard %d messages, want %d", last, messages)
						}
					})
				}
				for i := range messages {
					start := time.Now()
					publish(t, news, strconv.Itoa(i+1))
					if took := time.Since(start); took != 0 {
						t.Errorf("publishing waited for %v", took)
					}
					synctest.Wait() // the others keep up
				}
				publish(t, news, "end")
				others.Wait()
				for _, text := range tc.heard {
					slow.want(fin|opText, text)
				}
				if tc.closed {
					slow.wantClose(1013, "slow")
				} else {
					publish(t, news, "again")
					slow.want(fin|opText, "again")
				}
				synctest.Wait()
				if closed := slices.Equal(seen.closedCodes(), []int{1013}); closed != tc.closed {
					t.Errorf("closed with %v", seen.closedCodes())
				}
				if lost := seen.dropped[wsx.DropSlow]; lost != tc.lost {
					t.Errorf("%d messages are lost, want %d", lost, tc.lost)
				}
			})
		})
	}
}

// TestSlowAcrossPublishers sees that many who publish at the same time do not mix up the
// order for anybody, nor hold each other up.
func TestSlowAcrossPublishers(t *testing.T) {
	t.Parallel()
	const publishers, messages = 4, 500
	server := wsx.NewServer()
	chat := server.NewTopic("chat")
	s := newSite(t, server.New(wsx.Push(chat), wsx.Queue(publishers*messages, 1<<20), unpinged()))
	peers := []*peer{s.dial(), s.dial(), s.dial()}
	var all sync.WaitGroup
	for i := range publishers {
		all.Go(func() {
			for j := range messages {
				publish(t, chat, fmt.Sprint(i, j))
			}
		})
	}
	heard := make([][]string, len(peers))
	for i, p := range peers {
		all.Go(func() {
			for range publishers * messages {
				h, err := p.next()
				if err != nil {
					t.Error(err)
					return
				}
				heard[i] = append(heard[i], h.payload)
			}
		})
	}
	all.Wait()
	for i := range peers {
		if !slices.Equal(heard[i], heard[0]) {
			t.Errorf("client %d heard the messages in another order than the first", i)
		}
	}
	slices.SortStableFunc(heard[0], func(a, b string) int { return int(a[0]) - int(b[0]) })
	if got := heard[0]; len(got) != publishers*messages || got[messages-1] != fmt.Sprint(0, messages-1) || got[messages] != "1 0" {
		t.Errorf("%d messages in wrong order", len(got))
	}
}
