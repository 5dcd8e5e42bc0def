package wsx_test

import (
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/telestruct/telestruct/wsx"
)

// TestModes13NoGrowth connects to every mode of endpoint and leaves it again, 10,000 times
// in all: by closing, by being cut, and by being closed. Nothing may be left of it.
func TestModes13NoGrowth(t *testing.T) { synctest.Test(t, testNoGrowth) }

func testNoGrowth(t *testing.T) {
	// Lists of timers grow by leaps; the smallest thing of a connection that could stay would
	// take more.
	const rounds, most = 10_000, 2 << 20
	srv := wsx.NewServer()
	room := srv.NewTopic("room", wsx.WithPresence(), wsx.History(10, 0))
	g := &guests{causes: map[wsx.Cause]int{}}
	s := newSite(t, mux(map[string]*wsx.Endpoint{
		"/calls": srv.Handler(build(t)),
		"/topic": srv.New(wsx.Room(room), wsx.Replay(1), wsx.MaxConnectionsPerAddress(100), wsx.MaxConnectionsPerIdentity(100, userOf), wsx.MessageRate(1, 5, wsx.DropOver)),
		"/actor": srv.New(wsx.Push(room), g.option(), wsx.LoginTimeout(time.Hour)),
		"/mixed": srv.New(wsx.Calls(build(t)), g.option(), wsx.MessageRate(100, 0, wsx.CloseOver)),
	}))
	paths := []string{"/calls", "/topic", "/actor", "/mixed"}
	visit := func(i int) {
		path := paths[i%len(paths)]
		_, p := s.ask("Path: "+path, "User: "+path) // dial would keep it until the test ends
		if path != "/calls" {
			p.send(fin|opText, "hello")
			for said := ""; !strings.Contains(said, "hello"); {
				said = p.hear().payload
			}
		}
		if i%3 == 0 {
			p.send(fin|opClose, closing(1000, ""))
			p.hearUntil(fin | opClose)
		}
		p.cut()
	}
	run := func(n int) {
		var all sync.WaitGroup
		for worker := range 4 {
			all.Go(func() {
				for i := range n / 4 {
					visit(worker + i)
				}
			})
		}
		all.Wait()
	}
	run(rounds / 2) // pools, maps and lists of timers grow to their size
	goroutines, heap := settled(t, srv)
	run(rounds / 2)
	goroutinesAfter, heapAfter := settled(t, srv)
	t.Logf("goroutines %d, then %d; heap %d KiB, then %d KiB", goroutines, goroutinesAfter, heap>>10, heapAfter>>10)
	if goroutinesAfter > goroutines {
		t.Errorf("%d goroutines, then %d", goroutines, goroutinesAfter)
	}
	if heapAfter > heap+most {
		t.Errorf("%d bytes on the heap, then %d", heap, heapAfter)
	}
	if got := len(room.Present()); got != 0 {
		t.Errorf("%d are present", got)
	}
	shut(t, srv)
}

// settled returns how many goroutines run and what is on the heap when all connections of
// the server have ended.
func settled(t *testing.T, srv *wsx.Server) (goroutines int, heap uint64) {
	t.Helper()
	synctest.Wait()
	if got := srv.Info().Open; got != 0 {
		t.Errorf("%d connections are left", got)
	}
	goroutines = bubbled()
	time.Sleep(2 * time.Hour) // timers that were stopped are forgotten when their time has come
	runtime.GC()
	runtime.GC() // pools keep what they have for one more round
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return goroutines, m.HeapAlloc
}

// bubbled returns how many goroutines there are in bubbles of package synctest: those of the
// runtime, and tests that wait for their turn, come and go as they like.
func bubbled() int {
	stacks := make([]byte, 1<<20)
	for {
		n := runtime.Stack(stacks, true)
		if n < len(stacks) {
			return strings.Count(string(stacks[:n]), ", synctest bubble ")
		}
		stacks = make([]byte, 2*len(stacks))
	}
}
