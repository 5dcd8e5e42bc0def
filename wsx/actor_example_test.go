package wsx_test

import (
	"context"
	"fmt"
	"log"
	"net/http/httptest"
	"time"

	"github.com/coder/websocket"

	"github.com/telestruct/telestruct/wsx"
)

// Polite is the state of an actor that counts what it hears.
type Polite struct{ heard int }

// An echo that counts: the state of one connection is private to it.
func ExampleActor() {
	sockets := wsx.New(wsx.Actor(wsx.Start(Polite{}),
		wsx.On(func(c *wsx.Conn, _ wsx.Connected, s Polite) (Polite, error) {
			c.Reply("welcome")
			return s, nil
		}),
		wsx.On(func(c *wsx.Conn, text string, s Polite) (Polite, error) {
			s.heard++
			c.Reply(fmt.Sprintf("%d: you said %s", s.heard, text))
			return s, nil
		}),
		wsx.On(func(c *wsx.Conn, data []byte, s Polite) (Polite, error) {
			c.ReplyBinary(data)
			return s, nil
		}),
	))
	server := httptest.NewServer(sockets)
	defer server.Close()

	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, server.URL, nil)
	if err != nil {
		log.Fatal(err)
	}
	for _, text := range []string{"hello", "bye"} {
		if err := conn.Write(ctx, websocket.MessageText, []byte(text)); err != nil {
			log.Fatal(err)
		}
	}
	for range 3 {
		_, text, err := conn.Read(ctx)
		fmt.Println(string(text), err)
	}
	_ = conn.Close(websocket.StatusNormalClosure, "")
	fmt.Println(sockets.Shutdown(ctx))
	// Output:
	// welcome <nil>
	// 1: you said hello <nil>
	// 2: you said bye <nil>
	// <nil>
}

// parlour is a chat with user names: three states, and a rule for each step between them.
type parlour struct{ chat *wsx.Topic }

func (p parlour) rules() []wsx.Rule {
	return []wsx.Rule{wsx.On(p.connect), wsx.On(p.name), wsx.On(p.say), wsx.On(p.leave)}
}

func (p parlour) connect(c *wsx.Conn, _ wsx.Connected, _ Guest) (AwaitingName, error) {
	c.Reply("your name?")
	return AwaitingName{}, nil
}

func (p parlour) name(c *wsx.Conn, text string, s AwaitingName) (wsx.State, error) {
	if text == "" {
		c.Reply("a name, please")
		return s, nil
	}
	c.Subscribe(p.chat) // before the notice: the joiner sees it too
	c.Publish(p.chat, "* "+text+" joined")
	return Chatting{Name: text}, nil
}

func (p parlour) say(c *wsx.Conn, text string, s Chatting) (Chatting, error) {
	c.Publish(p.chat, s.Name+": "+text)
	return s, nil
}

func (p parlour) leave(c *wsx.Conn, _ wsx.Disconnected, s wsx.State) (wsx.State, error) {
	if s, ok := s.(Chatting); ok {
		c.Publish(p.chat, "* "+s.Name+" left")
	}
	return s, nil
}

// A chat with user names, whose handlers run without connections.
func ExampleRun() {
	server := wsx.NewServer()
	p := parlour{server.NewTopic("chat")}
	_ = server.New(wsx.Actor(wsx.Start(Guest{}), p.rules()...)) // to be mounted

	var state wsx.State = Guest{}
	for _, message := range []any{wsx.Connected{}, "", "ada", "hello", []byte("?"), wsx.Disconnected{}} {
		step, err := wsx.Run(state, message, p.rules()...)
		fmt.Printf("%T %v %v\n", step.State, step.Effects, err)
		state = step.State
	}
	// Output:
	// wsx_test.AwaitingName [reply "your name?"] <nil>
	// wsx_test.AwaitingName [reply "a name, please"] <nil>
	// wsx_test.Chatting [subscribe chat publish chat "* ada joined"] <nil>
	// wsx_test.Chatting [publish chat "ada: hello"] <nil>
	// wsx_test.Chatting [] wsx: no rule is for []uint8 in state wsx_test.Chatting: add wsx.On with a function that takes these
	// wsx_test.Chatting [publish chat "* ada left"] <nil>
}

// Texts that say what they are become values of Go types.
func ExampleJSONMessage() {
	type Put struct{ Key, Value string }
	store := map[string]string{}
	put := wsx.On(func(c *wsx.Conn, m Put, s Guest) (Guest, error) {
		store[m.Key] = m.Value
		c.ReplyJSON(map[string]bool{"ok": true})
		return s, nil
	})
	_ = wsx.NewServer().New( // to be mounted: {"type":"put","Key":"a","Value":"b"} is a Put
		wsx.JSONMessage[Put]("put"),
		wsx.Actor(wsx.Start(Guest{}), put),
	)
	step, err := wsx.Run(Guest{}, Put{Key: "a", Value: "b"}, put)
	fmt.Println(store, step.Effects, err)
	// Output: map[a:b] [reply "{\"ok\":true}"] <nil>
}
