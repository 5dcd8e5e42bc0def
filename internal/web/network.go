package web

import "net/netip"

// Network returns what callers are told apart by: an address of IPv4, and the first 64
// bits of one of IPv6, of which one customer has as many as he wants. The zero value
// stays as it is.
func Network(addr netip.Addr) netip.Addr {
	const home = 64
	addr = addr.Unmap().WithZone("")
	if !addr.Is6() {
		return addr
	}
	prefix, _ := addr.Prefix(home) // fails for more bits than there are
	return prefix.Addr()
}
