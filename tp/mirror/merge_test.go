package mirror

import (
	"encoding/json"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// mergeAll merges writes in the given order.
func mergeAll(t rapid.TB, s Strategy, v Value, writes []Patch, origins []string, order []int) Value {
	t.Helper()
	for _, i := range order {
		merged, commit, err := s.Merge(v, writes[i], origins[i])
		if err != nil {
			t.Fatal(err)
		}
		if v = merged; commit != nil {
			commit()
		}
	}
	return v
}

// Writes to keys come to the same value in any order, also when the state was elsewhere
// meanwhile.
func TestMergeConverges(t *testing.T) {
	t.Parallel()
	keys := []string{"a", "b", "~/", ""}
	rapid.Check(t, func(t *rapid.T) {
		strategies := []func() Strategy{LwwMapCrdt, DeepLwwCrdt}
		which := rapid.IntRange(0, 1).Draw(t, "strategy")
		var writes []Patch
		var origins []string
		for i := range rapid.IntRange(0, 6).Draw(t, "writes") {
			path := Path{Key(rapid.SampledFrom(keys).Draw(t, "key"))}
			if which == 1 {
				path = append(Path{Key("m")}, path...)
			}
			op := Set(path, Int(int64(i)))
			if rapid.Bool().Draw(t, "remove") {
				op = Remove(path)
			}
			writes = append(writes, Patch{Rev: rapid.Uint64Range(1, 3).Draw(t, "rev"), Ops: []Op{op}})
			origins = append(origins, string(rune('A'+i)))
		}
		base := Map(map[string]Value{"a": Int(-1), "m": Map(map[string]Value{"b": Int(-1)})})
		order := make([]int, len(writes))
		for i := range order {
			order[i] = i
		}
		first := strategies[which]()
		want := mergeAll(t, first, base, writes, origins, order)
		other := slices.Clone(order)
		if len(order) > 0 {
			other = rapid.Permutation(order).Draw(t, "order")
		}
		half := len(other) / 2
		here, there := strategies[which](), strategies[which]()
		got := mergeAll(t, here, base, writes, origins, other[:half])
		if err := there.SetState(here.State()); err != nil {
			t.Fatal(err)
		}
		got = mergeAll(t, there, got, writes, origins, other[half:])
		if !got.Equal(want) || string(first.State()) != string(there.State()) {
			t.Fatalf("%v %s, in another order %v %s", want, first.State(), got, there.State())
		}
	})
}

func TestMergeIsAtomic(t *testing.T) {
	t.Parallel()
	for _, s := range []Strategy{LastWriteWins(), LwwMapCrdt(), DeepLwwCrdt()} {
		before := string(s.State())
		_, _, err := s.Merge(Map(nil), Patch{Rev: 1, Ops: []Op{setX(1), Set(Path{Key("q"), Key("r")}, Null())}}, "a")
		if CodeOf(err) != KeyNotFound {
			t.Errorf("got %v", err)
		}
		sameText(t, "state", before, string(s.State()))
	}
}

func TestMergeWithoutParts(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name     string
		strategy Strategy
		value    Value
		op       Op
		state    string
	}{
		{"no map", LwwMapCrdt(), List(), Insert(nil, 0, Null()), `{"clock":{}}`},
		{"root", LwwMapCrdt(), Map(nil), Set(nil, List(Null())), `{"clock":{}}`},
		{"root", DeepLwwCrdt(), Map(nil), Set(nil, List(Null())), `{"clock":[]}`},
		{"index", DeepLwwCrdt(), List(Int(1)), Set(Path{Index(0)}, Null()), `{"clock":[]}`},
		{"list", DeepLwwCrdt(), Map(map[string]Value{"x": List()}), Insert(Path{Key("x")}, 0, Null()), `{"clock":[]}`},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			mergeAll(t, tc.strategy, tc.value, []Patch{{Rev: 1, Ops: []Op{tc.op}}}, []string{"a"}, []int{0})
			sameText(t, "state", tc.state, string(tc.strategy.State()))
		})
	}
}

func TestMergeStateErrors(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`[]`, `{"clock":5}`, `{"clock":[["a",[1,"b"]]]}`, `{"clock":[[["a"],{}]]}`, ``} {
		if err := DeepLwwCrdt().SetState(json.RawMessage(text)); err == nil {
			t.Errorf("%s is taken", text)
		}
	}
	if err := LwwMapCrdt().SetState(json.RawMessage(`{"clock":{"a":5}}`)); err == nil {
		t.Error("5 is taken for a stamp")
	}
	for _, s := range []Strategy{LastWriteWins(), LwwMapCrdt(), DeepLwwCrdt()} {
		sameError(t, "", s.SetState(json.RawMessage(`{}`)))
		mergeAll(t, s, Map(nil), []Patch{{Rev: 1, Ops: []Op{setX(1)}}}, []string{"a"}, []int{0})
	}
}
