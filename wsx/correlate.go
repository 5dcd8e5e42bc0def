package wsx

import (
	"math"
	"strconv"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/wire"
)

// Calls that share a socket are told apart by the header @id_ (spec section 3.2): each
// request gets a number of its own there, which its answer has again. Only the headers
// are read for that, and only this one is changed.

// idHeader is the header that answers have as their requests do, and quotedID its key in
// JSON.
const (
	idHeader = "@id_"
	quotedID = `"` + idHeader + `":`
)

// idPlace is where @id_ stands in a message, or where it would.
type idPlace struct {
	format wire.Format
	begin  int  // of the first header
	count  int  // of headers
	open   bool // a break ends the headers: they have no count that would have to be right

	has             bool // there is an @id_, with
	key, value, end int  // the positions of its key, of its value and of what follows,
	id              any  // its value as a tree,
	comma           int  // and the comma before it in JSON, -1 for none

	isTopics  bool   // a header says that the message is of a topic, so that it answers nothing
	checksums []byte // the value of @bin_ as it stands in a binary message, nil for none
}

// idLimits are wide: what a message may hold is for its reader to say, and only @id_ takes
// memory here.
var idLimits = wire.Limits{Depth: 1000, Elements: math.MaxInt32}

// findID reads the headers of a message and how its body begins. It fails when there is
// no message, as far as that can be seen there.
func findID(message []byte) (p idPlace, ok bool) { return find(message, false) }

// findAnswerID is findID for answers: their @id_ is a number of ours, so that one that is a
// list or an object is not read, which would take many times the memory of the answer.
func findAnswerID(message []byte) (p idPlace, ok bool) { return find(message, true) }

func find(message []byte, isAnswer bool) (p idPlace, ok bool) {
	if f := wire.FormatOf(message); f != wire.JSON {
		return findBinaryID(message, f, isAnswer)
	}
	return findTextID(message, isAnswer)
}

// findTextID is findID for JSON. Values of other headers are skipped, so that no memory
// is taken for them.
func findTextID(message []byte, isAnswer bool) (p idPlace, ok bool) {
	r := &textHeaders{size: len(message), isAnswer: isAnswer}
	r.Reset(message, idLimits)
	if !r.Open('[') || !r.Open('{') {
		return p, false
	}
	p.begin, p.comma = r.position(), -1
	comma := -1
	for more := !r.CloseEmpty('}'); more; {
		if !r.header(&p, comma) {
			return p, false
		}
		if more, ok = r.Next('}'); !ok {
			return p, false
		}
		comma = r.position() - 1
	}
	return p, r.beginsBody()
}

// textHeaders reads the headers of a message in JSON.
type textHeaders struct {
	wire.Reader
	size     int  // of the message
	isAnswer bool // whose @id_ is a number, or is skipped
}

// position returns where r is.
func (r *textHeaders) position() int { return r.size - r.Remaining() }

// header reads one header, which follows a comma.
func (r *textHeaders) header(p *idPlace, comma int) bool {
	r.Peek() // white space before the key
	start := r.position()
	key, ok := r.Key()
	if !ok {
		return false
	}
	p.count++
	p.isTopics = p.isTopics || string(key) == tp.TopicHeader
	if string(key) != idHeader {
		return skipText(&r.Reader)
	}
	if p.has {
		return false
	}
	r.Peek()
	p.has, p.key, p.value, p.comma = true, start, r.position(), comma
	p.id, ok = r.id()
	p.end = r.position()
	return ok
}

// id reads the value of @id_.
func (r *textHeaders) id() (any, bool) {
	if c := r.Peek(); r.isAnswer && (c == '[' || c == '{') {
		return nil, skipText(&r.Reader)
	}
	return r.Value()
}

// beginsBody reads on to the payload.
func (r *textHeaders) beginsBody() bool {
	if !r.Consume(',') || !r.Open('{') {
		return false
	}
	_, ok := r.Key()
	return ok && r.Peek() == '{'
}

// skipText reads any value and drops it. Keys that come twice are the server's to find.
func skipText(r *wire.Reader) bool {
	switch r.Peek() {
	case '"':
		_, ok := r.StringBytes()
		return ok
	case '{':
		return skipTextList(r, '{', '}')
	case '[':
		return skipTextList(r, '[', ']')
	}
	_, ok := r.Value()
	return ok
}

func skipTextList(r *wire.Reader, open, end byte) bool {
	if !r.Open(open) {
		return false
	}
	for more := !r.CloseEmpty(end); more; {
		if end == '}' {
			if _, ok := r.Key(); !ok {
				return false
			}
		}
		if !skipText(r) {
			return false
		}
		var ok bool
		if more, ok = r.Next(end); !ok {
			return false
		}
	}
	return true
}

// findBinaryID is findID for binary messages, packed ones as well: headers never are.
func findBinaryID(message []byte, f wire.Format, isAnswer bool) (p idPlace, ok bool) {
	const parts = 1 // bytes of the head of the message's own array
	r := &binaryHeaders{message: message, isAnswer: isAnswer}
	r.Reset(message[parts:], f, idLimits)
	items, ok := r.Map()
	if !ok {
		return p, false
	}
	p.format, p.begin, p.open = f, r.position(), items.Open()
	for {
		more, ok := r.More(&items)
		if !more || !ok {
			return p, ok && r.beginsBody()
		}
		if !r.header(&p) {
			return p, false
		}
	}
}

// binaryHeaders reads the headers of a binary message.
type binaryHeaders struct {
	wire.BinaryReader
	message  []byte
	isAnswer bool // whose @id_ is a number, or is skipped
}

// position returns where r is.
func (r *binaryHeaders) position() int { return len(r.message) - r.Remaining() }

// header reads one header.
func (r *binaryHeaders) header(p *idPlace) bool {
	start := r.position()
	number, key, ok := r.Key()
	if !ok || number >= 0 {
		return false
	}
	p.count++
	value := r.position()
	switch string(key) {
	case idHeader:
		if p.has {
			return false
		}
		p.has, p.key, p.value = true, start, value
		p.id, ok = r.id()
		p.end = r.position()
		return ok
	case tp.TopicHeader:
		p.isTopics = true
	case "@bin_":
		ok = r.Skip()
		p.checksums = r.message[value:r.position()]
		return ok
	}
	return r.Skip()
}

// id reads the value of @id_.
func (r *binaryHeaders) id() (any, bool) {
	if r.isAnswer && r.Kind() != wire.KindInteger {
		return nil, r.Skip()
	}
	return r.Value(nil)
}

// beginsBody reads on into the body.
func (r *binaryHeaders) beginsBody() bool {
	const targets = 1
	items, ok := r.Map()
	return ok && (items.Open() || items.Left() == targets)
}

// set returns a copy of a message with id for its @id_.
func (p *idPlace) set(message []byte, id int64) []byte {
	const room = 32 // for the header
	b := make([]byte, 0, len(message)+room)
	if p.has {
		b = p.appendInt(append(b, message[:p.value]...), id)
		return append(b, message[p.end:]...)
	}
	if p.format == wire.JSON {
		b = p.appendInt(append(append(b, message[:p.begin]...), quotedID...), id)
		if p.count > 0 {
			b = append(b, ',')
		}
		return append(b, message[p.begin:]...)
	}
	b, _ = p.format.AppendString(p.appendHead(b, message, p.count+1), idHeader)
	return append(p.appendInt(b, id), message[p.begin:]...)
}

// restore returns an answer with what own was in the place of its @id_, which must be
// there. It changes the answer's own bytes where that saves copying the body.
func (p *idPlace) restore(answer []byte, own *idPlace, request []byte) []byte {
	if own.has {
		return splice(answer, p.value, p.end, own.valueIn(p.format, request))
	}
	return p.remove(answer)
}

// valueIn returns the value of @id_ as it is written in a format, from the message that
// has it.
func (p *idPlace) valueIn(f wire.Format, message []byte) (value []byte) {
	switch f { // a tree that was read can be written
	case p.format:
		return message[p.value:p.end]
	case wire.JSON:
		value, _ = wire.AppendValue(nil, p.id)
	default:
		value, _ = f.AppendValue(nil, p.id, nil)
	}
	return value
}

// remove returns a message without its @id_.
func (p *idPlace) remove(message []byte) []byte {
	if p.format != wire.JSON {
		head := p.appendHead(make([]byte, 0, 16), message, p.count-1)
		message = splice(message, p.key, p.end, nil)
		return splice(message, 0, p.begin, head)
	}
	end := p.end
	for end < len(message) && message[end] <= ' ' {
		end++
	}
	switch {
	case message[end] == ',':
		return splice(message, p.key, end+1, nil)
	case p.comma >= 0:
		return splice(message, p.comma, p.end, nil)
	}
	return splice(message, p.key, p.end, nil)
}

func (p *idPlace) appendInt(b []byte, id int64) []byte {
	if p.format == wire.JSON {
		return strconv.AppendInt(b, id, 10)
	}
	return p.format.AppendInt(b, id)
}

// appendHead appends how a binary message with so many headers begins.
func (p *idPlace) appendHead(b, message []byte, count int) []byte {
	if p.open {
		return append(b, message[:p.begin]...)
	}
	return p.format.AppendMap(append(b, message[0]), count)
}

// splice returns b with other bytes in the place of those in a range. It uses b's own
// memory when there are not more of them: what stands before the range moves then, which
// is little, and not the body behind it.
func splice(b []byte, from, to int, with []byte) []byte {
	shift := to - from - len(with)
	if shift < 0 {
		grown := make([]byte, 0, len(b)-shift)
		grown = append(append(grown, b[:from]...), with...)
		return append(grown, b[to:]...)
	}
	copy(b[shift:], b[:from])
	copy(b[shift+from:], with)
	return b[shift:]
}
