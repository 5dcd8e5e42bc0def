package main

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// output is what a test binary printed of its benchmarks.
type output struct {
	cpu        string // the model
	benchmarks round
}

// round has what each benchmark measured, by its name without the number of CPUs.
type round map[string]figures

// figures are the values of one benchmark by their units, such as ns/op.
type figures map[string]float64

// parse reads the output of a test binary: lines such as
//
//	BenchmarkProcess/json/tiny/telestruct-2  1000  800.5 ns/op  5 allocs/op
func parse(r io.Reader) (output, error) {
	out := output{benchmarks: round{}}
	// The name ends in the number of CPUs unless that is one.
	cpus := regexp.MustCompile(`-[0-9]+$`)
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		line := lines.Text()
		if model, found := strings.CutPrefix(line, "cpu: "); found {
			out.cpu = model
		}
		words := strings.Fields(line)
		if len(words) < 4 || !strings.HasPrefix(line, "Benchmark") {
			continue
		}
		f, err := parseFigures(words[2:])
		if err != nil {
			return out, fmt.Errorf("%w in %q", err, line)
		}
		out.benchmarks[cpus.ReplaceAllString(words[0], "")] = f
	}
	return out, lines.Err()
}

// parseFigures reads pairs of a value and its unit.
func parseFigures(words []string) (figures, error) {
	f := figures{}
	for ; len(words) >= 2; words = words[2:] {
		value, err := strconv.ParseFloat(words[0], 64)
		if err != nil {
			return nil, err
		}
		f[words[1]] = value
	}
	if len(words) > 0 {
		return nil, fmt.Errorf("%s has no unit", words[0])
	}
	return f, nil
}
