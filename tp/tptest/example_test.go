package tptest_test

import (
	"testing"

	"github.com/telestruct/telestruct/tp/tptest"
	"github.com/telestruct/telestruct/tp/wire"
	"github.com/telestruct/telestruct/wsx"
)

var t *testing.T // of the test around the example

func ExampleNew() {
	// func TestDivide(t *testing.T) {
	s := tptest.New(t, testAPI(), tptest.As("ada"), tptest.Over(tptest.WebSocket), tptest.In(wire.MessagePack))
	if got := tptest.Call[Quotient](s, &Divide{6, 3}); got.Value != 2 {
		t.Errorf("6 divided by 3 is %v", got.Value)
	}
	tptest.CallError[*DivideByZeroError](s, &Divide{6, 0})
}

func ExampleConnect() {
	// func TestRoom(t *testing.T) {
	room := wsx.New(wsx.Room(wsx.NewTopic("room")))
	ada, alan := tptest.Connect(t, room, "/", nil), tptest.Connect(t, room, "/", nil)
	ada.Send("hello")
	if got := alan.NextText(); got != "hello" {
		t.Errorf("alan heard %q", got)
	}
}
