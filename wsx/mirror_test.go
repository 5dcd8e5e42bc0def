package wsx_test

import (
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/telestruct/telestruct/tp/mirror"
	"github.com/telestruct/telestruct/wsx"
)

// lamps is a site where clients mirror a lamp, whose brightness must be below 100.
type lamps struct {
	*site
	session *mirror.Session
	model   *mirror.Untyped
	end     *mirror.Server
	sockets *wsx.Server
	serve   *wsx.Endpoint
}

func newLamps(t testing.TB, o *mirror.ServerOptions, options ...wsx.Option) *lamps {
	t.Helper()
	l := &lamps{session: mirror.NewSession(), sockets: wsx.NewServer()}
	l.model = hostLamp(t, l.session)
	l.end = mirror.NewServer(l.session, o)
	l.serve = l.sockets.Mirror(l.end, append([]wsx.Option{wsx.Drain(0, time.Millisecond)}, options...)...)
	l.site = newSite(t, l.serve)
	t.Cleanup(func() { shut(t, l.serve) })
	return l
}

func hostLamp(t testing.TB, s *mirror.Session) *mirror.Untyped {
	t.Helper()
	model, err := s.HostValue("Lamp", lampAt(60), &mirror.UntypedOptions{Check: func(v mirror.Value) (mirror.Value, error) {
		if brightness(v) > 99 {
			return v, errors.New("too bright")
		}
		return v, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	return model
}

func lampAt(brightness int64) mirror.Value {
	return mirror.Map(map[string]mirror.Value{"brightness": mirror.Int(brightness)})
}

// set changes the lamp as its host does.
func (l *lamps) set(brightness int64) {
	l.t.Helper()
	if err := l.model.Replace(lampAt(brightness)); err != nil {
		l.t.Error(err)
	}
}

// shows is a snapshot of the lamp, sets a patch of it, and proposes a proposal.
func shows(rev, brightness int) string {
	return fmt.Sprintf(`{"id":1,"rev":%d,"t":"snapshot","type":"Lamp","value":{"Map":{"brightness":{"Int":%d}}}}`, rev, brightness)
}

func sets(rev, brightness int) string {
	return fmt.Sprintf(`{"id":1,"patch":{"ops":[{"Set":{"path":[{"Key":"brightness"}],"value":{"Int":%d}}}],"rev":%d},"t":"patch"}`,
		brightness, rev)
}

func proposes(brightness int) string { return sets(0, brightness) }

func rejects(rev int, why string) string {
	return fmt.Sprintf(`{"error":%q,"id":1,"rev":%d,"t":"reject"}`, why, rev)
}

func TestMirror(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLamps(t, nil)
		ann, bob := l.dial(), l.dial()
		ann.want(fin|opText, shows(0, 60))
		bob.want(fin|opText, shows(0, 60))
		l.set(61)
		ann.want(fin|opText, sets(1, 61))
		bob.want(fin|opText, sets(1, 61))
		ann.send(fin|opText, proposes(62))
		ann.want(fin|opText, sets(2, 62))
		bob.want(fin|opText, sets(2, 62))
		ann.send(fin|opText, proposes(100))
		ann.want(fin|opText, shows(2, 62))
		ann.want(fin|opText, rejects(2, "too bright"))
		// What the host has changed before a proposal goes out before its result.
		l.set(63)
		bob.send(fin|opText, proposes(64))
		for _, p := range []*peer{ann, bob} {
			p.want(fin|opText, sets(3, 63))
			p.want(fin|opText, sets(4, 64))
		}
		bob.send(fin|opText, `{"t":"hello"}`)
		hostLamp(t, l.session)
		bob.want(fin|opText, strings.Replace(shows(0, 60), `"id":1`, `"id":2`, 1))
	})
}

func TestMirrorInfo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLamps(t, nil)
		l.dial().want(fin|opText, shows(0, 60))
		synctest.Wait()
		if info := l.sockets.Endpoints()[0]; info.Mode != "mirror" || info.Open != 1 {
			t.Errorf("the endpoint is %+v", info)
		}
		if c := l.sockets.Clients("/")[0]; c.MessagesOut != 1 || c.QueueLength != 0 {
			t.Errorf("the client is %+v", c)
		}
	})
}

// TestMirrorCodecs sees that each client gets its codec, and that text is JSON anyway.
func TestMirrorCodecs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLamps(t, nil)
		text, packed := l.dialFor("/?codec=json"), l.dialFor("/?codec=application/msgpack")
		text.want(fin|opText, shows(0, 60))
		snapshot := mirror.Snapshot{ID: 1, Type: "Lamp", Value: lampAt(60)}
		packed.want(fin|opBinary, encoded(t, mirror.MessagePack(), snapshot))
		change := mirror.Change{ID: 1, Patch: mirror.Patch{Rev: 1, Ops: []mirror.Op{mirror.Set(mirror.Path{mirror.Key("brightness")}, mirror.Int(1))}}}
		packed.send(fin|opText, proposes(1))
		text.want(fin|opText, sets(1, 1))
		packed.want(fin|opBinary, encoded(t, mirror.MessagePack(), change))
		text.send(fin|opBinary, proposes(2))
		text.want(fin|opText, sets(2, 2))
		packed.hear()
		change.Patch.Ops[0] = mirror.Set(mirror.Path{mirror.Key("brightness")}, mirror.Int(3))
		packed.send(fin|opBinary, encoded(t, mirror.MessagePack(), change))
		text.want(fin|opText, sets(3, 3))
	})
}

func encoded(t testing.TB, c mirror.Codec, m mirror.Message) string {
	t.Helper()
	f, err := c.Encode(m)
	if err != nil {
		t.Fatal(err)
	}
	return string(f.Data)
}

// hexed is a codec of the program's own, whose encoder fails when broken is set.
func hexed(broken *bool) mirror.CustomCodec {
	return mirror.CustomCodec{
		ContentType: "x-hex",
		Text:        true,
		Encode: func(document any) ([]byte, error) {
			if *broken {
				return nil, errors.New("broken")
			}
			return []byte(hex.EncodeToString(fmt.Append(nil, document))), nil
		},
		Decode: func([]byte) (any, error) { return nil, errors.New("secret") },
	}
}

func TestMirrorOwnCodec(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var codecs mirror.Codecs
		broken := false
		if _, err := codecs.Register(hexed(&broken)); err != nil {
			t.Fatal(err)
		}
		l := newLamps(t, nil, wsx.MirrorCodecs(&codecs, "x-hex"))
		p := l.dial()
		p.want(fin|opText, hex.EncodeToString([]byte("map[id:1 rev:0 t:snapshot type:Lamp value:map[Map:map[brightness:map[Int:60]]]]")))
		other := l.dialFor("/?codec=json")
		other.want(fin|opText, shows(0, 60))
		p.send(fin|opText, "anything")
		p.wantClose(1007, wsx.ReasonNoMessage)
		late := l.dial()
		late.hear()
		broken = true
		l.set(1)
		other.want(fin|opText, sets(1, 1))
		late.wantClose(1011, wsx.ReasonNotEncoded)
	})
}

func TestMirrorResumes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLamps(t, nil)
		first := l.dial()
		first.want(fin|opText, shows(0, 60))
		for rev := range 3 {
			first.send(fin|opText, proposes(rev))
			first.want(fin|opText, sets(rev+1, rev))
		}
		back := l.dialFor("/?since=%7B%221%22%3A1%7D")
		back.want(fin|opText, sets(2, 1))
		back.want(fin|opText, sets(3, 2))
		current, ahead := l.dialFor("/?since=%7B%221%22%3A3%7D"), l.dialFor("/?since=%7B%221%22%3A4,%229%22%3A1%7D")
		ahead.want(fin|opText, shows(3, 2))
		l.set(7)
		for _, p := range []*peer{back, current, ahead} {
			p.want(fin|opText, sets(4, 7))
		}
	})
}

func TestMirrorCloses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, frame string
		op          byte
		code        int
		reason      string
	}{
		{"no document", `{"t":`, opText, 1007, "the frame is not one document in json within the limits of depth and elements"},
		{"no UTF-8", "\xff", opText, 1007, wsx.ReasonInvalidText},
		{"no object", `[]`, opText, 1008, ""},
		{"no type", `{}`, opText, 1008, ""},
		{"no fields", `{"t":"patch"}`, opText, 1008, "a patch has the fields id, patch"},
		{"no document in binary", "\xc1", opBinary, 1007, ""},
		{"too deep", `{"t":"patch","id":1,"patch":{"rev":0,"ops":[` + strings.Repeat("[", 200), opText, 1007, ""},
		{"too big", strings.Repeat(" ", 1<<20+1), opText, 1009, wsx.ReasonTooBig},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				l := newLamps(t, nil)
				p, other := l.dial(), l.dial()
				p.want(fin|opText, shows(0, 60))
				other.want(fin|opText, shows(0, 60))
				go p.try(masked(fin|tc.op, tc.frame))
				h := p.hear()
				if h.op != fin|opClose || !strings.HasPrefix(h.payload, closing(tc.code, "")) {
					t.Fatalf("heard %v", h)
				}
				if reason := h.payload[2:]; reason == "" || tc.reason != "" && reason != tc.reason {
					t.Errorf("the reason is %q", reason)
				}
				p.cut()
				other.send(fin|opText, proposes(1))
				other.want(fin|opText, sets(1, 1))
			})
		})
	}
}

// TestMirrorLimits sees that the limits of all endpoints hold.
func TestMirrorLimits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLamps(t, nil, wsx.MaxMessage(100), wsx.MessageRate(1, 2, wsx.CloseOver), wsx.PingText("ping", "pong"))
		p := l.dial()
		p.want(fin|opText, shows(0, 60))
		p.send(fin|opText, "ping")
		p.want(fin|opText, "pong")
		p.send(fin|opText, `{"t":"hello"}`)
		p.send(fin|opText, `{"t":"hello"}`)
		p.wantClose(1008, wsx.ReasonRate)
		p = l.dial()
		p.want(fin|opText, shows(0, 60))
		p.send(fin|opText, strings.Repeat(" ", 101))
		p.wantClose(1009, wsx.ReasonTooBig)
	})
}

// TestMirrorPacks sees that long frames are packed for clients that read that.
func TestMirrorPacks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLamps(t, nil, wsx.Compression())
		plain := l.dial()
		packed := l.dial("Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover; server_no_context_takeover")
		plain.want(fin|opText, shows(0, 60))
		packed.want(fin|opText, shows(0, 60))
		if err := l.model.Replace(mirror.Str(strings.Repeat("long ", 1000))); err != nil {
			t.Fatal(err)
		}
		if h := plain.hear(); h.op != fin|opText || len(h.payload) < 5000 {
			t.Errorf("heard %v", h)
		}
		if h := packed.hear(); h.op != fin|rsv1|opText || len(h.payload) > 500 {
			t.Errorf("heard %v", h)
		}
	})
}

// TestMirrorChangedByMany sees that everybody has the same in the end.
func TestMirrorChangedByMany(t *testing.T) {
	t.Parallel()
	l := newLamps(t, nil, wsx.FlushEvery(time.Microsecond))
	const each = 50
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			p := l.dial()
			value := mirror.Value{}
			for last := int64(0); last != -1; last = brightness(value) {
				m, err := mirror.JSON().Decode(mirror.Frame{Text: true, Data: []byte(p.hear().payload)}, mirror.Limits{})
				switch m := m.(type) {
				case mirror.Snapshot:
					value = m.Value
				case mirror.Change:
					value, err = mirror.Apply(value, m.Patch.Ops)
				}
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	var hosts sync.WaitGroup
	for host := range int64(4) {
		hosts.Go(func() {
			for n := range int64(each) {
				l.set(host*10 + n%10)
			}
		})
	}
	hosts.Wait()
	l.set(-1)
	all.Wait()
}

func brightness(v mirror.Value) int64 {
	field, _ := v.Get("brightness")
	n, _ := field.Int()
	return n
}

func TestMirrorFaults(t *testing.T) {
	t.Parallel()
	end := mirror.NewServer(mirror.NewSession(), nil)
	tests := []struct {
		name    string
		of      mirror.Endpoint
		options []wsx.Option
		want    string
	}{
		{"nil", nil, nil, "mirror.NewServer"},
		{"calls", end, []wsx.Option{wsx.Calls(build(t))}, "Calls"},
		{"room", end, []wsx.Option{wsx.Room(wsx.NewTopic("mirror-fault"))}, "topics"},
		{"actor", end, []wsx.Option{wsx.Actor(wsx.Start(0))}, "Actor"},
		{"replay", end, []wsx.Option{wsx.Replay(1)}, "Replay"},
		{"policy", end, []wsx.Option{wsx.OnSlow(wsx.DropOldest())}, "MirrorOutbox"},
		{"keep", end, []wsx.Option{wsx.KeepCredentials()}, "KeepCredentials"},
		{"nobody checks", end, []wsx.Option{wsx.Credentials(fromHeader)}, "MirrorAuth"},
		{"nothing to check", end, []wsx.Option{wsx.MirrorAuth(guarded(t, 0))}, "Credentials"},
		{"no auth", end, []wsx.Option{wsx.MirrorAuth(build(t)), wsx.Credentials(fromHeader)}, "Auth"},
		{"two identities", end, []wsx.Option{
			wsx.MirrorAuth(guarded(t, 0)), wsx.Credentials(fromHeader), wsx.MirrorIdentity(func(*http.Request) any { return nil }),
		}, "MirrorIdentity"},
		{"drop", end, []wsx.Option{wsx.MessageRate(1, 1, wsx.DropOver)}, "CloseOver"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			defer wantFault(t, tc.want)
			wsx.NewServer().Mirror(tc.of, tc.options...)
		})
	}
	t.Run("no mirror", func(t *testing.T) {
		t.Parallel()
		defer wantFault(t, "Mirror")
		wsx.NewServer().New(wsx.FlushEvery(time.Second))
	})
	t.Run("no codec", func(t *testing.T) {
		t.Parallel()
		defer wantFault(t, `"x"`)
		wsx.MirrorCodecs(nil, "x")
	})
}

// wantFault fails unless there is a panic with a text that has want in it.
func wantFault(t *testing.T, want string) {
	t.Helper()
	if text, _ := recover().(string); !strings.HasPrefix(text, "wsx: ") || !strings.Contains(text, want) {
		t.Errorf("panic %q, want one about %q", text, want)
	}
}

// FuzzMirror sees that no frame of a client disturbs another one.
func FuzzMirror(f *testing.F) {
	f.Add(proposes(1), true)
	f.Add(rejects(1, "x"), true)
	f.Add(`{"t":"patch","id":1,"patch":{"ops":[{"Remove":{"path":[{"Key":"brightness"}]}}]}}`, true)
	f.Add("\x83\xa2id\x01", false)
	f.Fuzz(func(t *testing.T, frame string, isText bool) {
		op := byte(fin | opBinary)
		if isText {
			op = fin | opText
		}
		l := newLamps(t, nil)
		from, to := l.dialFor("/?codec=msgpack"), l.dial()
		to.want(fin|opText, shows(0, 60))
		go func() { // what comes back must be read
			for h, err := from.next(); err == nil && h.op != fin|opClose; h, err = from.next() {
			}
			from.cut()
		}()
		from.try(masked(op, frame))
		to.send(fin|opText, `{"t":"patch","id":1,"patch":{"ops":[{"Set":{"path":[],"value":{"Str":"end"}}}]}}`)
		for !strings.Contains(to.hear().payload, `"end"`) {
		}
	})
}
