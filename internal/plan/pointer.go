package plan

import (
	"reflect"

	"github.com/telestruct/telestruct/internal/mem"
)

// Pointer returns the plan of t, a pointer to a type with the plan elem. Nil has
// no encoding; see [Nullable] and [Field].
func Pointer(t reflect.Type, elem Plan) Plan {
	t = t.Elem()
	return &pointer{elem: elem, make: mem.Maker(t), size: int(t.Size())}
}

type pointer struct {
	nilable
	elem Plan
	make func() mem.Ptr // a value to point to, of that size
	size int
}

func (x *pointer) Decode(d *Decoder, p mem.Ptr) bool {
	if !d.Spend(x.size) {
		return false
	}
	v := x.make()
	*mem.As[mem.Ptr](p) = v
	return x.elem.Decode(d, v)
}

func (x *pointer) Append(e *Encoder, b []byte, p mem.Ptr) ([]byte, bool) {
	v := *mem.As[mem.Ptr](p)
	if v == nil {
		return b, false
	}
	return x.elem.Append(e, b, v)
}

func (x *pointer) DecodeBinary(d *BinaryDecoder, p mem.Ptr) bool {
	if !d.Spend(x.size) {
		return false
	}
	v := x.make()
	*mem.As[mem.Ptr](p) = v
	return x.elem.DecodeBinary(d, v)
}

func (x *pointer) AppendBinary(e *Encoder, b []byte, p mem.Ptr) ([]byte, bool) {
	v := *mem.As[mem.Ptr](p)
	if v == nil {
		return b, false
	}
	return x.elem.AppendBinary(e, b, v)
}

func (x *pointer) tree(w *walk, p mem.Ptr) any {
	if v := *mem.As[mem.Ptr](p); v != nil {
		return x.elem.tree(w, v)
	}
	return nil
}

func (x *pointer) base64(w *walk, p mem.Ptr) any {
	if v := *mem.As[mem.Ptr](p); v != nil {
		return x.elem.base64(w, v)
	}
	return nil
}

func (x *pointer) isNull(p mem.Ptr) bool {
	v := *mem.As[mem.Ptr](p)
	return v == nil || x.elem.isNull(v)
}

func (x *pointer) holdsBytes(seen map[Plan]bool) bool { return x.elem.holdsBytes(seen) }
