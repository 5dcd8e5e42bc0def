package main

import (
	"math"
	"slices"
	"testing"
)

func TestMedian(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		values []float64
		want   float64
	}{
		{[]float64{7}, 7},
		{[]float64{1, 2}, 1.5},
		{[]float64{9, 1, 5}, 5},
		{[]float64{4, 100, 1, 2}, 3},
	} {
		given := slices.Clone(tc.values)
		if got := median(tc.values); got != tc.want {
			t.Errorf("%v: got %v, want %v", tc.values, got, tc.want)
		}
		if !slices.Equal(given, tc.values) {
			t.Errorf("%v became %v", given, tc.values)
		}
	}
	if got := median(nil); !math.IsNaN(got) {
		t.Errorf("the median of nothing is %v", got)
	}
}

func TestFigures(t *testing.T) {
	t.Parallel()
	// In the second round the machine was busy.
	rounds := []round{
		{"A": {"ns/op": 10, "allocs/op": 0}, "B": {"ns/op": 20, "allocs/op": 0}},
		{"A": {"ns/op": 90}, "B": {"ns/op": 150}},
		{"A": {"ns/op": 11}, "B": {"ns/op": 22}},
		{"B": {"ns/op": 1}},
	}
	for _, tc := range []struct {
		figure figure
		want   float64
	}{
		{figure{unit: "ns/op", of: "A"}, 11},
		{figure{unit: "ns/op", of: "B"}, 21},
		{figure{"ns/op", "A", "B"}, 0.5},
		{figure{"ns/op", "B", "A"}, 2},
		{figure{unit: "allocs/op", of: "A"}, 0},
		{figure{"allocs/op", "A", "B"}, math.NaN()},
		{figure{unit: "req/s", of: "A"}, math.NaN()},
		{figure{unit: "ns/op", of: "C"}, math.NaN()},
		{figure{"ns/op", "A", "C"}, math.NaN()},
	} {
		if got := tc.figure.median(rounds); got != tc.want && !(math.IsNaN(got) && math.IsNaN(tc.want)) {
			t.Errorf("%v: got %v, want %v", tc.figure, got, tc.want)
		}
	}
}
