package wsx

import (
	"bytes"
	"encoding/json"

	"github.com/telestruct/telestruct/tp"
)

// mixed is the service of a connection that carries calls and other messages.
type mixed struct {
	calls  *calls
	others service
}

func (x *mixed) receive(m *message) (room bool) {
	if isRequest(m) {
		return x.calls.receive(m)
	}
	return x.others.receive(m)
}

// isRequest reports whether a message is a request of Telepact, by how it begins. A text
// whose first header is that of typed topics is none: it has a value, and no function. With
// an @id_ it is one nevertheless: what a client publishes is no answer to the call of another.
func isRequest(m *message) bool {
	b := m.body.bytes
	if m.kind == Binary {
		return beginsCall(b)
	}
	rest, ok := skipToken(b, "[")
	if !ok {
		return false
	}
	if rest, ok = skipToken(rest, "{"); ok {
		_, ok = skipToken(rest, quotedTopic)
	}
	return !ok || mayHaveID(b)
}

// mayHaveID reports whether a list begins with headers that have an @id_, or that cannot be
// read: others may read what we cannot.
func mayHaveID(list []byte) bool {
	d := json.NewDecoder(bytes.NewReader(list))
	_, _ = d.Token() // the bracket
	var headers map[string]json.RawMessage
	err := d.Decode(&headers)
	_, has := headers["@id_"]
	return err != nil || has
}

// beginsCall reports whether bytes begin as requests and answers of Telepact do.
func beginsCall(b []byte) bool {
	const messagePack, cbor = 0x92, 0x82 // lists of two
	return len(b) > 0 && (b[0] == messagePack || b[0] == cbor || b[0] == '[')
}

// quotedTopic is how [tp.TopicHeader] is written in JSON.
const quotedTopic = `"` + tp.TopicHeader + `"`

// skipToken returns what follows a token of JSON, if b begins with it.
func skipToken(b []byte, token string) (rest []byte, ok bool) {
	return bytes.CutPrefix(bytes.TrimLeft(b, " \t\r\n"), []byte(token))
}

func (x *mixed) awaitRoom() {
	x.calls.awaitRoom()
	x.others.awaitRoom()
}

func (x *mixed) tick() {
	x.calls.tick()
	x.others.tick()
}

func (x *mixed) refuse() {
	x.calls.refuse()
	x.others.refuse()
}

// drain ends the calls first: they may have something to say to the others.
func (x *mixed) drain(drained func()) {
	x.calls.drain(func() { x.others.drain(drained) })
}

func (x *mixed) stop() {
	x.calls.stop()
	x.others.stop()
}
