package plan

import (
	"bytes"
	"encoding"
	"reflect"
	"time"

	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/tp/wire"
)

// Text returns the plan of a type that is a string on the wire and says itself
// which: t or *t implements [encoding.TextMarshaler], *t also
// [encoding.TextUnmarshaler]. A type of this plan has no nil value: its zero
// value is asked for its text like any other. A type that panics refuses;
// [Panicked] has more.
//
// The type decides in both directions: a value whose text it would not read, such
// as the zero value of an enumeration, has no encoding. So whoever reads results
// into the same type can read them all, and package validate, which asks the
// type about every text, agrees.
func Text(t reflect.Type) Plan {
	return &textual{t: t, readsOwn: t == reflect.TypeFor[time.Time]()}
}

type textual struct {
	neverNull
	noBytes
	neverNil
	t reflect.Type
	// readsOwn says that t is known to read every text that it writes, so
	// that no time is spent on asking.
	readsOwn bool
}

func (x *textual) Decode(d *Decoder, p mem.Ptr) bool {
	text, ok := d.StringBytes()
	if !ok {
		return false
	}
	// The text is memory of the message, which the next message overwrites:
	// a type that keeps what it gets would show one caller what another sent.
	return x.unmarshal(&d.Panicked, p, bytes.Clone(text))
}

func (x *textual) DecodeBinary(d *BinaryDecoder, p mem.Ptr) bool {
	text, ok := d.StringBytes()
	return ok && x.unmarshal(&d.Panicked, p, bytes.Clone(text))
}

// unmarshal gives the value at p its text, and notes its panic.
func (x *textual) unmarshal(panicked *Panicked, p mem.Ptr, text []byte) (ok bool) {
	defer func() {
		if p := recover(); p != nil {
			panicked.note(p)
			ok = false
		}
	}()
	to, ok := mem.Value(x.t, p).Addr().Interface().(encoding.TextUnmarshaler)
	return ok && to.UnmarshalText(text) == nil
}

func (x *textual) Append(e *Encoder, b []byte, p mem.Ptr) ([]byte, bool) {
	text, ok := x.text(e, p)
	if !ok {
		return b, false
	}
	return wire.AppendString(b, text)
}

func (x *textual) AppendBinary(e *Encoder, b []byte, p mem.Ptr) ([]byte, bool) {
	text, ok := x.text(e, p)
	if !ok {
		return b, false
	}
	return e.Format.AppendString(b, text)
}

// text returns the text of the value at p, if the type would read it.
func (x *textual) text(e *Encoder, p mem.Ptr) (text string, ok bool) {
	text, ok = x.marshal(&e.Panicked, p)
	return text, ok && (x.readsOwn || x.unmarshal(&e.Panicked, mem.New(x.t), []byte(text)))
}

// tree returns the Go value itself when it has no text: it is of no type that
// value trees consist of.
func (x *textual) tree(_ *walk, p mem.Ptr) any {
	if text, ok := x.marshal(new(Panicked), p); ok {
		return text
	}
	return mem.Value(x.t, p).Interface()
}

// marshal asks the value at p for its text, and notes its panic.
func (x *textual) marshal(panicked *Panicked, p mem.Ptr) (text string, ok bool) {
	defer func() {
		if p := recover(); p != nil {
			panicked.note(p)
			text, ok = "", false
		}
	}()
	from, ok := mem.Value(x.t, p).Addr().Interface().(encoding.TextMarshaler)
	if !ok {
		return "", false
	}
	raw, err := from.MarshalText()
	return string(raw), err == nil
}
