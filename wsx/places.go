package wsx

import "net/netip"

// places are the connections that an endpoint has, and those that it is about to have. The
// lock of the endpoint guards them.
type places struct {
	taken      int
	addresses  map[netip.Addr]int // nil while none is counted
	identities map[string]int     // likewise
}

// claim is what asks for a place: the caps that it counts for.
type claim struct {
	network  netip.Addr
	identity string // empty for nobody's
}

// verdict says what becomes of a request for a connection.
type verdict int

const (
	welcome verdict = iota
	endpointStops
	endpointFull
	addressFull
	identityFull
)

// reserve takes a place for a connection. It must be given back with leave.
func (e *Endpoint) reserve(c claim) verdict {
	e.mu.Lock()
	defer e.mu.Unlock()
	p := &e.places
	switch {
	case e.stopping:
		return endpointStops
	case e.maxConns > 0 && p.taken >= e.maxConns:
		return endpointFull
	case e.maxPerAddress > 0 && p.addresses[c.network] >= e.maxPerAddress:
		return addressFull
	case c.identity != "" && p.identities[c.identity] >= e.maxPerIdentity:
		return identityFull
	}
	p.taken++
	if e.maxPerAddress > 0 {
		countUp(&p.addresses, c.network)
	}
	if c.identity != "" {
		countUp(&p.identities, c.identity)
	}
	return welcome
}

// leave gives a place back.
func (e *Endpoint) leave(c claim) {
	e.mu.Lock()
	defer e.mu.Unlock()
	p := &e.places
	p.taken--
	if e.maxPerAddress > 0 {
		countDown(p.addresses, c.network)
	}
	if c.identity != "" {
		countDown(p.identities, c.identity)
	}
	if e.stopping && p.taken == 0 {
		close(e.gone)
	}
}

func countUp[K comparable](counts *map[K]int, key K) {
	if *counts == nil {
		*counts = map[K]int{}
	}
	(*counts)[key]++
}

func countDown[K comparable](counts map[K]int, key K) {
	if counts[key]--; counts[key] == 0 {
		delete(counts, key)
	}
}
