package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// clock is a time that tests move.
type clock struct{ seconds atomic.Int64 }

func (c *clock) now() time.Time          { return noon().Add(time.Duration(c.seconds.Load()) * time.Second) }
func (c *clock) advance(d time.Duration) { c.seconds.Add(int64(d / time.Second)) }

const (
	unauthenticated = `[{},{"ErrorUnauthenticated_":{"message!":"Valid authentication is required."}}]`
	list            = `{"fn.listVariables": {"prefix": ""}}`
	noVariables     = `[{},{"Ok_":{"variables":[]}}]`
)

// login opens a session and returns its token.
func login(t *testing.T, c *caller) string {
	t.Helper()
	answer := c.send(t, `[{}, {"fn.login": {"name": "ann"}}]`)
	var message [2]struct {
		Ok struct {
			Token, Expires string
		} `json:"Ok_"`
	}
	if err := json.Unmarshal([]byte(answer), &message); err != nil || message[1].Ok.Token == "" {
		t.Fatalf("login answered %s", answer)
	}
	if got, want := message[1].Ok.Expires, "2026-03-01T13:00:00Z"; got != want {
		t.Errorf("the session expires at %s, want %s", got, want)
	}
	return message[1].Ok.Token
}

func TestLogin(t *testing.T) {
	t.Parallel()
	c := start(t, newService(noon, quiet()))
	mine, yours := login(t, c), login(t, c)
	if mine == yours {
		t.Fatal("two sessions have one token")
	}
	same(t, `[{},{"Ok_":{"before":null}}]`, c.session(t, mine, `{"fn.saveVariable": {"name": "x", "value": 1}}`))
	same(t, `[{},{"Ok_":{"variables":[{"name":"x","value":1}]}}]`, c.session(t, mine, list))
	same(t, noVariables, c.session(t, yours, list))
	same(t, noVariables, c.guest(t, list))

	same(t, `[{},{"Ok_":{}}]`, c.session(t, mine, `{"fn.logout": {}}`))
	same(t, unauthenticated, c.session(t, mine, list))
	same(t, noVariables, c.session(t, yours, list))
}

func TestUnauthenticated(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("n", maxName+1)
	cases := []struct {
		name, message, want string
	}{
		{"no credentials", `[{}, ` + list + `]`, unauthenticated},
		{"no such session", `[{"@auth_": {"Session": {"token": "x"}}}, ` + list + `]`, unauthenticated},
		{"guest's name too long", `[{"@auth_": {"Guest": {"name": "` + long + `"}}}, ` + list + `]`, unauthenticated},
		{"unknown kind", `[{"@auth_": {"Password": {}}}, ` + list + `]`,
			`[{},{"ErrorInvalidRequestHeaders_":{"cases":[{"path":["@auth_","Password"],"reason":{"ObjectKeyDisallowed":{}}}]}}]`},
		{"before the arguments", `[{}, {"fn.listVariables": {}}]`, unauthenticated},
		{"login's name too long", `[{}, {"fn.login": {"name": "` + long + `"}}]`,
			`[{},{"ErrorLimit":{"what":"bytes of a name","limit":64}}]`},
		{"ping", `[{}, {"fn.ping_": {}}]`, `[{},{"Ok_":{}}]`},
	}
	c := start(t, newService(noon, quiet()))
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			same(t, tc.want, c.send(t, tc.message))
		})
	}
}

func TestIdleSessionEnds(t *testing.T) {
	t.Parallel()
	var clock clock
	c := start(t, newService(clock.now, quiet()))
	token := login(t, c)
	for range 3 {
		clock.advance(idleLimit - time.Second)
		same(t, noVariables, c.session(t, token, list))
	}
	clock.advance(idleLimit)
	same(t, unauthenticated, c.session(t, token, list))
}

func TestTooManySessions(t *testing.T) {
	t.Parallel()
	const message = `[{}, {"fn.login": {"name": "ann"}}]`
	var clock clock
	c := start(t, newService(clock.now, quiet()))
	for range maxSessions {
		login(t, c)
	}
	same(t, `[{},{"ErrorLimit":{"what":"users at the same time","limit":200}}]`, c.send(t, message))
	same(t, noVariables, c.guest(t, list)) // guests have seats of their own
	clock.advance(idleLimit)
	if got := c.send(t, message); !strings.HasPrefix(got, `[{},{"Ok_":{"token":`) {
		t.Errorf("login answered %s when all others are gone", got)
	}
}

func TestTooManyGuests(t *testing.T) {
	t.Parallel()
	c := start(t, newService(noon, quiet()))
	guest := func(n int) string {
		return c.send(t, fmt.Sprintf(`[{"@auth_": {"Guest": {"name": "g%d"}}}, %s]`, n, list))
	}
	for n := range maxGuests {
		same(t, noVariables, guest(n))
	}
	same(t, unauthenticated, guest(maxGuests))
	same(t, noVariables, guest(0))
}
