package main

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestArgs(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		suite suite
		want  []string
	}{
		{suite{}, []string{"-test.run=^$", "-test.bench=^BenchmarkA$/^b$/^c$", "-test.benchtime=1x"}},
		{suite{cpus: "1"}, []string{"-test.run=^$", "-test.bench=^BenchmarkA$/^b$/^c$", "-test.benchtime=1x", "-test.cpu=1"}},
	} {
		if diff := cmp.Diff(tc.want, tc.suite.args("BenchmarkA/b/c", "1x")); diff != "" {
			t.Errorf("%+v: arguments (-want +got):\n%s", tc.suite, diff)
		}
	}
}

// A table without a suite would be empty for ever, and so would the second of two with
// one title.
func TestTablesHaveSuites(t *testing.T) {
	t.Parallel()
	titles := map[string]bool{}
	for _, table := range tables() {
		if !slices.ContainsFunc(suites(), func(s suite) bool { return s.name == table.suite }) {
			t.Errorf("%s: there is no suite %q", table.title, table.suite)
		}
		if titles[table.title] {
			t.Errorf("two tables are called %s", table.title)
		}
		titles[table.title] = true
	}
}
