package web_test

import (
	"errors"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/telestruct/telestruct/internal/web"
)

func TestOriginsCheck(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		patterns string
		host     string
		origin   []string
		site     string // Sec-Fetch-Site
		ok       bool
	}{
		{"a program", "", "example.com", nil, "", true},
		{"a page without an origin", "", "example.com", nil, "same-origin", true},
		{"what the user typed", "", "example.com", nil, "none", true},
		{"a foreign page without an origin", "", "example.com", nil, "cross-site", false},
		{"a page of another host without an origin", "", "example.com", nil, "same-site", false},

		{"own", "", "example.com", []string{"https://example.com"}, "", true},
		{"own, and the browser says so", "", "example.com", []string{"https://example.com"}, "same-origin", true},
		{"own with a port", "", "example.com:8080", []string{"http://example.com:8080"}, "", true},
		{"own with the port of HTTPS", "", "example.com:443", []string{"https://example.com"}, "", true},
		{"own with the port of HTTP", "", "example.com:80", []string{"http://example.com"}, "", true},
		{"own in other letters", "", "Example.COM", []string{"https://eXample.com"}, "", true},
		{"own by its address", "", "[::1]:8080", []string{"http://[::1]:8080"}, "", true},
		{"own name without encryption", "", "example.com", []string{"http://example.com"}, "cross-site", false},

		{"foreign", "", "example.com", []string{"https://evil.example"}, "", false},
		{"foreign, although the browser says own", "", "example.com", []string{"https://evil.example"}, "same-origin", false},
		{"another port", "", "example.com", []string{"https://example.com:8443"}, "", false},
		{"the port of another scheme", "", "example.com:80", []string{"https://example.com"}, "", false},
		{"a host below", "", "example.com", []string{"https://a.example.com"}, "", false},
		{"a host that ends alike", "", "example.com", []string{"https://badexample.com"}, "", false},
		{"null", "", "example.com", []string{"null"}, "", false},
		{"null on a host of that name", "", "null", []string{"null"}, "", false},
		{"empty", "", "example.com", []string{""}, "", false},
		{"no origin", "", "example.com", []string{"example.com"}, "", false},
		{"a path", "", "example.com", []string{"https://example.com/"}, "", false},
		{"a user", "", "example.com", []string{"https://evil@example.com"}, "", false},
		{"another scheme", "", "example.com", []string{"file://example.com"}, "", false},
		{"two", "", "example.com", []string{"https://example.com", "https://example.com"}, "", false},

		{"listed", "https://app.example", "example.com", []string{"https://app.example"}, "cross-site", true},
		{"listed with its port", "https://app.example:443", "example.com", []string{"https://app.example"}, "", true},
		{"listed host with the port of HTTPS", "app.example:443", "example.com", []string{"https://app.example"}, "", true},
		{"listed host with the port of another scheme", "app.example:443", "example.com", []string{"http://app.example"}, "", false},
		{"listed hosts with the port of HTTPS", "*.example:443", "example.com", []string{"https://app.example"}, "", true},
		{"listed in other letters", "HTTPS://App.Example", "example.com", []string{"https://app.example"}, "", true},
		{"listed, two", "https://app.example", "example.com", []string{"https://app.example", "https://app.example"}, "", false},
		{"listed in another scheme", "https://app.example", "example.com", []string{"http://app.example"}, "", false},
		{"listed with another port", "https://app.example", "example.com", []string{"https://app.example:8443"}, "", false},
		{"listed as the second", "a.example https://b.example:1", "example.com", []string{"https://b.example:1"}, "", true},
		{"listed host", "app.example", "example.com", []string{"http://app.example"}, "cross-site", true},
		{"listed host of another scheme", "app.example", "example.com", []string{"file://app.example"}, "", false},
		{"listed application", "capacitor://localhost", "example.com", []string{"capacitor://localhost"}, "", true},
		{"below", "*.app.example", "example.com", []string{"https://a.app.example"}, "", true},
		{"deep below", "*.app.example", "example.com", []string{"https://a.b.app.example"}, "", true},
		{"below with a port", "*.app.example:8443", "example.com", []string{"https://a.app.example:8443"}, "", true},
		{"below in a scheme", "https://*.app.example", "example.com", []string{"https://a.app.example"}, "", true},
		{"below in another scheme", "https://*.app.example", "example.com", []string{"http://a.app.example"}, "", false},
		{"not below but it", "*.app.example", "example.com", []string{"https://app.example"}, "", false},
		{"below an empty name", "*.app.example", "example.com", []string{"https://.app.example"}, "", false},
		{"ends alike", "*.app.example", "example.com", []string{"https://badapp.example"}, "", false},
		{"null beside a list", "*.app.example", "example.com", []string{"null"}, "", false},
		{"own beside a list", "*.app.example", "example.com", []string{"https://example.com"}, "", true},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			origins, err := web.ParseOrigins(strings.Fields(tc.patterns)...)
			if err != nil {
				t.Fatal(err)
			}
			r := httptest.NewRequest("POST", "http://"+tc.host+"/", nil)
			r.Header["Origin"] = tc.origin
			if tc.origin == nil {
				r.Header.Del("Origin")
			}
			if tc.site != "" {
				r.Header.Set("Sec-Fetch-Site", tc.site)
			}
			err = origins.Check(r)
			if tc.ok && err != nil || !tc.ok && !errors.Is(err, web.ErrForeignOrigin) {
				t.Errorf("got %v", err)
			}
			all := web.AnyOrigin()
			if err := all.Check(r); err != nil {
				t.Errorf("any origin: %v", err)
			}
		})
	}
}

func TestOriginsLists(t *testing.T) {
	t.Parallel()
	none, all := web.Origins{}, web.AnyOrigin()
	if none.Lists("https://example.com") || !all.Lists("https://example.com") {
		t.Error("none and all are not what they say")
	}
}

func TestParseOrigins(t *testing.T) {
	t.Parallel()
	for _, pattern := range []string{
		"", "*", "*.", "*.*.example.com", "a.*.example.com", "https://", "://example.com", "https://example.com/",
		"https://example.com/path", "https://example.com?x", "https://user@example.com", "example.com:port", ":80", "two words", "null/",
	} {
		if _, err := web.ParseOrigins("https://fine.example", pattern); err == nil {
			t.Errorf("%q is accepted", pattern)
		}
	}
	_, err := web.ParseOrigins("https://example.com/path")
	if want := `"https://example.com/path" is no origin; write https://app.example.com, app.example.com or *.example.com`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// Whatever a client writes, it does not become a page of another host.
func FuzzOrigin(f *testing.F) {
	for _, seed := range []string{"https://example.com", "http://example.com:80", "null", "https://evil.example", "://", "https://example.com:443:443"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, origin string) {
		origins, _ := web.ParseOrigins("*.example.com")
		r := httptest.NewRequest("POST", "http://example.com/", nil)
		r.Header.Set("Origin", origin)
		if origins.Check(r) != nil {
			return
		}
		lower := strings.ToLower(origin)
		for _, port := range []string{":80", ":443"} {
			lower = strings.TrimSuffix(lower, port)
		}
		host := strings.TrimPrefix(strings.TrimPrefix(lower, "https://"), "http://")
		if host != "example.com" && !strings.HasSuffix(host, ".example.com") || host == lower {
			t.Errorf("%q passes", origin)
		}
	})
}
