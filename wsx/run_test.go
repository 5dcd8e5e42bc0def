package wsx_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/wsx"
)

type Ring struct{ N int }

// doing returns a rule for a string in any state, which does what do says.
func doing(do func(c *wsx.Conn)) wsx.Rule {
	return wsx.On(func(c *wsx.Conn, _ string, s wsx.State) (wsx.State, error) {
		do(c)
		return s, nil
	})
}

func TestRunEffects(t *testing.T) {
	t.Parallel()
	chat := wsx.NewServer().NewTopic("chat")
	other := wsx.ID{Node: "n", Number: 7}
	data := []byte{0, 1}
	cases := []struct {
		name string
		do   func(c *wsx.Conn)
		want wsx.Effect
		text string
	}{
		{"reply", func(c *wsx.Conn) { c.Reply("hi") }, wsx.Effect{Kind: wsx.EffectReply, Text: "hi"}, `reply "hi"`},
		{"reply binary", func(c *wsx.Conn) { c.ReplyBinary(data) }, wsx.Effect{Kind: wsx.EffectReply, Text: "\x00\x01", Binary: true}, `reply binary "\x00\x01"`},
		{"reply JSON", func(c *wsx.Conn) { c.ReplyJSON(map[string]bool{"ok": true}) }, wsx.Effect{Kind: wsx.EffectReply, Text: `{"ok":true}`}, `reply "{\"ok\":true}"`},
		{"publish", func(c *wsx.Conn) { c.Publish(chat, "hi") }, wsx.Effect{Kind: wsx.EffectPublish, Topic: "chat", Text: "hi"}, `publish chat "hi"`},
		{"publish binary", func(c *wsx.Conn) { c.PublishBinary(chat, data) }, wsx.Effect{Kind: wsx.EffectPublish, Topic: "chat", Text: "\x00\x01", Binary: true}, `publish chat binary "\x00\x01"`},
		{"publish JSON", func(c *wsx.Conn) { c.PublishJSON(chat, 1) }, wsx.Effect{Kind: wsx.EffectPublish, Topic: "chat", Text: "1"}, `publish chat "1"`},
		{"subscribe", func(c *wsx.Conn) { c.Subscribe(chat) }, wsx.Effect{Kind: wsx.EffectSubscribe, Topic: "chat"}, `subscribe chat`},
		{"subscribe with options", func(c *wsx.Conn) { c.Subscribe(chat, wsx.ToActor(), wsx.WithHistory(5)) },
			wsx.Effect{Kind: wsx.EffectSubscribe, Topic: "chat", ToActor: true, History: 5}, `subscribe chat to actor history 5`},
		{"unsubscribe", func(c *wsx.Conn) { c.Unsubscribe(chat) }, wsx.Effect{Kind: wsx.EffectUnsubscribe, Topic: "chat"}, `unsubscribe chat`},
		{"after", func(c *wsx.Conn) { c.After(time.Minute, Ring{1}) }, wsx.Effect{Kind: wsx.EffectAfter, After: time.Minute, Message: Ring{1}}, `after 1m0s wsx_test.Ring{N:1}`},
		{"post", func(c *wsx.Conn) { c.Post(Ring{2}) }, wsx.Effect{Kind: wsx.EffectPost, Message: Ring{2}}, `post wsx_test.Ring{N:2}`},
		{"post to", func(c *wsx.Conn) { c.PostTo(other, "m") }, wsx.Effect{Kind: wsx.EffectPostTo, To: other, Message: "m"}, `post to n-7 "m"`},
		{"close", func(c *wsx.Conn) { c.Close(4001, "bye") }, wsx.Effect{Kind: wsx.EffectClose, Code: 4001, Text: "bye"}, `close 4001 "bye"`},
		{"set label", func(c *wsx.Conn) { c.SetLabel("ann") }, wsx.Effect{Kind: wsx.EffectSetLabel, Text: "ann"}, `set label "ann"`},
		{"set max message", func(c *wsx.Conn) { c.SetMaxMessage(9) }, wsx.Effect{Kind: wsx.EffectSetMaxMessage, Limit: 9}, `set max message 9`},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			step, err := wsx.Run(Guest{}, "m", doing(tc.do))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(wsx.Step{State: Guest{}, Effects: []wsx.Effect{tc.want}}, step); diff != "" {
				t.Fatalf("step (-want +got):\n%s", diff)
			}
			if got := step.Effects[0].String(); got != tc.text {
				t.Errorf("String() = %s, want %s", got, tc.text)
			}
		})
	}
}

func TestRunOrder(t *testing.T) {
	t.Parallel()
	chat := wsx.NewServer().NewTopic("chat")
	step, err := wsx.Run(AwaitingName{}, "ada", wsx.On(func(c *wsx.Conn, text string, _ AwaitingName) (Chatting, error) {
		c.Subscribe(chat)
		c.Publish(chat, "* "+text+" joined")
		return Chatting{Name: text}, nil
	}))
	want := wsx.Step{State: Chatting{Name: "ada"}, Effects: []wsx.Effect{
		{Kind: wsx.EffectSubscribe, Topic: "chat"},
		{Kind: wsx.EffectPublish, Topic: "chat", Text: "* ada joined"},
	}}
	if diff := cmp.Diff(want, step); diff != "" || err != nil {
		t.Errorf("step (-want +got), error %v:\n%s", err, diff)
	}
}

func TestRunErrors(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	cases := []struct {
		name string
		rule wsx.Rule
		want string
	}{
		{"of the handler", wsx.On(func(c *wsx.Conn, _ string, _ Guest) (Chatting, error) {
			c.Reply("hi")
			return Chatting{"x"}, broken
		}), "broken"},
		{"nil state", wsx.On(func(*wsx.Conn, string, Guest) (wsx.State, error) { return nil, nil }),
			"the handler has returned nil in place of a state: return the state it was given, or another"},
		{"text", doing(func(c *wsx.Conn) { c.Reply("\xff") }), "Reply: a text must be UTF-8"},
		{"JSON", doing(func(c *wsx.Conn) { c.ReplyJSON(math.NaN()) }), "ReplyJSON: json: unsupported value: NaN"},
		{"first counts", doing(func(c *wsx.Conn) { c.ReplyJSON(make(chan int)); c.Reply("\xff") }), "ReplyJSON: json: unsupported type: chan int"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			step, err := wsx.Run(Guest{}, "m", tc.rule)
			if err == nil || err.Error() != tc.want {
				t.Errorf("error = %v, want %q", err, tc.want)
			}
			if diff := cmp.Diff(wsx.Step{State: Guest{}}, step); diff != "" {
				t.Errorf("step (-want +got):\n%s", diff)
			}
		})
	}
}

func TestConnMistakes(t *testing.T) {
	t.Parallel()
	var kept *wsx.Conn
	if _, err := wsx.Run(Guest{}, "m", doing(func(c *wsx.Conn) { kept = c })); err != nil {
		t.Fatal(err)
	}
	chat := wsx.NewServer().NewTopic("chat")
	cases := []struct {
		name string
		do   func(c *wsx.Conn)
		want string
	}{
		{"nil topic", func(c *wsx.Conn) { c.Publish(nil, "m") }, "wsx: Conn.Publish: nil topic"},
		{"nil topic to subscribe to", func(c *wsx.Conn) { c.Subscribe(nil) }, "wsx: Conn.Subscribe: nil topic"},
		{"nil post", func(c *wsx.Conn) { c.Post(nil) }, "wsx: Conn.Post: nil is no message"},
		{"nil after", func(c *wsx.Conn) { c.After(0, nil) }, "wsx: Conn.After: nil is no message"},
		{"lifecycle post", func(c *wsx.Conn) { c.PostTo(wsx.ID{}, wsx.Connected{}) }, "wsx: Conn.PostTo: a wsx.Connected comes from the layer alone: post a type of your own"},
		{"close code", func(c *wsx.Conn) { c.Close(wsx.CodeAbnormal, "") }, "cannot be closed with"},
		{"reply later", func(*wsx.Conn) { kept.Reply("m") }, "wsx: Conn.Reply is called when its handler has returned: keep Conn.Out or Conn.ID, not the Conn"},
		{"bad reply later", func(*wsx.Conn) { kept.Reply("\xff") }, "wsx: Conn.Reply is called when"},
		{"publish later", func(*wsx.Conn) { kept.Publish(chat, "m") }, "wsx: Conn.Publish is called when"},
		{"context later", func(*wsx.Conn) { kept.Context() }, "wsx: Conn.Context is called when"},
		{"out later", func(*wsx.Conn) { kept.Out() }, "wsx: Conn.Out is called when"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				if text, _ := recover().(string); !strings.Contains(text, tc.want) {
					t.Errorf("panic = %q, want %q in it", text, tc.want)
				}
			}()
			_, _ = wsx.Run(Guest{}, "m", doing(tc.do))
		})
	}
	if id := kept.ID(); id != (wsx.ID{Node: "test", Number: 1}) {
		t.Errorf("ID() = %v later", id)
	}
}

func TestRunOut(t *testing.T) {
	t.Parallel()
	_, err := wsx.Run(Guest{}, "m", doing(func(c *wsx.Conn) {
		if err := c.Out().Text(context.Background(), "m"); !errors.Is(err, wsx.ErrGone) {
			t.Errorf("publish to the output = %v, want ErrGone", err)
		}
		if err := c.Context().Err(); err != nil {
			t.Errorf("the context has ended: %v", err)
		}
	}))
	if err != nil {
		t.Error(err)
	}
}

func TestConnConcurrent(t *testing.T) {
	t.Parallel()
	step, err := wsx.Run(Guest{}, "m", doing(func(c *wsx.Conn) {
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() { c.Reply("m") })
		}
		wg.Wait()
	}))
	if len(step.Effects) != 4 || err != nil {
		t.Errorf("%d effects, %v, want 4", len(step.Effects), err)
	}
}
