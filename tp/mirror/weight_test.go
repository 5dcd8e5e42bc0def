package mirror

import (
	"fmt"
	"runtime"
	"testing"

	"pgregory.net/rapid"
)

// What a value is said to take is the same however it was made.
func TestWeightOfEdits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		v := anyValue(3).Draw(t, "value")
		v.weight() // is remembered, but not by what is made of it
		edited, err := applyForeign(v, anyOps(v).Draw(t, "ops"))
		if err != nil {
			return
		}
		fresh := copyOf(edited)
		if got, want := edited.weight(), fresh.weight(); got != want {
			t.Fatalf("%v weighs %d, and a copy %d", edited, got, want)
		}
	})
}

// copyOf returns a value that shares nothing with v.
func copyOf(v Value) Value {
	switch v.Kind() {
	case KindList:
		var values []Value
		for _, inner := range v.of.values {
			values = append(values, copyOf(inner))
		}
		return List(values...)
	case KindMap:
		entries := map[string]Value{}
		for i, key := range v.of.keys {
			entries[key] = copyOf(v.of.values[i])
		}
		return Map(entries)
	}
	return v
}

// What a model no longer has takes no memory: not in the tree, and not in the copy of the Go value.
func TestShrunkModelsAreSmall(t *testing.T) {
	type list struct {
		Of []int64 `tp:"of"`
	}
	type model struct {
		Maps  map[string]map[string]int64 `tp:"maps"`
		Lists map[string]*list            `tp:"lists"`
	}
	const large, most = 60_000, 8 << 20
	for _, name := range []string{"maps", "lists"} {
		s := NewSession(LogSize(1))
		h, err := Host(s, &model{})
		sameError(t, "", err)
		NewServer(s, nil)
		fill := func(at string, n int) {
			entries, values := map[string]Value{}, []Value{}
			for i := range n {
				entries[fmt.Sprint(i)] = Int(0)
				values = append(values, Int(0))
			}
			content := Map(entries)
			if name == "lists" {
				content = Map(map[string]Value{"of": List(values...)})
			}
			_, err := s.Submit(1, []Op{Set(Path{Key(name), Key(at)}, content)})
			sameError(t, "", err)
			s.Drain()
		}
		fill("first", 1)
		before := heap()
		for i := range 20 {
			for _, n := range []int{large, large / 3, 1} {
				fill(fmt.Sprint(i), n)
			}
		}
		if grown := heap() - before; grown > most {
			t.Errorf("%s: %d KiB are kept of what was removed", name, grown>>10)
		}
		runtime.KeepAlive(h)
	}
}

// heap returns how many bytes are in use.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
