package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/wsx"
)

// What one device writes, the others of the same user see, and nobody else.
func TestNotes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t)
		phone, laptop, alan := s.enter("ada"), s.enter("ada"), s.enter("alan")
		phone.says(`{"type": "put", "key": "milk", "value": "2 l"}`)
		for _, c := range []*client{phone, laptop} {
			c.hears(reply{Type: "put", Key: "milk", Value: "2 l", Revision: 1})
		}
		laptop.says(`{"type":"list"}`)
		laptop.hears(reply{Type: "notes", Notes: map[string]note{"milk": {"2 l", 1}}})
		laptop.says(`{"type":"remove","key":"milk"}`)
		for _, c := range []*client{phone, laptop} {
			c.hears(reply{Type: "removed", Key: "milk", Revision: 2})
		}
		alan.says(`{"type":"list"}`)
		alan.hears(reply{Type: "notes"})
		for _, text := range []string{`hello`, `{"type":"delete"}`, `{"type":"put","key":1}`} {
			alan.says(text)
			alan.hears(reply{Type: "refused", Why: "there is no such message"})
		}
	})
}

func TestBounds(t *testing.T) {
	t.Parallel()
	s := newStore()
	for i := range maxNotes {
		if _, err := s.put("ada", fmt.Sprint(i), strings.Repeat("x", maxValue)); err != nil {
			t.Fatal(err)
		}
	}
	for _, tc := range []struct {
		user, key, value string
		want             error
	}{
		{"ada", "one more", "", errFull},
		{"ada", "0", "another", nil},
		{"alan", "one more", "", nil},
		{"alan", "", "", errTooLong},
		{"alan", strings.Repeat("k", maxKey+1), "", errTooLong},
		{"alan", "k", strings.Repeat("v", maxValue+1), errTooLong},
	} {
		if _, err := s.put(tc.user, tc.key, tc.value); err != tc.want {
			t.Errorf("put %.10q of %s: %v, want %v", tc.key, tc.user, err, tc.want)
		}
	}
}

// Who somebody is comes from a header, a cookie, or the first message.
func TestIdentity(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t)
		token := s.users.add("ada", time.Now().Add(time.Hour))
		s.connect("Authorization", "bearer "+token).hears(reply{Type: "welcome", Name: "ada"})
		s.connect("Cookie", "session="+token).hears(reply{Type: "welcome", Name: "ada"})
		guest := s.connect()
		guest.says(`{"type":"login","token":"` + token + `"}`)
		guest.hears(reply{Type: "welcome", Name: "ada"})

		guest = s.connect()
		guest.says(`{"type":"login","token":"guess"}`)
		guest.ends(codeWrongToken, "wrong token")
		early := s.connect() // asks before it says who it is
		early.says(`{"type":"list"}`)
		early.ends(wsx.CodePolicy, wsx.ReasonUnheard)
		if _, status := s.dial("Authorization", "Bearer guess"); status != http.StatusUnauthorized {
			t.Errorf("a wrong token is answered with %d, want 401", status)
		}
		time.Sleep(time.Hour) // of the bubble: the token is good no more
		if _, status := s.dial("Cookie", "session="+token); status != http.StatusUnauthorized {
			t.Errorf("an old token is answered with %d, want 401", status)
		}
	})
}

// Who does not log in, sends nothing, or has a token that ends, is closed in time.
func TestTimes(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		begin  func(*site) *client
		after  time.Duration
		code   websocket.StatusCode
		reason string
	}{
		{"no login", func(s *site) *client { return s.connect() }, loginTime, wsx.CodePolicy, wsx.ReasonAuthTimeout},
		{"idle", func(s *site) *client { return s.enter("ada") }, idleTime, codeIdle, "idle"},
		{"idle after a message", func(s *site) *client {
			c := s.enter("ada")
			time.AfterFunc(idleTime-time.Second, func() { c.says(`{"type":"list"}`) })
			c.hears(reply{Type: "notes"}) // who waits for it answers pings
			return c
		}, idleTime, codeIdle, "idle"},
		{"token ends", func(s *site) *client {
			c := s.connect("Cookie", "session="+s.users.add("ada", time.Now().Add(time.Minute)))
			c.hears(reply{Type: "welcome", Name: "ada"})
			return c
		}, time.Minute, wsx.CodeExpired, wsx.ReasonExpired},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newSite(t)
				c := tc.begin(s)
				start := time.Now()
				c.ends(tc.code, tc.reason)
				if took := time.Since(start); took != tc.after {
					t.Errorf("the connection is closed after %v, want %v", took, tc.after)
				}
			})
		})
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t)
		for range 3 {
			s.enter("ada")
		}
		token := s.users.add("ada", time.Now().Add(time.Hour))
		if _, status := s.dial("Authorization", "Bearer "+token); status != http.StatusTooManyRequests {
			t.Errorf("a fourth connection is answered with %d, want 429", status)
		}
		alan := s.enter("alan")
		for range 20 { // at once
			alan.says(`{"type":"list"}`)
			alan.hears(reply{Type: "notes"})
		}
		alan.says(`{"type":"list"}`)
		alan.ends(wsx.CodePolicy, wsx.ReasonRate)
	})
}

// Administrators see who is connected, and close connections.
func TestAdmin(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t)
		ada := s.enter("ada")
		token, user := s.users.add(admin, time.Now().Add(time.Hour)), s.users.add("alan", time.Now().Add(time.Hour))
		for _, tc := range []struct {
			token string
			want  int
		}{{"", http.StatusForbidden}, {user, http.StatusForbidden}, {"guess", http.StatusUnauthorized}, {token, http.StatusOK}} {
			if status, _ := s.do(http.MethodGet, "/admin/sockets", tc.token, ""); status != tc.want {
				t.Errorf("token %.5s: status %d, want %d", tc.token, status, tc.want)
			}
		}

		clients := s.srv.Clients("/ws")
		if len(clients) != 1 || clients[0].Label != "ada" || clients[0].State != "main.User" {
			t.Errorf("connections are %+v, want one of ada", clients)
		}
		const call = "/admin/telepact"
		closeAda := fmt.Sprintf(`[{}, {"fn.closeSocket": {"id": %q, "code!": 4001, "reason!": "enough"}}]`, clients[0].ID)
		for _, token := range []string{"", user, "guess"} {
			_, answer := s.do(http.MethodPost, call, token, closeAda)
			var message [2]map[string]any
			if err := json.Unmarshal([]byte(answer), &message); err != nil {
				t.Fatal(err)
			}
			if _, ok := message[1]["Ok_"]; ok {
				t.Errorf("token %.5s may close connections: %s", token, answer)
			}
		}
		if _, answer := s.do(http.MethodPost, call, token, closeAda); answer != `[{},{"Ok_":{}}]` {
			t.Errorf("the administrator is answered %s", answer)
		}
		ada.ends(4001, "enough")
	})
}

// One function of the protocol, without any connection.
func TestPut(t *testing.T) {
	t.Parallel()
	srv := wsx.NewServer()
	s := &service{srv: srv, store: newStore()}
	u := User{name: "ada", notes: srv.NewTopic("notes.ada")}
	step, err := wsx.Run(u, Put{Key: "milk", Value: "2 l"}, wsx.On(s.put))
	if err != nil {
		t.Fatal(err)
	}
	if step.State != u {
		t.Errorf("the state is %+v, want %+v", step.State, u)
	}
	if diff := cmp.Diff(map[string]note{"milk": {"2 l", 1}}, s.store.list("ada")); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
}
