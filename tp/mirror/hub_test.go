package mirror

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
)

const (
	docX0 = `{"id":1099511627776,"rev":0,"t":"snapshot","type":"Doc","value":{"Map":{"x":{"Int":0}}}}` + "\n"
	docX5 = `{"id":1099511627776,"patch":{"ops":[{"Set":{"path":[{"Key":"x"}],"value":{"Int":5}}}],"rev":1},"t":"patch"}` + "\n"
)

// shareDoc shares a model with a field x.
func shareDoc(t testing.TB, h *Hub, o *SharedOptions) uint64 {
	t.Helper()
	id, err := h.Share(Shared{Type: "Doc", Value: Map(map[string]Value{"x": Int(0)})}, o)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func setX(n int64) Op { return Set(Path{Key("x")}, Int(n)) }

func TestHub(t *testing.T) {
	t.Parallel()
	h := NewHub(nil)
	hostLamp(t, h.Session("a"))
	id := shareDoc(t, h, nil)
	sameError(t, "", h.Subscribe("a", id, Write))
	sameError(t, "", h.Subscribe("b", id, Read))
	a, b, c := connect(t, h, Opening{Tenant: "a"}), connect(t, h, Opening{Tenant: "b"}), connect(t, h, Opening{Tenant: "c"})
	a.sent(lamp60 + docX0)
	b.sent(docX0)
	c.sent("")
	a.propose(1, setBrightness(5))
	a.sent(lampSet5)
	a.propose(id, setX(5))
	a.propose(id, setX(5))
	a.sent(docX5)
	b.sent(docX5)
	for _, l := range []*line{b, c} {
		l.propose(id, setX(6))
		l.sent(`{"error":"read-only subscription","id":1099511627776,"rev":1,"t":"reject"}` + "\n")
	}
	c.propose(id+1, setX(6))
	c.sent(`{"error":"unknown shared model","id":1099511627777,"rev":0,"t":"reject"}` + "\n")
	a.propose(id, RemoveAt(nil, 0))
	a.sent(`{"id":1099511627776,"rev":1,"t":"snapshot","type":"Doc","value":{"Map":{"x":{"Int":5}}}}` + "\n" +
		`{"error":"an index leads into a List, and this is Map","id":1099511627776,"rev":1,"t":"reject"}` + "\n")
	h.Close(b.conn)
	sameError(t, "", h.SetShared(id, Map(map[string]Value{"x": Int(7)})))
	a.sent("")
	h.Flush()
	a.sent(`{"id":1099511627776,"patch":{"ops":[{"Set":{"path":[{"Key":"x"}],"value":{"Int":7}}}],"rev":2},"t":"patch"}` + "\n")
	b.sent("")
	h.Resync(a.conn, 1, id, 99)
	a.sent(`{"id":1,"rev":1,"t":"snapshot","type":"Lamp","value":{"Map":{"brightness":{"Int":5}}}}` + "\n" +
		`{"id":1099511627776,"rev":2,"t":"snapshot","type":"Doc","value":{"Map":{"x":{"Int":7}}}}` + "\n")
}

// A tenant that subscribes late is shown the model before any patch of it.
func TestHubSubscribeLater(t *testing.T) {
	t.Parallel()
	h := NewHub(nil)
	id := shareDoc(t, h, nil)
	sameError(t, "", h.Subscribe("a", id, Write))
	a, b := connect(t, h, Opening{Tenant: "a"}), connect(t, h, Opening{Tenant: "b"})
	a.got = ""
	sameError(t, "", h.Subscribe("b", id, Read))
	<-h.Changed()
	a.propose(id, setX(5))
	a.sent(docX5)
	b.sent(`{"id":1099511627776,"rev":1,"t":"snapshot","type":"Doc","value":{"Map":{"x":{"Int":5}}}}` + "\n")
	second := shareDoc(t, h, nil)
	sameError(t, "", h.Subscribe("b", second, Read))
	sameError(t, "", h.SetShared(id, Map(map[string]Value{"x": Int(0)})))
	h.Flush()
	b.sent(`{"id":1099511627777,"rev":0,"t":"snapshot","type":"Doc","value":{"Map":{"x":{"Int":0}}}}` + "\n" +
		`{"id":1099511627776,"patch":{"ops":[{"Set":{"path":[{"Key":"x"}],"value":{"Int":0}}}],"rev":2},"t":"patch"}` + "\n")
	if err := h.Subscribe("b", 5, Read); CodeOf(err) != UnknownModel {
		t.Error(err)
	}
}

func TestHubChecksSharedModels(t *testing.T) {
	t.Parallel()
	h := NewHub(nil)
	var saved string
	id := shareDoc(t, h, &SharedOptions{
		Merge: DeepLwwCrdt(),
		Check: func(v Value) (Value, error) {
			if x, _ := v.Get("x"); x.Kind() != KindInt {
				return v, errors.New("x: a number, please")
			}
			return v, nil
		},
		Committed: func(s Shared, p Patch) {
			saved += fmt.Sprintf("%d %s %v %d %v %s\n", s.ID, s.Type, s.Value, s.Rev, p, s.MergeState)
		},
	})
	sameError(t, "", h.Subscribe("a", id, Write))
	a := connect(t, h, Opening{Tenant: "a"})
	a.got = ""
	a.propose(id, Set(Path{Key("x")}, Str("")))
	a.sent(docX0 + `{"error":"x: a number, please","id":1099511627776,"rev":0,"t":"reject"}` + "\n")
	a.propose(id, setX(5))
	sameText(t, "saved", `1099511627776 Doc {"Map":{"x":{"Int":5}}} 1 {"ops":[{"Set":{"path":[{"Key":"x"}],"value":{"Int":5}}}],"rev":1} `+
		`{"clock":[[["x"],[1,"a"]]]}`+"\n", saved)
}

// Clients propose with the revision 0: the hub stamps, or the greatest tenant would win for
// ever.
func TestHubStamps(t *testing.T) {
	t.Parallel()
	for _, merge := range []func() Strategy{LwwMapCrdt, DeepLwwCrdt} {
		h := NewHub(nil)
		id := shareDoc(t, h, &SharedOptions{Merge: merge()})
		lines := map[string]*line{}
		for _, tenant := range []string{"a", "z"} {
			sameError(t, "", h.Subscribe(tenant, id, Write))
			lines[tenant] = connect(t, h, Opening{Tenant: tenant})
		}
		lines["z"].propose(id, setX(1))
		lines["a"].propose(id, setX(2))
		sameError(t, "", h.ApplyShared(id, Patch{Rev: 50, Ops: []Op{setX(3)}}, "other"))
		lines["a"].propose(id, setX(4))
		got, _ := h.Shared(id)
		sameText(t, "value", `{"Map":{"x":{"Int":4}}}`, got.Value.String())
	}
}

// Nobody has the last word for ever by the revision of a write.
func TestHubHugeStamps(t *testing.T) {
	t.Parallel()
	for _, merge := range []func() Strategy{LwwMapCrdt, DeepLwwCrdt} {
		h := NewHub(nil)
		id := shareDoc(t, h, &SharedOptions{Merge: merge()})
		sameError(t, "", h.Subscribe("a", id, Write))
		a := connect(t, h, Opening{Tenant: "a"})
		a.got = ""
		a.propose(id, setX(1))
		proposeAt := func(rev uint64, n int64) {
			f, err := JSON().Encode(Change{ID: id, Patch: Patch{Rev: rev, Ops: []Op{setX(n)}}})
			sameError(t, "", err)
			sameError(t, "", h.Receive(a.conn, f))
		}
		for _, rev := range []uint64{maxStamp + 1, math.MaxUint64} {
			a.got = ""
			proposeAt(rev, 2)
			if !strings.Contains(a.got, "a write has a revision of 2^53 at most") {
				t.Errorf("a write of revision %d: %s", rev, a.got)
			}
		}
		for n, rev := range []uint64{maxStamp, 0, maxStamp, 0} {
			proposeAt(rev, int64(n))
		}
		value := func(want string) {
			t.Helper()
			got, _ := h.Shared(id)
			sameText(t, "value", want, got.Value.String())
		}
		value(`{"Map":{"x":{"Int":3}}}`)
		sameError(t, "", h.ApplyShared(id, Patch{Rev: math.MaxUint64, Ops: []Op{Set(Path{Key("y")}, Null())}}, "other"))
		proposeAt(0, 4)
		value(`{"Map":{"x":{"Int":4},"y":"Null"}}`)
	}
}

// Tenants that only clients know of are there for as long as their connections.
func TestHubForgetsTenants(t *testing.T) {
	t.Parallel()
	h := NewHub(nil)
	id := shareDoc(t, h, nil)
	sameError(t, "", h.Subscribe("subscribed", id, Read))
	h.Session("asked for")
	for i := range 100 {
		tenant := fmt.Sprint("tenant ", i)
		a, b := connect(t, h, Opening{Tenant: tenant}), connect(t, h, Opening{Tenant: tenant})
		h.Close(a.conn)
		if len(h.tenants) != 3 {
			t.Fatalf("%d tenants while one is there", len(h.tenants))
		}
		h.Close(b.conn)
		// A transport may be late.
		h.Resync(b.conn, 1, id)
		b.propose(id, setX(1))
		h.Close(b.conn)
		b.sent("")
	}
	h.Close(connect(t, h, Opening{Tenant: "subscribed"}).conn)
	h.Close(connect(t, h, Opening{Tenant: "asked for"}).conn)
	if len(h.tenants) != 2 {
		t.Errorf("%d tenants are left", len(h.tenants))
	}
}

func TestHubRestores(t *testing.T) {
	t.Parallel()
	h := NewHub(nil)
	state := json.RawMessage(`{"clock":{"x":[2,"b"]}}`)
	saved := Shared{ID: firstShared + 9, Type: "Doc", Value: Map(map[string]Value{"x": Int(7)}), Rev: 2, MergeState: state}
	id, err := h.Share(saved, &SharedOptions{Merge: LwwMapCrdt(), Log: true})
	sameError(t, "", err)
	sameError(t, "", h.ApplyShared(id, Patch{Rev: 1, Ops: []Op{setX(9)}}, "a"))
	sameError(t, "", h.ApplyShared(id, Patch{Rev: 3, Ops: []Op{Set(Path{Key("y")}, Int(1))}}, "a"))
	got, ok := h.Shared(id)
	if !ok || got.Rev != 3 {
		t.Errorf("%+v", got)
	}
	sameText(t, "value", `{"Map":{"x":{"Int":7},"y":{"Int":1}}}`, got.Value.String())
	sameText(t, "state", `{"clock":{"x":[2,"b"],"y":[3,"a"]}}`, string(got.MergeState))
	for rev, want := range map[uint64]string{0: "false 0", 2: "true 1", 3: "true 0", 9: "true 0"} {
		patches, complete, err := h.SinceShared(id, rev)
		sameError(t, "", err)
		sameText(t, fmt.Sprint("since ", rev), want, fmt.Sprint(complete, len(patches)))
	}
	_, err = h.Share(saved, nil)
	sameError(t, "mirror: 1099511627785 is taken, or below 1099511627776, and is no number for a shared model", err)
	saved.ID, saved.MergeState = 0, json.RawMessage(`[]`)
	if _, err = h.Share(saved, &SharedOptions{Merge: LwwMapCrdt()}); err == nil {
		t.Error("that is no state")
	}
}

func TestHubAdopts(t *testing.T) {
	t.Parallel()
	h := NewHub(nil)
	id := shareDoc(t, h, &SharedOptions{Merge: DeepLwwCrdt(), Log: true})
	sameError(t, "", h.Subscribe("a", id, Read))
	a := connect(t, h, Opening{Tenant: "a"})
	a.sent(docX0)
	sameError(t, "", h.AdoptShared(id, Map(map[string]Value{"x": Int(9)}), 0, json.RawMessage(`{"clock":[]}`)))
	h.Flush()
	a.sent(`{"id":1099511627776,"rev":0,"t":"snapshot","type":"Doc","value":{"Map":{"x":{"Int":9}}}}` + "\n")
	h.Flush()
	a.sent("")
}

// The program changes a part of a model while others write to it.
func TestHubUpdates(t *testing.T) {
	t.Parallel()
	h := NewHub(nil)
	id := shareDoc(t, h, &SharedOptions{Merge: DeepLwwCrdt()})
	const writers, writes = 8, 100
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for i := range writes {
				err := h.UpdateShared(id, func(v Value) (Value, error) {
					return Apply(v, []Op{Set(Path{Key(fmt.Sprint(w))}, Int(int64(i)))})
				})
				sameError(t, "", err)
			}
		})
	}
	all.Wait()
	s, _ := h.Shared(id)
	for w := range writers {
		if got, _ := s.Value.Get(fmt.Sprint(w)); !got.Equal(Int(writes - 1)) {
			t.Errorf("writer %d has written %v", w, got)
		}
	}
	sameError(t, "no", h.UpdateShared(id, func(Value) (Value, error) { return Null(), errors.New("no") }))
	func() {
		defer func() { sameText(t, "panic", "oops", fmt.Sprint(recover())) }()
		_ = h.UpdateShared(id, func(Value) (Value, error) { panic("oops") })
	}()
	if after, _ := h.Shared(id); after.Rev != s.Rev || !after.Value.Equal(s.Value) {
		t.Errorf("a change that failed has made %v of it", after)
	}
}

func TestHubUnknownModels(t *testing.T) {
	t.Parallel()
	h := NewHub(nil)
	_, _, sinceErr := h.SinceShared(1, 0)
	for _, err := range []error{h.SetShared(1, Null()), h.ApplyShared(1, Patch{}, ""), h.AdoptShared(1, Null(), 0, nil), sinceErr} {
		sameError(t, "mirror: unknown_model: there is no model 1", err)
	}
	if _, ok := h.Shared(1); ok {
		t.Error("there is a model")
	}
	if err := h.Receive(connect(t, h, Opening{}).conn, textFrame("{}")); CodeOf(err) != BadMessage {
		t.Error(err)
	}
}
