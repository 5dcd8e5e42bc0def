package tp

import (
	"github.com/telestruct/telestruct/internal/plan"
	"github.com/telestruct/telestruct/tp/wire"
	"github.com/telestruct/telestruct/tp/wirecbor"
)

// binaryInput is a binary message while it is read: a request, or a response.
type binaryInput struct {
	plan.BinaryDecoder
	unpacked []byte // what is read of a body with packed lists
}

// resolver finds the names of the fields in a message with the given headers.
type resolver = func(headers Object) (*wire.Fields, error)

// beginMessage reads the headers, which are nil when there are none, and the target;
// the payload follows. It fails on what [wire.DecodeBinary] refuses, which says why.
// Most messages are written with the table expected, which may be nil.
func (in *binaryInput) beginMessage(resolve resolver, expected *wire.Fields) (headers Object, target string, ok bool) {
	if headers, ok = in.BeginPlain(expected); ok {
		if in.Fields != expected {
			in.Fields = expected
		}
		target, ok = in.Target(expected)
		return headers, target, ok
	}
	if headers, ok = in.Begin(); !ok {
		return nil, "", false
	}
	fields, err := resolve(headers)
	if err != nil {
		return nil, "", false
	}
	if isPacked(headers) {
		if in.unpacked, ok = in.Unpack(in.unpacked); !ok {
			return nil, "", false
		}
	}
	in.Fields = fields
	target, ok = in.Target(fields)
	return headers, target, ok
}

// isPacked reports whether the lists of a binary message are packed (spec section
// 15).
func isPacked(headers Object) bool {
	packed, _ := headers.Get("@pac_")
	return packed == true
}

// guard checks what a format needs to be checked before a message is read. The error
// is a *[wire.ParseError].
func guard(f wire.Format, message []byte, l wire.Limits) error {
	if f == wire.CBOR {
		return wirecbor.Check(message, l)
	}
	return nil
}
