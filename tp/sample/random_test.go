package sample_test

import (
	"math"
	"testing"

	"github.com/telestruct/telestruct/tp/sample"
	"github.com/telestruct/telestruct/tp/wire"
)

// TestDraws holds every kind of draw to the numbers of spec appendix A.1.
func TestDraws(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name       string
		expression string
		options    sample.Options
		want       string
	}{
		{"seed 0", `"integer"`, sample.Options{}, `[2163713,3178529,35766321,16303881,954081041,1598503090,415302837,326552725]`},
		{"seed 1", `"integer"`, sample.Options{Seed: 1}, `[2163713,3178529,35766321]`},
		{"seed 4", `"integer"`, sample.Options{Seed: 4}, `[8654852,12714182,8652934,140644391,277153829]`},
		{"seed -1", `"integer"`, sample.Options{Seed: -1}, `[2032608,2081487872,67059199,2131247864,50881264]`},
		{"largest seed", `"integer"`, sample.Options{Seed: math.MaxInt32}, `[32441312,1108804096,1108286688,59564387,1063530367]`},
		{"smallest seed", `"integer"`, sample.Options{Seed: math.MinInt32}, `[32505856,1040711168,1106256159,2089067419,1013730703]`},
		{"only 32 bits count", `"integer"`, sample.Options{Seed: 1<<32 + 4}, `[8654852,12714182]`},
		{"no bits left", `"integer"`, sample.Options{Seed: 1 << 40}, `[2163713,3178529]`},
		{"booleans", `"boolean"`, sample.Options{}, `[false,false,false,true,true,true,true,true,false,true,true,false]`},
		{"strings", `"string"`, sample.Options{}, `["sigma","sigma","kappa","kappa","sigma","lambda","chi","xi"]`},
		{"numbers", `"number"`, sample.Options{}, `[0.001007557381413671,0.0014801179065742148,0.016654991086877412]`},
		{"bytes", `"bytes"`, sample.Options{}, `["ACEEAQ==","ADCAIQ==","AiHAMQ==","APjHCQ=="]`},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s, typ := typeOf(t, tc.expression)
			g := sample.NewGenerator(s, tc.options)
			var got []any
			for range len(tree(t, tc.want).([]any)) {
				got = append(got, g.Value(typ, nil, sample.Omit, sample.Blueprint{}))
			}
			if got := text(t, got); got != tc.want {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
		})
	}
}

// TestLengths draws the lengths of lists whose elements draw nothing.
func TestLengths(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name    string
		options sample.Options
		want    []int
	}{
		{"0 to 3", sample.Options{MaxLength: 3}, []int{2, 2, 0, 0, 2, 1, 0, 1}},
		{"2 to 2", sample.Options{MinLength: 2, MaxLength: 2}, []int{2, 2, 2, 2}},
		{"none", sample.Options{}, []int{0, 0, 0}},
		{"maximum below minimum", sample.Options{MinLength: 4, MaxLength: 1}, []int{4, 4}},
		{"negative", sample.Options{MinLength: -7, MaxLength: -2}, []int{0, 0}},
		{"negative minimum", sample.Options{MinLength: -7, MaxLength: 3}, []int{2, 2, 0, 0, 2}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := parse(t, "- struct.Empty: {}\n\n- fn.f:\n    x: [\"struct.Empty\"]\n  ->:\n    - Ok_: {}\n")
			typ := s.Function("fn.f").Args.Field("x").Type
			g := sample.NewGenerator(s, tc.options)
			for i, want := range tc.want {
				got := g.Value(typ, nil, sample.Omit, sample.Blueprint{}).([]any)
				if len(got) != want {
					t.Errorf("length %d is %d, want %d", i, len(got), want)
				}
			}
		})
	}
}

func TestSeedStartsAnew(t *testing.T) {
	t.Parallel()
	s, typ := typeOf(t, `"integer"`)
	g := sample.NewGenerator(s, sample.Options{})
	draw := func() any { return g.Value(typ, nil, sample.Omit, sample.Blueprint{}) }
	draw()
	g.Seed(4)
	if got := draw(); got != int64(8654852) {
		t.Errorf("after Seed(4): got %v", got)
	}
	g.Seed(0)
	if got := draw(); got != int64(2163713) {
		t.Errorf("after Seed(0): got %v", got)
	}
}

func TestBytesStayRaw(t *testing.T) {
	t.Parallel()
	s, typ := typeOf(t, `"bytes"`)
	got := sample.NewGenerator(s, sample.Options{}).Value(typ, nil, sample.Omit, sample.Blueprint{})
	if raw, ok := got.([]byte); !ok || string(raw) != "\x00\x21\x04\x01" {
		t.Errorf("got %#v", got)
	}
	if text(t, wire.Object{{Key: "x", Value: got}}) != `{"x":"ACEEAQ=="}` {
		t.Error("bytes are not written as base64 text")
	}
}
