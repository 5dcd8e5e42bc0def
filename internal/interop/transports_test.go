package interop

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/telestruct/telestruct/tp/mirror"
)

const (
	// hostChanges is how many changes the host of a fleet makes, and clientChanges how many each
	// of its clients proposes: as many of both, in all.
	hostChanges   = 6_000
	clientChanges = hostChanges / 2
	// rounds is how often all are compared.
	rounds = 10
)

// Clients of the library transports mirror and edit what our server hosts, which changes it
// meanwhile: with each proposal, once more.
func TestTransportsClient(t *testing.T) {
	t.Parallel()
	needsTransports(t)
	h := hostFleet(t)
	proposers := pythonMirrors{newPythonMirror(t, h.url, "json", "once"), newPythonMirror(t, h.url, "msgpack", "once")}
	watcher := newPythonMirror(t, h.url, "cbor", "again")
	c := newChanges(1)
	refused := 0
	for round := range rounds {
		proposing := proposers.propose(t, clientChanges/rounds, 100*round)
		h.changeAlong(t, hostChanges/rounds, c)
		refused += <-proposing
		now := h.now(t)
		for _, p := range append(slices.Clone(proposers), watcher) {
			p.await(t, now)
		}
	}
	if refused > clientChanges/2 {
		t.Errorf("%d proposals were refused", refused)
	}
	r := watcher.await(t, h.now(t))
	t.Logf("%d proposals were refused; who makes none has had %d patches and %d snapshots", refused, r.Patches, r.Snapshots)
	t.Logf("%s: %d changes", t.Name(), hostChanges+len(proposers)*clientChanges)
}

// Our clients mirror and edit what a server of the library transports hosts, and changes in
// turns with them: it forgets a change that has not been sent when a proposal comes.
func TestTransportsServer(t *testing.T) {
	t.Parallel()
	needsTransports(t)
	h := startPythonHost(t)
	clients := map[string]*goMirror{
		"json":    newGoMirror(t, h.url, mirror.JSON()),
		"msgpack": newGoMirror(t, h.url, mirror.MessagePack()),
	}
	for round := range rounds {
		now := h.change(t, hostChanges/rounds, round)
		for _, m := range clients {
			m.await(t, now)
		}
		var proposing sync.WaitGroup
		for name, m := range clients {
			proposing.Go(func() {
				c := newChanges(uint64(100*round + len(name)))
				if err := m.propose(t, name, clientChanges/rounds, c); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			})
		}
		proposing.Wait()
		now = h.change(t, 0, 0)
		for _, m := range clients {
			m.await(t, now)
		}
	}
	for name, m := range clients {
		snapshots, rejects := m.counts()
		if snapshots != 1+rejects || rejects > clientChanges/2 {
			t.Errorf("%s: %d snapshots, %d rejects", name, snapshots, rejects)
		}
		t.Logf("%s: %d frames, %d rejects", name, m.Stats().Received, rejects)
	}
	t.Logf("%s: %d changes", t.Name(), hostChanges+len(clients)*clientChanges)
}

// drops is how often connections are severed.
const drops = 20

// A client of the library gets what it has missed, and nothing else, when its connection was
// severed.
func TestTransportsClientResumes(t *testing.T) {
	t.Parallel()
	needsTransports(t)
	h := hostFleet(t)
	p := newPythonMirror(t, h.url, "msgpack", "again")
	c := newChanges(2)
	p.await(t, h.now(t))
	for range drops {
		h.conns.sever()
		for range 5 {
			h.change(t, c)
		}
		if r := p.await(t, h.now(t)); r.Snapshots != 1 {
			t.Fatalf("the client was sent %d snapshots; want 1", r.Snapshots)
		}
	}
}

// Our client gets what it has missed, and nothing else, from a server of the library.
func TestTransportsServerResumes(t *testing.T) {
	t.Parallel()
	needsTransports(t)
	h := startPythonHost(t)
	m := newGoMirror(t, h.url, mirror.MessagePack())
	for i := range drops {
		m.gate.Lock()
		m.conns.sever()
		now := h.change(t, 5, i)
		m.gate.Unlock()
		m.await(t, now)
	}
	if snapshots, _ := m.counts(); snapshots != 1 {
		t.Errorf("the client was sent %d snapshots; want 1", snapshots)
	}
}

// What a client of the library proposes becomes what our type makes of it, or is refused.
func TestTransportsClientRefused(t *testing.T) {
	t.Parallel()
	needsTransports(t)
	h := hostFleet(t)
	type fields = map[string]any
	steps := []struct {
		name   string
		set    fields
		path   string
		want   mirror.Value
		reject string // a part of it
	}{
		{"number as a text", fields{"miles": fields{"Str": "80"}}, "miles", mirror.Int(80), ""},
		{"integer for a float", fields{"load": fields{"Int": 3}}, "load", mirror.Float(3), ""},
		{"text for a number", fields{"miles": fields{"Str": "far"}}, "miles", mirror.Int(80), "miles"},
		{"not valid", fields{"name": fields{"Str": forbiddenName}}, "name", mirror.Str(""), "no fleet may be called " + forbiddenName},
		{"null", fields{"remark": "Null"}, "remark", mirror.Null(), ""},
		{"null for a list", fields{"tags": fields{"List": []any{fields{"List": []any{}}}}}, "tags", mirror.List(), "tags"},
		{"unknown field", fields{"wings": fields{"Int": 2}}, "wings", mirror.Null(), ""},
	}
	for _, codec := range []string{"json", "msgpack"} {
		p := newPythonMirror(t, h.url, codec, "once")
		for _, s := range steps {
			t.Run(codec+"/"+s.name, func(t *testing.T) {
				r := p.obey(t, fields{"set": s.set})
				if got, _ := r.Value.Get(s.path); !got.Equal(s.want) {
					t.Errorf("%s is %v; want %v", s.path, got, s.want)
				}
				if reject := strings.Join(r.Rejects, "; "); (s.reject == "") != (reject == "") || !strings.Contains(reject, s.reject) {
					t.Errorf("the client was told %q; want %q", reject, s.reject)
				}
			})
		}
		p.await(t, h.now(t))
	}
}

// What our client proposes becomes what the server of the library makes of it, or is refused.
func TestTransportsServerRefused(t *testing.T) {
	t.Parallel()
	needsTransports(t)
	h := startPythonHost(t)
	for _, codec := range []mirror.Codec{mirror.JSON(), mirror.MessagePack()} {
		m := newGoMirror(t, h.url, codec)
		proposal := func(key string, v mirror.Value) mirror.Frame {
			frame, err := m.Client().Propose(fleetID, mirror.Op{Kind: mirror.OpSet, Path: mirror.Path{mirror.Key(key)}, Value: v})
			if err != nil {
				t.Fatal(err)
			}
			return frame
		}
		if err := m.Settle(t.Context(), fleetID, proposal("miles", mirror.Str("80"))); err != nil {
			t.Error(err)
		}
		// Settle waits no more than a moment for the reject, which comes after a snapshot.
		rejects := make(chan string, 1)
		cancel := m.Client().OnReject(func(r mirror.Reject) { rejects <- r.Error })
		if err := m.Send(proposal("miles", mirror.Str("far"))); err != nil {
			t.Fatal(err)
		}
		if reason := <-rejects; !strings.Contains(reason, "miles") {
			t.Errorf("the proposal was refused with %q", reason)
		}
		cancel()
		if err := m.Settle(t.Context(), fleetID, proposal("load", mirror.Int(3))); err != nil {
			t.Error(err)
		}
		f, err := m.fleet.Get()
		if got, want := fmt.Sprint(f.Miles, f.Load, err), "80 3 <nil>"; got != want {
			t.Errorf("the fleet has %s; want %s", got, want)
		}
		m.await(t, h.change(t, 0, 0))
	}
}
