package main

import (
	"cmp"
	"math"
	"slices"
)

// results are what was measured of all rows, some of which more than once in a round.
type results struct {
	rounds int
	cpu    string
	rows   map[rowName][]round
}

// rowName is the title of a table and a shape of it.
type rowName struct{ table, shape string }

func (r *results) add(row rowName, o output) {
	r.cpu = cmp.Or(o.cpu, r.cpu)
	r.rows[row] = append(r.rows[row], o.benchmarks)
}

// figure is one cell of a table: the value that a benchmark has in a unit, or when
// over is set, that value divided by the one of another benchmark.
type figure struct{ unit, of, over string }

// median returns the middle of the figure in all rounds that have it; NaN when none
// does.
func (f figure) median(rounds []round) float64 {
	var values []float64
	for _, r := range rounds {
		if v := f.in(r); !math.IsNaN(v) {
			values = append(values, v)
		}
	}
	return median(values)
}

// in returns the figure in one round. Dividing there, before the median, is what
// takes out the times at which the machine was busy with something else.
func (f figure) in(r round) float64 {
	v, found := r[f.of][f.unit]
	if !found {
		return math.NaN()
	}
	if f.over == "" {
		return v
	}
	divisor, found := r[f.over][f.unit]
	if !found || divisor == 0 {
		return math.NaN()
	}
	return v / divisor
}

// median returns the middle value, of an even number of values the mean of the two
// in the middle, and NaN of none.
func median(values []float64) float64 {
	n := len(values)
	if n == 0 {
		return math.NaN()
	}
	values = slices.Sorted(slices.Values(values))
	return (values[(n-1)/2] + values[n/2]) / 2
}
