package mirror

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// house is a model with something of everything.
type house struct {
	Name   string            `tp:"name"`
	Level  int8              `tp:"level"`
	Ratio  float32           `tp:"ratio"`
	Rooms  []houseRoom       `tp:"rooms"`
	Named  map[string]*owner `tp:"named"`
	Owner  *owner            `tp:"owner?"`
	Extra  any               `tp:"extra"`
	Edited time.Time         `tp:"edited"`
	Grid   [2][]uint16       `tp:"grid"`
}

type houseRoom struct {
	ID    int      `tp:"id"`
	Label string   `tp:"label"`
	Tags  []string `tp:"tags"`
}

type owner struct {
	Name string         `tp:"name"`
	Keys map[int]string `tp:"keys"`
}

func (h *house) Validate() error {
	h.Ratio = min(h.Ratio, 1)
	switch {
	case h.Level < 0:
		return fmt.Errorf("level: %d is below the ground", h.Level)
	case h.Level == 13:
		panic("thirteen")
	case len(h.Rooms) > 6:
		return errors.New("rooms: too many")
	}
	return nil
}

// anyChange generates changes of houses, good and bad ones.
func anyChange() *rapid.Generator[func(*house) error] {
	small := rapid.IntRange(0, 9)
	name := rapid.SampledFrom([]string{"", "a", "b", "é😀", "\xff"})
	return rapid.Custom(func(t *rapid.T) func(*house) error {
		n, text := small.Draw(t, "n"), name.Draw(t, "text")
		made := houseRoom{ID: n, Label: text, Tags: []string{text}}
		return rapid.SampledFrom([]func(*house) error{
			func(h *house) error { h.Name = text; return nil },
			func(h *house) error { h.Level = int8(n * 2); return nil },
			func(h *house) error { h.Level = -1; h.Name = "refused"; return nil },
			func(h *house) error { h.Ratio = float32(n) / 4; return nil },
			func(h *house) error { h.Rooms = append(h.Rooms, made); return nil },
			func(h *house) error { h.Rooms = append([]houseRoom{made}, h.Rooms...); return nil },
			func(h *house) error { h.Rooms = h.Rooms[min(n, len(h.Rooms)):]; return nil },
			func(h *house) error {
				for i := range h.Rooms {
					h.Rooms[i].Tags = append(h.Rooms[i].Tags, text)
					h.Rooms[0], h.Rooms[i] = h.Rooms[i], h.Rooms[0]
				}
				return nil
			},
			func(h *house) error { h.Owner = &owner{Name: text, Keys: map[int]string{n: text}}; return nil },
			func(h *house) error { h.Owner = nil; return nil },
			func(h *house) error {
				if h.Owner != nil {
					h.Owner.Keys = map[int]string{n: text, -n: "x"}
				}
				return nil
			},
			func(h *house) error {
				if h.Named == nil {
					h.Named = map[string]*owner{}
				}
				h.Named[text] = &owner{Name: text}
				return nil
			},
			func(h *house) error { delete(h.Named, text); return nil },
			func(h *house) error { h.Extra = []any{int64(n), text, nil, map[string]any{"x": 1.5}}; return nil },
			func(h *house) error {
				h.Extra = nil
				h.Edited = h.Edited.Add(time.Duration(n) * time.Second)
				return nil
			},
			func(h *house) error { h.Grid[n%2] = append(h.Grid[n%2], uint16(n)); return nil },
			func(h *house) error { h.Rooms, h.Named = nil, nil; return errors.New("no") },
		}).Draw(t, "change")
	})
}

// interleaving is what happens to a server of houses and its mirrors, in any order.
type interleaving struct {
	session *Session
	server  *Server
	houses  []*Handle[house]
	mirrors []*mirrorOf
}

func newInterleaving(t *rapid.T) *interleaving {
	session := NewSession(LogSize(rapid.IntRange(0, 6).Draw(t, "log")))
	x := &interleaving{session: session, server: NewServer(session, nil)}
	x.host(t)
	for i := range 6 {
		m := &mirrorOf{end: x.server, slow: OutboxOptions{
			Frames: rapid.IntRange(0, 3).Draw(t, "frames"), Slow: SlowPolicy(i % 2),
		}}
		m.Client = NewClient(&ClientOptions{Codec: codecs()[i%3], Authority: Authority(i / 5)})
		m.watch(t)
		m.connect()
		x.mirrors = append(x.mirrors, m)
	}
	return x
}

func (x *interleaving) host(t *rapid.T) {
	if len(x.houses) == 3 {
		return
	}
	h, err := Host(x.session, &house{Name: "a", Rooms: []houseRoom{{ID: 1}, {ID: 2}}})
	if err != nil {
		t.Fatal(err)
	}
	x.houses = append(x.houses, h)
}

func (x *interleaving) model(t *rapid.T) *Handle[house] {
	return rapid.SampledFrom(x.houses).Draw(t, "house")
}

func (x *interleaving) mirror(t *rapid.T) *mirrorOf {
	return rapid.SampledFrom(x.mirrors).Draw(t, "mirror")
}

func (x *interleaving) update(t *rapid.T) {
	h := x.model(t)
	before := h.host.tree
	if err := h.Update(anyChange().Draw(t, "change")); err != nil && h.host.tree != before {
		t.Fatalf("%v has changed the model", err)
	}
}

func (x *interleaving) panics(t *rapid.T) {
	h, change := x.model(t), anyChange().Draw(t, "change")
	before := h.Get()
	defer func() {
		if p := recover(); p != "oh" {
			t.Fatalf("recovered %v", p)
		}
		x.same(t, "undone", before, h.Get())
	}()
	_ = h.Update(func(h *house) error { _ = change(h); panic("oh") })
}

// edit proposes a change of the Go value.
func (x *interleaving) edit(t *rapid.T) {
	m := x.mirror(t)
	frame, err := ModelOf[house](m.Client, x.model(t).ID()).Edit(anyChange().Draw(t, "edit"))
	if err == nil {
		_ = x.server.Receive(m.conn, frame)
	}
}

// propose proposes anything.
func (x *interleaving) propose(t *rapid.T) {
	m, h := x.mirror(t), x.model(t)
	frame, err := m.Propose(h.ID(), anyOps(h.host.known()).Draw(t, "ops")...)
	if err == nil {
		_ = x.server.Receive(m.conn, frame)
	}
}

func (x *interleaving) same(t *rapid.T, what string, want, got house) {
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("%s: it differs (-want +got):\n%s", what, diff)
	}
}

// finish lets everything arrive, and compares.
func (x *interleaving) finish(t *rapid.T) {
	settle(t, x.server, x.mirrors)
	for _, h := range x.houses {
		want, err := x.session.Snapshot(h.ID())
		if err != nil {
			t.Fatal(err)
		}
		if fresh, err := h.host.of.value(h.host.work); err != nil || !fresh.Equal(want.Value) {
			t.Fatalf("the model is %v, and known as %v: %v", fresh, want.Value, err)
		}
		for _, m := range x.mirrors {
			if got, _ := m.Snapshot(h.ID()); messageText(got) != messageText(want) {
				t.Fatalf("a mirror has %s, not %s", messageText(got), messageText(want))
			}
			got, err := ModelOf[house](m.Client, h.ID()).Get()
			if err != nil {
				t.Fatal(err)
			}
			x.same(t, "mirror", h.Get(), got)
		}
	}
}

// Whatever happens in whatever order, all mirrors are like the Go values at the end, and none has
// skipped or repeated a revision.
func TestTypedMirrorsFollow(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x := newInterleaving(t)
		t.Repeat(map[string]func(*rapid.T){
			"host":    x.host,
			"update":  x.update,
			"again":   x.update,
			"panic":   x.panics,
			"flush":   func(*rapid.T) { x.server.Flush() },
			"edit":    x.edit,
			"propose": x.propose,
			"drop":    func(t *rapid.T) { x.mirror(t).connect() },
			"receive": func(t *rapid.T) { x.mirror(t).receive(t, rapid.IntRange(1, 5).Draw(t, "frames")) },
		})
		x.finish(t)
	})
}
