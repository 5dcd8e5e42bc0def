package wsx_test

import (
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/telestruct/telestruct/wsx"
)

// TestNeverReads has a client that sends calls and takes no answers.
func TestNeverReads(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		seen := &ledger{}
		s := newSite(t, wsx.Handler(build(t), wsx.Observe(seen)))
		p, other := s.dial(), s.dial()
		start := time.Now()
		p.send(fin|opText, greetAnn)
		synctest.Wait() // its answer is being written, alone
		sent := 1
		for { // what comes when the connection is about to be cut off may be read, and dropped
			if _, err := p.conn.Write(masked(fin|opText, greetAnn)); err != nil {
				break
			}
			if time.Since(start) < 10*time.Second {
				sent++
			}
		}
		if got := time.Since(start); got != 10*time.Second {
			t.Errorf("cut off after %v, want 10s", got)
		}
		if sent < 256 || sent > 256+64+2 {
			t.Errorf("%d calls were read, want no more than may wait and run", sent)
		}
		other.asks(greetAnn, greetedAnn)
		synctest.Wait()
		if got := fmt.Sprint(seen.closedCodes()); got != "[1013]" || seen.deepest != 256 {
			t.Errorf("closed with %s after %d messages waited, want [1013] and 256", got, seen.deepest)
		}
	})
}

// TestPingFlood has a client that sends pings and takes no pongs.
func TestPingFlood(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		seen := &ledger{}
		p := newSite(t, wsx.Handler(build(t), wsx.Observe(seen), wsx.Queue(8, 1000))).dial()
		p.send(fin|opPing, "x")
		synctest.Wait()   // its pong is being written
		for range 8 + 1 { // one is too many
			p.send(fin|opPing, "x")
		}
		synctest.Wait()
		p.want(fin|opPong, "x")
		p.want(fin|opClose, closing(1013, wsx.ReasonSlow))
		p.cut()
		synctest.Wait()
		if got := fmt.Sprint(seen.closedCodes()); got != "[1013]" {
			t.Errorf("closed with %s, want [1013]", got)
		}
	})
}

// TestSlowReader takes a large answer slowly, which is nothing to be cut off for.
func TestSlowReader(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newSite(t, wsx.Handler(build(t), wsx.MaxMessage(2<<20))).dial()
		long := strings.Repeat("a", 1<<20)
		p.send(fin|opText, `[{},{"fn.greet":{"subject":"`+long+`"}}]`)
		want := `[{},{"Ok_":{"message":"Hello ` + long + `!"}}]`
		got := make([]byte, 10+len(want))
		for i := range 4 {
			time.Sleep(9 * time.Second)
			piece := min(256<<10, len(got)-i*256<<10)
			if i == 3 {
				piece = len(got) - 3*256<<10
			}
			if _, err := io.ReadFull(p.in, got[i*256<<10:][:piece]); err != nil {
				t.Fatal(err)
			}
		}
		if string(got[10:]) != want {
			t.Error("the answer is another one")
		}
	})
}

// packed packs a message as permessage-deflate has it.
func packed(t testing.TB, write func(w io.Writer)) string {
	t.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	write(w)
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(b.String(), "\x00\x00\xff\xff")
}

const offersDeflate = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"

func TestCompression(t *testing.T) {
	t.Parallel()
	s := newSite(t, wsx.Handler(build(t), wsx.Compression()))
	response, p := s.ask(offersDeflate)
	defer p.cut()
	if got := response.Header.Get("Sec-WebSocket-Extensions"); !strings.HasPrefix(got, "permessage-deflate") {
		t.Fatalf("extensions = %q", got)
	}
	for _, name := range []string{"Ann", strings.Repeat("Ann", 1000), strings.Repeat("Bob", 900)} {
		request := `[{},{"fn.greet":{"subject":"` + name + `"}}]`
		want := `[{},{"Ok_":{"message":"Hello ` + name + `!"}}]`
		p.send(fin|rsv1|opText, packed(t, func(w io.Writer) { _, _ = io.WriteString(w, request) }))
		got := p.hear()
		if len(want) < 512 {
			if got != (heard{fin | opText, want}) {
				t.Errorf("heard %v, want it plain", got)
			}
			continue
		}
		plain, err := io.ReadAll(io.LimitReader(flate.NewReader(strings.NewReader(got.payload+"\x00\x00\xff\xff")), int64(len(want))))
		if err != nil || got.op != fin|rsv1|opText || string(plain) != want {
			t.Errorf("heard %#x with %d bytes, %v", got.op, len(got.payload), err)
		}
		if len(got.payload) > 200 {
			t.Errorf("packed into %d bytes", len(got.payload))
		}
		p.asks(greetAnn, greetedAnn) // what is not packed passes as well
	}
	s.dial().asks(greetAnn, greetedAnn) // and who does not offer it
	plain := newSite(t, wsx.Handler(build(t)))
	if response, p := plain.ask(offersDeflate); response.Header.Get("Sec-WebSocket-Extensions") != "" {
		t.Error("compression is on by default")
	} else {
		p.cut()
	}
}

// TestPackedZeros sends 1 GiB of zeros in one message.
func TestPackedZeros(t *testing.T) {
	t.Parallel()
	mebibyte := packed(t, func(w io.Writer) { _, _ = w.Write(make([]byte, 1<<20)) })
	bomb := strings.Repeat(mebibyte+"\x00\x00\xff\xff", 1<<10)
	p := newSite(t, wsx.Handler(build(t), wsx.Compression())).dial(offersDeflate)
	go p.try(masked(fin|rsv1|opText, bomb))
	p.want(fin|opClose, closing(1009, wsx.ReasonTooBig))
	p.cut()
}

func TestPackedGarbage(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		send []part
		code int
		text string
	}{
		{"no deflate", []part{{fin | rsv1 | opText, "\xff\xff\xff\xff\xff"}}, 1002, wsx.ReasonProtocolError},
		{"not UTF-8", []part{{fin | rsv1 | opText, packed(t, func(w io.Writer) { _, _ = w.Write([]byte{0xff}) })}}, 1007, wsx.ReasonInvalidText},
		{"packed continuation", []part{{opText, "["}, {fin | rsv1 | opContinuation, "x"}}, 1002, wsx.ReasonProtocolError},
		{"packed ping", []part{{fin | rsv1 | opPing, "x"}}, 1002, wsx.ReasonProtocolError},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := newSite(t, wsx.Handler(build(t), wsx.Compression())).dial(offersDeflate)
				for _, f := range tc.send {
					p.send(f.op, f.payload)
				}
				p.want(fin|opClose, closing(tc.code, tc.text))
			})
		})
	}
}

// TestBrokenPackedMessage cuts the connection in the middle of a packed message, which
// must not run.
func TestBrokenPackedMessage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		seen := &ledger{}
		g := newGate()
		p := newSite(t, wsx.Handler(g.server(t), wsx.Compression(), wsx.Observe(seen))).dial(offersDeflate)
		message := masked(fin|rsv1|opText, packed(t, func(w io.Writer) {
			_, _ = io.WriteString(w, request("greet", "a"))
			_ = w.(*flate.Writer).Flush()
			_, _ = io.WriteString(w, strings.Repeat(" ", 1000))
		}))
		p.write(message[:len(message)-2])
		p.cut()
		synctest.Wait()
		if len(g.entered) > 0 || seen.received > 0 {
			t.Errorf("%d calls ran, %d messages were received, want none", len(g.entered), seen.received)
		}
	})
}
