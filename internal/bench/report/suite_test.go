package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMatching(t *testing.T) {
	t.Parallel()
	all := []suite{
		{name: "codecs", benchmarks: []string{"BenchmarkProcess", "BenchmarkInvalid"}, cpus: "1"},
		{name: "http", benchmarks: []string{"BenchmarkHTTP"}},
	}
	for _, tc := range []struct {
		pattern string
		want    []string // names and arguments but the first
	}{
		{"", []string{
			"codecs -test.bench=^(BenchmarkProcess|BenchmarkInvalid)$ -test.benchtime=1x -test.cpu=1",
			"http -test.bench=^(BenchmarkHTTP)$ -test.benchtime=1x"}},
		{"HTTP", []string{"http -test.bench=^(BenchmarkHTTP)$ -test.benchtime=1x"}},
		{"Process/json/tiny|large", []string{"codecs -test.bench=^(BenchmarkProcess)$/json/tiny|large -test.benchtime=1x -test.cpu=1"}},
		{"In|HTTP//chi", []string{
			"codecs -test.bench=^(BenchmarkInvalid)$//chi -test.benchtime=1x -test.cpu=1",
			"http -test.bench=^(BenchmarkHTTP)$//chi -test.benchtime=1x"}},
	} {
		found, err := matching(all, tc.pattern)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range found {
			args := s.args(options{match: tc.pattern, benchtime: "1x"})
			if args[0] != "-test.run=^$" {
				t.Errorf("%s: tests run as well: %s", s.name, args)
			}
			got = append(got, s.name+" "+strings.Join(args[1:], " "))
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%q: suites (-want +got):\n%s", tc.pattern, diff)
		}
	}
	for _, tc := range []struct{ pattern, want string }{
		{"Nothing", `no benchmark is called "Nothing"`},
		{"(", "missing closing )"},
	} {
		if _, err := matching(all, tc.pattern); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%q: error %v, want one that says %q", tc.pattern, err, tc.want)
		}
	}
}

// A table without a suite would be empty for ever.
func TestTablesHaveSuites(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, s := range suites() {
		known[s.name] = true
	}
	for _, table := range tables() {
		if !known[table.suite] {
			t.Errorf("%s: there is no suite %q", table.title, table.suite)
		}
	}
}
