package wsx

import (
	"bytes"
	"testing"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/wire"
)

// FuzzIsRequest: what a server reads as a message is a request, as a text and as bytes,
// unless it begins with the header of values, written without escapes, and has no id.
func FuzzIsRequest(f *testing.F) {
	for _, seed := range []string{
		`[{},{"fn.greet":{"subject":"Ann"}}]`, ` [ { "@topic" : "room" } , {"struct.Price":{}}]`,
		`[{"@id_":1,"@topic":"room"},{"struct.Price":{}}]`, `[{"@topic":"room","@id_":1},{"struct.Price":{}}]`, "\x92\x80\x81\x00\x80", "\x82\xa0\xa1\x00\xa0", "hello", "",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		text := isRequest(&message{body: &buffer{data}})
		binary := isRequest(&message{body: &buffer{data}, kind: Binary})
		if m, err := wire.DecodeMessage(data, wire.CallLimits()); err == nil && !bytes.ContainsRune(data, '\\') {
			_, hasID := m.Headers.Get("@id_")
			isValue := len(m.Headers) > 0 && m.Headers[0].Key == tp.TopicHeader && !hasID
			if text == isValue {
				t.Errorf("%q: a request as a text: %v", data, text)
			}
			if !binary && data[0] == '[' {
				t.Errorf("%q: no request as bytes", data)
			}
		}
		if len(data) > 0 && wire.FormatOf(data) != wire.JSON && !binary {
			t.Errorf("% x: no request as bytes", data)
		}
	})
}
