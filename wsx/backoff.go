package wsx

import (
	"math/rand/v2"
	"time"
)

// backoff says how long to wait between attempts that fail: a random time up to a ceiling
// that doubles. Clients that lost the same server then do not come back all at once.
type backoff struct {
	least, most time.Duration // the ceilings
	failures    int
}

// next returns how long to wait after another failure.
func (b *backoff) next() time.Duration {
	ceiling := b.least
	for range b.failures {
		if ceiling > b.most/2 {
			ceiling = b.most
			break
		}
		ceiling *= 2
	}
	b.failures++
	return rand.N(min(ceiling, b.most) + 1)
}

// reset begins again with the lowest ceiling.
func (b *backoff) reset() { b.failures = 0 }
