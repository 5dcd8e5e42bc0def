package mock

import (
	"fmt"

	"github.com/telestruct/telestruct/tp"
)

// Count is how many calls a verification wants: [Exactly], [AtLeast], [AtMost] or [Never].
type Count struct {
	kind  countKind
	times int64
}

// countKind is a tag of union.CallCountCriteria_.
type countKind string

const (
	exact   countKind = "Exact"
	atLeast countKind = "AtLeast"
	atMost  countKind = "AtMost"
)

// Exactly wants that many calls.
func Exactly(times int) Count { return Count{exact, int64(times)} }

// AtLeast wants that many calls or more. A verification without a count wants AtLeast(1).
func AtLeast(times int) Count { return Count{atLeast, int64(times)} }

// AtMost wants that many calls or fewer.
func AtMost(times int) Count { return Count{atMost, int64(times)} }

// Never wants no call.
func Never() Count { return Exactly(0) }

// allows reports whether so many calls are as wanted.
func (c Count) allows(found int) bool { return !c.tooFew(found) && !c.tooMany(found) }

func (c Count) tooFew(found int) bool { return c.kind != atMost && int64(found) < c.times }

func (c Count) tooMany(found int) bool { return c.kind != atLeast && int64(found) > c.times }

// String returns the count in words, such as "at least 2 calls".
func (c Count) String() string {
	switch c.kind {
	case atLeast:
		return "at least " + calls(c.times)
	case atMost:
		return "at most " + calls(c.times)
	}
	return "exactly " + calls(c.times)
}

func calls(n int64) string {
	if n == 1 {
		return "1 call"
	}
	return fmt.Sprintf("%d calls", n)
}

// tree returns the count as a union.CallCountCriteria_.
func (c Count) tree() tp.Object {
	return tp.Object{{Key: string(c.kind), Value: tp.Object{{Key: "times", Value: c.times}}}}
}
