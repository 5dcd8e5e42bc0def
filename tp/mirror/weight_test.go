package mirror

import (
	"fmt"
	"runtime"
	"strings"
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

// Clients make a model no larger than it may be; hosts do, and clients may make it smaller then.
func TestMaxModel(t *testing.T) {
	t.Parallel()
	type note struct {
		Lines []string `tp:"lines"`
	}
	const most = 2000
	line := strings.Repeat("x", 100)
	lines := func(n int) []string {
		var all []string
		for range n {
			all = append(all, line)
		}
		return all
	}
	for _, tc := range []struct {
		name string
		host func(*Session) (replace func(lines int) error)
	}{
		{"typed", func(s *Session) func(int) error {
			h, err := Host(s, &note{})
			sameError(t, "", err)
			return func(n int) error { return h.Replace(&note{lines(n)}) }
		}},
		{"untyped", func(s *Session) func(int) error {
			h, err := s.HostValue("note", Map(map[string]Value{"lines": List()}), nil)
			sameError(t, "", err)
			return func(n int) error {
				v, err := ValueOf(note{lines(n)})
				sameError(t, "", err)
				return h.Replace(v)
			}
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := NewSession()
			replace := tc.host(s)
			server := NewServer(s, &ServerOptions{MaxModel: most})
			a := connect(t, server, Opening{})
			a.got = ""
			size := func() int {
				m, err := s.Snapshot(1)
				sameError(t, "", err)
				v, _ := m.Value.Get("lines")
				return v.Len()
			}
			for range 30 {
				a.propose(1, Insert(Path{Key("lines")}, 0, Str(line)))
			}
			if n := size(); n != 13 { // of 132 bytes each
				t.Errorf("clients have made %d lines", n)
			}
			if want := "the model would take more than 2000 bytes"; !strings.Contains(a.got, want) {
				t.Errorf("they are told %.300s, not %q", a.got, want)
			}
			sameError(t, "", replace(20))
			a.propose(1, Insert(Path{Key("lines")}, 0, Str(line)))
			a.propose(1, RemoveAt(Path{Key("lines")}, 0))
			a.propose(1, Set(Path{Key("lines"), Index(0)}, Str("short")))
			a.propose(1, Set(Path{Key("lines"), Index(0)}, Str(line)))
			if n := size(); n != 19 {
				t.Errorf("there are %d lines, want one less than of the host", n)
			}
		})
	}
}

// So it is with shared models, and with what is kept of parts that were removed. What other nodes
// have accepted is merged.
func TestMaxSharedModel(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		merge func() Strategy
		entry []Op // of a new name
		told  string
		most  int // entries, or writes
	}{
		{LastWriteWins, []Op{Set(Path{Key("")}, Str(strings.Repeat("x", 100)))}, "the model would take more than 2000 bytes", 12},
		{LwwMapCrdt, []Op{Set(Path{Key("")}, Int(0)), Remove(Path{Key("")})}, "what is kept of writes to the model would take more than 2000 bytes", 0},
		{DeepLwwCrdt, []Op{Set(Path{Key("")}, Int(0)), Remove(Path{Key("")})}, "what is kept of writes to the model would take more than 2000 bytes", 0},
	} {
		h := NewHub(&ServerOptions{MaxModel: 2000})
		id := shareDoc(t, h, &SharedOptions{Merge: tc.merge()})
		sameError(t, "", h.Subscribe("a", id, Write))
		a := connect(t, h, Opening{Tenant: "a"})
		a.got = ""
		for n := range 40 {
			var ops []Op
			for _, op := range tc.entry {
				op.Path = Path{Key(fmt.Sprintf("key%02d", n))}
				ops = append(ops, op)
			}
			a.propose(id, ops...)
		}
		s, _ := h.Shared(id)
		if n := s.Value.Len() - 1; n != tc.most {
			t.Errorf("clients have made %d entries, want %d", n, tc.most)
		}
		if !strings.Contains(a.got, tc.told) {
			t.Errorf("they are told %.300s, not %q", a.got, tc.told)
		}
		if len(s.MergeState) > 2000 {
			t.Errorf("%d bytes are kept of writes", len(s.MergeState))
		}
		a.propose(id, Set(Path{Key("key00")}, Int(5))) // was written before
		if v, _ := h.Shared(id); !valueAt(v.Value, "key00").Equal(Int(5)) {
			t.Error("what was written before cannot be written again")
		}
		sameError(t, "", h.UpdateShared(id, func(v Value) (Value, error) {
			return Apply(v, []Op{Set(Path{Key("host")}, Str(strings.Repeat("x", 3000)))})
		}))
		sameError(t, "", h.ApplyShared(id, Patch{Rev: 1 << 40, Ops: []Op{Set(Path{Key("node")}, Str(strings.Repeat("x", 3000)))}}, "other"))
		s, _ = h.Shared(id)
		for _, name := range []string{"host", "node"} {
			if _, ok := s.Value.Get(name); !ok {
				t.Errorf("what the %s has written is not there", name)
			}
		}
		// The program may forget what was removed.
		sameError(t, "", h.AdoptShared(id, Map(nil), s.Rev, []byte("{}")))
		a.propose(id, Set(Path{Key("new")}, Int(5)))
		if v, _ := h.Shared(id); !valueAt(v.Value, "new").Equal(Int(5)) {
			t.Error("there is no room for a name")
		}
	}
}

func valueAt(v Value, key string) Value {
	inner, _ := v.Get(key)
	return inner
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
