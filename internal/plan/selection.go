package plan

import (
	"reflect"

	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/tp/wire"
)

// Selection returns the plan of a type whose underlying type is map[string]any:
// a value of _ext.Select_ (spec section 5.1), where the function being called
// says which are allowed. A nil map encodes as an empty selection.
func Selection(reflect.Type) Plan { return selection{} }

type selection struct {
	neverNull
	noBytes
	nilable
}

func (s selection) Decode(d *Decoder, p mem.Ptr) bool {
	tree, ok := d.Object()
	return ok && s.store(p, tree, d.Selectable)
}

func (s selection) DecodeBinary(d *BinaryDecoder, p mem.Ptr) bool {
	tree, ok := d.Value(d.Fields)
	return ok && s.store(p, tree, d.Selectable)
}

// store fails for what is no selection that is allowed.
func (selection) store(p mem.Ptr, tree any, selectable func(any) bool) (ok bool) {
	if selectable == nil || !selectable(tree) {
		return false
	}
	*mem.As[map[string]any](p), ok = wire.ToGo(tree).(map[string]any)
	return ok
}

func (s selection) Append(e *Encoder, b []byte, p mem.Ptr) ([]byte, bool) {
	tree := s.tree(nil, p)
	if e.Selectable == nil || !e.Selectable(tree) {
		return b, false
	}
	b, err := wire.AppendValue(b, tree)
	return b, err == nil
}

func (s selection) AppendBinary(e *Encoder, b []byte, p mem.Ptr) ([]byte, bool) {
	tree := s.tree(nil, p)
	if e.Selectable == nil || !e.Selectable(tree) {
		return b, false
	}
	b, err := e.Format.AppendValue(b, tree, e.Fields)
	return b, err == nil
}

func (selection) tree(_ *walk, p mem.Ptr) any { return wire.FromGo(*mem.As[map[string]any](p)) }
