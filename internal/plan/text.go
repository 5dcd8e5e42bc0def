package plan

import (
	"encoding"
	"reflect"

	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/tp/wire"
)

// Text returns the plan of a type that is a string on the wire and says itself
// which: t or *t implements [encoding.TextMarshaler], *t also
// [encoding.TextUnmarshaler]. A type of this plan has no nil value: its zero
// value is asked for its text like any other.
func Text(t reflect.Type) Plan { return &textual{t: t} }

type textual struct {
	noBytes
	neverNil
	t reflect.Type
}

func (x *textual) Decode(d *Decoder, p mem.Ptr) bool {
	text, ok := d.StringBytes()
	if !ok {
		return false
	}
	to, ok := mem.Value(x.t, p).Addr().Interface().(encoding.TextUnmarshaler)
	return ok && to.UnmarshalText(text) == nil
}

func (x *textual) Encode(e *Encoder, p mem.Ptr) bool {
	text, ok := x.marshal(p)
	if ok {
		e.Buf, ok = wire.AppendString(e.Buf, text)
	}
	return ok
}

// tree returns the Go value itself when it has no text: it is of no type that
// value trees consist of.
func (x *textual) tree(_ *walk, p mem.Ptr) any {
	if text, ok := x.marshal(p); ok {
		return text
	}
	return mem.Value(x.t, p).Interface()
}

func (x *textual) marshal(p mem.Ptr) (string, bool) {
	from, ok := mem.Value(x.t, p).Addr().Interface().(encoding.TextMarshaler)
	if !ok {
		return "", false
	}
	text, err := from.MarshalText()
	return string(text), err == nil
}
