package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// suite is a set of benchmarks that run in one process.
type suite struct {
	name       string
	module     string // its directory, from the root of ours
	pkg        string // from that directory
	benchmarks []string
	cpus       string // for -test.cpu; all of them when empty
}

// suites lists everything that is measured, in this order.
func suites() []suite {
	return []suite{
		{name: "codecs", module: ".", pkg: "./internal/bench", benchmarks: []string{"BenchmarkProcess", "BenchmarkInvalid", "BenchmarkSelect"}, cpus: "1"},
		{name: "http", module: ".", pkg: "./internal/bench", benchmarks: []string{"BenchmarkHTTP"}},
		{name: "sockets", module: ".", pkg: "./internal/bench", benchmarks: []string{"BenchmarkSocket"}},
		{name: "neighbours", module: ".", pkg: "./internal/load", benchmarks: []string{"BenchmarkNeighbours"}},
		{name: "peers", module: "internal/bench/peers", pkg: ".", benchmarks: []string{"BenchmarkHTTP"}},
	}
}

// isNested reports whether the suite is in a module of its own, which needs what ours
// does not.
func (s suite) isNested() bool { return s.module != "." }

// matching returns the suites that have benchmarks for a pattern of go test -bench,
// with these benchmarks only. Its first part is for their names; the other parts are
// left to the test binaries.
func matching(all []suite, pattern string) ([]suite, error) {
	first, _, _ := strings.Cut(pattern, "/")
	name, err := regexp.Compile(first)
	if err != nil {
		return nil, fmt.Errorf("-match: %w", err)
	}
	var found []suite
	for _, s := range all {
		s.benchmarks = slices.DeleteFunc(slices.Clone(s.benchmarks), func(b string) bool { return !name.MatchString(b) })
		if len(s.benchmarks) > 0 {
			found = append(found, s)
		}
	}
	if found == nil {
		return nil, fmt.Errorf("-match: no benchmark is called %q", first)
	}
	return found, nil
}

// args returns the arguments that have a test binary run the suite once.
func (s suite) args(o options) []string {
	bench := "^(" + strings.Join(s.benchmarks, "|") + ")$"
	if _, rest, found := strings.Cut(o.match, "/"); found {
		bench += "/" + rest
	}
	args := []string{"-test.run=^$", "-test.bench=" + bench, "-test.benchtime=" + o.benchtime}
	if s.cpus != "" {
		args = append(args, "-test.cpu="+s.cpus)
	}
	return args
}
