package wsx_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/wsx"
)

// TestHeartbeat sees how often pings come, while the client answers them.
func TestHeartbeat(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newSite(t, wsx.Handler(build(t))).dial()
		last := time.Now()
		for i := range 20 {
			p.want(fin|opPing, "")
			p.send(fin|opPong, "")
			every := time.Since(last)
			least, most := 22500*time.Millisecond, 27500*time.Millisecond
			if i == 0 { // connections that were made together do not stay together
				least, most = 12500*time.Millisecond, 25*time.Second
			}
			if every < least || every > most {
				t.Errorf("ping %d came after %v, want %v to %v", i, every, least, most)
			}
			last = time.Now()
		}
	})
}

// TestHeartbeatAnswers sees what keeps a connection alive, and what does not.
func TestHeartbeatAnswers(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		answer func(p *peer)
		lives  bool
	}{
		{"nothing", func(*peer) {}, false},
		{"pong", func(p *peer) { p.send(fin|opPong, "") }, true},
		{"another pong", func(p *peer) { p.send(fin|opPong, "another") }, true},
		{"ping", func(p *peer) { p.send(fin|opPing, "") }, true},
		{"call", func(p *peer) { p.send(fin|opText, greetAnn) }, true},
		{"late pong", func(p *peer) { time.Sleep(9 * time.Second); p.send(fin|opPong, "") }, true},
		{"too late", func(p *peer) { time.Sleep(11 * time.Second); p.try(masked(fin|opPong, "")) }, false},
		{"half a pong", func(p *peer) { p.write(masked(fin|opPong, "")[:3]) }, false},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				seen := &ledger{}
				p := newSite(t, wsx.Handler(build(t), wsx.Observe(seen))).dial()
				p.want(fin|opPing, "")
				answered := make(chan struct{})
				go func() { defer close(answered); tc.answer(p) }()
				defer func() { <-answered }()
				start := time.Now()
				next := p.hearUntil(fin | opPing)
				if lives := next.op != 0; lives != tc.lives {
					t.Errorf("the connection lives: %v, want %v", lives, tc.lives)
				}
				if took := time.Since(start); !tc.lives && took != 10*time.Second {
					t.Errorf("it was cut after %v, want 10s", took)
				}
				synctest.Wait()
				if codes := seen.closedCodes(); !tc.lives && (len(codes) != 1 || codes[0] != 1006) {
					t.Errorf("closed with %v, want 1006", codes)
				}
			})
		})
	}
}

// TestPongDelay sees how long answers are said to take.
func TestPongDelay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := wsx.NewServer()
		p := newSite(t, srv.New()).dial()
		synctest.Wait()
		delay := func() time.Duration {
			synctest.Wait()
			return srv.Clients("")[0].PongDelay
		}
		p.send(fin|opPong, "") // which nobody has asked for
		if got := delay(); got != 0 {
			t.Errorf("at first it took %v", got)
		}
		for _, want := range []time.Duration{3 * time.Second, time.Millisecond} {
			p.want(fin|opPing, "")
			time.Sleep(want)
			p.send(fin|opPong, "")
			time.Sleep(time.Second)
			p.send(fin|opPong, "")
			if got := delay(); got != want {
				t.Errorf("it took %v, want %v", got, want)
			}
		}
	})
}

// TestHeartbeatWaitsForUs sees that nobody is cut off because we do not read.
func TestHeartbeatWaitsForUs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGate()
		p := newSite(t, wsx.Handler(g.server(t, tp.MaxTime(time.Hour)), wsx.MaxInFlight(1))).dial()
		p.send(fin|opText, request("greet", "a"))
		p.want(fin|opPing, "")
		answered := make(chan struct{})
		go func() { defer close(answered); p.send(fin|opPong, "") }() // which is not read
		time.Sleep(5 * time.Minute)
		close(g.open)
		p.want(fin|opText, answer("a"))
		<-answered
		p.want(fin|opPing, "")
		p.send(fin|opPong, "")
		p.want(fin|opPing, "")
		p.wantEnd()
	})
}

// TestHeartbeatWaitsForWrites sees that the time for an answer begins when the ping has
// left, not when it waits behind a message that the client takes slowly.
func TestHeartbeatWaitsForWrites(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newSite(t, wsx.Handler(build(t), wsx.MaxMessage(4<<20), wsx.WriteTimeout(time.Minute))).dial()
		p.send(fin|opText, greetAnn)
		time.Sleep(50 * time.Second) // the answer is being written; a ping is due
		p.want(fin|opText, greetedAnn)
		p.want(fin|opPing, "")
		time.Sleep(9 * time.Second)
		p.send(fin|opPong, "")
		p.want(fin|opPing, "")
	})
}

// TestSlowUpload sends one message for longer than a ping may take.
func TestSlowUpload(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newSite(t, wsx.Handler(build(t), wsx.MessageTimeout(5*time.Minute))).dial()
		pings := make(chan heard, 100)
		go func() {
			for {
				h, err := p.next()
				if pings <- h; err != nil || h.op != fin|opPing {
					return
				}
			}
		}()
		for _, b := range masked(fin|opText, greetAnn) {
			p.write([]byte{b})
			time.Sleep(2 * time.Second)
		}
		for h := range pings {
			if h.op != fin|opPing {
				if h.payload != greetedAnn {
					t.Errorf("heard %v", h)
				}
				break
			}
		}
	})
}
