package mirror

import (
	"hash/maphash"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestValueAccessors(t *testing.T) {
	t.Parallel()
	list, dict := List(Int(1), Str("x")), Map(map[string]Value{"b": Int(2), "a": Null()})
	if v, ok := Bool(true).Bool(); !v || !ok {
		t.Error("Bool")
	}
	if v, ok := Int(-3).Int(); v != -3 || !ok {
		t.Error("Int")
	}
	if v, ok := Float(1.5).Float(); v != 1.5 || !ok {
		t.Error("Float")
	}
	if v, ok := Str("é").Str(); v != "é" || !ok {
		t.Error("Str")
	}
	if v, ok := Submodel(math.MaxUint64).Submodel(); v != math.MaxUint64 || !ok {
		t.Error("Submodel")
	}
	if v := list.At(1); !v.Equal(Str("x")) || list.Len() != 2 {
		t.Error("List")
	}
	if v, ok := dict.Get("b"); !v.Equal(Int(2)) || !ok || dict.Len() != 2 {
		t.Error("Map")
	}
	var keys string
	for key := range dict.Entries() {
		keys += key
	}
	sameText(t, "keys", "ab", keys)
	for key := range dict.Entries() {
		keys = key
		break
	}
	sameText(t, "first key", "a", keys)
}

func TestValueAccessorsOfOtherKinds(t *testing.T) {
	t.Parallel()
	for _, v := range []Value{Null(), Bool(true), Int(1), Float(1), Str("x"), List(Null()), Map(map[string]Value{"": Null()}), Submodel(1)} {
		accepting := 0
		count := func(ok bool) {
			if ok {
				accepting++
			}
		}
		_, ok := v.Bool()
		count(ok)
		_, ok = v.Int()
		count(ok)
		_, ok = v.Float()
		count(ok)
		_, ok = v.Str()
		count(ok)
		_, ok = v.Submodel()
		count(ok)
		_, ok = v.Get("")
		count(ok)
		for range v.Elements() {
			accepting++
		}
		if v.Kind() != KindMap && v.At(0).IsNull() && v.Kind() != KindList {
			for range v.Entries() {
				t.Errorf("%v has entries", v)
			}
		}
		want := 1
		if v.IsNull() {
			want = 0
		}
		if accepting != want {
			t.Errorf("%v: %d accessors take it", v, accepting)
		}
	}
	if v := List().At(-1); !v.IsNull() {
		t.Errorf("no element is %v", v)
	}
}

func TestEqual(t *testing.T) {
	t.Parallel()
	shared := List(Int(1))
	cases := []struct {
		name string
		a, b Value
		want bool
	}{
		{"null", Null(), Value{}, true},
		{"int and float", Int(1), Float(1), false},
		{"zeros", Float(0), Float(math.Copysign(0, -1)), true},
		{"NaN", Float(math.NaN()), Float(math.NaN()), false},
		{"int and submodel", Int(1), Submodel(1), false},
		{"false and zero", Bool(false), Int(0), false},
		{"empty list and map", List(), Map(nil), false},
		{"lists", List(Int(1), Int(2)), List(Int(1), Int(2)), true},
		{"order", List(Int(1), Int(2)), List(Int(2), Int(1)), false},
		{"shared", List(shared), List(shared), true},
		{"maps", Map(map[string]Value{"a": Null(), "b": shared}), Map(map[string]Value{"b": shared, "a": Null()}), true},
		{"keys", Map(map[string]Value{"a": Null()}), Map(map[string]Value{"b": Null()}), false},
		{"null and text", Null(), Str(""), false},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := tc.a.Equal(tc.b); got != tc.want {
				t.Errorf("%v == %v: %v", tc.a, tc.b, got)
			}
			if got := tc.b.Equal(tc.a); got != tc.want {
				t.Errorf("%v == %v: %v", tc.b, tc.a, got)
			}
		})
	}
}

func TestHashesOfEqualValues(t *testing.T) {
	t.Parallel()
	seed := maphash.MakeSeed()
	sum := func(v Value) uint64 {
		var h maphash.Hash
		h.SetSeed(seed)
		v.hash(&h)
		return h.Sum64()
	}
	if sum(Float(0)) != sum(Float(math.Copysign(0, -1))) {
		t.Error("zeros differ")
	}
	rapid.Check(t, func(t *rapid.T) {
		v, w := anyValue(2).Draw(t, "v"), anyValue(2).Draw(t, "w")
		if v.Equal(w) != (sum(v) == sum(w)) {
			t.Fatalf("%v and %v: equal is %v", v, w, v.Equal(w))
		}
	})
}

func TestPath(t *testing.T) {
	t.Parallel()
	sameText(t, "path", `meta.tags[2]["a b"][""].x`, Path{Key("meta"), Key("tags"), Index(2), Key("a b"), Key(""), Key("x")}.String())
	sameText(t, "root", ".", Path(nil).String())
	if key, ok := Key("a").Key(); key != "a" || !ok {
		t.Error("key")
	}
	if i, ok := Index(3).Index(); i != 3 || !ok {
		t.Error("index")
	}
}

func TestLookup(t *testing.T) {
	t.Parallel()
	v := parse(t, `{"Map":{"a":{"List":[{"Int":1},{"Map":{"b":{"Str":"x"}}}]}}}`)
	got, err := v.Lookup(Path{Key("a"), Index(1), Key("b")})
	if err != nil || !got.Equal(Str("x")) {
		t.Errorf("found %v, %v", got, err)
	}
	for want, path := range map[string]Path{
		"mirror: key_not_found at q: there is no key \"q\"":                       {Key("q"), Key("r")},
		"mirror: not_a_list at [0]: an index leads into a List, and this is Map":  {Index(0)},
		"mirror: not_a_map at a.b: a key leads into a Map, and this is List":      {Key("a"), Key("b")},
		"mirror: index_out_of_bounds at a[2]: the index is 2, and the length 2":   {Key("a"), Index(2)},
		"mirror: not_a_map at a[0].x: a key leads into a Map, and this is Int":    {Key("a"), Index(0), Key("x")},
		"mirror: index_out_of_bounds at a[-1]: the index is -1, and the length 2": {Key("a"), Index(-1)},
	} {
		_, err := v.Lookup(path)
		sameError(t, want, err)
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	deep := Int(1)
	for range maxNesting {
		deep = List(deep)
	}
	cases := []struct {
		name string
		v    Value
		want string
	}{
		{"fine", deep, ""},
		{"too deep", List(deep), "lists and maps are nested deeper than 60 levels"},
		{"NaN", List(Int(1), Map(map[string]Value{"a": Float(math.NaN())})), "[1].a: a float must be finite, and is NaN"},
		{"text", Str("\xff"), "a string must be valid UTF-8"},
		{"key", Map(map[string]Value{"\xff": Null()}), "a key must be valid UTF-8"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := ""
			if err := tc.v.check(Null(), maxNesting); err != nil {
				got = err.sentence()
			}
			if len(got) < len(tc.want) || got[len(got)-len(tc.want):] != tc.want || tc.want == "" && got != "" {
				t.Errorf("got %q", got)
			}
		})
	}
	bad := List(Float(math.Inf(1)))
	if err := List(bad, Int(1)).check(List(bad), maxNesting); err != nil {
		t.Errorf("what is known was looked at: %v", err)
	}
}
