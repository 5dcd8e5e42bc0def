// Package allocs counts in tests what something allocates. Go counts for the whole process, and
// its runtime allocates whenever it starts a thread or collects garbage: so what costs more
// than it may is done again, and the least that it took counts. That is never less than its
// own part, and what does cost too much does so each time.
//
// Tests that use it must not be parallel, as others' memory would count.
package allocs

import (
	"runtime"
	"testing"
)

// times is how often something may cost too much.
const times = 10

// Bytes returns how much memory do allocates, freed or not. It stops at the first time that
// takes no more than most.
func Bytes(most uint64, do func()) uint64 { return least(most, func() uint64 { return spent(do) }) }

// Objects returns how often do allocates, on an average of many, rounded down: it calls do
// more than a hundred times. It stops at the first average that is no more than most.
func Objects(most float64, do func()) float64 {
	return least(most, func() float64 { return testing.AllocsPerRun(100, do) })
}

func least[N uint64 | float64](most N, measure func() N) N {
	got := measure()
	for range times - 1 {
		if got <= most {
			break
		}
		got = min(got, measure())
	}
	return got
}

func spent(do func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
