package conformance

import (
	"context"
	"errors"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// The cases below testdata are our own; some of them are wrong.
func TestRun(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	totals, err := Run(t.Context(), Config{Root: "testdata", Vectors: []string{"testdata/vectors"}}, &out)
	if err != nil {
		t.Fatal(err)
	}
	if want := (Totals{Pass: 28, Fail: 33}); totals != want {
		t.Errorf("the totals are %+v, want %+v", totals, want)
	}
	const golden = "testdata/report.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), out.String()); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
}

func TestRunRefuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		config Config
		want   string
	}{
		{"no definitions", Config{Root: "testdata/schema"}, "standard-definitions.json"},
		{"no vectors", Config{Root: "testdata", Vectors: []string{"testdata/vectors", "testdata/schema"}}, "no vector files"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			if _, err := Run(t.Context(), tc.config, &out); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("the error is %v, want %q in it", err, tc.want)
			}
		})
	}
}

// counter is a driver whose answers are how often it was asked.
type counter struct {
	asked int
	picky bool
}

func (c *counter) exchange(context.Context, *statement) (any, error) {
	c.asked++
	return []any{strings.Repeat("I", c.asked)}, nil
}

// leavesOut is what a picky counter says of cases named odd.
func (c *counter) leavesOut(_ context.Context, tc *testCase) string {
	if c.picky && strings.HasPrefix(tc.ID, "odd") {
		return "odd"
	}
	return ""
}

// counting makes a file of cases that expect to be the first, second and so on.
func counting(suite, group, schema, alternate string, ids ...string) *vectors {
	v := &vectors{Group: group, Suites: []string{suite}, Schema: schema, AlternateSchema: []byte(alternate)}
	for i, id := range ids {
		v.Cases = append(v.Cases, &testCase{ID: id, Statements: []*statement{{Response: []any{strings.Repeat("I", i+1)}}}})
	}
	return v
}

func TestSuites(t *testing.T) {
	t.Parallel()
	counters := func(picky bool) func(*environment, *vectors) (driver, error) {
		return func(*environment, *vectors) (driver, error) { return &counter{picky: picky}, nil }
	}
	list := []suite{
		{name: "shared", open: counters(false)},
		{name: "fresh", open: counters(false), perCase: true},
		{name: "picky", open: counters(true), group: "g", like: "shared"},
		{name: "closed", open: func(*environment, *vectors) (driver, error) { return nil, errors.New("closed") }},
	}
	tests := []struct {
		name  string
		files []*vectors
		want  map[string]string // what the lines of suites say, if not nothing passed and failed
	}{
		{"one driver for a schema", []*vectors{counting("shared", "", "a", "", "1", "2")}, map[string]string{"shared": "pass=2 fail=0 skip=0"}},
		{"another for another schema", []*vectors{counting("shared", "", "a", "", "1"), counting("shared", "", "b", "", "1")},
			map[string]string{"shared": "pass=2 fail=0 skip=0"}},
		{"another for another alternate", []*vectors{counting("shared", "", "a", "", "1"), counting("shared", "", "a", "[]", "1")},
			map[string]string{"shared": "pass=2 fail=0 skip=0"}},
		{"the same for another file", []*vectors{counting("shared", "", "a", "", "1"), counting("shared", "", "a", "", "1")},
			map[string]string{"shared": "pass=1 fail=1 skip=0"}},
		{"one driver for a case", []*vectors{counting("fresh", "", "a", "", "1", "2")}, map[string]string{"fresh": "pass=1 fail=1 skip=0"}},
		{"left out", []*vectors{counting("shared", "g", "a", "", "1", "2", "odd")},
			map[string]string{"shared": "pass=3 fail=0 skip=0", "picky": "pass=2 fail=0 skip=0\npicky left out: odd 1"}},
		{"no driver", []*vectors{counting("closed", "", "a", "", "1", "2")}, map[string]string{"closed": "pass=0 fail=2 skip=0"}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			r := &runner{env: &environment{}, out: &out}
			if _, err := r.run(t.Context(), tc.files, list); err != nil {
				t.Fatal(err)
			}
			for _, s := range list {
				want := tc.want[s.name]
				if want == "" {
					want = "pass=0 fail=0 skip=0"
				}
				if want = "suite=" + s.name + " " + want; !strings.Contains("\n"+out.String(), "\n"+want) {
					t.Errorf("no line %q in\n%s", want, &out)
				}
			}
		})
	}
}

func TestUnknownSuite(t *testing.T) {
	t.Parallel()
	r := &runner{env: &environment{}, out: new(strings.Builder)}
	_, err := r.run(t.Context(), []*vectors{counting("none", "g", "a", "")}, []suite{{name: "shared"}})
	if err == nil || !strings.Contains(err.Error(), `group "g" is for a suite "none"`) {
		t.Errorf("the error is %v", err)
	}
}
