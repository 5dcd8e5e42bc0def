package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// rows is a small table and a slow one.
func rows() []table {
	return []table{
		{title: "Time", suite: "codecs", shapes: []string{"tiny", "large"}, noisy: []string{"tiny"}, columns: []column{
			value("time", perCall, "A/*/ours"), ratio("÷ theirs", perCall, "A/*/ours", "A/*/theirs"),
			ratio("÷ others", perCall, "A/*/ours", "B/*/others"),
		}},
		{title: "Memory", suite: "sockets", every: 4, shapes: []string{"idle"}, columns: []column{ratio("÷ theirs", allocations, "A/*/ours", "A/*/theirs")}},
	}
}

func TestWantedRows(t *testing.T) {
	t.Parallel()
	tiny := wantedRow{rowName{"Time", "tiny"}, "codecs", 1, 3, []string{"A/tiny/ours", "A/tiny/theirs", "B/tiny/others"}}
	large := wantedRow{rowName{"Time", "large"}, "codecs", 1, 1, []string{"A/large/ours", "A/large/theirs", "B/large/others"}}
	idle := wantedRow{rowName{"Memory", "idle"}, "sockets", 4, 1, []string{"A/idle/ours", "A/idle/theirs"}}
	for _, tc := range []struct {
		match string
		want  []wantedRow
	}{
		{"", []wantedRow{tiny, large, idle}},
		{"A/tiny|idle", []wantedRow{{tiny.name, "codecs", 1, 3, tiny.benchmarks[:2]}, idle}},
		{"//others", []wantedRow{{tiny.name, "codecs", 1, 3, tiny.benchmarks[2:]}, {large.name, "codecs", 1, 1, large.benchmarks[2:]}}},
	} {
		got, err := wantedRows(rows(), tc.match)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tc.want, got, cmp.AllowUnexported(wantedRow{}, rowName{})); diff != "" {
			t.Errorf("%q: rows (-want +got):\n%s", tc.match, diff)
		}
	}
	for _, tc := range []struct{ match, want string }{
		{"Nothing", `no table has a benchmark like "Nothing"`},
		{"(", "missing closing )"},
	} {
		if _, err := wantedRows(rows(), tc.match); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%q: error %v, want one that says %q", tc.match, err, tc.want)
		}
	}
}

func TestOrderOfTurns(t *testing.T) {
	t.Parallel()
	w := wantedRow{benchmarks: []string{"a", "b", "c"}}
	for i, want := range []string{"a b c", "c b a", "a b c", "c b a"} {
		if got := strings.Join(w.inTurn(i), " "); got != want {
			t.Errorf("turn %d: %s, want %s", i, got, want)
		}
		if w.benchmarks[0] != "a" {
			t.Error("the row itself was turned")
		}
	}
}

func TestSuitesOf(t *testing.T) {
	t.Parallel()
	got := suitesOf([]wantedRow{{suite: "sockets"}, {suite: "codecs"}, {suite: "codecs"}})
	if len(got) != 2 || got[0].name != "codecs" || got[1].name != "sockets" {
		t.Errorf("suites %+v, want codecs and sockets", got)
	}
}

// A module that needs what cannot be had is left out; the others are measured.
func TestUnavailableModule(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":        "module example.com/ours\n\ngo 1.26\n",
		"a_test.go":     "package a\n",
		"nested/go.mod": "module example.com/nested\n\ngo 1.26\n\nrequire example.com/missing v1.0.0\n\nreplace example.com/missing => ./missing\n",
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var messages strings.Builder
	built, err := command{dir: dir, messages: &messages}.buildAll(t.Context(),
		[]suite{{name: "peers", module: "nested", pkg: "."}, {name: "ours", module: ".", pkg: "."}}, t.TempDir())
	if err != nil || len(built) != 1 || built["ours"].binary == "" {
		t.Errorf("built %v, %v; want ours alone", built, err)
	}
	if !strings.Contains(messages.String(), "without peers, whose modules cannot be had: ") {
		t.Errorf("the messages are\n%s", &messages)
	}
}
