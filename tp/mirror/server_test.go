package mirror

import (
	"errors"
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// line is a connection that notes what it is sent.
type line struct {
	t    testing.TB
	conn *Conn
	end  Endpoint
	got  string
}

// connect opens a connection.
func connect(t testing.TB, end Endpoint, o Opening) *line {
	t.Helper()
	l := &line{t: t, end: end}
	o.Send = func(out []Output) {
		for _, o := range out {
			m, err := l.codec(o).Decode(o.Frame, Limits{})
			if err != nil {
				t.Error(err)
			}
			l.got += messageText(m) + "\n"
		}
	}
	codec := o.Query.Codec
	l.conn = &Conn{codec: codec}
	l.conn = end.Open(o)
	return l
}

func (l *line) codec(Output) Codec { return l.conn.Codec() }

// propose sends a proposal.
func (l *line) propose(id uint64, ops ...Op) {
	l.t.Helper()
	frame, err := l.conn.Codec().Encode(Change{ID: id, Patch: Patch{Ops: ops}})
	if err == nil {
		err = l.end.Receive(l.conn, frame)
	}
	sameError(l.t, "", err)
}

// sent compares what came since the last time.
func (l *line) sent(want string) {
	l.t.Helper()
	sameText(l.t, "sent", want, l.got)
	l.got = ""
}

const (
	lamp60   = `{"id":1,"rev":0,"t":"snapshot","type":"Lamp","value":{"Map":{"brightness":{"Int":60}}}}` + "\n"
	lampSet5 = `{"id":1,"patch":{"ops":[{"Set":{"path":[{"Key":"brightness"}],"value":{"Int":5}}}],"rev":1},"t":"patch"}` + "\n"
)

func setBrightness(n int64) Op { return Set(Path{Key("brightness")}, Int(n)) }

func TestServer(t *testing.T) {
	t.Parallel()
	session := NewSession()
	lamp := hostLamp(t, session)
	server := NewServer(session, nil)
	a := connect(t, server, Opening{})
	b := connect(t, server, Opening{Query: Query{Codec: CBOR()}})
	a.sent(lamp60)
	b.sent(lamp60)
	a.propose(1, setBrightness(5))
	a.sent(lampSet5)
	b.sent(lampSet5)
	b.propose(1, setBrightness(101))
	a.sent("")
	b.sent(`{"id":1,"rev":1,"t":"snapshot","type":"Lamp","value":{"Map":{"brightness":{"Int":5}}}}` + "\n" +
		`{"error":"brightness: {\"Int\":101} is too bright","id":1,"rev":1,"t":"reject"}` + "\n")
	b.propose(7, setBrightness(1))
	b.sent(`{"error":"there is no model 7","id":7,"rev":0,"t":"reject"}` + "\n")
	server.Close(b.conn)
	sameError(t, "", lamp.Replace(lampValue(6)))
	server.Flush()
	a.sent(`{"id":1,"patch":{"ops":[{"Set":{"path":[{"Key":"brightness"}],"value":{"Int":6}}}],"rev":2},"t":"patch"}` + "\n")
	b.sent("")
	server.Resync(a.conn, 1, 2)
	a.sent(`{"id":1,"rev":2,"t":"snapshot","type":"Lamp","value":{"Map":{"brightness":{"Int":6}}}}` + "\n")
}

// What was changed before a proposal goes out before its result, also when it is refused.
func TestServerKeepsTheOrder(t *testing.T) {
	t.Parallel()
	session := NewSession()
	lamp := hostLamp(t, session)
	server := NewServer(session, nil)
	a, b := connect(t, server, Opening{}), connect(t, server, Opening{})
	a.got, b.got = "", ""
	sameError(t, "", lamp.Replace(lampValue(5)))
	a.propose(1, setBrightness(1000))
	b.sent(lampSet5)
	if got := a.got; len(got) < len(lampSet5) || got[:len(lampSet5)] != lampSet5 {
		t.Errorf("sent %s", got)
	}
}

// A patch that is malformed is refused; a message that is, ends the connection.
func TestServerReadsFrames(t *testing.T) {
	t.Parallel()
	session := NewSession()
	hostLamp(t, session)
	server := NewServer(session, &ServerOptions{Limits: Limits{Size: 100}})
	a := connect(t, server, Opening{})
	a.got = ""
	cases := []struct {
		frame  string
		status int
		sent   string
	}{
		{`{"t":"hello"}`, 0, ""},
		{`{"t":"snapshot","id":1,"type":"Lamp","rev":9,"value":"Null"}`, 0, ""},
		{`{"t":"patch","id":1,"patch":{"ops":[{"Add":{}}]}}`, 0, lamp60 +
			`{"error":"an operation is an object with one key out of Set, Remove, Insert, RemoveAt, Move, Reorder","id":1,"rev":0,"t":"reject"}` + "\n"},
		{`{"t":"patch"`, 1007, ""},
		{`{"t":"patch"}`, 1008, ""},
		{`{"t":"patch","id":1,"patch":{"rev":0,"ops":[]},"pad":"` + fmt.Sprintf("%0100d", 0) + `"}`, 1008, ""},
	}
	for _, tc := range cases {
		err := server.Receive(a.conn, textFrame(tc.frame))
		status := 0
		var e *Error
		if errors.As(err, &e) {
			status = e.CloseStatus()
		}
		if status != tc.status {
			t.Errorf("%s: %v", tc.frame, err)
		}
		a.sent(tc.sent)
	}
}

func TestServerAuthorizes(t *testing.T) {
	t.Parallel()
	session := NewSession()
	hostLamp(t, session)
	server := NewServer(session, &ServerOptions{Authorize: func(identity any, proposal Change) error {
		return fmt.Errorf("%v may not change %d", identity, proposal.ID)
	}})
	a := connect(t, server, Opening{Identity: "eve"})
	a.got = ""
	a.propose(1, setBrightness(5))
	a.sent(lamp60 + `{"error":"eve may not change 1","id":1,"rev":0,"t":"reject"}` + "\n")
}

func TestServerAnnouncesModels(t *testing.T) {
	t.Parallel()
	session := NewSession()
	server := NewServer(session, nil)
	a := connect(t, server, Opening{})
	a.sent("")
	lamp := hostLamp(t, session)
	<-server.Changed()
	sameError(t, "", lamp.Replace(lampValue(61)))
	server.Resync(a.conn, 1)
	a.sent("")
	server.Flush()
	a.sent(`{"id":1,"rev":1,"t":"snapshot","type":"Lamp","value":{"Map":{"brightness":{"Int":61}}}}` + "\n")
	server.Flush()
	a.sent("")
	sameError(t, "", lamp.Replace(lampValue(62)))
	hostLamp(t, session)
	server.Flush()
	a.sent(`{"id":2,"rev":0,"t":"snapshot","type":"Lamp","value":{"Map":{"brightness":{"Int":60}}}}` + "\n" +
		`{"id":1,"patch":{"ops":[{"Set":{"path":[{"Key":"brightness"}],"value":{"Int":62}}}],"rev":2},"t":"patch"}` + "\n")
}

func TestServerResumes(t *testing.T) {
	t.Parallel()
	session := NewSession()
	lamp := hostLamp(t, session)
	server := NewServer(session, nil)
	sameError(t, "", lamp.Replace(lampValue(5)))
	for since, want := range map[uint64]string{0: lampSet5, 1: "",
		2: `{"id":1,"rev":1,"t":"snapshot","type":"Lamp","value":{"Map":{"brightness":{"Int":5}}}}` + "\n"} {
		connect(t, server, Opening{Query: Query{Since: map[uint64]uint64{1: since, 9: 1}}}).sent(want)
	}
}

// Many connections cost one encoding for each codec.
func TestServerEncodesOnce(t *testing.T) {
	t.Parallel()
	session := NewSession()
	var codecs Codecs
	encoded := 0
	custom := reversed("counted")
	encode := custom.Encode
	custom.Encode = func(document any) ([]byte, error) { encoded++; return encode(document) }
	codec, err := codecs.Register(custom)
	sameError(t, "", err)
	lamp := hostLamp(t, session)
	server := NewServer(session, nil)
	for range 10 {
		connect(t, server, Opening{Query: Query{Codec: codec}})
	}
	if encoded != 1 {
		t.Errorf("%d snapshots", encoded)
	}
	sameError(t, "", lamp.Replace(lampValue(5)))
	server.Flush()
	if encoded != 2 {
		t.Errorf("%d patches", encoded-1)
	}
}

// mirrorOf is a client on a connection that loses what is on its way when it breaks, and may
// be slow.
type mirrorOf struct {
	*Client
	end    Endpoint
	conn   *Conn
	box    *Outbox
	queue  []Output
	tenant string
	slow   OutboxOptions
}

func (m *mirrorOf) connect() {
	if m.conn != nil {
		m.end.Close(m.conn)
	}
	m.queue, m.box = nil, NewOutbox(&m.slow)
	m.Connected()
	m.conn = m.end.Open(Opening{Query: m.Query(), Tenant: m.tenant, Send: m.box.Send})
}

// pull takes what is there to send, and reports whether there is something.
func (m *mirrorOf) pull(t *rapid.T) bool {
	for len(m.queue) == 0 {
		out, err := m.box.Take()
		if CodeOf(err) == TooSlow {
			m.connect()
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		m.queue = out
		id, stale := m.box.Stale()
		switch {
		case len(out) > 0:
		case !stale:
			return false
		default:
			m.end.Resync(m.conn, id)
		}
	}
	return true
}

// receive takes up to n frames.
func (m *mirrorOf) receive(t *rapid.T, n int) {
	for ; n > 0 && m.pull(t); n-- {
		frame := m.queue[0].Frame
		m.queue = m.queue[1:]
		reply, err := m.Receive(frame)
		if err == nil && reply != nil {
			err = m.end.Receive(m.conn, *reply)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// watch fails when a revision is skipped or repeated.
func (m *mirrorOf) watch(t *rapid.T) {
	revs := map[uint64]uint64{}
	m.OnChange(func(message Message) {
		switch message := message.(type) {
		case Snapshot:
			revs[message.ID] = message.Rev
		case Change:
			if message.Patch.Rev != revs[message.ID]+1 {
				t.Fatalf("revision %d comes after %d", message.Patch.Rev, revs[message.ID])
			}
			revs[message.ID] = message.Patch.Rev
		}
	})
}

// Whatever happens in whatever order, all mirrors are like the models at the end.
func TestMirrorsFollow(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		session := NewSession(LogSize(rapid.IntRange(0, 4).Draw(t, "log")))
		server := NewServer(session, nil)
		var models []*Untyped
		host := func() {
			u, err := session.HostValue("any", anyValue(2).Draw(t, "model"), nil)
			if err != nil {
				t.Fatal(err)
			}
			models = append(models, u)
		}
		host()
		var mirrors []*mirrorOf
		for i := range 3 {
			authority := Authority(i % 2)
			m := &mirrorOf{Client: NewClient(&ClientOptions{Codec: codecs()[i], Authority: authority}), end: server, slow: OutboxOptions{
				Frames: rapid.IntRange(0, 3).Draw(t, "frames"), Slow: SlowPolicy(rapid.IntRange(0, 1).Draw(t, "policy")),
			}}
			m.watch(t)
			m.connect()
			mirrors = append(mirrors, m)
		}
		for range rapid.IntRange(0, 30).Draw(t, "steps") {
			m := rapid.SampledFrom(mirrors).Draw(t, "mirror")
			model := rapid.SampledFrom(models).Draw(t, "of")
			switch rapid.IntRange(0, 6).Draw(t, "step") {
			case 0:
				_ = model.Replace(anyValue(2).Draw(t, "value"))
			case 1:
				server.Flush()
			case 2:
				m.connect()
			case 3:
				if frame, err := m.Edit(model.ID(), anyValue(2).Draw(t, "edit")); err == nil {
					_ = server.Receive(m.conn, frame)
				}
			case 4:
				frame, err := m.Propose(model.ID(), anyOps(model.Get()).Draw(t, "ops")...)
				if err == nil {
					_ = server.Receive(m.conn, frame)
				}
			case 5:
				m.receive(t, rapid.IntRange(1, 5).Draw(t, "frames"))
			case 6:
				if len(models) < 3 {
					host()
				}
			}
		}
		settle(t, server, mirrors)
		for _, model := range models {
			want, err := session.Snapshot(model.ID())
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range mirrors {
				if got, _ := m.Snapshot(model.ID()); messageText(got) != messageText(want) {
					t.Fatalf("a mirror has %s, not %s", messageText(got), messageText(want))
				}
			}
		}
	})
}

// settle lets everybody receive what is on its way, and what comes of that.
func settle(t *rapid.T, end Endpoint, mirrors []*mirrorOf) {
	for busy := true; busy; {
		end.Flush()
		busy = false
		for _, m := range mirrors {
			for m.pull(t) {
				busy = true
				m.receive(t, 1)
			}
		}
	}
}
