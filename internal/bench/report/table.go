package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// table compares benchmarks of one suite: each row is a shape, each column a figure.
type table struct {
	title   string
	intro   string
	suite   string
	every   int // measured in one of that many rounds, for what takes long; 0 for all
	shapes  []string
	noisy   []string // those of shapes that chance changes most: they are measured more often
	columns []column
}

// noisyTimes is how often a noisy shape is measured in a round.
const noisyTimes = 3

// times returns how often a shape is measured in a round.
func (t table) times(shape string) int {
	if slices.Contains(t.noisy, shape) {
		return noisyTimes
	}
	return 1
}

// benchmarks lists what is measured for a shape, each once.
func (t table) benchmarks(shape string) []string {
	var all []string
	for _, c := range t.columns {
		f := c.figure.with(shape)
		for _, name := range []string{f.of, f.over} {
			if name != "" && !slices.Contains(all, name) {
				all = append(all, name)
			}
		}
	}
	return all
}

// column is a figure for every shape: in the names of benchmarks, * stands for the
// shape.
type column struct {
	title  string
	figure figure
}

const (
	perCall       = "ns/op"
	perSecond     = "req/s"
	deliveries    = "deliveries/s"
	allocations   = "allocs/op"
	perConnection = "B/conn"
	goroutines    = "goroutines/conn"
	slowest       = "p99-ns"
)

// value is a column of what was measured.
func value(title, unit, of string) column { return column{title, figure{unit: unit, of: of}} }

// ratio is a column that divides what was measured by what others take.
func ratio(title, unit, of, over string) column { return column{title, figure{unit, of, over}} }

// write writes the table in Markdown; nothing when no row has a figure.
func (t table) write(b *strings.Builder, r *results) {
	var rows strings.Builder
	for _, shape := range t.shapes {
		if cells := t.row(shape, r.rows[rowName{t.title, shape}]); cells != nil {
			fmt.Fprintf(&rows, "| %s | %s |\n", shape, strings.Join(cells, " | "))
		}
	}
	if rows.Len() == 0 {
		return
	}
	titles := make([]string, len(t.columns))
	for i, c := range t.columns {
		titles[i] = c.title
	}
	fmt.Fprintf(b, "\n### %s\n\n%s\n\n| | %s |\n|---|%s\n%s",
		t.title, t.intro, strings.Join(titles, " | "), strings.Repeat("--:|", len(titles)), &rows)
}

// row returns the cells of a shape; nil when nothing was measured with it.
func (t table) row(shape string, rounds []round) []string {
	cells := make([]string, len(t.columns))
	measured := false
	for i, c := range t.columns {
		f := c.figure.with(shape)
		v := f.median(rounds)
		measured = measured || !math.IsNaN(v)
		cells[i] = f.format(v)
	}
	if !measured {
		return nil
	}
	return cells
}

// with puts a shape into the names of the benchmarks.
func (f figure) with(shape string) figure {
	f.of, f.over = strings.ReplaceAll(f.of, "*", shape), strings.ReplaceAll(f.over, "*", shape)
	return f
}

// format writes a ratio with two digits after the point, a time in microseconds with
// three digits in all, and everything else as a whole number.
func (f figure) format(v float64) string {
	switch {
	case math.IsNaN(v):
		return "–"
	case f.over != "":
		return fmt.Sprintf("%.2f", v)
	case f.unit == perCall, f.unit == slowest:
		return microseconds(v / 1000)
	}
	return fmt.Sprintf("%.0f", v)
}

func microseconds(v float64) string {
	digits := 2
	switch {
	case v >= 100:
		digits = 0
	case v >= 10:
		digits = 1
	}
	return fmt.Sprintf("%.*f µs", digits, v)
}
