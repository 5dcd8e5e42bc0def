package wire_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/tp/wire"
)

var messageCases = []struct {
	name   string
	text   string
	want   *wire.Message
	reason string
}{
	{"smallest", `[{},{"fn.ping_":{}}]`,
		&wire.Message{Headers: wire.Object{}, Target: "fn.ping_", Payload: wire.Object{}}, ""},
	{"headers and payload", ` [ {"@id_" : 7} , {"fn.add" : {"x":1,"y!":null} } ] `,
		&wire.Message{
			Headers: wire.Object{{"@id_", int64(7)}},
			Target:  "fn.add",
			Payload: wire.Object{{"x", int64(1)}, {"y!", nil}},
		}, ""},
	{"escaped target", `[{},{"fn.\u0061":{}}]`,
		&wire.Message{Headers: wire.Object{}, Target: "fn.a", Payload: wire.Object{}}, ""},
	{"empty target", `[{},{"":{}}]`,
		&wire.Message{Headers: wire.Object{}, Target: "", Payload: wire.Object{}}, ""},

	{"nothing", ``, nil, "ExpectedJsonArrayOfTwoObjects"},
	{"not JSON", `[{},{"fn.a":{}}`, nil, "ExpectedJsonArrayOfTwoObjects"},
	{"trailing garbage", `[{},{"fn.a":{}}]]`, nil, "ExpectedJsonArrayOfTwoObjects"},
	{"bad UTF-8", "[{},{\"fn.a\":{\"a\":\"\xff\"}}]", nil, "ExpectedJsonArrayOfTwoObjects"},
	{"false", `false`, nil, "ExpectedJsonArrayOfTwoObjects"},
	{"number", `0`, nil, "ExpectedJsonArrayOfTwoObjects"},
	{"string", `""`, nil, "ExpectedJsonArrayOfTwoObjects"},
	{"null", `null`, nil, "ExpectedJsonArrayOfTwoObjects"},
	{"object", `{}`, nil, "ExpectedJsonArrayOfTwoObjects"},
	{"empty array", `[]`, nil, "ExpectedJsonArrayOfTwoObjects"},
	{"headers only", `[{}]`, nil, "ExpectedJsonArrayOfTwoObjects"},
	{"three objects", `[{},{"fn.a":{}},{}]`, nil, "ExpectedJsonArrayOfTwoObjects"},
	{"array of headers", `[[],{"fn.a":{}}]`, nil, "ExpectedJsonArrayOfTwoObjects"},
	{"null headers", `[null,{"fn.a":{}}]`, nil, "ExpectedJsonArrayOfTwoObjects"},
	{"array as body", `[{},[]]`, nil, "ExpectedJsonArrayOfTwoObjects"},
	{"null body", `[{},null]`, nil, "ExpectedJsonArrayOfTwoObjects"},
	{"wrong headers before a wrong body", `[1,{}]`, nil, "ExpectedJsonArrayOfTwoObjects"},
	{"key twice in the headers", `[{"a":1,"a":1},{"fn.a":{}}]`, nil, "ExpectedJsonArrayOfTwoObjects"},
	{"key twice in the body", `[{},{"fn.a":{},"fn.a":{}}]`, nil, "ExpectedJsonArrayOfTwoObjects"},
	{"key twice in the payload", `[{},{"fn.a":{"x":[{"b":1,"b":1}]}}]`, nil, "ExpectedJsonArrayOfTwoObjects"},

	{"empty body", `[{},{}]`, nil, "ExpectedJsonArrayOfAnObjectAndAnObjectOfOneObject"},
	{"two targets", `[{},{"fn.a":{},"fn.b":{}}]`, nil, "ExpectedJsonArrayOfAnObjectAndAnObjectOfOneObject"},
	{"string as payload", `[{},{"Ok_":"wrong"}]`, nil, "ExpectedJsonArrayOfAnObjectAndAnObjectOfOneObject"},
	{"array as payload", `[{},{"Ok_":[]}]`, nil, "ExpectedJsonArrayOfAnObjectAndAnObjectOfOneObject"},
	{"null payload", `[{},{"Ok_":null}]`, nil, "ExpectedJsonArrayOfAnObjectAndAnObjectOfOneObject"},
}

func TestDecodeMessage(t *testing.T) {
	t.Parallel()
	for _, tc := range messageCases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := wire.DecodeMessage([]byte(tc.text), wire.Limits{})
			var parse *wire.ParseError
			if errors.As(err, &parse) != (tc.reason != "") || parse != nil && parse.Reason != tc.reason {
				t.Fatalf("got %v, want reason %q", err, tc.reason)
			}
			if diff := difference(tc.want, got); diff != "" {
				t.Errorf("message differs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseErrorText(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ text, want string }{
		{`[{},{}]`, "wire: not a message: ExpectedJsonArrayOfAnObjectAndAnObjectOfOneObject"},
		{`[`, "wire: not a message: ExpectedJsonArrayOfTwoObjects: " +
			"wire: not valid JSON at byte 1: expected a value, found the end of the text"},
	} {
		_, err := wire.DecodeMessage([]byte(tc.text), wire.Limits{})
		if err == nil || err.Error() != tc.want {
			t.Errorf("%s: got %v, want %s", tc.text, err, tc.want)
		}
	}
	_, err := wire.DecodeMessage(nil, wire.Limits{})
	var syntax *wire.SyntaxError
	if !errors.As(err, &syntax) {
		t.Errorf("got %v, want a SyntaxError inside", err)
	}
}

func TestDecodeMessageLimits(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"deep headers": `[{"@a":` + strings.Repeat("[", 10<<20),
		"deep payload": `[{},{"fn.a":{"a":` + strings.Repeat("[", 10<<20),
		"long list":    `[{},{"fn.a":{"a":[` + strings.Repeat("0,", 1<<20) + `0]}}]`,
	} {
		_, err := wire.DecodeMessage([]byte(text), wire.Limits{})
		var parse *wire.ParseError
		if !errors.As(err, &parse) || parse.Reason != wire.ReasonNotTwoObjects {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// The limit is for the elements of headers and payload, not for the two parts of
// a message.
func TestElementsOfMessages(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		text string
		most int // the smallest limit that accepts the message
	}{
		{`[{},{"fn.a":{}}]`, 1},
		{`[{"@a":1},{"fn.a":{"b":[1]}}]`, 1},
		{`[{"@a":1,"@b":2},{"fn.a":{}}]`, 2},
		{`[{"@a":[1,2]},{"fn.a":{}}]`, 2},
		{`[{},{"fn.a":{"a":1,"b":2,"c":3}}]`, 3},
		{`[{},{"fn.a":{"b":[[],[],[]]}}]`, 3},
		{`[{},{"fn.a":{"b":{"c":1,"d":2,"e":3}}}]`, 3},
	} {
		for limit := 1; limit <= 4; limit++ {
			limits := wire.Limits{Elements: limit}
			_, err := wire.DecodeMessage([]byte(tc.text), limits)
			if (err == nil) != (limit >= tc.most) {
				t.Errorf("%s with limit %d: got %v", tc.text, limit, err)
			}
			var r wire.Reader
			r.Reset([]byte(tc.text), limits)
			_, _, ok := r.Begin()
			if ok {
				_, ok = r.Rest()
			}
			if ok != (err == nil) {
				t.Errorf("%s with limit %d: the reader says %v", tc.text, limit, ok)
			}
		}
	}
	for _, text := range []string{`[{},{"fn.a":{}},{}]`, `[{},{"fn.a":{},"fn.b":{}}]`} {
		if _, err := wire.DecodeMessage([]byte(text), wire.Limits{Elements: 1}); err == nil {
			t.Errorf("%s was accepted", text)
		}
	}
}

func TestBeginWithoutHeaders(t *testing.T) {
	t.Parallel()
	r := readerOf(`[ { } ,{"fn.a":{}}]`)
	headers, target, ok := r.Begin()
	if headers != nil || string(target) != "fn.a" || !ok {
		t.Errorf("got %v, %s, %v", headers, target, ok)
	}
}

func TestRest(t *testing.T) {
	t.Parallel()
	for _, tc := range messageCases {
		r := readerOf(tc.text)
		_, _, ok := r.Begin()
		var payload wire.Object
		if ok {
			payload, ok = r.Rest()
		}
		if ok != (tc.want != nil) {
			t.Errorf("%s: got %v", tc.name, ok)
			continue
		}
		if !ok {
			continue
		}
		if diff := difference(tc.want.Payload, payload); diff != "" {
			t.Errorf("%s: payload differs (-want +got):\n%s", tc.name, diff)
		}
	}
}

func TestAppendMessage(t *testing.T) {
	t.Parallel()
	m := &wire.Message{
		Headers: wire.Object{{"@id_", "a\n"}},
		Target:  "Ok_",
		Payload: wire.Object{{"n", int64(1)}, {"raw", []byte{1, 2}}},
	}
	got, err := wire.AppendMessage([]byte("> "), m)
	const want = `> [{"@id_":"a\n"},{"Ok_":{"n":1,"raw":"AQI="}}]`
	if err != nil || string(got) != want {
		t.Errorf("got %s, %v; want %s", got, err, want)
	}

	got, err = wire.AppendMessage(nil, &wire.Message{Target: "Ok_"})
	if err != nil || string(got) != `[{},{"Ok_":{}}]` {
		t.Errorf("empty message: got %s, %v", got, err)
	}

	m.Payload.Set("raw", []any{make(chan int)})
	_, err = wire.AppendMessage(nil, m)
	var value *wire.ValueError
	if !errors.As(err, &value) || !cmp.Equal(value.Path, wire.Path{1, "Ok_", "raw", 0}) {
		t.Errorf("got %v, want an error at the channel", err)
	}
}

// FuzzMessage checks that the fast road through Begin and Rest accepts the
// messages that DecodeMessage does, and reads the same.
func FuzzMessage(f *testing.F) {
	for _, tc := range messageCases {
		f.Add([]byte(tc.text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		want, err := wire.DecodeMessage(data, wire.Limits{})
		var r wire.Reader
		r.Reset(data, wire.Limits{})
		headers, target, ok := r.Begin()
		got := &wire.Message{Headers: headers, Target: string(target)}
		if ok {
			got.Payload, ok = r.Rest()
		}
		if ok != (err == nil) {
			t.Fatalf("got %v, DecodeMessage %v", ok, err)
		}
		if !ok {
			return
		}
		if headers == nil {
			got.Headers = wire.Object{}
		}
		if diff := difference(want, got); diff != "" {
			t.Fatalf("messages differ (-DecodeMessage +Begin):\n%s", diff)
		}
	})
}
