package web_test

import (
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/telestruct/telestruct/internal/web"
)

func TestAddress(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, remote   string
		xff, forwarded []string
		want           string
	}{
		{"direct", "192.0.2.1:1234", nil, nil, "192.0.2.1:1234"},
		{"direct, and it claims another", "192.0.2.1:1234", []string{"198.51.100.7"}, []string{"for=198.51.100.7"}, "192.0.2.1:1234"},
		{"direct over IPv6", "[2001:db8::1]:1234", nil, nil, "[2001:db8::1]:1234"},
		{"without a port", "192.0.2.1", nil, nil, "192.0.2.1:0"},
		{"no address", "@", []string{"198.51.100.7"}, nil, "invalid AddrPort"},
		{"a proxy for itself", "10.0.0.1:1", nil, nil, "10.0.0.1:1"},

		{"a proxy", "10.0.0.1:1", []string{"198.51.100.7"}, nil, "198.51.100.7:0"},
		{"a proxy over IPv6", "[fd00::1]:1", []string{"2001:db8::7"}, nil, "[2001:db8::7]:0"},
		{"a proxy on a link", "[fd00::1%eth0]:1", []string{"2001:db8::7"}, nil, "[2001:db8::7]:0"},
		{"a proxy in the other notation", "[::ffff:10.0.0.1]:1", []string{"::ffff:198.51.100.7"}, nil, "198.51.100.7:0"},
		{"with a port", "10.0.0.1:1", []string{"198.51.100.7:99"}, nil, "198.51.100.7:99"},
		{"in brackets", "10.0.0.1:1", []string{"[2001:db8::7]"}, nil, "[2001:db8::7]:0"},
		{"in brackets with a port", "10.0.0.1:1", []string{"[2001:db8::7]:99"}, nil, "[2001:db8::7]:99"},
		{"two proxies", "10.0.0.1:1", []string{"198.51.100.7, 10.0.0.2"}, nil, "198.51.100.7:0"},
		{"two proxies in two lines", "10.0.0.1:1", []string{"198.51.100.7", "10.0.0.2"}, nil, "198.51.100.7:0"},
		{"what the client claims", "10.0.0.1:1", []string{"203.0.113.9, 198.51.100.7"}, nil, "198.51.100.7:0"},
		{"a proxy that the client claims", "10.0.0.1:1", []string{"10.0.0.3, 198.51.100.7"}, nil, "198.51.100.7:0"},
		{"proxies alone", "10.0.0.1:1", []string{"10.0.0.3, 10.0.0.2"}, nil, "10.0.0.3:0"},
		{"garbage", "10.0.0.1:1", []string{"198.51.100.7, what, 10.0.0.2"}, nil, "10.0.0.2:0"},
		{"garbage at the end", "10.0.0.1:1", []string{"198.51.100.7, what"}, nil, "10.0.0.1:1"},
		{"nothing at the end", "10.0.0.1:1", []string{"198.51.100.7,"}, nil, "10.0.0.1:1"},
		{"nothing", "10.0.0.1:1", []string{""}, nil, "10.0.0.1:1"},
		{"IPv4 in brackets", "10.0.0.1:1", []string{"[198.51.100.7]"}, nil, "10.0.0.1:1"},
		{"an address on a link", "10.0.0.1:1", []string{"fe80::1%eth0"}, nil, "10.0.0.1:1"},
		{"too many proxies", "10.0.0.1:1", []string{"198.51.100.7" + strings.Repeat(", 10.0.0.2", 40)}, nil, "10.0.0.2:0"},

		{"Forwarded", "10.0.0.1:1", nil, []string{"for=198.51.100.7"}, "198.51.100.7:0"},
		{"Forwarded with more to say", "10.0.0.1:1", nil, []string{`proto=https ; For="198.51.100.7:99" ; by=10.0.0.1`}, "198.51.100.7:99"},
		{"Forwarded over IPv6", "10.0.0.1:1", nil, []string{`for="[2001:db8::7]:99"`}, "[2001:db8::7]:99"},
		{"Forwarded with escapes", "10.0.0.1:1", nil, []string{`for="\[2001:db8::7\]"`}, "[2001:db8::7]:0"},
		{"Forwarded by two", "10.0.0.1:1", nil, []string{"for=203.0.113.9", "for=198.51.100.7, for=10.0.0.2;proto=http"}, "198.51.100.7:0"},
		{"Forwarded with empty elements", "10.0.0.1:1", nil, []string{"for=198.51.100.7,,for=10.0.0.2"}, "10.0.0.2:0"},
		{"Forwarded for somebody hidden", "10.0.0.1:1", nil, []string{"for=198.51.100.7, for=_hidden"}, "10.0.0.1:1"},
		{"Forwarded for nobody", "10.0.0.1:1", nil, []string{"proto=https"}, "10.0.0.1:1"},
		{"Forwarded for two at once", "10.0.0.1:1", nil, []string{"for=198.51.100.7;for=203.0.113.9"}, "10.0.0.1:1"},
		{"Forwarded with a comma in quotes", "10.0.0.1:1", nil, []string{`for=203.0.113.9;x="a, for=198.51.100.7"`}, "203.0.113.9:0"},
		{"Forwarded without the quote's end", "10.0.0.1:1", nil, []string{`for="198.51.100.7`}, "10.0.0.1:1"},
		{"Forwarded with an escaped end", "10.0.0.1:1", nil, []string{`for="198.51.100.7\`}, "10.0.0.1:1"},
		{"Forwarded with text behind the quote", "10.0.0.1:1", nil, []string{`for="198.51.100.7"x`}, "10.0.0.1:1"},
		{"Forwarded without a value", "10.0.0.1:1", nil, []string{"for"}, "10.0.0.1:1"},

		{"both, alike", "10.0.0.1:1", []string{"198.51.100.7"}, []string{"for=198.51.100.7"}, "198.51.100.7:0"},
		{"both, and not alike", "10.0.0.1:1", []string{"203.0.113.9"}, []string{"for=198.51.100.7"}, "10.0.0.1:1"},
	}
	proxies := web.Proxies{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest("POST", "/", nil)
			r.RemoteAddr = tc.remote
			r.Header["X-Forwarded-For"], r.Header["Forwarded"] = tc.xff, tc.forwarded
			if got := proxies.Address(r).String(); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

func TestNoProxies(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest("POST", "/", nil)
	r.Header.Set("X-Forwarded-For", "198.51.100.7")
	if got := web.Proxies(nil).Address(r); got != netip.MustParseAddrPort(r.RemoteAddr) {
		t.Errorf("got %s, want %s", got, r.RemoteAddr)
	}
}

// However the headers read, there is an address: that of the proxy at least.
func FuzzAddress(f *testing.F) {
	for _, seed := range []string{"198.51.100.7", "for=198.51.100.7", `for="[::1]:1";by=x, for=10.0.0.2`, `for="`, ",,", "=;,"} {
		f.Add(seed)
	}
	proxies := web.Proxies{netip.MustParsePrefix("10.0.0.0/8")}
	f.Fuzz(func(t *testing.T, header string) {
		for _, name := range []string{"X-Forwarded-For", "Forwarded"} {
			r := httptest.NewRequest("POST", "/", nil)
			r.RemoteAddr = "10.0.0.1:1"
			r.Header[name] = []string{header}
			if got := proxies.Address(r); !got.IsValid() || got.Addr().Zone() != "" || got.Addr().Is4In6() {
				t.Errorf("%s: %q makes %s", name, header, got)
			}
		}
	})
}
