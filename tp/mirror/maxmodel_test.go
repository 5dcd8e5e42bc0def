package mirror

import (
	"fmt"
	"strings"
	"testing"
)

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

// wideBoard is a model in which an empty map becomes a hundred numbers.
type wideBoard struct {
	Rows []wideRow `tp:"rows"`
}

type wideRow struct {
	Cells [100]int64 `tp:"cells"`
}

// What a type or a check adds to a proposal counts as what the client has sent.
func TestMaxModelOfAdditions(t *testing.T) {
	t.Parallel()
	empty := Map(map[string]Value{"rows": List()})
	for name, host := range map[string]func(*testing.T, *Hub) (id uint64){
		"typed": func(t *testing.T, h *Hub) uint64 {
			_, err := Host(h.Session("a"), &wideBoard{})
			sameError(t, "", err)
			return 1
		},
		"untyped": func(t *testing.T, h *Hub) uint64 {
			_, err := h.Session("a").HostValue("Board", empty, &UntypedOptions{Check: CheckAs[wideBoard]()})
			sameError(t, "", err)
			return 1
		},
		"shared": func(t *testing.T, h *Hub) uint64 {
			id, err := h.Share(Shared{Type: "Board", Value: empty}, &SharedOptions{Check: CheckAs[wideBoard]()})
			sameError(t, "", err)
			sameError(t, "", h.Subscribe("a", id, Write))
			return id
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := NewHub(&ServerOptions{MaxModel: 10_000})
			id := host(t, h)
			a := connect(t, h, Opening{Tenant: "a"})
			a.got = ""
			rows := Path{Key("rows")}
			a.propose(id, Set(rows, List(Map(nil), Map(nil), Map(nil))))
			if want := "the model would take more than 10000 bytes"; !strings.Contains(a.got, want) {
				t.Errorf("three rows: told %.300q, not %q", a.got, want)
			}
			a.got = ""
			a.propose(id, Set(rows, List(Map(nil), Map(nil))))
			if a.got == "" || strings.Contains(a.got, "reject") {
				t.Errorf("two rows: told %.300q", a.got)
			}
		})
	}
}

// Clients read in JSON whatever clients can make.
func TestMaxModelOfExtremes(t *testing.T) {
	t.Parallel()
	numbers := make([]Value, maxModel/valueWeight)
	for i := range numbers {
		numbers[i] = Float(1.2345678901234567e300)
	}
	f, err := JSON().Encode(Snapshot{ID: 1, Type: "Numbers", Value: List(numbers...)})
	sameError(t, "", err)
	_, err = NewClient(nil).Receive(f)
	sameError(t, "", err)
}

// A new name counts once, however often a patch writes it.
func TestMaxModelOfOneName(t *testing.T) {
	t.Parallel()
	for _, merge := range []func() Strategy{LwwMapCrdt, DeepLwwCrdt} {
		h := NewHub(&ServerOptions{MaxModel: 2000})
		id := shareDoc(t, h, &SharedOptions{Merge: merge()})
		sameError(t, "", h.Subscribe("a", id, Write))
		a := connect(t, h, Opening{Tenant: "a"})
		var ops []Op
		for n := range int64(40) {
			ops = append(ops, Set(Path{Key("one")}, Int(n)))
		}
		a.propose(id, ops...)
		if strings.Contains(a.got, "reject") {
			t.Error(a.got)
		}
	}
}
