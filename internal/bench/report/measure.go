package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
)

// measure runs all suites that match, one after the other, as often as there are
// rounds.
func measure(ctx context.Context, c command, o options) (*results, error) {
	wanted, err := matching(suites(), o.match)
	if err != nil {
		return nil, err
	}
	binaries, err := os.MkdirTemp("", "bench")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(binaries)
	built, err := c.buildAll(ctx, wanted, binaries)
	if err != nil {
		return nil, err
	}
	r := &results{suites: map[string][]round{}}
	for i := range o.rounds {
		for _, p := range built {
			c.say("round %d of %d: %s", i+1, o.rounds, p.suite.name)
			if err := p.run(ctx, c, o, r); err != nil {
				return nil, err
			}
		}
	}
	return r, nil
}

// program is a suite with its test binary.
type program struct {
	suite  suite
	binary string
}

// buildAll builds the suites into a directory. Nested modules that cannot be
// downloaded are left out.
func (c command) buildAll(ctx context.Context, wanted []suite, dir string) ([]program, error) {
	var built []program
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
		built = append(built, program{s, binary})
	}
	return built, nil
}

// run runs the program once and adds what it measured to r.
func (p program) run(ctx context.Context, c command, o options, r *results) error {
	// go test runs tests in the directory of their package.
	out, err := c.run(ctx, filepath.Join(p.suite.module, p.suite.pkg), p.binary, p.suite.args(o)...)
	if err != nil {
		return err
	}
	got, err := parse(bytes.NewReader(out))
	if err != nil {
		return fmt.Errorf("%s: %w", p.suite.name, err)
	}
	r.add(p.suite.name, got)
	return nil
}
