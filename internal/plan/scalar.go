package plan

import (
	"reflect"
	"strconv"

	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/tp/wire"
)

// Bool returns the plan of a type of kind bool.
func Bool(reflect.Type) Plan { return boolean{} }

type boolean struct {
	neverNull
	noBytes
	neverNil
}

func (boolean) Decode(d *Decoder, p mem.Ptr) bool {
	v, ok := d.Bool()
	*mem.As[bool](p) = v
	return ok
}

func (boolean) Append(_ *Encoder, b []byte, p mem.Ptr) ([]byte, bool) {
	return strconv.AppendBool(b, *mem.As[bool](p)), true
}

func (boolean) DecodeBinary(d *BinaryDecoder, p mem.Ptr) bool {
	v, ok := d.Bool()
	*mem.As[bool](p) = v
	return ok
}

func (boolean) AppendBinary(e *Encoder, b []byte, p mem.Ptr) ([]byte, bool) {
	return e.Format.AppendBool(b, *mem.As[bool](p)), true
}

func (boolean) tree(_ *walk, p mem.Ptr) any { return *mem.As[bool](p) }

// String returns the plan of a type of kind string.
func String(reflect.Type) Plan { return text{} }

type text struct {
	neverNull
	noBytes
	neverNil
}

func (text) Decode(d *Decoder, p mem.Ptr) bool {
	v, ok := d.String()
	*mem.As[string](p) = v
	return ok
}

func (text) Append(_ *Encoder, b []byte, p mem.Ptr) ([]byte, bool) {
	return wire.AppendString(b, *mem.As[string](p))
}

func (text) DecodeBinary(d *BinaryDecoder, p mem.Ptr) bool {
	v, ok := d.String()
	*mem.As[string](p) = v
	return ok
}

func (text) AppendBinary(e *Encoder, b []byte, p mem.Ptr) ([]byte, bool) {
	return e.Format.AppendString(b, *mem.As[string](p))
}

func (text) tree(_ *walk, p mem.Ptr) any { return *mem.As[string](p) }
