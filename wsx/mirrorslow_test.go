package wsx_test

import (
	"bufio"
	"io"
	"net"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/telestruct/telestruct/tp/mirror"
	"github.com/telestruct/telestruct/wsx"
)

// TestMirrorSlow sees that a client that reads nothing for a while gets the newest state then,
// and what comes after it; and that the others get everything meanwhile.
func TestMirrorSlow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		seen := new(ledger)
		l := newLamps(t, nil, wsx.MirrorOutbox(mirror.OutboxOptions{Frames: 3}), wsx.Observe(seen))
		second := hostLamp(t, l.session)
		slow, quick := l.dial(), l.dial()
		for range 2 {
			slow.hear()
			quick.hear()
		}
		for rev := range 20 {
			l.set(int64(rev))
			quick.want(fin|opText, sets(rev+1, rev))
		}
		synctest.Wait()
		if c := l.sockets.Clients("")[0]; c.QueueLength > 3 || c.Dropped != 19 {
			t.Errorf("%d frames wait, and %d were dropped, want 19", c.QueueLength, c.Dropped)
		}
		slow.want(fin|opText, sets(1, 0)) // was being written
		slow.want(fin|opText, shows(20, 19))
		l.set(20)
		slow.want(fin|opText, sets(21, 20))
		quick.want(fin|opText, sets(21, 20))
		if err := second.Replace(lampAt(1)); err != nil {
			t.Error(err)
		}
		slow.want(fin|opText, strings.Replace(sets(1, 1), `"id":1`, `"id":2`, 1))
		synctest.Wait()
		if c := l.sockets.Clients("")[0]; c.Dropped != 19 || seen.dropped[wsx.DropSlow] != 19 {
			t.Errorf("%d and %d frames were dropped, want 19", c.Dropped, seen.dropped[wsx.DropSlow])
		}
	})
}

// TestMirrorSlowModels sees that all models that have changed meanwhile are sent, one by one.
func TestMirrorSlowModels(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLamps(t, nil, wsx.Queue(2, 1000))
		models := []*mirror.Untyped{l.model}
		for range 4 {
			models = append(models, hostLamp(t, l.session))
		}
		p := l.dial()
		for range models { // however little may wait, a client can connect
			p.hear()
		}
		for n := range 3 {
			for _, m := range models {
				if err := m.Replace(lampAt(int64(n))); err != nil {
					t.Error(err)
				}
			}
			time.Sleep(time.Second)
		}
		for i := range models { // were being written
			p.want(fin|opText, strings.Replace(sets(1, 0), `"id":1`, `"id":`+string(rune('1'+i)), 1))
		}
		for i := range models {
			p.want(fin|opText, strings.Replace(shows(3, 2), `"id":1`, `"id":`+string(rune('1'+i)), 1))
		}
	})
}

func TestMirrorCloseSlow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLamps(t, nil, wsx.MirrorOutbox(mirror.OutboxOptions{Frames: 3, Slow: mirror.CloseSlow}))
		slow, quick := l.dial(), l.dial()
		slow.hear()
		quick.hear()
		for rev := range 10 {
			l.set(int64(rev))
			quick.want(fin|opText, sets(rev+1, rev))
		}
		slow.want(fin|opText, sets(1, 0)) // was being written
		slow.wantClose(1013, wsx.ReasonSlow)
		back := l.dialFor("/?since=%7B%221%22%3A9%7D")
		back.want(fin|opText, sets(10, 9))
	})
}

// TestMirrorSlowRejects sees that rejects are never dropped: who does not take them is closed.
func TestMirrorSlowRejects(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLamps(t, nil, wsx.MirrorOutbox(mirror.OutboxOptions{Frames: 3}))
		p := l.dial()
		p.hear()
		for range 3 {
			p.send(fin|opText, proposes(100))
		}
		synctest.Wait()
		l.set(1)
		time.Sleep(time.Second)
		for range 3 {
			for h := p.hear(); h.payload != rejects(0, "too bright"); h = p.hear() {
				if h.op != fin|opText {
					t.Fatalf("heard %v", h)
				}
			}
		}
		// The patch, unless it was dropped to make room for a reject.
		if h := p.hear(); h.payload != sets(1, 1) && h.payload != shows(1, 1) {
			t.Fatalf("heard %v", h)
		}
		for range 10 {
			p.send(fin|opText, proposes(100))
		}
		if h := p.hearUntil(fin | opClose); h.payload != closing(1013, wsx.ReasonSlow) {
			t.Errorf("heard %v", h)
		}
	})
}

// TestMirrorSilent sees that a client that takes nothing at all is cut off.
func TestMirrorSilent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		seen := new(ledger)
		l := newLamps(t, nil, wsx.MirrorOutbox(mirror.OutboxOptions{Frames: 1}), wsx.Observe(seen))
		p := l.dial()
		p.hear()
		for n := range 100 {
			l.set(int64(n % 90))
			time.Sleep(time.Second)
		}
		synctest.Wait()
		if len(seen.closed) != 1 || seen.closed[0] != wsx.CodeSlow {
			t.Errorf("closed with %v", seen.closed)
		}
	})
}

// TestMirrorOverTCP sees the same on a real socket, whose buffers have to fill up first.
func TestMirrorOverTCP(t *testing.T) {
	t.Parallel()
	l := newLamps(t, nil, wsx.FlushEvery(time.Millisecond), wsx.WriteTimeout(time.Hour), unpinged())
	web := httptest.NewServer(l.serve)
	defer web.Close()
	conn, err := net.Dial("tcp", web.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	p := &peer{t: t, conn: conn, in: bufio.NewReader(conn)}
	upgrade := "GET / HTTP/1.1\r\nHost: example.com\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
	if _, err := io.WriteString(conn, upgrade); err != nil {
		t.Fatal(err)
	}
	for line := ""; line != "\r\n"; {
		if line, err = p.in.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
	}
	p.want(fin|opText, shows(0, 60))
	long := strings.Repeat("x", 400_000)
	await(t, func() bool {
		value := mirror.Str(string(rune('a'+time.Now().UnixNano()%26)) + long)
		if err := l.model.Replace(value); err != nil {
			t.Error(err)
		}
		return l.sockets.Clients("")[0].Dropped > 0 // because nothing fits any more
	})
	if err := l.model.Replace(mirror.Str("end")); err != nil {
		t.Fatal(err)
	}
	for snapshots := 0; ; {
		h := p.hear()
		if strings.Contains(h.payload, `"snapshot"`) {
			snapshots++
		}
		if strings.Contains(h.payload, `{"Str":"end"}`) {
			if snapshots == 0 {
				t.Error("every change was sent")
			}
			return
		}
	}
}
