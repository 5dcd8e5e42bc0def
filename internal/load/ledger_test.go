package load

import (
	"errors"
	"fmt"
	"sync"
)

// ledger has what became of each call, as both sides see it.
type ledger struct {
	shards [64]struct {
		mu    sync.Mutex
		calls map[int64]fate
	}
}

// fate is what became of one call.
type fate struct {
	runs uint8 // of the handler
	told told
}

// told is what the caller was told.
type told uint8

const (
	nothing    told = iota
	answered        // by the right answer
	notRun          // that the call was lost, and did not run
	mayHaveRun      // that the call was lost
)

func (l *ledger) change(id int64, change func(*fate)) {
	shard := &l.shards[id%int64(len(l.shards))]
	shard.mu.Lock()
	defer shard.mu.Unlock()
	if shard.calls == nil {
		shard.calls = map[int64]fate{}
	}
	f := shard.calls[id]
	change(&f)
	shard.calls[id] = f
}

// ran notes that the handler got a call.
func (l *ledger) ran(id int64) { l.change(id, func(f *fate) { f.runs++ }) }

// tell notes what the caller of a call was told.
func (l *ledger) tell(id int64, t told) { l.change(id, func(f *fate) { f.told = t }) }

// sums are how many calls had which fate.
type sums struct {
	answered, notRun, mayHaveRun int
}

// check counts the calls, and says where the two sides do not agree. No call may be
// under way. It empties the ledger: a timer that was stopped may keep what it knows, and
// so all of this, until the runtime tidies up.
func (l *ledger) check() (s sums, err error) {
	for i := range l.shards {
		for id, f := range l.shards[i].calls {
			if problem := f.problem(); problem != "" {
				err = errors.Join(err, fmt.Errorf("call %d ran %d times; its caller %s", id, f.runs, problem))
			}
			s.add(f)
		}
		l.shards[i].calls = nil
	}
	return s, err
}

func (s *sums) add(f fate) {
	switch f.told {
	case answered:
		s.answered++
	case notRun:
		s.notRun++
	case mayHaveRun:
		s.mayHaveRun++
	}
}

// problem says what the caller was told that is not true; empty if nothing is. A call
// must not run twice in any case.
func (f fate) problem() string {
	switch {
	case f.told == nothing:
		return "was told nothing"
	case f.told == answered && f.runs != 1:
		return "got an answer"
	case f.told == notRun && f.runs != 0:
		return "was told that it did not run"
	case f.runs > 1:
		return "was told that it may have run"
	}
	return ""
}
