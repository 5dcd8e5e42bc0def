package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/telestruct/telestruct/wsx"
)

// The states of a client.
type (
	// Guest has just connected.
	Guest struct{}
	// AwaitingName was asked for a name.
	AwaitingName struct{}
	// Chatting has one, and is in the room.
	Chatting struct{ Name string }
)

const (
	maxClients = 200
	maxText    = 500 // characters
	kept       = 50  // events that those who join get to see
)

// chat is what all clients share.
type chat struct {
	room   *wsx.Topic // what is said, and who comes and goes
	people *wsx.Topic // who is there: the whole list, whenever it changes
	names  *names
	told   []string // what was last published on people
	now    func() time.Time
	close  func()
}

func newChat(srv *wsx.Server, now func() time.Time) *chat {
	c := &chat{
		room:   srv.NewTopic("room", wsx.History(kept, 24*time.Hour), wsx.WithPresence()),
		people: srv.NewTopic("people", wsx.History(1, 0)),
		names:  newNames(),
		now:    now,
	}
	c.close = c.room.OnPresence(func(wsx.PresenceEvent) { c.tellWhoIsThere() })
	return c
}

// endpoint returns the handler that clients connect to.
func (c *chat) endpoint(srv *wsx.Server) *wsx.Endpoint {
	return srv.New(
		wsx.Actor(wsx.Start(Guest{}), c.rules()...),
		wsx.MaxConnections(maxClients),
		wsx.MaxMessage(4<<10),
		wsx.MessageRate(2, 10, wsx.CloseOver),
		// Who does not keep up is closed: the page comes back, and gets what it has missed.
		// To drop lines would make a conversation that nobody has had.
		wsx.OnSlow(wsx.CloseSlow()),
		// But all may come at once, as they do after a restart, and each brings two messages.
		wsx.Queue(4*maxClients, 4<<20),
		wsx.Drain(time.Second, time.Second),
	)
}

// rules says what becomes of a message in a state, by the types that the functions take.
func (c *chat) rules() []wsx.Rule {
	return []wsx.Rule{wsx.On(c.connect), wsx.On(c.join), wsx.On(c.say), wsx.On(c.leave)}
}

func (c *chat) connect(conn *wsx.Conn, _ wsx.Connected, _ Guest) (AwaitingName, error) {
	conn.ReplyJSON(event{Type: askedForName})
	return AwaitingName{}, nil
}

func (c *chat) join(conn *wsx.Conn, text string, s AwaitingName) (wsx.State, error) {
	name := strings.TrimSpace(text)
	if err := c.names.take(name); err != nil {
		conn.ReplyJSON(event{Type: refused, Text: err.Error()})
		return s, nil
	}
	conn.SetLabel(name) // which the topic knows its subscribers by
	conn.ReplyJSON(event{Type: welcome, Name: name})
	conn.Subscribe(c.room, wsx.WithHistory(kept))
	conn.Subscribe(c.people, wsx.WithHistory(1))
	conn.PublishJSON(c.room, event{Type: joined, Name: name, At: c.now()}) // who joins sees it too
	return Chatting{Name: name}, nil
}

func (c *chat) say(conn *wsx.Conn, text string, s Chatting) (Chatting, error) {
	switch text = strings.TrimSpace(text); {
	case text == "":
	case utf8.RuneCountInString(text) > maxText:
		conn.ReplyJSON(event{Type: refused, Text: fmt.Sprintf("that was longer than %d characters", maxText)})
	default:
		conn.PublishJSON(c.room, event{Type: said, Name: s.Name, Text: text, At: c.now()})
	}
	return s, nil
}

// leave is for those who were in the room; nobody else leaves anything behind.
func (c *chat) leave(conn *wsx.Conn, _ wsx.Disconnected, s Chatting) (Chatting, error) {
	c.names.release(s.Name)
	conn.PublishJSON(c.room, event{Type: left, Name: s.Name, At: c.now()})
	return s, nil
}

// tellWhoIsThere is called for one change after the other. Where several come at once, the
// first call tells of all, and there is nothing new for the others.
func (c *chat) tellWhoIsThere() {
	list := []string{}
	for _, p := range c.room.Present() {
		list = append(list, p.Label)
	}
	if slices.Equal(list, c.told) {
		return
	}
	c.told = list
	_ = c.people.JSON(context.Background(), event{Type: whoIsThere, People: list}) // there are no other nodes that it could fail to reach
}
