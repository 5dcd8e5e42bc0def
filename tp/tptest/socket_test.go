package tptest_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/telestruct/telestruct/tp/tptest"
	"github.com/telestruct/telestruct/wsx"
)

// late is what an actor tells itself.
type late struct{}

// counter is an actor that counts what it hears until it is told to stop.
func counter() wsx.Option {
	return wsx.Actor(wsx.Start(0),
		wsx.On(func(c *wsx.Conn, text string, n int) (int, error) {
			switch text {
			case "stop":
				c.Close(4001, "as you like")
				return n, nil
			case "later":
				c.After(time.Hour, late{})
				return n, nil
			}
			c.ReplyJSON(n + 1)
			return n + 1, nil
		}),
		wsx.On(func(c *wsx.Conn, _ []byte, n int) (int, error) {
			c.ReplyJSON(n + 1)
			return n + 1, nil
		}),
		wsx.On(func(c *wsx.Conn, _ late, n int) (int, error) {
			c.Reply("now")
			return n, nil
		}),
	)
}

func TestRoom(t *testing.T) {
	t.Parallel()
	server := wsx.NewServer()
	room := server.NewTopic("room")
	endpoint := server.New(wsx.Room(room))

	ada, alan := tptest.Connect(t, endpoint, "/", nil), tptest.Connect(t, endpoint, "/", nil)
	heard := tptest.Listen(t, room)
	ada.Send("hello")
	if got := alan.NextText(); got != "hello" {
		t.Errorf("alan heard %q", got)
	}
	if got := heard.Next(); string(got.Data) != "hello" {
		t.Errorf("the room heard %q", got.Data)
	}
}

func TestSocketToAnActor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		endpoint := wsx.NewServer().New(counter())
		s := tptest.Connect(t, endpoint, "/", nil)
		s.Send("one")
		s.SendBinary([]byte{2})
		s.SendJSON("three")
		for want := range 3 {
			var got int
			if s.NextJSON(&got); got != want+1 {
				t.Errorf("the actor counted %d, want %d", got, want+1)
			}
		}
		s.Send("later")
		synctest.Wait()
		if waiting := s.Waiting(); len(waiting) > 0 {
			t.Errorf("%v came too early", waiting)
		}
		time.Sleep(time.Hour)
		if got := s.NextText(); got != "now" {
			t.Errorf("after an hour came %q", got)
		}
		s.Send("stop")
		var closed *wsx.CloseError
		if err := s.Closed(); !errors.As(err, &closed) || closed.Code != 4001 || closed.Reason != "as you like" {
			t.Errorf("closed with %v, want 4001 as you like", err)
		}
	})
}

func TestSocketsInARoom(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := wsx.NewServer()
		topic := server.NewTopic("room")
		endpoint := server.New(wsx.Room(topic))
		heard := tptest.Listen(t, topic)
		ada, alan := tptest.Connect(t, endpoint, "/", nil), tptest.Connect(t, endpoint, "/", nil)
		ada.Send("hello")
		if got := alan.NextText(); got != "hello" {
			t.Errorf("alan got %q", got)
		}
		if got := ada.NextText(); got != "hello" {
			t.Errorf("ada got %q", got)
		}
		if got := heard.Next(); string(got.Data) != "hello" || got.Kind != wsx.Text {
			t.Errorf("the topic had %v %q", got.Kind, got.Data)
		}
	})
}

func TestListenToValues(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		typed := wsx.TopicOf[Who](wsx.NewServer().NewTopic("who"))
		heard := tptest.ListenTo(t, typed)
		for _, name := range []string{"ada", "alan"} {
			if err := typed.Publish(context.Background(), Who{name}); err != nil {
				t.Fatal(err)
			}
		}
		if err := typed.Topic().Text(context.Background(), "no value"); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if waiting := heard.Waiting(); len(waiting) != 2 {
			t.Errorf("%v came, want two values", waiting)
		}
		if first, second := heard.Next(), heard.Next(); first.Name != "ada" || second.Name != "alan" {
			t.Errorf("%v and %v came", first, second)
		}
	})
}

func TestSocketFails(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		fn   func(t testing.TB)
		want string
	}{
		{"refused", func(t testing.TB) { tptest.Connect(t, http.NotFoundHandler(), "/", nil) }, "404"},
		{"silence", func(t testing.TB) {
			tptest.Connect(t, wsx.NewServer().New(counter()), "/", nil).Next()
		}, "no message of the server has come in 1m0s"},
		{"open", func(t testing.TB) {
			tptest.Connect(t, wsx.NewServer().New(counter()), "/", nil).Closed()
		}, "the connection has not ended in 1m0s"},
		{"no JSON", func(t testing.TB) {
			s := tptest.Connect(t, wsx.NewServer().New(counter()), "/", nil)
			s.Send("later")
			time.Sleep(time.Hour)
			var n int
			s.NextJSON(&n)
		}, `the message "now"`},
	}
	for _, tc := range tests {
		synctest.Test(t, func(t *testing.T) {
			if got := fails(t, tc.fn); !strings.Contains(got, tc.want) {
				t.Errorf("%s: it failed with %q, want %q", tc.name, got, tc.want)
			}
		})
	}
}
