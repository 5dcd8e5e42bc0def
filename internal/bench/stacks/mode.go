package stacks

import (
	"fmt"

	"github.com/telestruct/telestruct/internal/bench/loopback"
	"github.com/telestruct/telestruct/wsx"
)

// TopicSocket is an endpoint of wsx that pushes a topic, and answers a ping in a text.
func TopicSocket() Stack {
	const ping, pong = "ping", "pong"
	server := wsx.NewServer()
	return Stack{
		Name:    "topic",
		Handler: server.New(wsx.Push(server.NewTopic("news")), wsx.PingText(ping, pong)),
		Call:    says(ping, pong),
	}
}

// ActorSocket is an endpoint of wsx whose actors greet.
func ActorSocket() Stack {
	type guest struct{ greeted int }
	greet := func(c *wsx.Conn, text string, g guest) (guest, error) {
		c.Reply("Hello " + text + "!")
		return guest{g.greeted + 1}, nil
	}
	return Stack{
		Name:    "actor",
		Handler: wsx.NewServer().New(wsx.Actor(wsx.Start(guest{}), wsx.On(greet))),
		Call:    says("Telepact", "Hello Telepact!"),
	}
}

// says is a text that gets another for an answer.
func says(text, want string) loopback.Call {
	return loopback.Call{Path: "/", Body: []byte(text), Check: func(answer []byte) error {
		if string(answer) != want {
			return fmt.Errorf("the answer is %.200q, want %q", answer, want)
		}
		return nil
	}}
}
