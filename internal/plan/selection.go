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

func (selection) Decode(d *Decoder, p mem.Ptr) bool {
	tree, ok := d.Object()
	if !ok || d.Selectable == nil || !d.Selectable(tree) {
		return false
	}
	*mem.As[map[string]any](p), ok = wire.ToGo(tree).(map[string]any)
	return ok
}

func (s selection) Encode(e *Encoder, p mem.Ptr) bool {
	tree := s.tree(nil, p)
	if e.Selectable == nil || !e.Selectable(tree) {
		return false
	}
	var err error
	e.Buf, err = wire.AppendValue(e.Buf, tree)
	return err == nil
}

func (selection) tree(_ *walk, p mem.Ptr) any { return wire.FromGo(*mem.As[map[string]any](p)) }
