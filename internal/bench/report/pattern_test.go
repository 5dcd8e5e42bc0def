package main

import (
	"strings"
	"testing"
)

func TestPattern(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		pattern, benchmark string
		want               bool
	}{
		{"", "BenchmarkHTTP/tiny/chi", true},
		{"HTTP", "BenchmarkHTTP/tiny/chi", true},
		{"HTTP", "BenchmarkProcess/json/tiny/chi", false},
		{"Process/json/tiny|large", "BenchmarkProcess/json/large/jsonv2", true},
		{"Process/json/tiny|large", "BenchmarkProcess/json/medium/jsonv2", false},
		{"In|HTTP//^chi$", "BenchmarkHTTP/tiny/chi", true},
		{"In|HTTP//^chi$", "BenchmarkHTTP/tiny/telestruct", false},
		{"HTTP/tiny/chi/more", "BenchmarkHTTP/tiny/chi", false},
	} {
		p, err := parsePattern(tc.pattern)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.selects(tc.benchmark); got != tc.want {
			t.Errorf("%q selects %s: %v, want %v", tc.pattern, tc.benchmark, got, tc.want)
		}
	}
	if _, err := parsePattern("A/("); err == nil || !strings.Contains(err.Error(), "-match: ") {
		t.Errorf("error %v, want one that names the flag", err)
	}
}
