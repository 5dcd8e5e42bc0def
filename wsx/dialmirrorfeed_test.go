package wsx_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/mirror"
	"github.com/telestruct/telestruct/wsx"
)

// mirrorFault is a frame, and what comes of it.
type mirrorFault struct {
	name  string
	frame string
	want  string // the code of the fault
	again string // the query of the next connection, if there is one
	cause string // how what ended the connection begins
}

// What comes of frames that cannot be taken, or that listeners cannot.
func TestMirrorClientFaults(t *testing.T) {
	t.Parallel()
	tests := []mirrorFault{
		{"unknown message", `{"t":"drop","id":1}`, "", "", ""},
		{"another reject", lampReject, "", "", ""},
		{"no document", `hello`, "undecodable", "", ""},
		{"no message", `[1]`, "bad_message", "", ""},
		{"half a message", `{"t":"reject","id":1}`, "bad_message", "", ""},
		{"malformed value", `{"t":"snapshot","id":1,"type":"Lamp","rev":5,"value":{"Blob":1}}`, "bad_value", "", ""},
		{"patch that cannot be applied", `{"t":"patch","id":1,"patch":{"rev":1,"ops":[{"RemoveAt":{"path":[],"index":0}}]}}`,
			"not_a_list", `codec=json&since={"2":8}`, `mirror: not_a_list: `},
		{"malformed patch", `{"t":"patch","id":1,"patch":{"rev":1,"ops":[{"Shrink":{}}]}}`,
			"bad_patch", `codec=json&since={"2":8}`, `mirror: bad_patch`},
		{"patch of an unknown model", `{"t":"patch","id":3,"patch":{"rev":1,"ops":[]}}`,
			"no_snapshot", `codec=json&since={"1":0,"2":8}`, `mirror: no_snapshot`},
		{"panic of a listener", `{"t":"patch","id":2,"patch":{"rev":9,"ops":[]}}`, "panic", `codec=json&since={"1":0,"2":9}`, "panic: oh"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, tc.run)
		})
	}
}

// serve sends the frame when a client that has all models says something, and another one after
// it.
func (f *mirrorFault) serve(ws *websocket.Conn, n int) {
	mirrorSay(ws, lampOff)
	if n == 1 {
		mirrorSay(ws, `{"t":"snapshot","id":2,"type":"Count","rev":8,"value":{"Int":1}}`)
		mirrorHear(ws)
		mirrorSay(ws, f.frame, `{"t":"reject","id":2,"rev":8,"error":"after"}`)
	}
}

func (f *mirrorFault) run(t *testing.T) {
	s := newMirrorPeer(t, f.serve)
	var faults []string
	var states clientStates
	c := s.mirrors(t, nil, func(o *wsx.DialOptions) {
		o.OnState = states.add
		o.OnFault = func(err error) { faults = append(faults, mirrorFaultCode(err)) }
	})
	var after int
	c.Client().OnReject(func(r mirror.Reject) {
		if r.Error == "after" {
			after++
		}
	})
	c.Client().OnChange(func(m mirror.Message) {
		if m, ok := m.(mirror.Change); ok && m.ID == 2 {
			panic("oh")
		}
	})
	if err := c.Await(t.Context(), 1, 2); err != nil {
		t.Fatal(err)
	}
	if err := c.Send(propose(t, c, true)); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Minute)
	synctest.Wait()
	if got := strings.Join(faults, ","); got != f.want {
		t.Errorf("faults %q, want %q", got, f.want)
	}
	if got, want := c.Stats().Faults, int64(len(faults)); got != want {
		t.Errorf("%d faults are counted, want %d", got, want)
	}
	if got := strings.Join(s.queries()[1:], " "); got != f.again {
		t.Errorf("connects again with %q, want %q", got, f.again)
	}
	if took := after == 1; took == (f.again != "") {
		t.Errorf("the next frame of that connection is taken: %v", took)
	}
	if all := strings.Join(states.phases(), "\n"); f.cause != "" && !strings.Contains(all, "disconnected: "+f.cause) {
		t.Errorf("states:\n%s\nwant one with %q", all, f.cause)
	}
	if got, want := mirrorText(c, 1), `{"Map":{"on":{"Bool":false}}}`; got != want {
		t.Errorf("the mirror has %s, want %s", got, want)
	}
}

// mirrorFaultCode names a fault.
func mirrorFaultCode(err error) string {
	if _, ok := errors.AsType[*tp.PanicError](err); ok {
		return "panic"
	}
	return string(mirror.CodeOf(err))
}

// With which code a client that is out of step closes, and that a hook that panics does, too.
func TestMirrorClientFaultCodes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, frame string
		want        websocket.StatusCode
	}{
		{"out of step", lampOn, 1008},
		{"panic of the hook", "hello", 1011},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				codes := make(chan websocket.StatusCode, 1)
				s := newMirrorPeer(t, func(ws *websocket.Conn, n int) {
					if n == 1 {
						mirrorSay(ws, tc.frame)
						codes <- websocket.CloseStatus(clientDrain(ws))
					}
				})
				s.mirrors(t, nil, func(o *wsx.DialOptions) {
					o.OnFault = func(err error) {
						if mirror.CodeOf(err) == mirror.Undecodable {
							panic("oh")
						}
					}
				})
				if got := <-codes; got != tc.want {
					t.Errorf("closed with %d, want %d", got, tc.want)
				}
			})
		})
	}
}
