package main

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/wsx"
)

// The rules, one message at a time and without a socket.
func TestRules(t *testing.T) {
	t.Parallel()
	c := newChat(wsx.NewServer(), func() time.Time { return noon })
	defer c.close()
	if err := c.names.take("Alan"); err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name    string
		state   wsx.State
		message any
		want    wsx.State
		effects []wsx.Effect
	}{
		{"connect", Guest{}, wsx.Connected{}, AwaitingName{}, []wsx.Effect{
			{Kind: wsx.EffectReply, Text: `{"type":"name"}`},
		}},
		{"a name", AwaitingName{}, " Ada ", Chatting{Name: "Ada"}, []wsx.Effect{
			{Kind: wsx.EffectSetLabel, Text: "Ada"},
			{Kind: wsx.EffectReply, Text: `{"type":"welcome","name":"Ada"}`},
			{Kind: wsx.EffectSubscribe, Topic: "room", History: 50},
			{Kind: wsx.EffectSubscribe, Topic: "people", History: 1},
			{Kind: wsx.EffectPublish, Topic: "room", Text: `{"type":"joined","name":"Ada","at":"2026-11-22T12:00:00Z"}`},
		}},
		{"a name that is taken", AwaitingName{}, "alan", AwaitingName{}, []wsx.Effect{
			{Kind: wsx.EffectReply, Text: `{"type":"refused","text":"somebody else has that name"}`},
		}},
		{"no name", AwaitingName{}, "", AwaitingName{}, []wsx.Effect{
			{Kind: wsx.EffectReply, Text: `{"type":"refused","text":"a name is 1 to 20 letters, digits, hyphens and underscores"}`},
		}},
		{"words", Chatting{Name: "Ada"}, "hello\n", Chatting{Name: "Ada"}, []wsx.Effect{
			{Kind: wsx.EffectPublish, Topic: "room", Text: `{"type":"said","name":"Ada","text":"hello","at":"2026-11-22T12:00:00Z"}`},
		}},
		{"no words", Chatting{Name: "Ada"}, " \n", Chatting{Name: "Ada"}, nil},
		{"too many words", Chatting{Name: "Ada"}, strings.Repeat("ä", 501), Chatting{Name: "Ada"}, []wsx.Effect{
			{Kind: wsx.EffectReply, Text: `{"type":"refused","text":"that was longer than 500 characters"}`},
		}},
		{"leave", Chatting{Name: "Alan"}, wsx.Disconnected{}, Chatting{Name: "Alan"}, []wsx.Effect{
			{Kind: wsx.EffectPublish, Topic: "room", Text: `{"type":"left","name":"Alan","at":"2026-11-22T12:00:00Z"}`},
		}},
	}
	for _, tc := range cases {
		step, err := wsx.Run(tc.state, tc.message, c.rules()...)
		if err != nil {
			t.Errorf("%s: %v", tc.name, err)
		}
		if diff := cmp.Diff(wsx.Step{State: tc.want, Effects: tc.effects}, step); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, diff)
		}
	}
	if err := c.names.take("alan"); err != nil {
		t.Errorf("the name of who has left is not free: %v", err)
	}
}
