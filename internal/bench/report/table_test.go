package main

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFormat(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		figure figure
		value  float64
		want   string
	}{
		{figure{unit: perCall}, 534.4, "0.53 µs"},
		{figure{unit: perCall}, 9994, "9.99 µs"},
		{figure{unit: perCall}, 12345, "12.3 µs"},
		{figure{unit: perCall}, 2134567, "2135 µs"},
		{figure{unit: perCall, over: "B"}, 0.256, "0.26"},
		{figure{unit: slowest}, 534000, "534 µs"},
		{figure{unit: perSecond}, 28889.4, "28889"},
		{figure{unit: perSecond, over: "B"}, 12.345, "12.35"},
		{figure{unit: allocations}, 5, "5"},
		{figure{unit: allocations}, 0, "0"},
		{figure{unit: perCall}, math.NaN(), "–"},
	} {
		if got := tc.figure.format(tc.value); got != tc.want {
			t.Errorf("%v %v: got %s, want %s", tc.figure, tc.value, got, tc.want)
		}
	}
}

func TestTable(t *testing.T) {
	t.Parallel()
	measured := table{
		title: "Title", intro: "Words.", shapes: []string{"small", "big", "other"},
		columns: []column{value("time", perCall, "A/*/x"), ratio("÷ y", perCall, "A/*/x", "A/*/y")},
	}
	r := &results{rows: map[rowName][]round{
		{"Title", "small"}:       {{"A/small/x": {perCall: 1000}}},
		{"Title", "big"}:         {{"A/big/x": {perCall: 5000}, "A/big/y": {perCall: 2000}}},
		{"Other title", "other"}: {{"A/other/x": {perCall: 1}}},
	}}
	var got strings.Builder
	measured.write(&got, r)
	want := "\n### Title\n\nWords.\n\n| | time | ÷ y |\n|---|--:|--:|\n| small | 1.00 µs | – |\n| big | 5.00 µs | 2.50 |\n"
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}
	got.Reset()
	measured.write(&got, &results{})
	if got.Len() > 0 {
		t.Errorf("nothing was measured, and the table is\n%s", &got)
	}
}
