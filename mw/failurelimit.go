package mw

import (
	"net/netip"
	"time"

	"github.com/telestruct/telestruct/internal/web"
	"github.com/telestruct/telestruct/tp"
)

// failureLimit says whose credentials were refused too often. A nil one says nobody's.
type failureLimit struct {
	addresses *table[netip.Addr]
	make      func() any // the *bucket of a connection
}

// longestLock is the longest time that failures are held against a caller.
const longestLock = time.Hour

func newFailureLimit(s authSettings) *failureLimit {
	if s.perMinute <= 0 {
		return nil
	}
	make := func() *bucket { return newBucket(s.perMinute/60, int(s.perMinute)) }
	return &failureLimit{
		addresses: newTable[netip.Addr](s.addresses, make),
		make:      func() any { return make() },
	}
}

// isOver reports whether a caller is not to be looked up.
func (l *failureLimit) isOver(peer *tp.Peer, now time.Time) bool {
	if l == nil || peer == nil || !peer.Addr.Addr().IsValid() {
		return false
	}
	b := l.addresses.find(web.Network(peer.Addr.Addr()))
	return b != nil && !b.has(now)
}

// failed notes that the credentials of a caller were refused after they were looked up.
// When many come at once they are, before the first one is refused: so each is charged,
// and their number in the long run is what it should be.
func (l *failureLimit) failed(peer *tp.Peer, now time.Time) {
	if l == nil || peer == nil {
		return
	}
	if addr := peer.Addr.Addr(); addr.IsValid() {
		l.addresses.bucket(web.Network(addr), now).charge(now, longestLock)
	}
	l.failedOn(peer.Connection, now)
}

// failedOn notes that a call on a connection, nil for none, was refused.
func (l *failureLimit) failedOn(c *tp.Connection, now time.Time) {
	if c == nil {
		return
	}
	b, _ := c.Value(l, l.make).(*bucket)
	if b.charge(now, longestLock); !b.has(now) {
		c.Abuse("too many failed authentications")
	}
}
