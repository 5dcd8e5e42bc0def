package conformance

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// Config says where the vectors are.
type Config struct {
	// Root is the directory of the schemas and the names of the standard
	// definitions, which vector files refer to.
	Root string
	// Vectors are the directories of vector files. All of them are run.
	Vectors []string
}

// Totals counts the cases of all suites that could run.
type Totals struct {
	Pass, Fail int
}

// Run runs every case of the vector directories under each of its suites. It
// writes to out one line for each suite, what a failing case sent, expected and
// got, and a last line with the totals. The error is for vectors that cannot be
// read; cases that fail are counted.
func Run(ctx context.Context, c Config, out io.Writer) (Totals, error) {
	env, err := newEnvironment(c.Root)
	if err != nil {
		return Totals{}, err
	}
	var files []*vectors
	for _, dir := range c.Vectors {
		more, err := readVectors(dir)
		if err != nil {
			return Totals{}, err
		}
		files = append(files, more...)
	}
	r := &runner{env: env, out: out}
	return r.run(ctx, files, suites())
}

// environment is what suites need beside vector files.
type environment struct {
	schemas  fs.FS // a directory for each schema
	standard standardNames
}

func newEnvironment(root string) (*environment, error) {
	text, err := os.ReadFile(filepath.Join(root, "standard-definitions.json"))
	if err != nil {
		return nil, fmt.Errorf("conformance: %w", err)
	}
	var lists map[string][]string
	if err := json.Unmarshal(text, &lists); err != nil {
		return nil, fmt.Errorf("conformance: standard-definitions.json: %w", err)
	}
	env := &environment{schemas: os.DirFS(filepath.Join(root, "schema"))}
	for _, names := range lists {
		env.standard = append(env.standard, names...)
	}
	return env, nil
}

// runner runs suites and writes what came of them.
type runner struct {
	env    *environment
	out    io.Writer
	totals Totals
}

func (r *runner) run(ctx context.Context, files []*vectors, list []suite) (Totals, error) {
	if err := checkSuites(files, list); err != nil {
		return Totals{}, err
	}
	for _, s := range list {
		r.runSuite(ctx, s, slices.DeleteFunc(slices.Clone(files), func(v *vectors) bool { return !s.has(v) }))
	}
	r.printf("total %v\n", r.totals)
	return r.totals, nil
}

// checkSuites refuses files that name a suite nobody knows: their cases would go
// unseen.
func checkSuites(files []*vectors, list []suite) error {
	for _, v := range files {
		for _, name := range v.Suites {
			if !slices.ContainsFunc(list, func(s suite) bool { return s.name == name }) {
				return fmt.Errorf("conformance: group %q is for a suite %q that is not known", v.Group, name)
			}
		}
	}
	return nil
}

// String writes the counts. Nothing is ever skipped: the one skip that the
// vectors allow is for implementations that cannot write large integers.
func (t Totals) String() string { return fmt.Sprintf("pass=%d fail=%d skip=0", t.Pass, t.Fail) }

func (r *runner) runSuite(ctx context.Context, s suite, files []*vectors) {
	run := &suiteRun{runner: r, suite: s, drivers: map[string]driver{}, leftOut: map[string]int{}}
	for _, v := range files {
		for _, c := range v.Cases {
			run.runCase(ctx, v, c)
		}
	}
	run.close()
	r.totals.Pass += run.counts.Pass
	r.totals.Fail += run.counts.Fail
	r.printf("suite=%s %v\n", s.name, run.counts)
	for _, reason := range slices.Sorted(maps.Keys(run.leftOut)) {
		r.printf("%s left out: %s %d\n", s.name, reason, run.leftOut[reason])
	}
}

// printf drops what cannot be written: the counts are returned as well.
func (r *runner) printf(format string, args ...any) { _, _ = fmt.Fprintf(r.out, format, args...) }

// suiteRun is one suite while its cases run, one after another.
type suiteRun struct {
	*runner
	suite   suite
	drivers map[string]driver // by schema
	leftOut map[string]int    // cases, by reason
	counts  Totals
}

func (r *suiteRun) runCase(ctx context.Context, v *vectors, c *testCase) {
	d, err := r.driver(v)
	if err != nil {
		r.counts.Fail++
		r.printf("suite=%s case=%s/%s cannot run: %v\n", r.suite.name, v.Group, c.ID, err)
		return
	}
	if ch, ok := d.(chooser); ok {
		if reason := ch.leavesOut(ctx, c); reason != "" {
			r.leftOut[reason]++
			return
		}
	}
	for i, s := range c.Statements {
		if failure := r.judge(ctx, d, s); failure != "" {
			r.counts.Fail++
			r.printf("suite=%s case=%s/%s statement=%d failed\n%s", r.suite.name, v.Group, c.ID, i, failure)
			return
		}
	}
	r.counts.Pass++
}

// driver returns what the cases of a file run against.
func (r *suiteRun) driver(v *vectors) (driver, error) {
	if r.suite.perCase {
		return r.suite.open(r.env, v)
	}
	key := v.Schema + "\n" + string(v.AlternateSchema)
	if d := r.drivers[key]; d != nil {
		return d, nil
	}
	d, err := r.suite.open(r.env, v)
	if err == nil {
		r.drivers[key] = d
	}
	return d, err
}

// close closes the drivers that have something to close. One that cannot be closed has
// failed.
func (r *suiteRun) close() {
	for _, d := range r.drivers {
		if c, ok := d.(io.Closer); ok {
			if err := c.Close(); err != nil {
				r.counts.Fail++
				r.printf("suite=%s cannot be closed: %v\n", r.suite.name, err)
			}
		}
	}
}

// judge runs a statement and says what is wrong with what came of it; empty if
// nothing is.
func (r *suiteRun) judge(ctx context.Context, d driver, s *statement) string {
	came, err := d.exchange(ctx, s)
	if err == nil {
		came, err = r.env.standard.mask(came, s.Assert)
	}
	if err == nil && (comparison{sets: s.Assert.SetCompare}).equal(s.Response, came) {
		return ""
	}
	text := fmt.Sprintf("  request  %s\n  expected %s\n  came     %s\n",
		encodeJSON(s.Request), encodeJSON(s.Response), encodeJSON(came))
	if err != nil {
		text += fmt.Sprintf("  problem  %v\n", err)
	}
	return text
}
