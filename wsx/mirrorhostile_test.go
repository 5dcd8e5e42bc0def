package wsx_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
	"github.com/telestruct/telestruct/tp/mirror"
	"github.com/telestruct/telestruct/wsx"
)

// patched returns a proposal of operations for the lamp.
func patched(ops ...string) string {
	return `{"t":"patch","id":1,"patch":{"ops":[` + strings.Join(ops, ",") + `]}}`
}

// listed returns a list in a list, and so on.
func listed(levels int) string {
	return strings.Repeat(`{"List":[`, levels) + strings.Repeat(`]}`, levels)
}

// TestMirrorHostileFrames sees that what no client should send is refused or ends the connection,
// costs little, says nothing of what is inside, and disturbs nobody else.
func TestMirrorHostileFrames(t *testing.T) {
	t.Parallel()
	set := func(value string) string { return patched(`{"Set":{"path":[{"Key":"x"}],"value":` + value + `}}`) }
	tests := []struct {
		name, frame string
		text        bool
		code        int    // that the connection is closed with; 0 if it stays open
		why         string // is in the reject
	}{
		{"deep", set(listed(70)), true, 1007, ""},
		{"nested", set(listed(60)), true, 0, "nested deeper"},
		{"too deep for a model", patched(`{"Set":{"path":[{"Key":"x"}],"value":`+listed(55)+`}}`,
			`{"Set":{"path":[{"Key":"x"}`+strings.Repeat(`,{"Index":0}`, 54)+`],"value":`+listed(20)+`}}`), true, 0, "nested deeper"},
		{"brackets", strings.Repeat("[", 1<<19), true, 1007, ""},
		{"no UTF-8", set("{\"Str\":\"\xff\"}"), true, 1007, ""},
		{"surrogate", set(`{"Str":"\ud800"}`), true, 1007, ""},
		{"2^63", set(`{"Int":9223372036854775808}`), true, 0, "64 bits"},
		{"fraction", set(`{"Int":1.0}`), true, 0, "64 bits"},
		{"infinite", set(`{"Float":1e400}`), true, 0, "finite"},
		{"NaN", "\x83\xa1t\xa5patch\xa2id\x01\xa5patch\x81\xa3ops\x91\x81\xa3Set\x82\xa4path\x90\xa5value\x81\xa5Float\xcb\x7f\xf8\x00\x00\x00\x00\x00\x00", false, 1007, ""},
		{"a list of 4 billion", "\x83\xa1t\xa5patch\xa2id\x01\xa5patch\x81\xa3ops\xdd\xff\xff\xff\xff", false, 1007, ""},
		{"a string of 4 GiB", "\x81\xa1t\xdb\xff\xff\xff\xff", false, 1007, ""},
		{"order", patched(`{"Reorder":{"path":[],"order":[` + strings.Repeat("0,", 1<<17) + `0]}}`), true, 0, "Reorder"},
		{"a long key", patched(`{"Remove":{"path":[{"Key":"` + strings.Repeat(`\u0001`, 100_000) + `"},{"Key":"x"}]}}`), true, 0, "there is no key"},
		{"an unknown model", `{"t":"patch","id":18446744073709551615,"patch":{"ops":[]}}`, true, 0, "there is no model"},
		{"a negative model", `{"t":"patch","id":-1,"patch":{"ops":[]}}`, true, 1008, ""},
		{"a shared model", `{"t":"patch","id":1099511627776,"patch":{"ops":[]}}`, true, 0, "there is no model"},
		{"a snapshot", shows(9, 9), true, 0, ""},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				l := newLamps(t, nil)
				from, to := l.dialFor("/?codec=msgpack"), l.dial()
				from.hear()
				to.want(fin|opText, shows(0, 60))
				op := byte(fin | opBinary)
				if tc.text {
					op = fin | opText
				}
				go from.try(masked(op, tc.frame))
				if tc.code != 0 {
					h := from.hear()
					if code := int(h.payload[0])<<8 | int(h.payload[1]); h.op != fin|opClose || code != tc.code {
						t.Errorf("closed with %d: %.100q", code, h.payload)
					}
				}
				if tc.why != "" {
					for {
						h := from.hear()
						m, err := mirror.MessagePack().Decode(mirror.Frame{Data: []byte(h.payload)}, mirror.Limits{})
						if reject, ok := m.(mirror.Reject); err != nil || ok {
							if !strings.Contains(reject.Error, tc.why) || len(reject.Error) > 1100 {
								t.Errorf("%v: the reject says %.200q", err, reject.Error)
							}
							break
						}
					}
				}
				go to.try(masked(fin|opText, proposes(7)))
				for !strings.Contains(to.hear().payload, `{"Int":7}`) {
				}
			})
		})
	}
}

// TestMirrorHostileCodec sees what becomes of a connection whose codec panics: the others never
// notice, and nobody is told with what.
func TestMirrorHostileCodec(t *testing.T) {
	t.Parallel()
	codecs := new(mirror.Codecs)
	if _, err := codecs.Register(mirror.CustomCodec{
		ContentType: "broken",
		Encode:      func(any) ([]byte, error) { return []byte("frame"), nil },
		Decode:      func([]byte) (any, error) { panic("secret") },
	}); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		l := newLamps(t, nil, wsx.MirrorCodecs(codecs, "json"))
		from, to := l.dialFor("/?codec=broken"), l.dial()
		from.hear()
		to.want(fin|opText, shows(0, 60))
		from.send(fin|opText, patched())
		from.wantClose(1011, "")
		to.send(fin|opText, proposes(61))
		to.want(fin|opText, sets(1, 61))
	})
}

// TestMirrorClientHostileServer sees that a server cannot make a client work without end, and that
// the client can be closed whatever it says.
func TestMirrorClientHostileServer(t *testing.T) {
	t.Parallel()
	huge := `{"t":"snapshot","id":1,"type":"Lamp","rev":18446744073709551615,"value":{"List":["Null"` + strings.Repeat(`,"Null"`, 200_000) + `]}}`
	moves := strings.TrimSuffix(strings.Repeat(`{"Move":{"path":[],"from":0,"to":199999}},`, 10_000), ",")
	tests := []struct {
		name  string
		says  []string
		again bool // the client takes another connection
	}{
		{"moves", []string{strings.Replace(huge, "18446744073709551615", "0", 1), `{"t":"patch","id":1,"patch":{"rev":1,"ops":[` + moves + `]}}`}, true},
		{"a patch of what is not there", []string{`{"t":"patch","id":7,"patch":{"rev":1,"ops":[]}}`}, true},
		{"a patch that does not fit", []string{lampOff, strings.Replace(lampOn, `"on"`, `"no"},{"Key":"on"`, 1)}, true},
		{"the last revision", []string{huge, `{"t":"patch","id":1,"patch":{"rev":18446744073709551615,"ops":[]}}`}, false},
		{"no messages", []string{"", "[]", `{"t":1}`, `{"t":"patch"}`, `{"t":"reject","id":1,"rev":0,"error":"` + strings.Repeat("x", 1<<20) + `"}`}, false},
		{"deep", []string{`{"t":"snapshot","id":1,"type":"Lamp","rev":1,"value":` + listed(1000) + `}`}, false},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newMirrorPeer(t, func(ws *websocket.Conn, n int) {
					if n == 1 {
						mirrorSay(ws, tc.says...)
					}
					if n > 1 || !tc.again {
						mirrorSay(ws, lampOff)
					}
				})
				c := s.mirrors(t, nil)
				lamp := mirror.ModelOf[struct {
					On bool `tp:"on"`
				}](c.Client(), 1)
				time.Sleep(time.Minute) // for it to come back
				if _, err := lamp.Get(); err != nil {
					t.Error(err)
				}
				if n := c.Stats().Connections; n > 1 != tc.again {
					t.Errorf("%d connections", n)
				}
				if err := c.Close(); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// TestMirrorOpenCloseStorm sees that nothing is left of connections and their tenants.
func TestMirrorOpenCloseStorm(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLamps(t, nil)
		for i := range 200 {
			p := l.dialFor(fmt.Sprintf("/?since=%%7B%%221%%22%%3A%d%%7D", i))
			p.cut()
		}
		synctest.Wait()
		if n := l.sockets.Endpoints()[0].Open; n != 0 {
			t.Errorf("%d connections are open", n)
		}
	})
}
