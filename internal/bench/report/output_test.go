package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	t.Parallel()
	text := `goos: linux
pkg: example.com/bench
cpu: Some CPU @ 2.00GHz
BenchmarkA/json/tiny/telestruct         	   21346	      1210 ns/op	  42.97 MB/s	     200 B/op	       8 allocs/op
BenchmarkA/json/large/telestruct-16     	       2	   9.5e+05 ns/op
BenchmarkHTTP/tiny/chi-2                	   11378	     31383 ns/op	     31864 req/s
BenchmarkA/without figures
PASS
`
	got, err := parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if got.cpu != "Some CPU @ 2.00GHz" {
		t.Errorf("the CPU is %q", got.cpu)
	}
	want := round{
		"BenchmarkA/json/tiny/telestruct":  {"ns/op": 1210, "MB/s": 42.97, "B/op": 200, "allocs/op": 8},
		"BenchmarkA/json/large/telestruct": {"ns/op": 950000},
		"BenchmarkHTTP/tiny/chi":           {"ns/op": 31383, "req/s": 31864},
	}
	if diff := cmp.Diff(want, got.benchmarks); diff != "" {
		t.Errorf("benchmarks (-want +got):\n%s", diff)
	}
}

func TestParseWrongFigures(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ line, want string }{
		{"BenchmarkA 1 many ns/op", `invalid syntax in "BenchmarkA 1 many ns/op"`},
		{"BenchmarkA 1 5 ns/op 7", "7 has no unit"},
	} {
		if _, err := parse(strings.NewReader(tc.line)); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: error %v, want one that says %q", tc.line, err, tc.want)
		}
	}
}
