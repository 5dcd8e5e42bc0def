package web

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Proxies are the addresses of the proxies in front of the server, which are believed
// when they say for whom they ask. None are believed in the zero value.
type Proxies []netip.Prefix

// maxHops is how many proxies a request may have come through.
const maxHops = 32

// Address returns where a request came from. That is the other end of its connection,
// or, when this is a proxy that is believed, the last address before the proxies in
// X-Forwarded-For or Forwarded (RFC 7239): each was written by the one behind it, so
// they are read from the end, and only as far as there is one that is believed. What
// is no address ends the reading. The port is zero where it is not known, and the
// result is the zero value when the request does not say where it came from.
func (p Proxies) Address(r *http.Request) netip.AddrPort {
	remote := remoteAddress(r.RemoteAddr)
	if !p.believes(remote) {
		return remote
	}
	xff, forwarded := r.Header["X-Forwarded-For"], r.Header["Forwarded"]
	switch {
	case forwarded == nil:
		return p.walk(remote, xff, commaSeparated)
	case xff == nil:
		return p.walk(remote, forwarded, forwardedFor)
	}
	// A proxy writes one of them, and may hand on what a client writes into the other.
	a, b := p.walk(remote, xff, commaSeparated), p.walk(remote, forwarded, forwardedFor)
	if a.Addr() != b.Addr() {
		return remote
	}
	return a
}

func (p Proxies) believes(addr netip.AddrPort) bool {
	ip := addr.Addr().Unmap().WithZone("")
	return slices.ContainsFunc(p, func(prefix netip.Prefix) bool { return prefix.Contains(ip) })
}

// walk follows the addresses that headers list, from the last one to the first, as long
// as it comes by proxies.
func (p Proxies) walk(at netip.AddrPort, headers []string, split func(string) []string) netip.AddrPort {
	hops := 0
	for _, header := range slices.Backward(headers) {
		for _, node := range slices.Backward(split(header)) {
			next, ok := parseNode(node)
			if hops++; !ok || hops > maxHops {
				return at
			}
			if at = next; !p.believes(at) {
				return at
			}
		}
	}
	return at
}

// commaSeparated returns the last entries of a list, as many as can matter.
func commaSeparated(header string) []string {
	var nodes []string
	for more := true; more && len(nodes) <= maxHops; {
		at := strings.LastIndexByte(header, ',')
		nodes = append(nodes, strings.TrimSpace(header[at+1:]))
		if more = at >= 0; more {
			header = header[:at]
		}
	}
	slices.Reverse(nodes)
	return nodes
}

// remoteAddress reads a request's RemoteAddr, which a handler around this one may have
// left without its port.
func remoteAddress(text string) netip.AddrPort {
	if addr, err := netip.ParseAddrPort(text); err == nil {
		return addr
	}
	addr, _ := parseNode(text)
	return addr
}

// parseNode reads an address with or without a port, and an IPv6 address with or
// without its brackets.
func parseNode(text string) (netip.AddrPort, bool) {
	if ip, err := netip.ParseAddr(text); err == nil {
		return netip.AddrPortFrom(ip.Unmap(), 0), ip.Zone() == ""
	}
	if inner, ok := strings.CutPrefix(text, "["); ok && strings.HasSuffix(inner, "]") {
		ip, err := netip.ParseAddr(strings.TrimSuffix(inner, "]"))
		return netip.AddrPortFrom(ip.Unmap(), 0), err == nil && ip.Is6() && ip.Zone() == ""
	}
	addr, err := netip.ParseAddrPort(text)
	return netip.AddrPortFrom(addr.Addr().Unmap(), addr.Port()), err == nil && addr.Addr().Zone() == ""
}
