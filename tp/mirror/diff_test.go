package mirror

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestDiff(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, old, new, want string }{
		{"equal", `{"Map":{"a":{"Int":1}}}`, `{"Map":{"a":{"Int":1}}}`, ``},
		{"root", `{"Int":1}`, `{"Float":1.0}`, `Set . {"Float":1.0}`},
		{"field", `{"Map":{"a":{"Int":1},"b":"Null"}}`, `{"Map":{"a":{"Int":2},"b":"Null"}}`, `Set a {"Int":2}`},
		{"sets before removes", `{"Map":{"a":"Null","b":"Null","d":"Null","z":"Null"}}`, `{"Map":{"b":{"Int":1},"c":"Null","d":"Null"}}`,
			`Set b {"Int":1}; Set c "Null"; Remove a; Remove z`},
		{"kind", `{"Map":{"a":{"Int":1}}}`, `{"Map":{"a":{"Map":{}}}}`, `Set a {"Map":{}}`},
		{"append", `{"List":[{"Int":1}]}`, `{"List":[{"Int":1},{"Int":2}]}`, `Insert . 1 {"Int":2}`},
		{"truncate", `{"List":["Null","Null","Null"]}`, `{"List":["Null"]}`, `RemoveAt . 2; RemoveAt . 1`},
		{"rotate", `{"List":[{"Int":1},{"Int":2},{"Int":3}]}`, `{"List":[{"Int":3},{"Int":1},{"Int":2}]}`, `Move . 2 0`},
		{"inside", `{"Map":{"a":{"List":[{"Map":{"b":{"Int":1}}}]}}}`, `{"Map":{"a":{"List":[{"Map":{"b":{"Int":2}}}]}}}`, `Set a[0].b {"Int":2}`},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			sameText(t, "operations", tc.want, opsText(Diff(parse(t, tc.old), parse(t, tc.new))))
		})
	}
}

// opsText returns operations in a short form.
func opsText(ops []Op) string {
	text := ""
	for i, op := range ops {
		if i > 0 {
			text += "; "
		}
		text += op.Kind.String() + " " + op.Path.String()
		switch op.Kind {
		case OpSet:
			text += " " + op.Value.String()
		case OpInsert:
			text += fmt.Sprint(" ", op.Index, " ", op.Value)
		case OpRemoveAt:
			text += fmt.Sprint(" ", op.Index)
		case OpMove:
			text += fmt.Sprint(" ", op.Index, " ", op.To)
		case OpReorder:
			text += fmt.Sprint(" ", op.Order)
		}
	}
	return text
}

func TestDiffGivesNew(t *testing.T) {
	t.Parallel()
	check := func(t *rapid.T, old, new Value) {
		ops := Diff(old, new)
		got, err := Apply(old, ops)
		if err != nil || !got.Equal(new) {
			t.Fatalf("%s: %v, %v", opsText(ops), got, err)
		}
		if again := Diff(got, new); len(again) > 0 || old.Equal(new) != (len(ops) == 0) {
			t.Fatalf("%s, then %s", opsText(ops), opsText(again))
		}
	}
	t.Run("values", rapid.MakeCheck(func(t *rapid.T) {
		check(t, anyValue(3).Draw(t, "old"), anyValue(3).Draw(t, "new"))
	}))
	t.Run("lists", rapid.MakeCheck(func(t *rapid.T) {
		old, new := anyLists(t)
		check(t, old, new)
	}))
}

// The operations are those of the rules of section 4, carried out word by word.
func TestDiffFollowsTheRules(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		old, new := anyLists(t)
		if rapid.Bool().Draw(t, "nested") {
			first, second := anyLists(t)
			old, new = List(append(slices.Clone(old.of.values), first)...), List(append(slices.Clone(new.of.values), second)...)
		}
		want, got := literalDiff(nil, old, new), Diff(old, new)
		if opsText(want) != opsText(got) {
			t.Fatalf("want %s\ngot %s", opsText(want), opsText(got))
		}
	})
}

// literalDiff is Diff as it is described, with no thought of what it costs.
func literalDiff(path Path, old, new Value) (ops []Op) {
	below := func(s Segment) Path { return append(slices.Clone(path), s) }
	switch {
	case old.Kind() == KindList && new.Kind() == KindList:
		return literalList(path, old.of.values, new.of.values)
	case old.Kind() == KindMap && new.Kind() == KindMap:
		for key, v := range new.Entries() {
			if before, ok := old.Get(key); ok {
				ops = append(ops, literalDiff(below(Key(key)), before, v)...)
			} else {
				ops = append(ops, Set(below(Key(key)), v))
			}
		}
		for key := range old.Entries() {
			if _, ok := new.Get(key); !ok {
				ops = append(ops, Remove(below(Key(key))))
			}
		}
	case !old.Equal(new):
		ops = []Op{Set(path, new)}
	}
	return ops
}

func literalList(path Path, old, new []Value) []Op {
	budget := max(64, 8*max(len(old), len(new)))
	var order []int
	if len(old) == len(new) {
		order = literalPermutation(old, new)
	}
	if order != nil && (len(order)-longestIncreasing(order))*len(old) > budget {
		return []Op{Reorder(path, order)}
	}
	if ops, ok := literalWalk(path, slices.Clone(old), new, budget); ok {
		return ops
	}
	if order != nil {
		return []Op{Reorder(path, order)}
	}
	var ops []Op
	for i := range min(len(old), len(new)) {
		ops = append(ops, literalDiff(append(slices.Clone(path), Index(i)), old[i], new[i])...)
	}
	for i := len(old); i < len(new); i++ {
		ops = append(ops, Insert(path, i, new[i]))
	}
	for i := len(old) - 1; i >= len(new); i-- {
		ops = append(ops, RemoveAt(path, i))
	}
	return ops
}

func literalPermutation(old, new []Value) []int {
	order, used := []int{}, make([]bool, len(old))
	for _, v := range new {
		at := slices.IndexFunc(used, func(bool) bool { return false })
		for i := range old {
			if !used[i] && old[i].Equal(v) {
				at = i
				break
			}
		}
		if at < 0 {
			return nil
		}
		used[at] = true
		order = append(order, at)
	}
	return order
}

func literalWalk(path Path, w, new []Value, budget int) (ops []Op, ok bool) {
	spent := 0
	find := func(list []Value, from int, v Value) int {
		for j := from; j < len(list); j++ {
			if list[j].Equal(v) {
				return j
			}
		}
		return -1
	}
	for i := 0; i < len(new); {
		t := new[i]
		if i >= len(w) {
			ops, w = append(ops, Insert(path, i, t)), append(w, t)
			i++
			continue
		}
		if w[i].Equal(t) {
			i++
			continue
		}
		if spent += len(w) - i - 1; spent > budget {
			return nil, false
		}
		if j := find(w, i+1, t); j > 0 {
			if spent += len(w); spent > budget {
				return nil, false
			}
			ops = append(ops, Move(path, j, i))
			w = slices.Insert(slices.Delete(w, j, j+1), i, t)
			i++
			continue
		}
		if spent += len(new) - i - 1; spent > budget {
			return nil, false
		}
		if j := find(new, i+1, w[i]); j > 0 {
			if spent += len(w); spent > budget {
				return nil, false
			}
			if len(w) < len(new) {
				ops, w = append(ops, Insert(path, i, t)), slices.Insert(w, i, t)
				i++
				continue
			}
			if v := w[i]; !w[i+1].Equal(v) {
				ops = append(ops, Move(path, i, j))
				w = slices.Insert(slices.Delete(w, i, i+1), j, v)
				continue
			}
		}
		ops = append(ops, literalDiff(append(slices.Clone(path), Index(i)), w[i], t)...)
		w[i] = t
		i++
	}
	for at := len(w) - 1; at >= len(new); at-- {
		ops = append(ops, RemoveAt(path, at))
	}
	return ops, true
}

// Lists in lists whose budget is spent are not compared twice at each level, which would be
// for ever.
func TestDiffOfNestedLists(t *testing.T) {
	t.Parallel()
	nested := func(offset int64) Value {
		v := Int(offset)
		for range maxNesting {
			values := []Value{v}
			for i := range int64(12) {
				values = append(values, Int(100*offset+i))
			}
			v = List(values...)
		}
		return v
	}
	const each = 12
	if ops := Diff(nested(1), nested(2)); len(ops) != maxNesting*each+1 {
		t.Errorf("%d operations", len(ops))
	}
}

func BenchmarkDiffOneOfManyRecords(b *testing.B) {
	records := make([]Value, 10_000)
	for i := range records {
		records[i] = Map(map[string]Value{"id": Int(int64(i)), "label": Str(fmt.Sprint("record ", i)), "on": Bool(i%2 == 0)})
	}
	old := List(records...)
	new, err := Apply(old, []Op{Set(Path{Index(5000), Key("on")}, Bool(false))})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		Diff(old, new)
	}
}

// A patch does not say a long name again and again.
func TestPatchOfLongNames(t *testing.T) {
	t.Parallel()
	s := NewSession()
	_, err := s.HostValue("Board", Map(nil), nil)
	sameError(t, "", err)
	name := Path{Key(strings.Repeat("x", 100_000))}
	list := func(n int64) Value {
		var all []Value
		for i := range int64(100) {
			all = append(all, Map(map[string]Value{"a": Int(i), "b": Int(n)}))
		}
		return List(all...)
	}
	for n := range int64(2) {
		p, err := s.Submit(1, []Op{Set(name, list(n))})
		sameError(t, "", err)
		f, err := JSON().Encode(Change{ID: 1, Patch: p})
		if len(f.Data) > 110_000 || err != nil {
			t.Errorf("%d operations of %d bytes, %v", len(p.Ops), len(f.Data), err)
		}
	}
	m, err := s.Snapshot(1)
	sameError(t, "", err)
	if v, _ := m.Value.Get(name[0].key); !v.Equal(list(1)) {
		t.Error("the model is another one")
	}
}
