package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/tp/tptest"
	"github.com/telestruct/telestruct/wsx"
)

// noon is what the clocks of the tests show.
var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// site is the program on a free port.
type site struct {
	*httptest.Server
	srv     *wsx.Server
	network *http.Client // of those without a page; nil for the system's
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{srv: wsx.NewServer()}
	c := newChat(s.srv, func() time.Time { return noon })
	s.Server = httptest.NewServer(newRouter(c.endpoint(s.srv)))
	t.Cleanup(func() {
		s.stop(t)
		c.close()
		s.Close()
	})
	return s
}

// inMemory returns the program on connections in memory, for a bubble of testing/synctest: however
// slow everything is, nobody is too slow.
func inMemory(t *testing.T) *site {
	t.Helper()
	srv := wsx.NewServer()
	c := newChat(srv, func() time.Time { return noon })
	memory := tptest.Serve(t, newRouter(c.endpoint(srv)))
	s := &site{Server: &httptest.Server{URL: memory.URL("")}, srv: srv, network: memory.HTTPClient()}
	t.Cleanup(func() {
		s.stop(t)
		c.close()
	})
	return s
}

// stop stops the sockets as a program that ends does.
func (s *site) stop(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := s.srv.Shutdown(ctx); err != nil {
		t.Error(err)
	}
}

// client is somebody without a page.
type client struct {
	t      *testing.T
	conn   *websocket.Conn
	heard  []event // but for lists of who is there
	people []string
}

// enter connects.
func (s *site) enter(t *testing.T) *client {
	t.Helper()
	conn, _, err := s.dial(t)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.CloseNow() })
	c := &client{t: t, conn: conn}
	c.hears(event{Type: askedForName})
	return c
}

func (s *site) dial(t *testing.T) (*websocket.Conn, *http.Response, error) {
	t.Helper()
	return websocket.Dial(t.Context(), strings.Replace(s.URL, "http", "ws", 1)+"/ws", &websocket.DialOptions{HTTPClient: s.network})
}

// join connects and gets a name.
func (s *site) join(t *testing.T, name string) *client {
	t.Helper()
	c := s.enter(t)
	c.says(name)
	c.hears(event{Type: welcome, Name: name})
	return c
}

func (c *client) says(text string) {
	c.t.Helper()
	if err := c.conn.Write(c.t.Context(), websocket.MessageText, []byte(text)); err != nil {
		c.t.Fatal(err)
	}
}

// listen takes the next message.
func (c *client) listen() error {
	_, data, err := c.conn.Read(c.t.Context())
	if err != nil {
		return err
	}
	var e event
	if err := json.Unmarshal(data, &e); err != nil {
		return err
	}
	if e.Type == whoIsThere {
		c.people = e.People
	} else {
		c.heard = append(c.heard, e)
	}
	return nil
}

// hears wants the next events to be these.
func (c *client) hears(want ...event) {
	c.t.Helper()
	for len(c.heard) < len(want) {
		if err := c.listen(); err != nil {
			c.t.Fatal(err)
		}
	}
	if diff := cmp.Diff(want, c.heard[:len(want)]); diff != "" {
		c.t.Fatalf("events (-want +got):\n%s", diff)
	}
	c.heard = c.heard[len(want):]
}

// sees wants these to be in the room, sooner or later.
func (c *client) sees(names ...string) {
	c.t.Helper()
	for slices.Sort(c.people); !slices.Equal(c.people, names); slices.Sort(c.people) {
		if err := c.listen(); err != nil {
			c.t.Fatalf("%v are there, want %v: %v", c.people, names, err)
		}
	}
}

// ends wants the connection to be closed with a code and a reason.
func (c *client) ends(code websocket.StatusCode, reason string) {
	c.t.Helper()
	var err error
	for err == nil {
		err = c.listen()
	}
	var closed websocket.CloseError
	if !errors.As(err, &closed) || closed.Code != code || closed.Reason != reason {
		c.t.Errorf("the connection ends with %v, want %d %q", err, code, reason)
	}
}

func hasJoined(name string) event  { return event{Type: joined, Name: name, At: noon} }
func hasLeft(name string) event    { return event{Type: left, Name: name, At: noon} }
func hasSaid(name, t string) event { return event{Type: said, Name: name, Text: t, At: noon} }

func TestConversation(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada := s.join(t, "ada")
	ada.hears(hasJoined("ada"))
	ada.sees("ada")
	ada.says("  is anybody here? ")
	ada.hears(hasSaid("ada", "is anybody here?"))

	alan := s.join(t, "alan") // gets what was said before
	alan.hears(hasJoined("ada"), hasSaid("ada", "is anybody here?"), hasJoined("alan"))
	alan.says("<b>I</b> am 😀")
	for _, c := range []*client{ada, alan} {
		c.sees("ada", "alan")
	}
	ada.hears(hasJoined("alan"))
	for _, c := range []*client{ada, alan} {
		c.hears(hasSaid("alan", "<b>I</b> am 😀"))
	}

	lurker := s.enter(t) // has no name, and is not in the room
	ada.says("bye")
	alan.hears(hasSaid("ada", "bye"))
	ada.conn.Close(websocket.StatusNormalClosure, "")
	alan.hears(hasLeft("ada"))
	alan.sees("alan")
	lurker.says("ada") // the name is free again
	lurker.hears(event{Type: welcome, Name: "ada"})
	alan.hears(hasJoined("ada"))
	alan.sees("ada", "alan")
}

// The last connection of a name need not have been closed well.
func TestBrokenConnection(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada, alan := s.join(t, "ada"), s.join(t, "alan")
	ada.conn.CloseNow()
	alan.hears(hasJoined("ada"), hasJoined("alan"), hasLeft("ada"))
	s.join(t, "ada")
}

func TestNames(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.join(t, "Ada")
	c := s.enter(t)
	for _, name := range []string{"", " ", "a b", "a\nb", "a.b", "<b>", strings.Repeat("a", maxName+1)} {
		c.says(name)
		c.hears(event{Type: refused, Text: "a name is 1 to 20 letters, digits, hyphens and underscores"})
	}
	c.says(" ADA ")
	c.hears(event{Type: refused, Text: "somebody else has that name"})
	longest := strings.Repeat("ä", maxName)
	c.says(longest)
	c.hears(event{Type: welcome, Name: longest})
}

func TestLimits(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada := s.join(t, "ada")
	ada.hears(hasJoined("ada"))
	ada.says("")
	ada.says(strings.Repeat("ä", maxText+1))
	ada.hears(event{Type: refused, Text: "that was longer than 500 characters"})
	ada.says(strings.Repeat("ä", maxText))
	ada.hears(hasSaid("ada", strings.Repeat("ä", maxText)))
	ada.says(strings.Repeat("a", 4<<10+1))
	ada.ends(wsx.CodeTooBig, wsx.ReasonTooBig)

	alan := s.join(t, "alan")
	go func() {
		var err error
		for err == nil { // until the server has closed
			err = alan.conn.Write(t.Context(), websocket.MessageText, []byte("hello"))
		}
	}()
	alan.ends(wsx.CodePolicy, wsx.ReasonRate)
}

// Who joins late gets the last of it, and then what comes.
func TestHistory(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	room := s.srv.NewTopic("room")
	for range 2 * kept {
		if err := room.JSON(t.Context(), hasSaid("nobody", "old")); err != nil {
			t.Fatal(err)
		}
	}
	want := slices.Repeat([]event{hasSaid("nobody", "old")}, kept)
	ada := s.join(t, "ada")
	ada.hears(append(want, hasJoined("ada"))...)
}

func TestStop(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := inMemory(t)
		ada, guest := s.join(t, "ada"), s.enter(t)
		var both sync.WaitGroup
		for _, c := range []*client{ada, guest} {
			both.Go(func() { c.ends(wsx.CodeGoingAway, wsx.ReasonDrained) })
		}
		s.stop(t)
		both.Wait()
		_, response, err := s.dial(t)
		if err == nil || response == nil || response.StatusCode != http.StatusServiceUnavailable {
			t.Errorf("a server that has stopped answers %v, %v", response, err)
		}
	})
}

func TestRun(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if err := run(t.Context(), l.Addr().String()); err == nil {
		t.Error("the program serves at an address that is taken")
	}
	ctx, stop := context.WithTimeout(t.Context(), time.Nanosecond)
	defer stop()
	if err := run(ctx, "127.0.0.1:0"); err != nil {
		t.Errorf("a program that is stopped ends with %v", err)
	}
}

// A full room: everybody who is in it hears everything, and nobody else gets in.
func TestFullRoom(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := inMemory(t)
		var clients [maxClients]*client
		var in, all sync.WaitGroup
		in.Add(maxClients)
		for i := range clients {
			c := s.enter(t)
			clients[i] = c
			all.Go(func() {
				isIn := sync.OnceFunc(in.Done)
				defer isIn()
				for len(c.heard) == 0 || c.heard[len(c.heard)-1].Type != said {
					if err := c.listen(); err != nil {
						t.Errorf("client %d: %v", i, err)
						return
					}
					if len(c.people) == maxClients {
						isIn()
					}
				}
			})
		}
		_, response, err := s.dial(t)
		if err == nil || response == nil || response.StatusCode != http.StatusServiceUnavailable {
			t.Errorf("a client too many is answered %v, %v", response, err)
		}
		for i, c := range clients {
			c.says(fmt.Sprintf("user-%d", i))
		}
		in.Wait()
		clients[0].says("hello, all")
		all.Wait()
	})
}
