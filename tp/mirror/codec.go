package mirror

import "github.com/telestruct/telestruct/tp/wire"

// Frame is one message on a connection.
type Frame struct {
	// Text tells a WebSocket text frame from a binary one.
	Text bool
	// Data is the message. It must not be changed: connections share it.
	Data []byte
}

// Codec is how the messages of one connection are written (section 6). Codecs can be compared
// with ==; the zero Codec is JSON. [Codecs.Named] finds one by its name.
type Codec struct {
	format wire.Format
	custom *CustomCodec
}

// JSON returns the codec that is named json, whose frames are text.
func JSON() Codec { return Codec{} }

// MessagePack returns the codec that is named msgpack.
func MessagePack() Codec { return Codec{format: wire.MessagePack} }

// CBOR returns the codec that is named cbor.
func CBOR() Codec { return Codec{format: wire.CBOR} }

// Name returns the name that the codec has in URLs.
func (c Codec) Name() string {
	switch {
	case c.custom != nil:
		return c.custom.ContentType
	case c.format == wire.MessagePack:
		return "msgpack"
	case c.format == wire.CBOR:
		return "cbor"
	}
	return "json"
}

// Text reports whether frames of the codec are text.
func (c Codec) Text() bool {
	if c.custom != nil {
		return c.custom.Text
	}
	return c.format == wire.JSON
}

// Encode returns the frame of m. It fails with an *[Error] on NaN, infinities and strings
// that are not UTF-8, and when a custom codec does or panics.
func (c Codec) Encode(m Message) (Frame, error) {
	return c.frame(func(w *writer) { m.write(w) })
}

// EncodeValue returns the frame that holds only v, and fails as [Codec.Encode].
func (c Codec) EncodeValue(v Value) (Frame, error) { return c.frame(func(w *writer) { w.value(v) }) }

// EncodePatch returns the frame that holds only p, and fails as [Codec.Encode].
func (c Codec) EncodePatch(p Patch) (Frame, error) { return c.frame(func(w *writer) { w.patch(p) }) }

func (c Codec) frame(write func(w *writer)) (Frame, error) {
	w := newWriter(nil, c.format)
	write(w)
	data, err := w.result()
	if err != nil {
		return Frame{}, err
	}
	if c.custom != nil {
		var bad *Error
		if data, bad = c.custom.encode(data); bad != nil {
			return Frame{}, bad
		}
	}
	return Frame{Text: c.Text(), Data: data}, nil
}

// Decode reads the message of a frame that a server sent, within the limits of clients where l
// has none. It fails with an *[Error]: Undecodable if the frame is no document, and another
// code if the document is no message. A message of an unknown type is an [Other].
func (c Codec) Decode(f Frame, l Limits) (Message, error) {
	m, err := c.decode(f, frameReader{limits: l.or(clientLimits())})
	if err != nil {
		return nil, err
	}
	return m, nil
}

// decode is Decode for either end; a Change may come with an error.
func (c Codec) decode(f Frame, r frameReader) (Message, *Error) {
	data, format, err := c.document(f)
	if err != nil {
		return nil, err
	}
	return r.message(data, format)
}

// DecodeValue reads a frame that holds only a value, within the limits of clients where l has
// none. It fails with an *[Error] whose code is BadValue.
func (c Codec) DecodeValue(f Frame, l Limits) (Value, error) {
	s, err := c.source(f, l)
	if err != nil {
		return Value{}, badValue(err.Reason)
	}
	v, err := s.value()
	switch {
	case err != nil:
		return Value{}, err
	case !s.end():
		return Value{}, badValue("nothing may follow the value")
	}
	return v, nil
}

// DecodePatch reads a frame that holds only a patch, within the limits of clients where l has
// none. It fails with an *[Error] whose code is BadPatch.
func (c Codec) DecodePatch(f Frame, l Limits) (Patch, error) {
	s, err := c.source(f, l)
	if err != nil {
		return Patch{}, badPatch(err.Reason)
	}
	return s.wholePatch()
}

// wholePatch reads a patch that nothing follows.
func (s *source) wholePatch() (Patch, error) {
	p, err := s.patch(false)
	switch {
	case err != nil:
		return Patch{}, err
	case !s.end():
		return Patch{}, badPatch("nothing may follow the patch")
	}
	return p, nil
}

func (c Codec) source(f Frame, l Limits) (*source, *Error) {
	l = l.or(clientLimits())
	data, format, err := c.document(f)
	if err == nil && len(data) > l.Size {
		err = &Error{Code: TooLarge, Reason: "the frame is larger than the limit"}
	}
	if err != nil {
		return nil, err
	}
	return newSource(data, format, l.wire()), nil
}

// document returns the bytes that a frame holds, and their format. A text frame on a
// connection with a binary codec is JSON; on one with JSON, so is a binary frame.
func (c Codec) document(f Frame) ([]byte, wire.Format, *Error) {
	switch {
	case c.custom != nil:
		data, err := c.custom.decode(f.Data)
		return data, wire.JSON, err
	case f.Text:
		return f.Data, wire.JSON, nil
	}
	return f.Data, c.format, nil
}
