package match_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/telestruct/telestruct/internal/match"
	"github.com/telestruct/telestruct/tp/wire"
)

// tree reads a value in JSON; "#…" is raw bytes.
func tree(t testing.TB, text string) any {
	t.Helper()
	if raw, ok := strings.CutPrefix(text, "#"); ok {
		return []byte(raw)
	}
	v, err := wire.DecodeJSON([]byte(text), wire.CallLimits())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestMatch(t *testing.T) {
	t.Parallel()
	long := "{" + strings.TrimSuffix(strings.Repeat(`"k%d":1,`, 20), ",") + "}"
	numbers := make([]any, 20)
	for i := range numbers {
		numbers[i] = i
	}
	long = fmt.Sprintf(long, numbers...)
	cases := []struct {
		wanted, got  string
		part, strict bool
	}{
		{`{}`, `{}`, true, true},
		{`{}`, `{"a":1}`, true, false},
		{`{"a":1}`, `{}`, false, false},
		{`{"a":null}`, `{}`, false, false},
		{`{"a":null}`, `{"a":null}`, true, true},
		{`{"a":1,"b":2}`, `{"b":2,"a":1}`, true, true},
		{`{"a":1}`, `{"b":2,"a":1}`, true, false},
		{`{"a":{"b":[]}}`, `{"a":{"b":[1],"c":2}}`, true, false},
		{long, long, true, true},
		{`{"k3":1,"k4":1}`, long, true, false},
		{`{"k3":1,"k4":2}`, long, false, false},
		{`[]`, `[1]`, true, false},
		{`[]`, `[]`, true, true},
		{`[1]`, `[]`, false, false},
		{`[1,1]`, `[2,1]`, true, false},
		{`[2,1]`, `[1,2]`, true, false},
		{`[1,2]`, `[1,2]`, true, true},
		{`[1,2]`, `[1,3]`, false, false},
		{`[{"a":1}]`, `[1,{"a":1,"b":2}]`, true, false},
		{`[{"a":1}]`, `[{"a":2}]`, false, false},
		{`[[1]]`, `[[2,1]]`, true, false},
		{`[null]`, `[1,null]`, true, false},
		{`1`, `1.0`, true, true},
		{`1.5`, `1.5`, true, true},
		{`[1.0]`, `[1]`, true, true},
		{`1`, `true`, false, false},
		{`0`, `false`, false, false},
		{`"1"`, `1`, false, false},
		{`"a"`, `"a"`, true, true},
		{`"a"`, `#a`, false, false},
		{`#a`, `#a`, true, true},
		{`#a`, `#b`, false, false},
		{`null`, `null`, true, true},
		{`null`, `{}`, false, false},
		{`{}`, `null`, false, false},
		{`[]`, `{}`, false, false},
		{`9223372036854775807`, `9223372036854775808`, false, false},
		{`9223372036854775807`, `9223372036854775807.0`, false, false},
		{`18446744073709551616`, `18446744073709551616`, true, true},
		{`1e300`, `1e300`, true, true},
	}
	for _, tc := range cases {
		var part match.Comparison
		if got := part.Match(tree(t, tc.wanted), tree(t, tc.got)); got != tc.part {
			t.Errorf("%s is a part of %s: %v", tc.wanted, tc.got, got)
		}
		strict := match.Comparison{Strict: true}
		if got := strict.Match(tree(t, tc.wanted), tree(t, tc.got)); got != tc.strict {
			t.Errorf("%s equals %s: %v", tc.wanted, tc.got, got)
		}
		if part.Err() != nil || strict.Err() != nil {
			t.Error("a small comparison gave up")
		}
	}
}

// What no message has is equal to nothing that one has.
func TestForeignValues(t *testing.T) {
	t.Parallel()
	var c match.Comparison
	foreign := make(chan int)
	if c.Match(foreign, nil) || c.Match(nil, foreign) || c.Match(math.NaN(), math.NaN()) {
		t.Error("equal")
	}
}

func TestDifferences(t *testing.T) {
	t.Parallel()
	cases := []struct {
		wanted, got string
		strict      bool
		want        []string
	}{
		{`{"a":1}`, `{"a":1,"b":2}`, false, nil},
		{`{"a":1}`, `{"a":1,"b":2}`, true, []string{"b: want nothing, got 2"}},
		{`{"a":1,"c":{"d":"x"}}`, `{"a":2,"c":{"d":"y"}}`, false, []string{"a: want 1, got 2", `c.d: want "x", got "y"`}},
		{`{"a":null}`, `{}`, false, []string{"a: want null, got nothing"}},
		{`{"a":[1,2,3]}`, `{"a":[1,4]}`, true, []string{"a[1]: want 2, got 4", "a[2]: want 3, got nothing"}},
		{`{"a":[1]}`, `{"a":[1,4]}`, true, []string{"a[1]: want nothing, got 4"}},
		{`{"a":[4,5]}`, `{"a":[1,4]}`, false, []string{"a[0]: want 5, got 1"}},
		{`{"a":[4]}`, `{"a":[]}`, false, []string{"a[0]: want 4, got nothing"}},
		{`[{"x":1,"y":2}]`, `[{"x":3},{"x":1,"y":3}]`, false, []string{"[1].y: want 2, got 3"}},
		{`[1,2,3]`, `[]`, false, []string{"[0]: want 1, got nothing", "[1]: want 2, got nothing"}},
		{`[]`, `{}`, false, []string{"(root): want [], got {}"}},
		{`{}`, `[]`, false, []string{"(root): want {}, got []"}},
	}
	for _, tc := range cases {
		c := match.Comparison{Strict: tc.strict}
		var got []string
		for _, d := range c.Differences(tree(t, tc.wanted), tree(t, tc.got), 2) {
			got = append(got, d.String())
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s, %s (-want +got):\n%s", tc.wanted, tc.got, diff)
		}
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	if got := match.Text(tree(t, `{"a":["b"]}`)); got != `{"a":["b"]}` {
		t.Error(got)
	}
	if got := match.Text(strings.Repeat("é", 400)); len(got) > 310 || !strings.HasSuffix(got, "é…") {
		t.Error(got)
	}
	if got := match.Text(make(chan int)); !strings.HasPrefix(got, "(") {
		t.Error(got)
	}
}

// Lists of lists have a product of elements to compare; that must end.
func TestTooMuch(t *testing.T) {
	t.Parallel()
	list := func(n, of int64) []any {
		elems := make([]any, n)
		for i := range elems {
			elems[i] = wire.Object{{Key: "a", Value: of}}
		}
		return elems
	}
	var c match.Comparison
	if c.Match(list(10_000, 1), list(10_000, 2)) {
		t.Error("equal")
	}
	if c.Err() != nil {
		t.Error("one element that is not there is enough")
	}
	same := append(list(10_000, 2), wire.Object{{Key: "a", Value: int64(1)}})
	if c.Match(list(10_000, 1), same) || !errors.Is(c.Err(), match.ErrTooMuch) {
		t.Error("it took all the time it needed")
	}
	if c.Match(int64(1), int64(1)) || len(c.Differences(list(100, 1), same, 10)) > 0 {
		t.Error("it went on")
	}
}

// Few pairs of values can be a lot of work as well: objects with many members to look through,
// and long texts that differ in the end.
func TestTooMuchOfOne(t *testing.T) {
	t.Parallel()
	repeat := func(n int, elem func(i int) any) []any {
		list := make([]any, n)
		for i := range list {
			list[i] = elem(i)
		}
		return list
	}
	object := func(from, to int) wire.Object {
		var o wire.Object
		for i := from; i < to; i++ {
			o = append(o, wire.Member{Key: fmt.Sprint("k", i), Value: int64(i)})
		}
		return o
	}
	text := func(i int) any { return wire.Object{{Key: "a", Value: fmt.Sprintf("%05000d", i)}} }
	raw := func(i int) any { return wire.Object{{Key: "a", Value: fmt.Appendf(nil, "%05000d", i)}} }
	wide := []any{object(0, 20_000)}
	long := []any{[]any{strings.Repeat("x", 1<<20)}} // 1 MiB
	cases := []struct {
		name        string
		wanted, got []any
	}{
		{"one of many members", repeat(8000, func(int) any { return object(19_999, 20_000) }), wide},
		{"two of many members", repeat(8000, func(int) any { return object(0, 2) }), wide},
		{"texts", repeat(2000, text), repeat(2000, func(i int) any { return text(1999 - i) })},
		{"raw bytes", repeat(2000, raw), repeat(2000, func(i int) any { return raw(1999 - i) })},
		{"texts to look up", repeat(8000, func(int) any { return long[0] }), long},
	}
	for _, tc := range cases {
		var c match.Comparison
		if c.Match(tc.wanted, tc.got) || !errors.Is(c.Err(), match.ErrTooMuch) {
			t.Errorf("%s: it took all the time it needed", tc.name)
		}
		few := min(len(tc.wanted), 50)
		if c := new(match.Comparison); !c.Match(tc.wanted[:few], tc.got) || c.Err() != nil {
			t.Errorf("%s: some of them were too much", tc.name)
		}
	}
}

// What equals is a part, and a part of itself without some members.
func TestLaws(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		v := value(3).Draw(rt, "value")
		part, strict := match.Comparison{}, match.Comparison{Strict: true}
		if !part.Match(v, v) || !strict.Match(v, wire.Clone(v)) {
			rt.Fatalf("%v is not itself", v)
		}
		less := thinned(rt, v)
		if !part.Match(less, v) {
			rt.Fatalf("%v is no part of %v", less, v)
		}
		other := value(2).Draw(rt, "other")
		for _, c := range []*match.Comparison{&part, &strict} {
			if c.Match(other, v) == (len(c.Differences(other, v, 5)) > 0) {
				rt.Fatalf("%v and %v match and differ", other, v)
			}
		}
		if strict.Match(other, v) && !part.Match(other, v) {
			rt.Fatalf("%v equals %v and is no part", other, v)
		}
	})
}

func value(depth int) *rapid.Generator[any] {
	return rapid.Custom(func(t *rapid.T) any {
		kind := rapid.IntRange(0, 6).Draw(t, "kind")
		if depth == 0 {
			kind %= 4
		}
		switch kind {
		case 0:
			return rapid.Int64Range(0, 2).Draw(t, "int")
		case 1:
			return rapid.SampledFrom([]any{nil, true, false, 1.0, 0.5, []byte("a")}).Draw(t, "scalar")
		case 2, 3:
			return rapid.SampledFrom([]string{"", "a"}).Draw(t, "text")
		case 4:
			return rapid.SliceOfN(value(depth-1), 0, 3).Draw(t, "list")
		}
		object := wire.Object{}
		for _, key := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a", "b", "c"}), 0, 3, rapid.ID).Draw(t, "keys") {
			object.Set(key, value(depth-1).Draw(t, "member"))
		}
		return object
	})
}

// thinned leaves members and elements out of a value.
func thinned(t *rapid.T, v any) any {
	switch v := v.(type) {
	case []any:
		list := []any{}
		for _, elem := range v {
			if rapid.Bool().Draw(t, "keep") {
				list = append(list, thinned(t, elem))
			}
		}
		return list
	case wire.Object:
		object := wire.Object{}
		for _, m := range v {
			if rapid.Bool().Draw(t, "keep") {
				object.Set(m.Key, thinned(t, m.Value))
			}
		}
		return object
	}
	return v
}
