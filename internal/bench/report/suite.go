package main

import "strings"

// suite is a test binary and how its benchmarks run.
type suite struct {
	name   string
	module string // its directory, from the root of ours
	pkg    string // from that directory
	cpus   string // for -test.cpu; all of them when empty
}

// suites lists what tables have figures of.
func suites() []suite {
	return []suite{
		{name: "codecs", module: ".", pkg: "./internal/bench", cpus: "1"},
		{name: "http", module: ".", pkg: "./internal/bench", cpus: "1"},
		{name: "sockets", module: ".", pkg: "./internal/bench"},
		{name: "neighbours", module: ".", pkg: "./internal/load"},
		{name: "peers", module: "internal/bench/peers", pkg: ".", cpus: "1"},
		{name: "allcores", module: "internal/bench/peers", pkg: "."},
	}
}

// isNested reports whether the suite is in a module of its own, which needs what ours
// does not.
func (s suite) isNested() bool { return s.module != "." }

// args returns the arguments that have the test binary run one benchmark.
func (s suite) args(benchmark, benchtime string) []string {
	exactly := "^" + strings.ReplaceAll(benchmark, "/", "$/^") + "$"
	args := []string{"-test.run=^$", "-test.bench=" + exactly, "-test.benchtime=" + benchtime}
	if s.cpus != "" {
		args = append(args, "-test.cpu="+s.cpus)
	}
	return args
}
