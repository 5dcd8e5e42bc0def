package mirror

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/telestruct/telestruct/internal/allocs"
)

func TestApply(t *testing.T) {
	t.Parallel()
	a := Path{Key("a")}
	cases := []struct {
		name  string
		value string
		ops   []Op
		want  string
	}{
		{"nothing", `{"Int":1}`, nil, `{"Int":1}`},
		{"root", `{"Int":1}`, []Op{Set(nil, Str("x"))}, `{"Str":"x"}`},
		{"new key", `{"Map":{"b":"Null"}}`, []Op{Set(a, Int(1))}, `{"Map":{"a":{"Int":1},"b":"Null"}}`},
		{"index", `{"List":["Null","Null"]}`, []Op{Set(Path{Index(1)}, Int(1))}, `{"List":["Null",{"Int":1}]}`},
		{"remove", `{"Map":{"a":"Null","b":"Null"}}`, []Op{Remove(a), Remove(a)}, `{"Map":{"b":"Null"}}`},
		{"insert", `{"Map":{"a":{"List":[]}}}`, []Op{Insert(a, 0, Int(2)), Insert(a, 0, Int(1)), Insert(a, 2, Int(3))},
			`{"Map":{"a":{"List":[{"Int":1},{"Int":2},{"Int":3}]}}}`},
		{"lists", `{"List":[{"Int":0},{"Int":1},{"Int":2},{"Int":3}]}`,
			[]Op{Move(nil, 0, 2), Move(nil, 3, 0), Reorder(nil, []int{3, 2, 1, 0}), RemoveAt(nil, 1)},
			`{"List":[{"Int":0},{"Int":1},{"Int":3}]}`},
		{"replaced inside", `{"Map":{"a":{"Map":{}}}}`,
			[]Op{Set(Path{Key("a"), Key("x")}, Int(1)), Set(a, List(Int(1))), Set(Path{Key("a"), Index(0)}, Int(2))},
			`{"Map":{"a":{"List":[{"Int":2}]}}}`},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := Apply(parse(t, tc.value), tc.ops)
			sameError(t, "", err)
			sameText(t, "result", tc.want, got.String())
		})
	}
}

func TestApplyErrors(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		op   Op
		want string
	}{
		{"remove root", Remove(nil), "bad_path in operation 1: the root cannot be removed"},
		{"remove index", Remove(Path{Key("a"), Index(0)}), "bad_path in operation 1 at a[0]: elements of lists are removed by RemoveAt"},
		{"set at length", Set(Path{Key("a"), Index(2)}, Null()), "index_out_of_bounds in operation 1 at a[2]: the index is 2, and the length 2"},
		{"set below nothing", Set(Path{Key("q"), Key("r")}, Null()), `key_not_found in operation 1 at q: there is no key "q"`},
		{"insert behind", Insert(Path{Key("a")}, 3, Null()), "index_out_of_bounds in operation 1 at a: the index is 3, and the length 2"},
		{"move from", Move(Path{Key("a")}, 2, 2), "index_out_of_bounds in operation 1 at a: the index is 2, and the length 2"},
		{"move to", Move(Path{Key("a")}, 0, -1), "index_out_of_bounds in operation 1 at a: the index is -1, and the length 2"},
		{"short order", Reorder(Path{Key("a")}, []int{0}), "bad_permutation in operation 1 at a: the order has 1 indexes for 2 elements"},
		{"twice", Reorder(Path{Key("a")}, []int{1, 1}), "bad_permutation in operation 1 at a: the order does not have each index once: 1"},
		{"no list", Insert(nil, 0, Null()), "not_a_list in operation 1: an index leads into a List, and this is Map"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			v := parse(t, `{"Map":{"a":{"List":["Null",{"Int":1}]}}}`)
			_, err := Apply(v, []Op{Set(Path{Key("a"), Index(0)}, Int(9)), tc.op})
			sameError(t, "mirror: "+tc.want, err)
			sameText(t, "value", `{"Map":{"a":{"List":["Null",{"Int":1}]}}}`, v.String())
		})
	}
}

func TestApplyBoundsWork(t *testing.T) {
	t.Parallel()
	ops := make([]Op, 100)
	for i := range ops {
		ops[i] = Insert(nil, 0, Null())
	}
	v := List(make([]Value, 100)...)
	if _, err := apply(v, ops, 20_000); err != nil {
		t.Error(err)
	}
	if _, err := apply(v, ops, 10_000); CodeOf(err) != TooLarge {
		t.Errorf("got %v", err)
	}
}

// A change deep inside copies the lists and maps above it, once, and nothing beside.
func TestApplyShares(t *testing.T) {
	t.Parallel()
	entries := map[string]Value{}
	for i := range 1000 {
		entries[fmt.Sprint(i)] = List(Int(int64(i)))
	}
	v := Map(map[string]Value{"big": Map(entries), "other": List(Int(1))})
	path := Path{Key("big"), Key("7"), Index(0)}
	w, err := Apply(v, []Op{Set(path, Int(70)), Set(path, Int(71))})
	if err != nil {
		t.Fatal(err)
	}
	other, _ := v.Get("other")
	if still, _ := w.Get("other"); still.of != other.of {
		t.Error("the other list was copied")
	}
	old, _ := v.Get("big")
	big, _ := w.Get("big")
	copied := 0
	for i := range big.of.values {
		if big.of.values[i].of != old.of.values[i].of {
			copied++
		}
	}
	if copied != 1 || &big.of.keys[0] != &old.of.keys[0] {
		t.Errorf("%d lists were copied", copied)
	}
}

func TestApplyAllocations(t *testing.T) {
	entries := map[string]Value{}
	for i := range 1000 {
		entries[fmt.Sprint(i)] = List(Int(int64(i)))
	}
	v, path := Map(map[string]Value{"big": Map(entries)}), Path{Key("big"), Key("7"), Index(0)}
	ops := []Op{Set(path, Int(1)), Set(path, Int(2))}
	const most = 12
	if n := allocs.Objects(most, func() { _, _ = Apply(v, ops) }); n > most {
		t.Errorf("%v allocations", n)
	}
}

// anyOps generates operations of which some fit v.
func anyOps(v Value) *rapid.Generator[[]Op] {
	return rapid.Custom(func(t *rapid.T) []Op {
		var ops []Op
		for range rapid.IntRange(0, 5).Draw(t, "ops") {
			var path Path
			at := v
			for at.Len() > 0 && rapid.Bool().Draw(t, "descend") {
				i := rapid.IntRange(0, at.Len()-1).Draw(t, "step")
				s := Index(i)
				if at.Kind() == KindMap {
					s = Key(at.of.keys[i])
				}
				path, at = append(path, s), at.of.values[i]
			}
			if rapid.Bool().Draw(t, "new key") {
				path = append(path, Key("new"))
			}
			index := rapid.IntRange(0, 5)
			ops = append(ops, Op{
				Kind: OpKind(rapid.IntRange(0, int(OpReorder)).Draw(t, "kind")), Path: path, Value: anyValue(1).Draw(t, "value"),
				Index: index.Draw(t, "index"), To: index.Draw(t, "to"), Order: rapid.Permutation([]int{0, 1, 2}).Draw(t, "order"),
			})
		}
		return ops
	})
}

// All at once is the same as one after the other, and nothing changes the value.
func TestApplyInOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		v := anyValue(3).Draw(t, "value")
		before := v.String()
		ops := anyOps(v).Draw(t, "ops")
		got, err := Apply(v, ops)
		want, step := v, 0
		var wantErr error
		for ; step < len(ops) && wantErr == nil; step++ {
			var next Value
			if next, wantErr = Apply(want, ops[step:step+1]); wantErr == nil {
				want = next
			}
		}
		switch {
		case v.String() != before:
			t.Fatalf("it became %v", v)
		case CodeOf(err) != CodeOf(wantErr):
			t.Fatalf("%v, one by one %v", err, wantErr)
		case err == nil && !got.Equal(want):
			t.Fatalf("%v, one by one %v", got, want)
		case err == nil && got.String() != want.String():
			t.Fatalf("keys are in another order: %v", got)
		}
	})
}

// What a patch adds and removes again takes no memory afterwards.
func TestApplyGivesBack(t *testing.T) {
	t.Parallel()
	const n = 1000
	var list, entries []Op
	for i := range n {
		list = append(list, Insert(Path{Key("list")}, i, Null()))
		entries = append(entries, Set(Path{Key("map"), Key(fmt.Sprint(i))}, Null()))
	}
	for i := range n {
		list = append(list, RemoveAt(Path{Key("list")}, n-1-i))
		entries = append(entries, Remove(Path{Key("map"), Key(fmt.Sprint(i))}))
	}
	v, err := Apply(Map(map[string]Value{"list": List(), "map": Map(nil)}), append(list, entries...))
	sameError(t, "", err)
	for key, inner := range v.Entries() {
		if c := max(cap(inner.of.values), cap(inner.of.keys)); c > 20 {
			t.Errorf("the %s has room for %d", key, c)
		}
	}
}
