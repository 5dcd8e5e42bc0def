package plan

import (
	"github.com/telestruct/telestruct/internal/mem"
)

// Nullable returns the plan of values of p that may also be null; p is the plan
// of a pointer, []byte, any or a union. Null is nil in Go, but nil behind a value,
// such as a pointer to a nil union or a union of a nil pointer, is written as
// null too.
func Nullable(p Plan) Plan { return nullable{p} }

type nullable struct{ Plan }

func (x nullable) Decode(d *Decoder, p mem.Ptr) bool {
	return d.Null() || x.Plan.Decode(d, p)
}

// isNull asks for nil too: nil of []byte is no bytes to its own plan.
func (x nullable) isNull(p mem.Ptr) bool { return x.isNil(p) || x.Plan.isNull(p) }

func (x nullable) Append(e *Encoder, b []byte, p mem.Ptr) ([]byte, bool) {
	if x.isNull(p) {
		return append(b, "null"...), true
	}
	return x.Plan.Append(e, b, p)
}

func (x nullable) DecodeBinary(d *BinaryDecoder, p mem.Ptr) bool {
	return d.Null() || x.Plan.DecodeBinary(d, p)
}

func (x nullable) AppendBinary(e *Encoder, b []byte, p mem.Ptr) ([]byte, bool) {
	if x.isNull(p) {
		return e.Format.AppendNull(b), true
	}
	return x.Plan.AppendBinary(e, b, p)
}

func (x nullable) tree(w *walk, p mem.Ptr) any {
	if x.isNull(p) {
		return nil
	}
	return x.Plan.tree(w, p)
}

func (x nullable) base64(w *walk, p mem.Ptr) any {
	if x.isNull(p) {
		return nil
	}
	return x.Plan.base64(w, p)
}

// The states of an optional value.
const (
	stateAbsent uint8 = iota
	stateNull
	stateValue
)

// Optional returns the plan of a struct that holds at stateOffset a uint8, 0
// for an absent value, 1 for null and 2 for one of the plan elem, which is then
// at valueOffset. It belongs in a [Field] that is optional: absent has no
// encoding of its own. A value that is nil, where that is not a value of elem,
// is written as null.
func Optional(valueOffset, stateOffset uintptr, elem Plan) Plan {
	return &optional{elem: elem, value: valueOffset, state: stateOffset}
}

type optional struct {
	elem         Plan
	value, state uintptr
}

func (x *optional) stateAt(p mem.Ptr) *uint8 { return mem.As[uint8](mem.At(p, x.state)) }

func (x *optional) Decode(d *Decoder, p mem.Ptr) bool {
	if d.Null() {
		*x.stateAt(p) = stateNull
		return true
	}
	*x.stateAt(p) = stateValue
	return x.elem.Decode(d, mem.At(p, x.value))
}

func (x *optional) Append(e *Encoder, b []byte, p mem.Ptr) ([]byte, bool) {
	switch {
	case x.isNil(p):
		return b, false
	case x.isNull(p):
		return append(b, "null"...), true
	}
	return x.elem.Append(e, b, mem.At(p, x.value))
}

func (x *optional) DecodeBinary(d *BinaryDecoder, p mem.Ptr) bool {
	if d.Null() {
		*x.stateAt(p) = stateNull
		return true
	}
	*x.stateAt(p) = stateValue
	return x.elem.DecodeBinary(d, mem.At(p, x.value))
}

func (x *optional) AppendBinary(e *Encoder, b []byte, p mem.Ptr) ([]byte, bool) {
	switch {
	case x.isNil(p):
		return b, false
	case x.isNull(p):
		return e.Format.AppendNull(b), true
	}
	return x.elem.AppendBinary(e, b, mem.At(p, x.value))
}

func (x *optional) tree(w *walk, p mem.Ptr) any {
	if *x.stateAt(p) != stateValue {
		return nil
	}
	return x.elem.tree(w, mem.At(p, x.value))
}

func (x *optional) base64(w *walk, p mem.Ptr) any {
	if *x.stateAt(p) != stateValue {
		return nil
	}
	return x.elem.base64(w, mem.At(p, x.value))
}

func (x *optional) holdsBytes(seen map[Plan]bool) bool { return x.elem.holdsBytes(seen) }
func (x *optional) isNil(p mem.Ptr) bool               { return *x.stateAt(p) == stateAbsent }

func (x *optional) isNull(p mem.Ptr) bool {
	return *x.stateAt(p) != stateValue || x.elem.isNull(mem.At(p, x.value))
}
