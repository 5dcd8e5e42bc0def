package mirror

import (
	"encoding/binary"
	"encoding/json"
	"math"
)

// Envelope is a value or a patch on a transport that does not delimit messages, such as a pipe
// (section 6.2). Connections of servers and hubs have no envelopes.
type Envelope struct {
	// Codec is the content type of the codec that Payload is in.
	Codec string `json:"codec"`
	// ModelType is the name of the model's type.
	ModelType string `json:"model_type"`
	// Target is the number of the model.
	Target uint64 `json:"target"`
	// Rev is the revision of the model.
	Rev uint64 `json:"rev"`
	// Kind is Snapshot when the payload is a value, and Patch when it is a patch.
	Kind string `json:"kind"`
	// Payload is the value or patch.
	Payload []byte `json:"-"`
}

// Kinds of envelopes.
const (
	EnvelopeSnapshot = "Snapshot"
	EnvelopePatch    = "Patch"
)

// EnvelopeOf returns the envelope of a [Snapshot], or of the [Change] of a model with the given
// type. In MessagePack, patches and operations are arrays of their fields. It fails with an
// *[Error] as [Codec.Encode] does, and for other messages (BadMessage).
func EnvelopeOf(m Message, typeName string, c Codec) (e Envelope, err error) {
	e = Envelope{Codec: c.contentType(), ModelType: typeName}
	var f Frame
	switch m := m.(type) {
	case Snapshot:
		e.ModelType, e.Target, e.Rev, e.Kind = m.Type, m.ID, m.Rev, EnvelopeSnapshot
		f, err = c.EncodeValue(m.Value)
	case Change:
		e.Target, e.Rev, e.Kind = m.ID, m.Patch.Rev, EnvelopePatch
		f, err = c.frame(func(w *writer) {
			w.positional = c == MessagePack()
			w.patch(m.Patch)
		})
	default:
		err = &Error{Code: BadMessage, Reason: "an envelope holds a Snapshot or a Change"}
	}
	e.Payload = f.Data
	return e, err
}

// contentType returns the name that envelopes have for the codec.
func (c Codec) contentType() string {
	if c.custom != nil {
		return c.custom.ContentType
	}
	return "application/" + c.Name()
}

// Append appends the bytes of e: its header, and the payload, each behind its length. It fails
// with an *[Error] when one of them is longer than 4 GiB.
func (e Envelope) Append(b []byte) ([]byte, error) {
	header, err := json.Marshal(e)
	if err != nil {
		return b, err
	}
	for _, part := range [][]byte{header, e.Payload} {
		if uint64(len(part)) > math.MaxUint32 {
			return b, &Error{Code: TooLarge, Reason: "an envelope takes 4 GiB at most"}
		}
		b = append(binary.BigEndian.AppendUint32(b, uint32(len(part))), part...)
	}
	return b, nil
}

// ReadEnvelope reads the envelope that data begins with, and returns what follows it. The
// envelope keeps a part of data. It fails with an *[Error]: Truncated when data ends before the
// envelope does, so that more may be read, TooLarge when it is larger than the limits of
// clients, or l, allow, and BadMessage when the header is malformed.
func ReadEnvelope(data []byte, l Limits) (e Envelope, rest []byte, err error) {
	l = l.or(clientLimits())
	var parts [2][]byte
	for i := range parts {
		const width = 4
		if len(data) < width {
			return Envelope{}, nil, truncated()
		}
		length := binary.BigEndian.Uint32(data)
		data = data[width:]
		switch {
		case uint64(length) > uint64(l.Size):
			return Envelope{}, nil, &Error{Code: TooLarge, Reason: "the envelope is larger than the limit"}
		case uint64(length) > uint64(len(data)):
			return Envelope{}, nil, truncated()
		}
		parts[i], data = data[:length:length], data[length:]
	}
	if err := json.Unmarshal(parts[0], &e); err != nil {
		return Envelope{}, nil, &Error{Code: BadMessage, Reason: "the header of an envelope is malformed: " + err.Error(), Cause: err}
	}
	if e.Kind != EnvelopeSnapshot && e.Kind != EnvelopePatch {
		return Envelope{}, nil, &Error{Code: BadMessage, Reason: "the kind of an envelope is Snapshot or Patch"}
	}
	e.Payload = parts[1]
	return e, data, nil
}

func truncated() *Error {
	return &Error{Code: Truncated, Reason: "the bytes end before the envelope does"}
}

// Value returns the value that the payload of a snapshot is. It fails with an *[Error] as
// [Codec.DecodeValue] does, and when there is no such codec.
func (e Envelope) Value(codecs *Codecs, l Limits) (Value, error) {
	codec, err := codecs.Named(e.Codec)
	if err != nil {
		return Value{}, err
	}
	return codec.DecodeValue(Frame{Text: codec.Text(), Data: e.Payload}, l)
}

// Patch returns the patch that the payload is. In MessagePack, patches and operations may be
// arrays of their fields. It fails as Value does.
func (e Envelope) Patch(codecs *Codecs, l Limits) (Patch, error) {
	codec, err := codecs.Named(e.Codec)
	if err != nil {
		return Patch{}, err
	}
	f := Frame{Text: codec.Text(), Data: e.Payload}
	if codec != MessagePack() {
		return codec.DecodePatch(f, l)
	}
	s, bad := codec.source(f, l)
	if bad != nil {
		return Patch{}, badPatch(bad.Reason)
	}
	s.positional = true
	return s.wholePatch()
}
