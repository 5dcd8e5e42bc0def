package wire

import "fmt"

// Message is one decoded message (spec section 1.1): a request, whose target
// is a function, or a response, whose target is a tag of the function's result.
type Message struct {
	Headers Object
	Target  string
	Payload Object
}

// The reasons of a [ParseError] (spec section 1.3).
const (
	// ReasonNotTwoObjects: not JSON, or not an array of two objects.
	ReasonNotTwoObjects = "ExpectedJsonArrayOfTwoObjects"
	// ReasonNotOneEntry: the second object is not one target and its payload.
	ReasonNotOneEntry = "ExpectedJsonArrayOfAnObjectAndAnObjectOfOneObject"
	// ReasonIncompatibleBinary: written with another table of field names. Who
	// resolves headers for [DecodeBinary] gives it.
	ReasonIncompatibleBinary = "IncompatibleBinaryEncoding"
	// ReasonBinaryDecode: a key of the body is neither a name nor a number of
	// the table of field names.
	ReasonBinaryDecode = "BinaryDecodeFailure"
)

// ParseError says that bytes are not a message.
type ParseError struct {
	// Reason is the tag of union.ParseFailure_ that the peer is told
	// (spec section 1.3).
	Reason string
	// Cause says more than the peer is told, such as a [SyntaxError]. It may
	// be nil.
	Cause error
}

// Error returns one line with the reason and the cause.
func (e *ParseError) Error() string {
	if e.Cause == nil {
		return "wire: not a message: " + e.Reason
	}
	return fmt.Sprintf("wire: not a message: %s: %v", e.Reason, e.Cause)
}

// Unwrap returns the cause.
func (e *ParseError) Unwrap() error { return e.Cause }

// DecodeMessage returns the message that data holds in JSON. It fails with a
// *[ParseError], also on what [DecodeJSON] refuses anywhere in the message.
func DecodeMessage(data []byte, l Limits) (*Message, error) {
	var r Reader
	r.Reset(data, l)
	if v, ok := r.message(); ok && r.End() {
		return messageFromTree(v)
	}
	return nil, &ParseError{Reason: ReasonNotTwoObjects, Cause: r.syntaxError(JSON)}
}

// message reads the tree of a message, whose own array is no data of which
// [Limits] count the elements.
func (r *Reader) message() (any, bool) {
	const parts = 2
	if r.Peek() == '[' {
		return boxed(r.array((*Reader).Value, max(r.limits.Elements, parts)))
	}
	return r.Value()
}

// messageFromTree applies steps 2 to 9 of spec section 1.3, but for the binary
// ones.
func messageFromTree(v any) (*Message, error) {
	parts, ok := v.([]any)
	if !ok || len(parts) != 2 {
		return nil, &ParseError{Reason: ReasonNotTwoObjects}
	}
	headers, isObject := parts[0].(Object)
	body, ok := parts[1].(Object)
	if !ok || !isObject {
		return nil, &ParseError{Reason: ReasonNotTwoObjects}
	}
	if len(body) != 1 {
		return nil, &ParseError{Reason: ReasonNotOneEntry}
	}
	payload, ok := body[0].Value.(Object)
	if !ok {
		return nil, &ParseError{Reason: ReasonNotOneEntry}
	}
	return &Message{Headers: headers, Target: body[0].Key, Payload: payload}, nil
}

// AppendMessage appends m in JSON. It fails as [AppendValue] does; paths begin
// with 0 in the headers and with 1 in the body.
func AppendMessage(b []byte, m *Message) ([]byte, error) {
	return AppendValue(b, []any{m.Headers, Object{{m.Target, m.Payload}}})
}

// Begin reads a message up to its payload: the headers, which are nil when
// there are none, and the target, which is valid until the next string is
// read. It fails when what it reads is not the beginning of a message;
// [DecodeMessage] says why.
func (r *Reader) Begin() (headers Object, target []byte, ok bool) {
	if !r.plainBegin() {
		if headers, ok = r.headers(); !ok {
			return nil, nil, false
		}
	}
	target, ok = r.Key()
	return headers, target, ok
}

// plainBegin reads how most messages without headers begin, if this one does.
func (r *Reader) plainBegin() bool {
	const begin, depth = `[{},{`, 2
	if len(r.data) < len(begin) || string(r.data[:len(begin)]) != begin || r.limits.Depth < depth {
		return false
	}
	r.pos, r.depth = len(begin), depth
	return true
}

// headers reads a message up to its target.
func (r *Reader) headers() (headers Object, ok bool) {
	if !r.Open('[') {
		return nil, false
	}
	interned := r.interned
	r.interned = nil // headers hold credentials, which are not to stay in memory
	headers, ok = r.Object()
	if r.interned = interned; !ok {
		return nil, false
	}
	if len(headers) == 0 {
		headers = nil
	}
	return headers, r.Consume(',') && r.Open('{')
}

// Rest reads what follows [Reader.Begin] and returns the payload as a value
// tree, which is the caller's own. It fails on whatever [DecodeMessage] refuses,
// which says why.
func (r *Reader) Rest() (payload Object, ok bool) {
	if payload, ok = r.Object(); !ok {
		return nil, false
	}
	return payload, r.Finish()
}

// Finish reads what follows the payload of a message, to the end of the text.
func (r *Reader) Finish() bool {
	return r.Consume('}') && r.Consume(']') && r.End()
}

// AppendBegin appends a message up to its payload, which the caller appends
// next, followed by [AppendFinish]. It fails as [AppendValue] does for headers
// that are no value tree.
func AppendBegin(b []byte, headers Object, target string) ([]byte, error) {
	if len(headers) == 0 && target == "Ok_" { // as most answers begin
		return append(b, `[{},{"Ok_":`...), nil
	}
	b = append(b, '[')
	b, err := AppendValue(b, headers)
	if err != nil {
		return b, err
	}
	b = append(b, `,{`...)
	b, ok := AppendString(b, target)
	if !ok {
		return b, &ValueError{Reason: "the target is not valid UTF-8"}
	}
	return append(b, ':'), nil
}

// AppendFinish appends what follows the payload of a message.
func AppendFinish(b []byte) []byte { return append(b, "}]"...) }
