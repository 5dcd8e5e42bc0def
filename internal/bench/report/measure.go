package main

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// measure fills all rows that match, one after the other, as often as there are rounds.
func measure(ctx context.Context, c command, o options) (*results, error) {
	wanted, err := wantedRows(tables(), o.match)
	if err != nil {
		return nil, err
	}
	binaries, err := os.MkdirTemp("", "bench")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(binaries)
	programs, err := c.buildAll(ctx, suitesOf(wanted), binaries)
	if err != nil {
		return nil, err
	}
	r := &results{rounds: o.rounds, rows: map[rowName][]round{}}
	for i := range o.rounds {
		c.say("round %d of %d", i+1, o.rounds)
		for _, w := range wanted {
			p, built := programs[w.suite]
			if !built || i%w.every != 0 {
				continue
			}
			for n := range w.times {
				got, err := p.run(ctx, c, w.inTurn(i/w.every*w.times+n), o.benchtime)
				if err != nil {
					return nil, err
				}
				r.add(w.name, got)
			}
		}
	}
	return r, nil
}

// wantedRow is a row of a table with the benchmarks that are measured for it.
type wantedRow struct {
	name       rowName
	suite      string
	every      int // how many rounds are there for each in which it is measured
	times      int // that it is measured in such a round
	benchmarks []string
}

// wantedRows returns the rows of tables that have benchmarks for a pattern, with these
// benchmarks only.
func wantedRows(all []table, match string) ([]wantedRow, error) {
	p, err := parsePattern(match)
	if err != nil {
		return nil, err
	}
	var found []wantedRow
	for _, t := range all {
		for _, shape := range t.shapes {
			w := wantedRow{name: rowName{t.title, shape}, suite: t.suite, every: max(t.every, 1), times: t.times(shape)}
			for _, b := range t.benchmarks(shape) {
				if p.selects(b) {
					w.benchmarks = append(w.benchmarks, b)
				}
			}
			if w.benchmarks != nil {
				found = append(found, w)
			}
		}
	}
	if found == nil {
		return nil, fmt.Errorf("-match: no table has a benchmark like %q", match)
	}
	return found, nil
}

// inTurn returns the benchmarks in the order of a turn. Every other turn goes
// backwards: a machine that gets slower by and by favours the first of a row in one
// turn, and the last in the next.
func (w wantedRow) inTurn(i int) []string {
	order := slices.Clone(w.benchmarks)
	if i%2 != 0 {
		slices.Reverse(order)
	}
	return order
}

// suitesOf returns the suites that the rows need.
func suitesOf(wanted []wantedRow) []suite {
	return slices.DeleteFunc(suites(), func(s suite) bool {
		return !slices.ContainsFunc(wanted, func(w wantedRow) bool { return w.suite == s.name })
	})
}

// program is a suite with its test binary.
type program struct {
	suite  suite
	binary string
}

// buildAll builds the suites into a directory, and returns them by their names. Nested
// modules that cannot be downloaded are left out.
func (c command) buildAll(ctx context.Context, wanted []suite, dir string) (map[string]program, error) {
	built := map[string]program{}
	for _, s := range wanted {
		if s.isNested() {
			if _, err := c.run(ctx, s.module, "go", "mod", "download"); err != nil {
				c.say("without %s, whose modules cannot be had: %v", s.name, err)
				continue
			}
		}
		binary, err := filepath.Abs(filepath.Join(dir, s.name+".test"))
		if err != nil {
			return nil, err
		}
		c.say("building %s", s.name)
		if _, err := c.run(ctx, s.module, "go", "test", "-c", "-o", binary, s.pkg); err != nil {
			return nil, err
		}
		built[s.name] = program{s, binary}
	}
	return built, nil
}

// run measures the benchmarks right after one another, each in a process of its own.
// Those that do not exist measure nothing.
func (p program) run(ctx context.Context, c command, benchmarks []string, benchtime string) (output, error) {
	all := output{benchmarks: round{}}
	for _, b := range benchmarks {
		// go test runs tests in the directory of their package.
		text, err := c.run(ctx, filepath.Join(p.suite.module, p.suite.pkg), p.binary, p.suite.args(b, benchtime)...)
		if err != nil {
			return all, err
		}
		got, err := parse(bytes.NewReader(text))
		if err != nil {
			return all, fmt.Errorf("%s: %w", p.suite.name, err)
		}
		all.cpu = got.cpu
		maps.Copy(all.benchmarks, got.benchmarks)
	}
	return all, nil
}
