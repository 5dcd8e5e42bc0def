package mirror

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// relayNode is a hub with a relay.
type relayNode struct {
	*Hub
	relay *Relay
}

// startNode starts a node that shares one model, which tenants a and b may write.
func startNode(t rapid.TB, b Backplane, o *SharedOptions) relayNode {
	t.Helper()
	h := NewHub(nil)
	if o == nil {
		o = &SharedOptions{Merge: DeepLwwCrdt()}
	}
	id, err := h.Share(Shared{Type: "Doc", Value: Map(map[string]Value{"x": Int(0)})}, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, tenant := range []string{"a", "b"} {
		if err := h.Subscribe(tenant, id, Write); err != nil {
			t.Fatal(err)
		}
	}
	r, err := NewRelay(h, b, &RelayOptions{JoinTimeout: time.Nanosecond, OnError: func(err error) { t.Error(err) }})
	if err == nil {
		err = r.Start(context.Background())
	}
	if err != nil {
		t.Fatal(err)
	}
	return relayNode{h, r}
}

func TestRelay(t *testing.T) {
	t.Parallel()
	var bus MemoryBus
	one, two := startNode(t, bus.Node(), nil), startNode(t, bus.Node(), nil)
	a, b := connect(t, one, Opening{Tenant: "a"}), connect(t, two, Opening{Tenant: "b"})
	a.got, b.got = "", ""
	a.propose(firstShared, setX(5))
	a.sent(docX5)
	b.sent("")
	two.Flush()
	b.sent(docX5)
	a.propose(firstShared, RemoveAt(nil, 0))
	sameError(t, "", two.SetShared(firstShared, Map(map[string]Value{"x": Int(6)})))
	one.Flush()
	// The third node joins when there is something to take over.
	three := startNode(t, bus.Node(), nil)
	for _, n := range []relayNode{one, two, three} {
		s, _ := n.Shared(firstShared)
		sameText(t, "model", `{"Map":{"x":{"Int":6}}} 2 {"clock":[[["x"],[2,"\u003chost\u003e"]]]}`, fmt.Sprint(s.Value, s.Rev, " ", string(s.MergeState)))
	}
	one.relay.Stop()
	sameError(t, "", one.SetShared(firstShared, Map(nil)))
	if s, _ := two.Shared(firstShared); s.Value.Len() != 1 {
		t.Error("the relay was stopped")
	}
}

// Writes on all nodes at once come to the same everywhere.
func TestRelayConverges(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var bus MemoryBus
		nodes := []relayNode{startNode(t, bus.Node(), nil), startNode(t, bus.Node(), nil)}
		var mirrors []*mirrorOf
		for i, tenant := range []string{"a", "b", "a"} {
			m := &mirrorOf{Client: NewClient(nil), end: nodes[i%2], tenant: tenant, slow: OutboxOptions{Frames: i}}
			m.watch(t)
			m.connect()
			mirrors = append(mirrors, m)
		}
		for range rapid.IntRange(0, 20).Draw(t, "steps") {
			m := rapid.SampledFrom(mirrors).Draw(t, "mirror")
			switch rapid.IntRange(0, 3).Draw(t, "step") {
			case 0:
				key := rapid.SampledFrom([]string{"x", "y"}).Draw(t, "key")
				frame, err := m.Propose(firstShared, Set(Path{Key(key)}, Int(rapid.Int64().Draw(t, "value"))))
				if err == nil {
					err = m.end.Receive(m.conn, frame)
				}
				if err != nil {
					t.Fatal(err)
				}
			case 1:
				m.connect()
			case 2:
				m.receive(t, 3)
			case 3:
				m.end.Flush()
			}
		}
		settle(t, nodes[0], mirrors)
		settle(t, nodes[1], mirrors)
		want, _ := nodes[0].Shared(firstShared)
		for _, m := range mirrors {
			if got, _ := m.Snapshot(firstShared); !got.Value.Equal(want.Value) {
				t.Fatalf("a mirror has %v, not %v", got.Value, want.Value)
			}
		}
	})
}

// A node that asks with a revision gets what is new; one that is ahead, everything.
func TestRelayAnswers(t *testing.T) {
	t.Parallel()
	var bus MemoryBus
	n := startNode(t, bus.Node(), &SharedOptions{Merge: LwwMapCrdt(), Log: true})
	for i := range int64(3) {
		sameError(t, "", n.SetShared(firstShared, Map(map[string]Value{"x": Int(i + 1)})))
	}
	asker := bus.Node()
	answers := ""
	_, err := asker.Subscribe(func(msg []byte) { answers += string(msg) + "\n" })
	sameError(t, "", err)
	for have, want := range map[uint64]string{
		0: `{"t":"resp","sid":1099511627776,"to":"me","kind":"snap","rev":3,"value":{"Map":{"x":{"Int":3}}},"merge_state":{"clock":{"x":[3,"\u003chost\u003e"]}}}`,
		2: `{"t":"resp","sid":1099511627776,"to":"me","kind":"delta","rev":3,` +
			`"patches":[{"ops":[{"Set":{"path":[{"Key":"x"}],"value":{"Int":3}}}],"rev":3}],"merge_state":{"clock":{"x":[3,"\u003chost\u003e"]}}}`,
		4: `{"t":"resp","sid":1099511627776,"to":"me","kind":"snap","rev":3,"value":{"Map":{"x":{"Int":3}}},"merge_state":{"clock":{"x":[3,"\u003chost\u003e"]}}}`,
	} {
		answers = ""
		ask := fmt.Sprintf(`{"t":"req","frm":"me","have":{"%d":%d,"5":1}}`, uint64(firstShared), have)
		sameError(t, "", asker.Publish(context.Background(), []byte(ask)))
		sameText(t, "answers", want+"\n", answers)
	}
}

// What a node writes while another joins is merged once that has the state.
func TestRelayJoins(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var bus MemoryBus
		peer := bus.Node()
		h := NewHub(nil)
		id := shareDoc(t, h, &SharedOptions{Merge: DeepLwwCrdt()})
		var failures []error
		r, err := NewRelay(h, bus.Node(), &RelayOptions{OnError: func(err error) { failures = append(failures, err) }})
		sameError(t, "", err)
		done := make(chan error)
		go func() { done <- r.Start(context.Background()) }()
		synctest.Wait()
		say := func(text string) { sameError(t, "", peer.Publish(context.Background(), []byte(text))) }
		write := func(rev, x int) string {
			return fmt.Sprintf(`{"t":"w","sid":%d,"patch":{"rev":%d,"ops":[{"Set":{"path":[{"Key":"x"}],"value":{"Int":%d}}}]},"origin":"p"}`, id, rev, x)
		}
		answer := func(to, rest string) string { return fmt.Sprintf(`{"t":"resp","to":"%s","sid":%d,%s}`, to, id, rest) }
		say(write(9, 9))
		say(`{"t":"w"}`)
		say(`{"election":"x"}`)
		say(`{"t":"w","patch":5}`)
		say(`no JSON`)
		say(answer("other", `"kind":"snap","rev":4,"value":{"Int":1}`))
		say(answer(r.id, `"kind":"new","rev":4`))
		say(answer(r.id, `"kind":"delta","rev":4,"patches":[{"rev":4,"ops":[{"RemoveAt":{"path":[],"index":0}}]}]`))
		if s, _ := h.Shared(id); s.Rev != 0 {
			t.Errorf("it has %+v", s)
		}
		say(answer(r.id, `"kind":"delta","rev":4,"patches":[{"rev":4,"ops":[{"Set":{"path":[{"Key":"y"}],"value":{"Int":1}}}]}],"merge_state":{"clock":[]}`))
		sameError(t, "", <-done)
		say(answer(r.id, `"kind":"snap","rev":7,"value":{"Int":1}`))
		say(write(10, 10))
		s, _ := h.Shared(id)
		sameText(t, "model", `{"Map":{"x":{"Int":10},"y":{"Int":1}}} 6`, fmt.Sprint(s.Value, s.Rev))
		if len(failures) != 2 {
			t.Errorf("reported %v", failures)
		}
		r.Stop()
	})
}

// Without an answer a node begins alone.
func TestRelayAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := NewHub(nil)
		shareDoc(t, h, &SharedOptions{Merge: LwwMapCrdt()})
		r, err := NewRelay(h, new(MemoryBus).Node(), nil)
		sameError(t, "", err)
		begin := time.Now()
		sameError(t, "", r.Start(t.Context()))
		if took := time.Since(begin); took != 1500*time.Millisecond {
			t.Errorf("it took %v", took)
		}
		r.Stop()
	})
}

// broken is a backplane that does nothing but fail.
type broken struct{ publish, subscribe error }

func (b broken) Publish(context.Context, []byte) error             { return b.publish }
func (b broken) Subscribe(func([]byte)) (cancel func(), err error) { return func() {}, b.subscribe }

func TestRelayErrors(t *testing.T) {
	t.Parallel()
	h := NewHub(nil)
	shareDoc(t, h, nil)
	_, err := NewRelay(h, broken{}, nil)
	sameError(t, "mirror: the strategy of model 1099511627776 (Doc) does not converge on several nodes: use LwwMapCrdt or DeepLwwCrdt", err)
	failure := errors.New("no bus")
	for _, b := range []broken{{publish: failure}, {subscribe: failure}} {
		r, err := NewRelay(h, b, &RelayOptions{AllowDivergence: true})
		sameError(t, "", err)
		sameError(t, "no bus", r.Start(context.Background()))
	}
}

func TestElection(t *testing.T) {
	t.Parallel()
	begin := time.Unix(0, 0)
	at := func(seconds int) time.Time { return begin.Add(time.Duration(seconds) * time.Second) }
	e := NewElection("m", nil)
	msg, err := e.Beacon()
	sameError(t, "", err)
	sameText(t, "beacon", `{"election":"m"}`, string(msg))
	for _, text := range []string{`{"election":"z"}`, `{"election":"m"}`, `{"election":""}`, `{"t":"w"}`, `no JSON`} {
		e.Receive([]byte(text), at(0))
	}
	if !e.Leads(at(0)) {
		t.Error("alone, it does not lead")
	}
	e.Receive([]byte(`{"election":"a"}`), at(1))
	e.Receive([]byte(`{"election":"b"}`), at(5))
	if len(e.heard) != 1 || e.Leads(at(8)) || !e.Leads(at(9)) {
		t.Errorf("it heard %v", e.heard)
	}
	e.Stop()
	if e.Leads(at(100)) {
		t.Error("stopped, it leads")
	}
}

// Of two members that run, the one with the smaller id does the job, and the other one once
// that has gone.
func TestElectionRun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var bus MemoryBus
		running := map[string]chan bool{}
		stop := map[string]context.CancelFunc{}
		ended := make(chan error)
		for _, id := range []string{"a", "b"} {
			changes := make(chan bool, 10)
			running[id] = changes
			ctx, cancel := context.WithCancel(t.Context())
			stop[id] = cancel
			go func() {
				ended <- NewElection(id, nil).Run(ctx, bus.Node(), func(ctx context.Context) {
					changes <- true
					<-ctx.Done()
					changes <- false
				})
			}()
			time.Sleep(time.Second / 2)
		}
		<-running["a"]
		time.Sleep(10 * time.Second)
		if len(running["b"]) > 0 || len(running["a"]) > 0 {
			t.Error("both lead")
		}
		stop["a"]()
		sameError(t, "", <-ended)
		if <-running["a"] || !<-running["b"] {
			t.Error("the job goes on")
		}
		stop["b"]()
		sameError(t, "", <-ended)
	})
}

// A job that returns runs again; a node that nobody can hear gives up.
func TestElectionRunAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		runs := 0
		b := broken{publish: errors.New("no bus")}
		err := NewElection("a", nil).Run(t.Context(), b, func(context.Context) { runs++ })
		sameError(t, "mirror: no beacon could be published\nno bus", err)
		if runs != 4 {
			t.Errorf("%d runs", runs)
		}
		b = broken{subscribe: errors.New("no bus")}
		sameError(t, "no bus", NewElection("a", nil).Run(t.Context(), b, nil))
	})
}
