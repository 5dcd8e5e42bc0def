package plan

import (
	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/tp/wire"
)

// Link is the plan of a prefilled call: a Go struct that points to the
// arguments of one function (spec section 4.9). A nil pointer has no encoding.
type Link struct {
	neverNil
	offset   uintptr
	function string
	args     *Struct
}

// NewLink returns the plan of a struct that has at argsOffset a pointer
// to the arguments, without its function.
func NewLink(argsOffset uintptr) *Link { return &Link{offset: argsOffset} }

// SetTarget sets the function, such as "fn.add", and the plan of its
// arguments, which may still lack fields. It must not be called once the plan
// is in use.
func (l *Link) SetTarget(function string, args *Struct) { l.function, l.args = function, args }

// Decode implements [Plan].
func (l *Link) Decode(d *Decoder, p mem.Ptr) bool {
	if !d.Open('{') {
		return false
	}
	if name, ok := d.Key(); !ok || string(name) != l.function || !d.Spend(int(l.args.t.Size())) {
		return false
	}
	args := mem.New(l.args.t)
	if !l.args.Decode(d, args) {
		return false
	}
	*l.argsAt(p) = args
	more, ok := d.Next('}')
	return ok && !more
}

// DecodeBinary implements [Plan].
func (l *Link) DecodeBinary(d *BinaryDecoder, p mem.Ptr) bool {
	call, function, ok := d.openSingle()
	if !ok || function != l.function || !d.Spend(int(l.args.t.Size())) {
		return false
	}
	args := mem.New(l.args.t)
	if !l.args.DecodeBinary(d, args) {
		return false
	}
	*l.argsAt(p) = args
	return d.closeSingle(call)
}

// Append implements [Plan]. No selection trims what is inside a link
// (spec section 6.4).
func (l *Link) Append(e *Encoder, b []byte, p mem.Ptr) ([]byte, bool) {
	args := *l.argsAt(p)
	if args == nil {
		return b, false
	}
	b = append(b, '{')
	b, _ = wire.AppendString(b, l.function)
	b = append(b, ':')
	selected := e.Select
	e.Select = nil
	e.enter()
	b, ok := l.args.Append(e, b, args)
	e.leave()
	e.Select = selected
	return append(b, '}'), ok
}

// AppendBinary implements [Plan], as Append does.
func (l *Link) AppendBinary(e *Encoder, b []byte, p mem.Ptr) ([]byte, bool) {
	args := *l.argsAt(p)
	if args == nil {
		return b, false
	}
	b = e.Format.AppendMap(b, 1)
	b, _ = e.Format.AppendKey(b, l.function, e.Fields)
	selected := e.Select
	e.Select = nil
	e.enter()
	b, ok := l.args.AppendBinary(e, b, args)
	e.leave()
	e.Select = selected
	return b, ok
}

func (l *Link) tree(w *walk, p mem.Ptr) any {
	w.enter()
	defer w.leave()
	if args := *l.argsAt(p); args != nil {
		return wire.Object{{Key: l.function, Value: l.args.tree(w, args)}}
	}
	return nil
}

func (l *Link) base64(w *walk, p mem.Ptr) any {
	w.enter()
	defer w.leave()
	if args := *l.argsAt(p); args != nil {
		return step(l.function, l.args.base64(w, args))
	}
	return nil
}

func (l *Link) isNull(p mem.Ptr) bool { return *l.argsAt(p) == nil }

func (l *Link) holdsBytes(seen map[Plan]bool) bool { return l.args.holdsBytes(seen) }

func (l *Link) argsAt(p mem.Ptr) *mem.Ptr { return mem.As[mem.Ptr](mem.At(p, l.offset)) }
