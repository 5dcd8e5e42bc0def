package wsx_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/telestruct/telestruct/wsx"
)

type (
	Put    struct{ Key, Value string }
	Kinded struct {
		Type string `json:"type"`
		N    int    `json:"n"`
	}
	// Own decodes itself, from texts with an even number of bytes.
	Own struct{ text string }
)

func (o *Own) UnmarshalJSON(text []byte) error {
	if len(text)%2 != 0 {
		return fmt.Errorf("odd")
	}
	o.text = string(text)
	return nil
}

// tellAll returns a rule that replies with the type and the value of every message.
func tellAll() wsx.Rule {
	return wsx.On(func(c *wsx.Conn, m any, s wsx.State) (wsx.State, error) {
		switch m.(type) {
		case wsx.Connected, wsx.Disconnected:
		default:
			c.Reply(fmt.Sprintf("%T %v", m, m))
		}
		return s, nil
	})
}

func TestJSONMessage(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, text, want string }{
		{"first", `{"type":"put","Key":"a","Value":"b"}`, `wsx_test.Put {a b}`},
		{"last", `{"Key":"a","Value":"b","type":"put"}`, `wsx_test.Put {a b}`},
		{"middle", ` { "Key" : "a" , "type" : "put" , "Value" : "b" } `, `wsx_test.Put {a b}`},
		{"alone", `{"type":"put"}`, `wsx_test.Put { }`},
		{"escaped", `{"\u0074ype":"p\u0075t","Key":"}\"{,"}`, `wsx_test.Put {}"{, }`},
		{"pointer", `{"type":"put pointer","Key":"a"}`, `*wsx_test.Put &{a }`},
		{"with a type of its own", `{"n":1,"type":"kinded"}`, `wsx_test.Kinded {kinded 1}`},
		{"decodes itself", `{"type":"own"}`, `wsx_test.Own {{"type":"own"}}`},
		{"map", `{"a":1,"type":"map"}`, `map[string]interface {} map[a:1 type:map]`},

		{"other type", `{"type":"get","Key":"a"}`, `string {"type":"get","Key":"a"}`},
		{"no type", `{"Key":"a"}`, `string {"Key":"a"}`},
		{"type is no string", `{"type":1}`, `string {"type":1}`},
		{"type twice", `{"type":"put","type":"put"}`, `string {"type":"put","type":"put"}`},
		{"type in other case", `{"Type":"put"}`, `string {"Type":"put"}`},
		{"type inside", `{"a":{"type":"put"}}`, `string {"a":{"type":"put"}}`},
		{"member too many", `{"type":"put","Other":1}`, `string {"type":"put","Other":1}`},
		{"wrong member", `{"type":"put","Key":1}`, `string {"type":"put","Key":1}`},
		{"own fails", `{"type":"own" }`, `string {"type":"own" }`},
		{"not closed", `{"type":"put"`, `string {"type":"put"`},
		{"something after it", `{"type":"put"}{}`, `string {"type":"put"}{}`},
		{"list", `["type","put"]`, `string ["type","put"]`},
		{"empty object", `{}`, `string {}`},
		{"nothing", ``, `string `},
		{"space", ` `, `string  `},
		{"text", `put`, `string put`},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				e := wsx.NewServer().New(wsx.Actor(wsx.Start(Guest{}), tellAll()),
					wsx.JSONMessage[Put]("put"), wsx.JSONMessage[*Put]("put pointer"), wsx.JSONMessage[Kinded]("kinded"),
					wsx.JSONMessage[Own]("own"), wsx.JSONMessage[map[string]any]("map"))
				p := newSite(t, e).dial()
				p.send(fin|opText, tc.text)
				p.want(fin|opText, tc.want)
				p.send(fin|opBinary, `{"type":"put"}`)
				p.want(fin|opText, fmt.Sprintf("[]uint8 %v", []byte(`{"type":"put"}`)))
				p.cut()
			})
		})
	}
}

func TestJSONMessageMistakes(t *testing.T) {
	t.Parallel()
	actor := wsx.Actor(wsx.Start(Guest{}), tellAll())
	cases := []struct {
		name string
		make func()
		want string
	}{
		{"no type", func() { wsx.JSONMessage[Put]("") }, "wsx: JSONMessage[wsx_test.Put]: the type is empty"},
		{"interface", func() { wsx.JSONMessage[Plant]("p") }, `wsx: JSONMessage[wsx_test.Plant]("p"): an interface does not say what to decode into: use a struct`},
		{"number", func() { wsx.JSONMessage[int]("i") }, `wsx: JSONMessage[int]("i"): json: cannot unmarshal object into Go value of type int: use a struct`},
		{"twice", func() { wsx.NewServer().New(actor, wsx.JSONMessage[Put]("p"), wsx.JSONMessage[Own]("p")) },
			`wsx: JSONMessage: two are for the type "p": wsx_test.Put and wsx_test.Own; give one another type`},
		{"no actor", func() { wsx.NewServer().New(wsx.JSONMessage[Put]("p")) }, "JSONMessage makes messages for the rules of an actor: add Actor"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				if text, _ := recover().(string); !strings.Contains(text, tc.want) {
					t.Errorf("panic = %q, want %q in it", text, tc.want)
				}
			}()
			tc.make()
		})
	}
}
