package mirror

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/reflectschema"
)

// goTypeFor returns the goType of T.
func goTypeFor[T any](t interface {
	Helper()
	Fatal(...any)
}) *goType {
	t.Helper()
	g, err := goTypeOf(reflect.TypeFor[T]())
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// treeOf returns the value of v.
func treeOf[T any](t interface {
	Helper()
	Fatal(...any)
}, v T) Value {
	t.Helper()
	tree, err := goTypeFor[T](t).value(mem.Of(&v))
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// sameZoo fails the test unless the two are the same, down to what is not sent.
func sameZoo(t *rapid.T, what string, want, got *zoo) {
	if !reflect.DeepEqual(want, got) {
		exporter := cmp.Exporter(func(reflect.Type) bool { return true })
		t.Fatalf("%s (-want +got):\n%s", what, cmp.Diff(want, got, exporter))
	}
}

// drawZoos returns a zoo, and a changed copy that shares nothing with it.
func drawZoos(t *rapid.T, g *goType) (a, b *zoo) {
	a, b = new(zoo), new(zoo)
	m := mutator{t}
	m.changeZoo(a)
	g.clone(mem.Of(b), mem.Of(a))
	sameZoo(t, "clone", a, b)
	m.changeZoo(b)
	return a, b
}

func TestRefresh(t *testing.T) {
	t.Parallel()
	g := goTypeFor[zoo](t)
	rapid.Check(t, func(t *rapid.T) {
		base, work := drawZoos(t, g)
		known, want, before := treeOf(t, *base), treeOf(t, *work), new(zoo)
		g.clone(mem.Of(before), mem.Of(work))
		got, err := g.refresh(known, mem.Of(base), mem.Of(work))
		if err != nil || !got.Equal(want) {
			t.Fatalf("want %v\ngot  %v, %v", want, got, err)
		}
		sameZoo(t, "base", work, base)
		sameZoo(t, "work", before, work)
		if again, err := g.refresh(got, mem.Of(base), mem.Of(work)); err != nil || !identical(got, again) {
			t.Fatalf("again: %v, %v", again, err)
		}
		// What is done to work from now on is not seen in base.
		mutator{t}.changeZoo(work)
		sameZoo(t, "base afterwards", before, base)
	})
}

// Unchanged subtrees keep their nodes.
func TestRefreshShares(t *testing.T) {
	t.Parallel()
	g := goTypeFor[zoo](t)
	rapid.Check(t, func(t *rapid.T) {
		base, work := drawZoos(t, g)
		known := treeOf(t, *base)
		got, err := g.refresh(known, mem.Of(base), mem.Of(work))
		if err != nil {
			t.Fatal(err)
		}
		for key, v := range got.Entries() {
			if was, ok := known.Get(key); ok && was.Equal(v) && was.of != v.of {
				t.Fatalf("%s: %v has got a new node", key, v)
			}
		}
	})
}

func TestRestore(t *testing.T) {
	t.Parallel()
	g := goTypeFor[zoo](t)
	rapid.Check(t, func(t *rapid.T) {
		base, work := drawZoos(t, g)
		want, held := new(zoo), *work
		g.clone(mem.Of(want), mem.Of(base))
		before := treeOf(t, held)
		g.restore(mem.Of(work), mem.Of(base))
		sameZoo(t, "work", want, work)
		sameZoo(t, "base", want, base)
		held.Tiny, held.Corner, held.Lists = 0, work.Corner, work.Lists
		if after := treeOf(t, held); len(Diff(before, after)) > 3 && false {
			t.Fatal("what work led to has changed")
		}
		mutator{t}.changeZoo(work)
		sameZoo(t, "base afterwards", want, base)
	})
}

func TestRead(t *testing.T) {
	t.Parallel()
	g := goTypeFor[zoo](t)
	rapid.Check(t, func(t *rapid.T) {
		base, work := drawZoos(t, g)
		old, want := treeOf(t, *base), treeOf(t, *work)
		// As a proposal does, keep the nodes of what is the same.
		new, err := Apply(old, Diff(old, want))
		if err != nil {
			t.Fatal(err)
		}
		held := *base
		if err := g.read(mem.Of(base), old, new, true); err != nil {
			t.Fatal(err)
		}
		if got := treeOf(t, *base); !got.Equal(want) {
			t.Fatalf("want %v\ngot  %v", want, got)
		}
		if after := treeOf(t, held); !after.Equal(old) {
			t.Fatalf("what was read into led to what has changed: %v", Diff(old, after))
		}
		var fresh zoo
		if err := g.read(mem.Of(&fresh), Null(), new, true); err != nil {
			t.Fatal(err)
		}
		if got := treeOf(t, fresh); !got.Equal(want) {
			t.Fatalf("want %v\ngot  %v", want, got)
		}
	})
}

// No value makes read panic, and what is read can be sent, and reads the same.
func TestReadAnything(t *testing.T) {
	t.Parallel()
	g := goTypeFor[zoo](t)
	rapid.Check(t, func(t *rapid.T) { readAnything(t, g, anyZooValue(t)) })
}

// anyZooValue returns a map with the fields of a zoo that have any values.
func anyZooValue(t *rapid.T) Value {
	entries := map[string]Value{}
	for _, f := range goTypeFor[zoo](t).schema().Fields {
		if rapid.IntRange(0, 9).Draw(t, "has") == 0 {
			entries[f.Name] = anyValue(2).Draw(t, f.Name)
		}
	}
	return Map(entries)
}

func readAnything(t interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}, g *goType, v Value) {
	var z zoo
	if err := g.read(mem.Of(&z), Null(), v, false); err != nil {
		return
	}
	tree, again := treeOf(t, z), zoo{}
	if err := g.read(mem.Of(&again), Null(), tree, true); err != nil {
		t.Fatalf("%v is not read again: %v", tree, err)
	}
	if after := treeOf(t, again); !after.Equal(tree) {
		t.Fatalf("%v becomes %v", tree, after)
	}
}

func FuzzReadValue(f *testing.F) {
	g := goTypeFor[zoo](f)
	f.Add([]byte(`{"Map":{"name":{"Str":"a"},"tiny":{"Str":"12"},"points":{"List":[{"Map":{}}]},"next":{"Map":{}}}}`))
	f.Add([]byte(`{"Map":{"words":{"Map":{"a":{"Str":"b"}}},"byID":{"Map":{"7":{"List":[]}}},"any":{"Submodel":3},"when":{"Str":"2026-01-01T00:00:00Z"}}}`))
	f.Add([]byte(`{"Map":{"some":"Null","someAt":{"Map":{}},"set":{"List":[]},"doc":{"Map":{}},"raw":{"Str":"AA=="}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var v Value
		if v.UnmarshalJSON(data) == nil {
			readAnything(t, g, v)
		}
	})
}

func TestNothingChangesNothingCosts(t *testing.T) {
	g := goTypeFor[benchModel](t)
	base, work := benchModels(g, 200)
	known, err := g.value(mem.Of(base))
	if err != nil {
		t.Fatal(err)
	}
	if n := testing.AllocsPerRun(20, func() {
		if v, err := g.refresh(known, mem.Of(base), mem.Of(work)); err != nil || !identical(v, known) {
			t.Error("it has changed")
		}
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

var _ reflectschema.Problems
