package wsx_test

import (
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/telestruct/telestruct/wsx"
)

// TestModes08SilentPeer sees that who does not answer pings any more is gone, and who takes
// one large message slowly is not.
func TestModes08SilentPeer(t *testing.T) {
	t.Parallel()
	t.Run("gone", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			srv := wsx.NewServer()
			room := srv.NewTopic("room", wsx.WithPresence())
			causes := make(chan wsx.Disconnected, 1)
			seen := &ledger{}
			s := newSite(t, mux(map[string]*wsx.Endpoint{
				"/topic": srv.New(wsx.Room(room), wsx.Observe(seen)),
				"/actor": srv.New(wsx.Push(room), wsx.Observe(seen), wsx.Actor(wsx.Start(0),
					wsx.On(func(_ *wsx.Conn, d wsx.Disconnected, n int) (int, error) { causes <- d; return n, nil }))),
			}))
			for _, path := range []string{"/topic", "/actor"} {
				p := s.dial("Path: " + path)
				synctest.Wait()
				if got := len(room.Present()); got != 1 {
					t.Errorf("%s: %d are present, want 1", path, got)
				}
				p.want(fin|opPing, "")
				p.send(fin|opPong, "")
				pinged := time.Now()
				p.want(fin|opPing, "") // and now what the client sends is lost
				every := time.Since(pinged)
				_ = room.Text(t.Context(), "still there?")
				p.want(fin|opText, "still there?") // to take messages is no answer
				p.wantEnd()
				if took := time.Since(pinged); took != every+10*time.Second || every > 27500*time.Millisecond {
					t.Errorf("%s: gone %v after an answer, pings %v apart", path, took, every)
				}
				synctest.Wait()
				if got := len(room.Present()) + len(srv.Clients("")); got != 0 {
					t.Errorf("%s: still listed", path)
				}
			}
			if got := fmt.Sprint(seen.closedCodes()); got != "[1006 1006]" {
				t.Errorf("closed with %s", got)
			}
			if d := <-causes; d.Cause != wsx.CauseSilent || d.Code != wsx.CodeAbnormal {
				t.Errorf("the actor was told %v and code %d, want silent and 1006", d.Cause, d.Code)
			}
		})
	})
	t.Run("slow", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			srv := wsx.NewServer()
			room := srv.NewTopic("room")
			p := newSite(t, srv.New(wsx.Push(room))).dial()
			synctest.Wait()
			large := strings.Repeat("0123456789abcdef", 2<<20/16)
			if err := room.Text(t.Context(), large); err != nil {
				t.Fatal(err)
			}
			start := time.Now()
			got := make([]byte, 10+len(large)) // with the header
			for piece := got; len(piece) > 0; {
				n := min(len(piece), 32<<10)
				time.Sleep(time.Second)
				if _, err := io.ReadFull(p.in, piece[:n]); err != nil {
					t.Fatalf("after %v: %v", time.Since(start), err)
				}
				piece = piece[n:]
			}
			if n := binary.BigEndian.Uint64(got[2:]); n != uint64(len(large)) || string(got[10:]) != large {
				t.Error("the message is another one")
			}
			if took := time.Since(start); took < time.Minute {
				t.Errorf("took %v, which is less than two pings", took)
			}
			p.want(fin|opPing, "")
			p.send(fin|opPong, "")
			_ = room.Text(t.Context(), "next")
			p.want(fin|opText, "next")
		})
	})
}
