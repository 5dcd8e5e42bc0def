package mirror

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/telestruct/telestruct/internal/allocs"
	"github.com/telestruct/telestruct/internal/mem"
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
		if after := treeOf(t, held); !after.Equal(before) {
			t.Fatalf("what work led to has changed: %v", Diff(before, after))
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

// A change in a list of records, and an insertion, leave the other records their nodes.
func TestRefreshSharesElements(t *testing.T) {
	t.Parallel()
	g := goTypeFor[benchModel](t)
	cases := []struct {
		name   string
		change func(*benchModel)
		fresh  int
		ops    string
	}{
		{"nothing", func(*benchModel) {}, 0, `[]`},
		{"field", func(m *benchModel) { m.Devices[3].Place.X = -1 }, 1,
			`[{"Set":{"path":[{"Key":"devices"},{"Index":3},{"Key":"place"},{"Key":"x"}],"value":{"Int":-1}}}]`},
		{"delete", func(m *benchModel) { m.Devices = append(m.Devices[:2], m.Devices[3:]...) }, 0, ""},
		{"truncate", func(m *benchModel) { m.Devices = m.Devices[:8] }, 0, ""},
		{"insert", func(m *benchModel) {
			m.Devices = append(m.Devices[:1], append([]benchDevice{{ID: 99}}, m.Devices[1:]...)...)
		}, 1, ""},
		{"append", func(m *benchModel) { m.Devices = append(m.Devices, benchDevice{}, benchDevice{}) }, 2, ""},
		{"replace and append", func(m *benchModel) { m.Devices = append(m.Devices[:9], benchDevice{}, benchDevice{}) }, 2, ""},
		{"inner list", func(m *benchModel) { m.Devices[0].Tags = m.Devices[0].Tags[:2] }, 1,
			`[{"RemoveAt":{"index":2,"path":[{"Key":"devices"},{"Index":0},{"Key":"tags"}]}}]`},
		{"element of a map", func(m *benchModel) { m.Rooms["device 0"].Room = "x" }, 0,
			`[{"Set":{"path":[{"Key":"rooms"},{"Key":"device 0"},{"Key":"room"}],"value":{"Str":"x"}}}]`},
		{"keys of a map", func(m *benchModel) { delete(m.Names, "device 0"); m.Names["a"] = "b" }, 0,
			`[{"Set":{"path":[{"Key":"names"},{"Key":"a"}],"value":{"Str":"b"}}},{"Remove":{"path":[{"Key":"names"},{"Key":"device 0"}]}}]`},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			base, work := benchModels(g, 10)
			known := treeOf(t, *base)
			tc.change(work)
			got, err := g.refresh(known, mem.Of(base), mem.Of(work))
			if err != nil || !reflect.DeepEqual(base, work) {
				t.Fatalf("base is %v, work %v, %v", base, work, err)
			}
			if n := freshElements(known, got, "devices"); n != tc.fresh {
				t.Errorf("%d devices have new nodes, not %d", n, tc.fresh)
			}
			if ops := Diff(known, got); tc.ops != "" {
				sameText(t, "patch", `{"ops":`+tc.ops+`,"rev":0}`, Patch{Ops: ops}.String())
			}
		})
	}
}

// freshElements returns how many elements of a list were not in the one before.
func freshElements(before, after Value, key string) (n int) {
	were, are := map[*node]bool{}, 0
	list, _ := before.Get(key)
	for _, v := range list.Elements() {
		were[v.of] = true
	}
	list, _ = after.Get(key)
	for _, v := range list.Elements() {
		if !were[v.of] {
			are++
		}
	}
	return are
}

func TestNothingChangesNothingCosts(t *testing.T) {
	const few = 4 // the race detector makes pools forget
	g := goTypeFor[benchModel](t)
	base, work := benchModels(g, 200)
	known, err := g.value(mem.Of(base))
	if err != nil {
		t.Fatal(err)
	}
	if n := allocs.Objects(few, func() {
		if v, err := g.refresh(known, mem.Of(base), mem.Of(work)); err != nil || !identical(v, known) {
			t.Error("it has changed")
		}
	}); n > few {
		t.Errorf("%v allocations", n)
	}
}
