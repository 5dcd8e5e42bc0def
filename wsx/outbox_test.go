package wsx

import (
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// wall is a connection that holds writes back until it is told to let one pass.
type wall struct {
	net.Conn
	pass   chan error
	mu     sync.Mutex
	writes []string
	until  time.Time // when writes fail
}

func (w *wall) Write(b []byte) (int, error) {
	if err := <-w.pass; err != nil {
		return 0, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.writes = append(w.writes, string(b))
	return len(b), nil
}

func (w *wall) SetWriteDeadline(until time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.until = until
	return nil
}

// told notes what an outbox tells its owner.
type told struct {
	mu    sync.Mutex
	lines []string
}

func (o *told) note(format string, args ...any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.lines = append(o.lines, fmt.Sprintf(format, args...))
}

func (o *told) writing(k kinds)        { o.note("writing %d", k) }
func (o *told) written(k kinds)        { o.note("written %d", k) }
func (o *told) broken(err error)       { o.note("broken %v", err) }
func (o *told) lost(why string, n int) { o.note("lost %d %s", n, why) }
func (o *told) keyPanicked(v any)      { o.note("key panicked: %v", v) }

func newOutbox(frames, bytes int) (*outbox, *wall, *told) {
	o, w, owner := &outbox{}, &wall{pass: make(chan error)}, &told{}
	o.hold(owner, guarded{}, &outboxLimits{frames: frames, bytes: bytes, timeout: time.Second})
	_, _ = o.open(w) // fails for what was held, which is nothing
	return o, w, owner
}

func raw(text string) frame { return frame{bytes: []byte(text)} }

// putNow puts frames, and empties the outbox when it has to.
func putNow(t *testing.T, o *outbox, texts ...string) {
	t.Helper()
	for _, text := range texts {
		mustEmpty, err := o.put(raw(text), false)
		if err != nil {
			t.Fatalf("put %q: %v", text, err)
		}
		if mustEmpty {
			go o.empty()
			synctest.Wait()
		}
	}
}

func (w *wall) want(t *testing.T, writes ...string) {
	t.Helper()
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	if !slices.Equal(w.writes, writes) {
		t.Errorf("wrote %q, want %q", w.writes, writes)
	}
}

func TestOutboxBatches(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o, w, _ := newOutbox(10, 1<<20)
		putNow(t, o, "a", "b", "c")
		w.pass <- nil
		w.pass <- nil
		w.want(t, "a", "bc")
		o.awaitIdle()
		putNow(t, o, "d")
		w.pass <- nil
		w.want(t, "a", "bc", "d")
	})
}

// TestOutboxDeadline sees that writes have a deadline, and nothing else has.
func TestOutboxDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o, w, _ := newOutbox(10, 1<<20)
		for range 2 {
			start := time.Now()
			putNow(t, o, "a")
			if left := w.until.Sub(start); left != time.Second {
				t.Errorf("a write has %v, want 1s", left)
			}
			time.Sleep(time.Second / 2)
			w.pass <- nil
			o.awaitIdle()
			if !w.until.IsZero() {
				t.Error("the deadline stays")
			}
		}
	})
}

func TestOutboxLargeFrames(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o, w, _ := newOutbox(10, 10<<20)
		large, huge := strings.Repeat("l", maxBatch+1), strings.Repeat("h", maxPiece+1)
		putNow(t, o, "a", "b", large, "c", huge, "d")
		for range 7 {
			w.pass <- nil
		}
		w.want(t, "a", "b", large, "c", huge[:maxPiece], "h", "d")
	})
}

func TestOutboxLimits(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name          string
		frames, bytes int
		queued        []string // besides one that is being written
		next          string
		full          bool
	}{
		{"empty", 2, 10, nil, "x", false},
		{"empty, and larger than all", 2, 10, nil, "much too large", false},
		{"room for one", 2, 10, []string{"x"}, "x", false},
		{"no frame more", 2, 10, []string{"x", "y"}, "x", true},
		{"bytes left", 9, 10, []string{"12345"}, "67890", false},
		{"no bytes left", 9, 10, []string{"12345"}, "678901", true},
		{"after a large one", 9, 10, []string{"much too large"}, "x", true},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				o, w, _ := newOutbox(tc.frames, tc.bytes)
				putNow(t, o, "first")
				putNow(t, o, tc.queued...)
				_, err := o.put(raw(tc.next), false)
				if full := errors.Is(err, errSlow); full != tc.full {
					t.Errorf("full = %v, want %v", full, tc.full)
				}
				waited := false
				go func() {
					if _, err := o.put(raw("waits"), true); err == nil {
						waited = true
					}
				}()
				close(w.pass)
				synctest.Wait()
				if !waited {
					t.Error("who waits for room does not get it")
				}
			})
		})
	}
}

func TestOutboxPing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o, w, owner := newOutbox(1, 10)
		putNow(t, o, "first", "full")
		if _, err := o.put(frame{bytes: []byte("ping"), kind: kindPing}, false); err != nil {
			t.Errorf("no room for a ping: %v", err)
		}
		close(w.pass)
		w.want(t, "first", "fullping")
		if got := strings.Join(owner.lines, ", "); got != "writing 1, written 1" {
			t.Errorf("told %s", got)
		}
	})
}

func TestOutboxLast(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		drop bool
		want []string
	}{
		{"after what waits", false, []string{"first", "second last"}},
		{"in place of what waits", true, []string{"first", " last"}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				o, w, _ := newOutbox(1, 10)
				putNow(t, o, "first", "second")
				var err error
				go func() { _, err = o.put(raw("waits"), true) }()
				synctest.Wait()
				if o.putLast(raw(" last"), tc.drop) {
					t.Error("somebody empties it already")
				}
				synctest.Wait()
				if !errors.Is(err, errClosed) {
					t.Errorf("who waits for room gets %v, want %v", err, errClosed)
				}
				if o.putLast(raw("more"), false) {
					t.Error("the last one was not the last")
				}
				close(w.pass)
				w.want(t, tc.want...)
			})
		})
	}
}

func TestOutboxBroken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o, w, owner := newOutbox(1, 10)
		putNow(t, o, "first", "second")
		errWall := errors.New("wall")
		var err error
		go func() { _, err = o.put(raw("waits"), true) }()
		synctest.Wait()
		w.pass <- errWall
		synctest.Wait()
		if !errors.Is(err, errWall) {
			t.Errorf("who waits for room gets %v, want %v", err, errWall)
		}
		if _, err := o.put(raw("more"), false); !errors.Is(err, errWall) {
			t.Errorf("put = %v, want %v", err, errWall)
		}
		if got := strings.Join(owner.lines, ", "); got != "broken wall" {
			t.Errorf("told %s", got)
		}
		w.want(t)
		o.awaitIdle()
	})
}
