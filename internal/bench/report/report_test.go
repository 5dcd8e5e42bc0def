package main

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// testdata has the output of each suite in three rounds.
func TestReport(t *testing.T) {
	t.Parallel()
	r := &results{rounds: 3, rows: map[rowName][]round{}}
	for _, s := range suites() {
		files, err := filepath.Glob("testdata/" + s.name + "-*.txt")
		if err != nil || len(files) == 0 {
			t.Fatalf("no output of %s: %v", s.name, err)
		}
		for _, file := range files {
			got := parseFile(t, file)
			for _, row := range rowsOf(t, s.name) {
				r.add(row, got)
			}
		}
	}
	at := time.Date(2026, 9, 1, 23, 0, 0, 0, time.UTC)
	got := r.report(at, machine{cpu: r.cpu, cores: 4, version: "go1.26"}, tables())
	const golden = "testdata/report.md"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("the report is another one; look at it after go test -update (-want +got):\n%s", diff)
	}
}

// rowsOf returns all rows of a suite.
func rowsOf(t *testing.T, suite string) []rowName {
	t.Helper()
	all, err := wantedRows(tables(), "")
	if err != nil {
		t.Fatal(err)
	}
	var rows []rowName
	for _, w := range all {
		if w.suite == suite {
			rows = append(rows, w.name)
		}
	}
	return rows
}

func parseFile(t *testing.T, name string) output {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	out, err := parse(f)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestMachine(t *testing.T) {
	t.Parallel()
	if m := machineOf("Some CPU"); m.cpu != "Some CPU" || m.cores < 1 || m.version == "" {
		t.Errorf("%+v", m)
	}
	if m := machineOf(""); m.cpu == "" {
		t.Error("a machine whose test binaries print no CPU has none")
	}
}
