package web_test

import (
	"net/netip"
	"testing"

	"github.com/telestruct/telestruct/internal/web"
)

func TestNetwork(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ addr, want string }{
		{"192.0.2.1", "192.0.2.1"},
		{"::ffff:192.0.2.1", "192.0.2.1"},
		{"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"},
		{"fe80::1%eth0", "fe80::"},
		{"::1", "::"},
	} {
		if got := web.Network(netip.MustParseAddr(tc.addr)); got != netip.MustParseAddr(tc.want) {
			t.Errorf("Network(%s) = %v, want %s", tc.addr, got, tc.want)
		}
	}
	if got := web.Network(netip.Addr{}); got.IsValid() {
		t.Errorf("network of no address = %v", got)
	}
}
