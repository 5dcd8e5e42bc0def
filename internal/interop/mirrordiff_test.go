package interop

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/telestruct/telestruct/tp/mirror"
)

// compared is two values and what makes new of old, and a value to which that is done as well.
type compared struct {
	Old    mirror.Value `json:"old"`
	New    mirror.Value `json:"new"`
	Target mirror.Value `json:"target"`
	Patch  mirror.Patch `json:"patch"`
}

// deepest is how deep the values go.
const deepest = 4

// The library finds the same operations between two values, and they do the same to a third.
func TestMirrorDiff(t *testing.T) {
	t.Parallel()
	needsTransports(t)
	library := start(t, "mirrordiff.py")
	const cases = 5000
	random := rand.New(rand.NewPCG(26, 11))
	fitting, kinds := 0, map[mirror.OpKind]int{}
	for range cases {
		c := compared{Old: anyModel(random, deepest)}
		c.New, c.Target = variant(random, c.Old, deepest), variant(random, c.Old, deepest)
		c.Patch.Ops = mirror.Diff(c.Old, c.New)
		for _, op := range c.Patch.Ops {
			kinds[op.Kind]++
		}
		var answer struct{ Patch, Result any }
		if err := library.order(c, &answer); err != nil {
			t.Fatal(err)
		}
		if want := asJSON(t, c.Patch); !reflect.DeepEqual(answer.Patch, want) {
			t.Fatalf("from %v\nto %v\nthe library has %v\nand we have %v", asJSON(t, c.Old), asJSON(t, c.New), answer.Patch, want)
		}
		var want any
		if result, err := mirror.Apply(c.Target, c.Patch.Ops); err == nil {
			want = asJSON(t, result)
			fitting++
		}
		if !reflect.DeepEqual(answer.Result, want) {
			t.Fatalf("of %v\n%v makes %v with the library\nand %v with us", asJSON(t, c.Target), asJSON(t, c.Patch), answer.Result, want)
		}
	}
	if len(kinds) != 6 || fitting == cases {
		t.Errorf("operations are %v, and %d of %d patches fit: want some of each", kinds, fitting, cases)
	}
}

// asJSON returns what v is on the wire, decoded.
func asJSON(t *testing.T, v any) (decoded any) {
	t.Helper()
	text, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(text, &decoded)
	}
	if err != nil {
		t.Fatal(err)
	}
	return decoded
}

// anyModel returns a value that goes down so deep: a list or a map where that is deepest. There are
// few scalars, so that lists have equal elements.
func anyModel(r *rand.Rand, depth int) mirror.Value {
	kind := r.IntN(8)
	switch depth {
	case 0:
		kind = r.IntN(6)
	case deepest:
		kind = 6 + r.IntN(2)
	}
	switch kind {
	case 0:
		return mirror.Null()
	case 1:
		return mirror.Bool(r.IntN(2) == 0)
	case 2, 3:
		return mirror.Int(r.Int64N(4) - 1)
	case 4:
		return []mirror.Value{mirror.Float(1.5), mirror.Float(-1), mirror.Submodel(7)}[r.IntN(3)]
	case 5:
		return mirror.Str([]string{"", "a", "世"}[r.IntN(3)])
	case 6:
		list := make([]mirror.Value, r.IntN(3)*r.IntN(8*depth))
		for i := range list {
			list[i] = anyModel(r, r.IntN(depth))
		}
		return mirror.List(list...)
	}
	entries := map[string]mirror.Value{}
	for range r.IntN(5) {
		entries[[]string{"", "a", "b", "é"}[r.IntN(4)]] = anyModel(r, depth-1)
	}
	return mirror.Map(entries)
}

// variant returns a value that has much in common with v.
func variant(r *rand.Rand, v mirror.Value, depth int) mirror.Value {
	switch {
	case r.IntN(10) == 0:
		return anyModel(r, depth)
	case depth == 0:
		return v
	}
	switch v.Kind() {
	case mirror.KindList:
		var list []mirror.Value
		for _, element := range v.Elements() {
			list = append(list, element)
		}
		for range r.IntN(5) {
			list = edited(r, list, depth-1)
		}
		return mirror.List(list...)
	case mirror.KindMap:
		entries := map[string]mirror.Value{}
		for key, value := range v.Entries() {
			if r.IntN(4) > 0 {
				entries[key] = variant(r, value, depth-1)
			}
		}
		if r.IntN(2) == 0 {
			entries["new"] = anyModel(r, depth-1)
		}
		return mirror.Map(entries)
	}
	return v
}

// edited returns list after one change of a kind that people make.
func edited(r *rand.Rand, list []mirror.Value, depth int) []mirror.Value {
	if len(list) == 0 {
		return append(list, anyModel(r, depth))
	}
	i, j := r.IntN(len(list)), r.IntN(len(list))
	switch r.IntN(6) {
	case 0:
		return slices.Delete(list, i, i+1)
	case 1:
		return slices.Insert(list, i, anyModel(r, depth))
	case 2:
		list[i], list[j] = list[j], list[i]
	case 3:
		moved := list[i]
		return slices.Insert(slices.Delete(list, i, i+1), min(j, len(list)-1), moved)
	case 4:
		list[i] = variant(r, list[j], depth)
	default:
		if r.IntN(3) == 0 {
			r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		}
	}
	return list
}
