package plan

import (
	"reflect"

	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/tp/wire"
)

// Bytes returns the plan of a type whose underlying type is []byte: base64 text
// in JSON. It decodes to a slice that is not nil, and encodes nil as no bytes.
func Bytes(reflect.Type) Plan { return rawBytes{} }

type rawBytes struct {
	neverNull
	nilable
}

func (rawBytes) Decode(d *Decoder, p mem.Ptr) bool {
	text, ok := d.StringBytes()
	if !ok {
		return false
	}
	*mem.As[[]byte](p), ok = wire.DecodeBase64(text)
	return ok
}

func (rawBytes) Append(_ *Encoder, b []byte, p mem.Ptr) ([]byte, bool) {
	return wire.AppendBase64(b, *mem.As[[]byte](p)), true
}

// DecodeBinary takes base64 text too: the validator does.
func (rawBytes) DecodeBinary(d *BinaryDecoder, p mem.Ptr) bool {
	if d.Kind() == wire.KindString {
		text, ok := d.StringBytes()
		if ok {
			*mem.As[[]byte](p), ok = wire.DecodeBase64(text)
		}
		return ok
	}
	raw, ok := d.Bytes()
	*mem.As[[]byte](p) = append([]byte{}, raw...)
	return ok
}

func (rawBytes) AppendBinary(e *Encoder, b []byte, p mem.Ptr) ([]byte, bool) {
	return e.Format.AppendBytes(b, *mem.As[[]byte](p)), true
}

func (rawBytes) tree(_ *walk, p mem.Ptr) any {
	if raw := *mem.As[[]byte](p); raw != nil {
		return raw
	}
	return []byte{}
}

func (rawBytes) base64(*walk, mem.Ptr) any     { return true }
func (rawBytes) holdsBytes(map[Plan]bool) bool { return true }
