package plan

import (
	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/tp/wire"
)

// Any returns the plan of any, or of a type defined as any. It decodes to what
// [wire.ToGo] makes of a value tree, and encodes what [wire.FromGo] makes one
// of. It refuses null, but for null inside arrays and objects.
func Any() Plan { return anyValue{} }

type anyValue struct {
	noBytes
	nilable
}

func (anyValue) Decode(d *Decoder, p mem.Ptr) bool {
	v, ok := d.GoValue()
	*mem.As[any](p) = v
	return ok && v != nil
}

func (anyValue) DecodeBinary(d *BinaryDecoder, p mem.Ptr) bool {
	v, ok := d.GoValue(d.Fields)
	*mem.As[any](p) = v
	return ok && v != nil
}

func (x anyValue) Append(e *Encoder, b []byte, p mem.Ptr) ([]byte, bool) {
	tree := x.tree(nil, p)
	if tree == nil || !e.fits(tree) {
		return b, false
	}
	b, err := wire.AppendValue(b, tree)
	return b, err == nil
}

func (x anyValue) AppendBinary(e *Encoder, b []byte, p mem.Ptr) ([]byte, bool) {
	tree := x.tree(nil, p)
	if tree == nil || !e.fits(tree) {
		return b, false
	}
	b, err := e.Format.AppendValue(b, tree, e.Fields)
	return b, err == nil
}

func (anyValue) isNull(p mem.Ptr) bool { return *mem.As[any](p) == nil }

func (anyValue) tree(_ *walk, p mem.Ptr) any { return wire.FromGo(*mem.As[any](p)) }
