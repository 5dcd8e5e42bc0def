package wsx_test

import (
	"context"
	"testing"
	"testing/synctest"

	"github.com/telestruct/telestruct/wsx"
)

type (
	Guest        struct{}
	AwaitingName struct{}
	Chatting     struct{ Name string }
)

// actors returns an endpoint of a server of its own, with an actor that begins as a Guest.
func actors(rules ...wsx.Rule) *wsx.Endpoint {
	return wsx.NewServer().New(wsx.Actor(wsx.Start(Guest{}), rules...))
}

func TestActor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e := actors(
			wsx.On(func(c *wsx.Conn, _ wsx.Connected, s Guest) (Guest, error) {
				c.Reply("welcome")
				return s, nil
			}),
			wsx.On(func(c *wsx.Conn, text string, s Guest) (Guest, error) {
				c.Reply("you said: " + text)
				return s, nil
			}),
			wsx.On(func(c *wsx.Conn, data []byte, s Guest) (Guest, error) {
				c.ReplyBinary(data)
				return s, nil
			}),
		)
		p := newSite(t, e).dial()
		p.want(fin|opText, "welcome")
		p.send(fin|opText, "hello")
		p.want(fin|opText, "you said: hello")
		p.send(fin|opBinary, "\x00\xff")
		p.want(fin|opBinary, "\x00\xff")
		stopped := make(chan error)
		go func() { stopped <- e.Shutdown(context.Background()) }()
		p.wantClose(wsx.CodeGoingAway, wsx.ReasonDrained)
		if err := <-stopped; err != nil {
			t.Error(err)
		}
	})
}
