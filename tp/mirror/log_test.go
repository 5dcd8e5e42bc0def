package mirror

import (
	"testing"
)

// toggles has a client fill a list and empty it again, n times.
func toggles(t *testing.T, end Endpoint, id uint64, list Value, n int) {
	t.Helper()
	c := end.Open(Opening{Send: func([]Output) {}})
	defer end.Close(c)
	var frames []Frame
	for _, v := range []Value{list, List()} {
		f, err := JSON().Encode(Change{ID: id, Patch: Patch{Ops: []Op{Set(nil, v)}}})
		sameError(t, "", err)
		frames = append(frames, f)
	}
	for range n {
		for _, f := range frames {
			sameError(t, "", end.Receive(c, f))
		}
	}
}

// The log of a model takes a few megabytes, whatever clients make of the model: a frame of 80
// bytes that empties a list becomes a patch of millions.
func TestLogIsBounded(t *testing.T) {
	t.Parallel()
	session := NewSession()
	_, err := session.HostValue("List", List(), nil)
	sameError(t, "", err)
	toggles(t, NewServer(session, nil), 1, List(make([]Value, 2_000)...), 20)
	log := &session.models[0].log
	weight := 0
	for _, p := range log.patches {
		weight += weightOf(p.Patch.Ops)
	}
	if weight > maxLogWeight || weight != log.weight || len(log.patches) == 0 {
		t.Errorf("%d patches of %d bytes, which count %d", len(log.patches), weight, log.weight)
	}
	// Who is too far behind gets a snapshot, and who is not, patches.
	for behind, want := range map[uint64]bool{0: true, 1: true, 39: false} {
		if _, complete, err := session.Since(1, 40-behind); complete != want || err != nil {
			t.Errorf("%d behind: complete is %v, %v", behind, complete, err)
		}
	}
}

// A patch that is heavier than a log may be leaves none that lead past it.
func TestLogWithoutHeavyPatches(t *testing.T) {
	t.Parallel()
	session := NewSession()
	list, err := session.HostValue("List", List(), nil)
	sameError(t, "", err)
	for _, v := range []Value{List(Int(1)), List(Int(2)), List(make([]Value, 100_000)...)} {
		sameError(t, "", list.Replace(v))
		session.Flush()
	}
	if _, complete, err := session.Since(1, 1); complete || err != nil {
		t.Errorf("patches lead past a heavy one: %v", err)
	}
	sameError(t, "", list.Update(func(v Value) (Value, error) { return Apply(v, []Op{RemoveAt(nil, 0)}) }))
	if patches, complete, err := session.Since(1, 3); !complete || len(patches) != 1 || err != nil {
		t.Errorf("after it: %d patches, complete is %v, %v", len(patches), complete, err)
	}
	if log := &session.models[0].log; log.weight > 1000 {
		t.Errorf("one small patch counts %d", log.weight)
	}
}
