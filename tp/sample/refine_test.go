package sample_test

import (
	"errors"
	"log/slog"
	"math"
	"math/big"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/tp/sample"
	"github.com/telestruct/telestruct/tp/schema"
)

// TestRefinedTypes makes three values with seed 0 of types that accept less.
func TestRefinedTypes(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		kind   schema.Kind
		refine schema.Refinement
		want   []any
	}{
		{"int8", schema.Integer, schema.Refinement{Min: -128, Max: 127}, []any{int64(-127), int64(-95), int64(-79)}},
		{"uint8", schema.Integer, schema.Refinement{Max: 255}, []any{int64(1), int64(33), int64(49)}},
		{"int32 as drawn", schema.Integer, schema.Refinement{Min: math.MinInt32, Max: math.MaxInt32}, []any{int64(2163713), int64(3178529), int64(35766321)}},
		{"uint64 as drawn", schema.Integer, schema.Refinement{Max: math.MaxInt64}, []any{int64(2163713), int64(3178529), int64(35766321)}},
		{"some in range", schema.Integer, schema.Refinement{Min: 1, Max: 3e6}, []any{int64(2163713), int64(178530), int64(2766322)}},
		{"all negative", schema.Integer, schema.Refinement{Min: -10, Max: -1}, []any{int64(-7), int64(-1), int64(-9)}},
		{"large only", schema.Integer, schema.Refinement{Min: math.MaxInt64 - 1, Max: math.MaxInt64}, []any{int64(math.MaxInt64), int64(math.MaxInt64), int64(math.MaxInt64)}},
		{"range without a number", schema.Integer, schema.Refinement{Min: 5, Max: 4}, []any{int64(2163713), int64(3178529), int64(35766321)}},
		{"float32", schema.Number, schema.Refinement{Float32: true}, []any{
			float64(float32(0.001007557381413671)), float64(float32(0.0014801179065742148)), float64(float32(0.016654991086877412)),
		}},
		{"word", schema.String, schema.Refinement{Text: func(string) error { return nil }}, []any{"sigma", "sigma", "kappa"}},
		{"some words", schema.String, schema.Refinement{Text: refuse("sigma", "2026")}, []any{"03:04:05", "03:04:05", "kappa"}},
		{"own text", schema.String, schema.Refinement{Text: only("red"), Own: func() []string { return []string{"blue", "red"} }}, []any{"red", "red", "red"}},
		{"usual before own", schema.String, schema.Refinement{Text: refuse("sigma", "kappa"), Own: func() []string { return []string{"red"} }},
			[]any{"2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"}},
		{"nor does an own text", schema.String, schema.Refinement{Text: only("red"), Own: func() []string { return []string{"blue"} }}, []any{"sigma", "sigma", "kappa"}},
		{"nothing suits", schema.String, schema.Refinement{Text: refuse("")}, []any{"sigma", "sigma", "kappa"}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := parse(t, orders)
			g := sample.NewGenerator(s, sample.Options{})
			typ := &schema.Type{Kind: tc.kind, Refine: &tc.refine}
			var got []any
			for range tc.want {
				got = append(got, g.Value(typ, nil, sample.Omit, sample.Blueprint{}))
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("values (-want +got):\n%s", diff)
			}
			next := g.Value(&schema.Type{Kind: schema.Integer}, nil, sample.Omit, sample.Blueprint{})
			if next != int64(16303881) {
				t.Errorf("the next draw is %v: refined values spent another number of draws", next)
			}
		})
	}
}

// refuse returns a Text function that refuses texts with one of the prefixes.
func refuse(prefixes ...string) func(string) error {
	return func(text string) error {
		for _, p := range prefixes {
			if strings.HasPrefix(text, p) {
				return errors.New("refused")
			}
		}
		return nil
	}
}

// only returns a Text function that takes one text.
func only(text string) func(string) error {
	return func(other string) error {
		if other != text {
			return errors.New("refused")
		}
		return nil
	}
}

// TestUsualTexts expects that common Go types find a text they accept.
func TestUsualTexts(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		text func(string) error
		want string
	}{
		{"time", func(s string) error { return new(time.Time).UnmarshalText([]byte(s)) }, "2026-01-02T03:04:05Z"},
		{"date", func(s string) error { _, err := time.Parse(time.DateOnly, s); return err }, "2026-01-02"},
		{"duration", func(s string) error { _, err := time.ParseDuration(s); return err }, "0"},
		{"address", func(s string) error { _, err := netip.ParseAddr(s); return err }, "192.0.2.1"},
		{"address and port", func(s string) error { _, err := netip.ParseAddrPort(s); return err }, "192.0.2.1:443"},
		{"network", func(s string) error { _, err := netip.ParsePrefix(s); return err }, "192.0.2.0/24"},
		{"big integer", func(s string) error { return new(big.Int).UnmarshalText([]byte(s)) }, "0"},
		{"level", func(s string) error { return new(slog.Level).UnmarshalText([]byte(s)) }, "INFO"},
		{"hardware address", func(s string) error { _, err := net.ParseMAC(s); return err }, "00:00:5e:00:53:01"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			g := sample.NewGenerator(parse(t, orders), sample.Options{})
			typ := &schema.Type{Kind: schema.String, Refine: &schema.Refinement{Text: tc.text}}
			if got := g.Value(typ, nil, sample.Omit, sample.Blueprint{}); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestGivenValuesAreNotRefined(t *testing.T) {
	t.Parallel()
	g := sample.NewGenerator(parse(t, orders), sample.Options{})
	typ := &schema.Type{Kind: schema.Integer, Refine: &schema.Refinement{Max: 3}}
	if got := g.Value(typ, nil, sample.Omit, sample.Given(int64(9))); got != int64(9) {
		t.Errorf("got %v", got)
	}
}
