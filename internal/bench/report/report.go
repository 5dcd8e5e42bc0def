package main

import (
	"cmp"
	"fmt"
	"runtime"
	"strings"
	"time"
)

// machine is what figures depend on.
type machine struct {
	cpu     string // the model
	cores   int
	version string // the version of Go
}

// machineOf returns this machine, whose CPU a test binary printed or did not.
func machineOf(cpu string) machine {
	return machine{cpu: cmp.Or(cpu, runtime.GOARCH), cores: runtime.NumCPU(), version: runtime.Version()}
}

// report writes the tables, and above them when and on what they were measured.
func (r *results) report(at time.Time, on machine, tables []table) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\nMeasured on %s: %s, %d cores, %s; medians of %d rounds.\n",
		at.Format(time.DateOnly), on.cpu, on.cores, on.version, r.rounds)
	for _, t := range tables {
		t.write(&b, r)
	}
	return b.String() + "\n"
}
