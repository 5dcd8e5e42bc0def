package mirror

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// remote is a mirror on a connection that delivers at once.
type remote struct {
	t      *testing.T
	server *Server
	client *Client
	conn   *Conn
}

func mirrorRemotely(t *testing.T, s *Session) *remote {
	r := &remote{t: t, server: NewServer(s, nil), client: NewClient(&ClientOptions{Codec: CBOR()})}
	r.conn = r.server.Open(Opening{Query: r.client.Query(), Send: func(out []Output) {
		for _, o := range out {
			if _, err := r.client.Receive(o.Frame); err != nil {
				t.Error(err)
			}
		}
	}})
	return r
}

func (r *remote) send(f Frame, err error) {
	r.t.Helper()
	sameError(r.t, "", err)
	sameError(r.t, "", r.server.Receive(r.conn, f))
}

func TestModelOf(t *testing.T) {
	t.Parallel()
	s := NewSession()
	h := hostHeater(t, s)
	r := mirrorRemotely(t, s)
	m := ModelOf[heater](r.client, h.ID())
	rooms := ""
	cancel := m.OnChange(func(h heater) { rooms += h.Room + " " })
	edit := func(fn func(*heater)) {
		t.Helper()
		r.send(m.Edit(func(h *heater) error { fn(h); return nil }))
	}
	edit(func(h *heater) { h.Room = "attic"; h.Tags = append(h.Tags, "b"); h.Plan.Hours["tue"] = 1 })
	edit(func(h *heater) { h.Room = "cellar"; h.Tags[0] = "z" })
	got, err := m.Get()
	if diff := cmp.Diff(h.Get(), got); diff != "" || err != nil {
		t.Errorf("the mirror differs: %v (-want +got):\n%s", err, diff)
	}
	got.Tags[0] = "changed"
	if again, _ := m.Get(); again.Tags[0] != "z" {
		t.Error("copies share memory")
	}
	if rev, ok := m.Rev(); rev != 2 || !ok || m.ID() != 1 {
		t.Errorf("model %d is at %d, %v", m.ID(), rev, ok)
	}
	cancel()
	edit(func(h *heater) { h.Room = "hall" })
	sameText(t, "rooms", "attic cellar ", rooms)
}

// An edit is not seen before the server has said so, and nothing of it is when it fails.
func TestEditChangesNothing(t *testing.T) {
	t.Parallel()
	s := NewSession()
	hostHeater(t, s)
	r := mirrorRemotely(t, s)
	m := ModelOf[heater](r.client, 1)
	want, err := m.Get()
	sameError(t, "", err)
	same := func(name string) {
		t.Helper()
		got, err := m.Get()
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: the mirror differs: %v (-want +got):\n%s", name, err, diff)
		}
	}
	frame, err := m.Edit(func(h *heater) error { h.Tags[0] = "b"; h.Plan.Hours["sun"] = 1; return nil })
	sameError(t, "", err)
	same("proposed")
	message, _ := CBOR().Decode(frame, Limits{})
	sameText(t, "proposal", `{"id":1,"patch":{"ops":[{"Set":{"path":[{"Key":"plan"},{"Key":"hours"},{"Key":"sun"}],"value":{"Int":1}}},`+
		`{"Set":{"path":[{"Key":"tags"},{"Index":0}],"value":{"Str":"b"}}}],"rev":0},"t":"patch"}`, messageText(message))
	errNo := errors.New("no")
	if _, err := m.Edit(func(h *heater) error { h.Tags[0] = "b"; return errNo }); !errors.Is(err, errNo) {
		t.Errorf("the error is %v", err)
	}
	same("error")
	_, err = m.Edit(func(h *heater) error { h.Level = 10; return nil })
	sameError(t, "mirror: refused: level: 10 is more than 9", err)
	same("invalid")
	func() {
		defer func() { _ = recover() }()
		_, _ = m.Edit(func(h *heater) error { h.Tags[0] = "b"; panic("oh") })
	}()
	same("panic")
}

// A program may know less of a model than the server, and leaves the rest alone.
func TestModelOfLess(t *testing.T) {
	t.Parallel()
	type less struct {
		Level int `tp:"level"`
		New   int `tp:"new"`
		Plan  struct {
			Hours map[string]int64 `tp:"hours"`
		} `tp:"plan"`
	}
	s := NewSession()
	h := hostHeater(t, s)
	r := mirrorRemotely(t, s)
	m := ModelOf[less](r.client, 1)
	r.send(m.Edit(func(l *less) error { l.Level = 5; l.Plan.Hours["mon"]++; return nil }))
	want := heater{Room: "hall", Level: 5, Tags: []string{"a"}, Plan: plan{map[string]int{"mon": 9}}}
	if diff := cmp.Diff(want, h.Get()); diff != "" {
		t.Errorf("the model differs (-want +got):\n%s", diff)
	}
}

func TestModelOfMistakes(t *testing.T) {
	t.Parallel()
	type other struct {
		Room int `tp:"room"`
	}
	s := NewSession()
	hostHeater(t, s)
	r := mirrorRemotely(t, s)
	errorOf := func(_ any, err error) error { return err }
	nothing := func(*heater) error { return nil }
	sameError(t, "mirror: no_snapshot: there is no snapshot of model 2 yet", errorOf(ModelOf[heater](r.client, 2).Get()))
	sameError(t, "mirror: no_snapshot: there is no snapshot of model 2 yet", errorOf(ModelOf[heater](r.client, 2).Edit(nothing)))
	if err := errorOf(ModelOf[other](r.client, 1).Get()); CodeOf(err) != BadValue || !strings.Contains(err.Error(), "at room: ") {
		t.Errorf("the error is %v", err)
	}
	if err := errorOf(ModelOf[chan int](r.client, 1).Get()); err == nil || !strings.Contains(err.Error(), "chan int") {
		t.Errorf("the error is %v", err)
	}
	if _, ok := ModelOf[heater](r.client, 2).Rev(); ok {
		t.Error("there is a revision")
	}
	called := false
	ModelOf[other](r.client, 1).OnChange(func(other) { called = true })
	r.send(ModelOf[heater](r.client, 1).Edit(func(h *heater) error { h.On = true; return nil }))
	if called {
		t.Error("a listener was called with what is no such value")
	}
}
