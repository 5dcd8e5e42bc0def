package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/tp/tptest"
	"github.com/telestruct/telestruct/wsx"
)

// site is the program on connections in memory, so that tests can run in a bubble of
// testing/synctest, where hours pass at once.
type site struct {
	*tptest.Site
	t       *testing.T
	users   *directory
	srv     *wsx.Server
	clients []*client
}

// newSite serves until the test ends.
func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{t: t, users: newDirectory(), srv: wsx.NewServer()}
	router, err := newRouter(s.srv, s.users)
	if err != nil {
		t.Fatal(err)
	}
	s.Site = tptest.Serve(t, router)
	t.Cleanup(func() {
		for _, c := range s.clients {
			c.conn.CloseNow()
		}
		if err := s.srv.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return s
}

// do makes a request, with a token unless it is empty.
func (s *site) do(method, path, token, body string) (status int, answer string) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.URL(path), strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := s.HTTPClient().Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return res.StatusCode, string(text)
}

// client is a device of a user.
type client struct {
	t    *testing.T
	conn *websocket.Conn
}

// dial asks for a connection, with header lines. It returns a status when that is refused.
func (s *site) dial(header ...string) (*client, int) {
	s.t.Helper()
	o := &websocket.DialOptions{HTTPClient: s.HTTPClient(), HTTPHeader: http.Header{}}
	for i := 0; i < len(header); i += 2 {
		o.HTTPHeader.Set(header[i], header[i+1])
	}
	conn, res, err := websocket.Dial(s.t.Context(), s.SocketURL("/ws"), o)
	if err != nil {
		if res == nil {
			s.t.Fatal(err)
		}
		return nil, res.StatusCode
	}
	c := &client{s.t, conn}
	s.clients = append(s.clients, c)
	return c, http.StatusSwitchingProtocols
}

// connect returns a connection that was accepted.
func (s *site) connect(header ...string) *client {
	s.t.Helper()
	c, status := s.dial(header...)
	if c == nil {
		s.t.Fatalf("the request is refused with %d", status)
	}
	return c
}

// enter connects as a user.
func (s *site) enter(name string) *client {
	s.t.Helper()
	c := s.connect("Authorization", "Bearer "+s.users.add(name, time.Now().Add(sessionTime)))
	c.hears(reply{Type: "welcome", Name: name})
	return c
}

func (c *client) says(text string) {
	c.t.Helper()
	if err := c.conn.Write(c.t.Context(), websocket.MessageText, []byte(text)); err != nil {
		c.t.Fatal(err)
	}
}

func (c *client) hears(want reply) {
	c.t.Helper()
	_, data, err := c.conn.Read(c.t.Context())
	if err != nil {
		c.t.Fatal(err)
	}
	var got reply
	if err := json.Unmarshal(data, &got); err != nil {
		c.t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		c.t.Fatalf("reply (-want +got):\n%s", diff)
	}
}

// ends wants the connection to be closed next.
func (c *client) ends(code websocket.StatusCode, reason string) {
	c.t.Helper()
	_, data, err := c.conn.Read(c.t.Context())
	var closed websocket.CloseError
	if !errors.As(err, &closed) || closed.Code != code || closed.Reason != reason {
		c.t.Errorf("the connection gives %q, %v; want it to end with %d %q", data, err, code, reason)
	}
}
