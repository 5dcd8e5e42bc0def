package mirror

import (
	"fmt"
	"strings"
	"testing"
)

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
