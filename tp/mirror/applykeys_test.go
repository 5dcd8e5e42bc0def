package mirror

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// Maps of which many keys change come out as if each operation were carried out by itself, and
// the patch, which is kept elsewhere, stays as it is.
func TestApplyManyKeys(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		model := map[string]Value{}
		for i := range 100 {
			model[fmt.Sprint("z", i)] = Map(map[string]Value{"n": Int(0)})
		}
		before := Map(model)
		before = Map(map[string]Value{"in": before, "other": before})
		var ops []Op
		for i := range rapid.IntRange(0, 600).Draw(t, "ops") {
			key := fmt.Sprint(string(rune('a'+random.IntN(26))), random.IntN(20))
			switch _, has := model[key]; {
			case has && random.IntN(4) == 0:
				ops = append(ops, Remove(Path{Key("in"), Key(key)}))
				delete(model, key)
			case has && random.IntN(2) == 0:
				ops = append(ops, Set(Path{Key("in"), Key(key), Key("n")}, Int(int64(i))))
				model[key] = Map(map[string]Value{"n": Int(int64(i))})
			default:
				model[key] = Map(map[string]Value{"n": Int(-1)})
				ops = append(ops, Set(Path{Key("in"), Key(key)}, model[key]))
			}
		}
		patch := Patch{Ops: ops}.String()
		got, err := Apply(before, ops)
		other, _ := before.Get("other")
		if want := Map(map[string]Value{"in": Map(model), "other": other}); err != nil || !got.Equal(want) {
			t.Fatalf("%v: got %v, want %v", err, got, want)
		}
		if patch != (Patch{Ops: ops}).String() {
			t.Fatal("the patch has changed")
		}
	})
}

// Keys of an opened map lead where those of others do.
func TestApplyManyKeysMistakes(t *testing.T) {
	t.Parallel()
	var ops []Op
	for i := range 2000 {
		ops = append(ops, Set(Path{Key(fmt.Sprint(9999 - i))}, Map(nil)))
	}
	cases := []struct {
		op   Op
		want Code // "" is for none
	}{
		{Set(Path{Key("x"), Key("y")}, Null()), KeyNotFound},
		{Set(Path{Index(0)}, Null()), NotAList},
		{Insert(nil, 0, Null()), NotAList},
		{Remove(Path{Key("x")}), ""},
		{Set(Path{Key("9999"), Key("y")}, Null()), ""},
	}
	for _, tc := range cases {
		if _, err := Apply(Map(nil), append(ops[:len(ops):len(ops)], tc.op)); CodeOf(err) != tc.want {
			t.Errorf("%v %v: %v", tc.op.Kind, tc.op.Path, err)
		}
	}
}

// What a patch costs is bounded, at both ends: by what it changes, and not by how often it
// turns that over.
func TestPatchesThatShiftTooMuch(t *testing.T) {
	t.Parallel()
	list := List(make([]Value, 100_000)...)
	repeat := func(n int, op Op) (ops []Op) {
		for range n {
			ops = append(ops, op)
		}
		return ops
	}
	var keys []Op
	for i := range 100_000 {
		keys = append(keys, Set(Path{Key(fmt.Sprintf("%06d", 999_999-i))}, Null()))
	}
	cases := []struct {
		name string
		of   Value
		ops  []Op
		want Code
	}{
		{"a few moves", list, repeat(100, Move(nil, 0, list.Len()-1)), ""},
		{"moves", list, repeat(1000, Move(nil, 0, list.Len()-1)), TooLarge},
		{"insertions", list, repeat(1000, Insert(nil, 0, Null())), TooLarge},
		{"removals", list, repeat(1000, RemoveAt(nil, 0)), TooLarge},
		{"keys in the order that is the slowest", Map(nil), keys, ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			session := NewSession()
			_, err := session.HostValue("Large", tc.of, nil)
			sameError(t, "", err)
			if _, err = session.Submit(1, tc.ops); CodeOf(err) != tc.want {
				t.Errorf("a server: %v", err)
			}
			client := NewClient(nil)
			for _, m := range []Message{Snapshot{ID: 1, Value: tc.of}, Change{1, Patch{1, tc.ops}}} {
				f, bad := JSON().Encode(m)
				sameError(t, "", bad)
				_, err = client.Receive(f)
			}
			if CodeOf(err) != tc.want {
				t.Errorf("a client: %v", err)
			}
		})
	}
}
