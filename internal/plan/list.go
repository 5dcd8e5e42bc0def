package plan

import (
	"reflect"

	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/tp/wire"
)

// List returns the plan of t, a slice of elements with the plan elem. It decodes
// to a slice that is not nil, and encodes nil as an empty array.
func List(t reflect.Type, elem Plan) Plan {
	size := t.Elem().Size()
	// Short lists are the usual ones, but a message full of one-element lists
	// must not cost a multiple of what it holds.
	const firstBytes, most = 256, 4
	first := max(1, min(most, firstBytes/int(max(size, 1))))
	return &list{t: t, elem: elem, size: size, first: first}
}

type list struct {
	neverNull
	nilable
	t     reflect.Type
	elem  Plan
	size  uintptr
	first int // room made for the first elements
}

func (l *list) Decode(d *Decoder, p mem.Ptr) bool {
	if !d.Open('[') {
		return false
	}
	s := mem.As[mem.Slice](p)
	if d.CloseEmpty(']') {
		mem.MakeEmpty(p)
		return true
	}
	start, most := d.Remaining(), d.MaxElements()
	for n := 0; n < most; n++ {
		if n == s.Cap && !l.grow(d, p, start) {
			return false
		}
		if !l.elem.Decode(d, s.At(n, l.size)) {
			return false
		}
		if more, ok := d.Next(']'); !more {
			s.Len = n + 1
			return ok
		}
	}
	return false
}

func (l *list) DecodeBinary(d *BinaryDecoder, p mem.Ptr) bool {
	items, ok := d.Array()
	if !ok {
		return false
	}
	s := mem.As[mem.Slice](p)
	mem.MakeEmpty(p)
	for n, start := 0, d.Remaining(); ; n++ {
		if more, ok := d.More(&items); !more {
			s.Len = n
			return ok
		}
		if n == s.Cap && !l.growBinary(d, p, start, items) {
			return false
		}
		if !l.elem.DecodeBinary(d, s.At(n, l.size)) {
			return false
		}
	}
}

// growBinary is grow for the list of which the given items are left besides the next.
func (l *list) growBinary(d *BinaryDecoder, p mem.Ptr, start int, items wire.Items) bool {
	s := mem.As[mem.Slice](p)
	s.Len = s.Cap
	most := items.Left() + 1
	if items.Open() {
		// There are no commas here, so that an element takes half as much.
		most = min(most, l.room(s.Len, 2*start, 2*d.Remaining()))
	}
	return l.extend(d, p, most)
}

// grow makes room for more elements of the full list at p, where start bytes were
// left in front of the first. It fails when d has no memory left for one.
func (l *list) grow(d *Decoder, p mem.Ptr, start int) bool {
	s := mem.As[mem.Slice](p)
	s.Len = s.Cap
	return l.extend(d, p, l.room(s.Len, start, d.Remaining()))
}

// extend makes room for at most so many more elements of the full list at p. It
// fails when d has no memory left for one.
func (l *list) extend(d budget, p mem.Ptr, most int) bool {
	s := mem.As[mem.Slice](p)
	// The elements move, so all of them take memory again.
	affordable := d.Memory()/int(max(l.size, 1)) - s.Len
	room := max(1, min(most, affordable))
	if !d.Spend((s.Len + room) * int(l.size)) {
		return false
	}
	mem.Grow(l.t, p, room)
	return true
}

// room returns for how many more elements to make room when n have been
// decoded, where start bytes were left in front of the first and left are now.
func (l *list) room(n, start, left int) int {
	// An element and its comma take two bytes at least.
	possible := left/2 + 1
	if n == 0 {
		return min(l.first, possible)
	}
	// The rest is taken to look like the elements before, which saves the
	// copying while a large list grows; it may be of something else, so the
	// list never gets more than eight times what it needs by now.
	likely := left/max(1, (start-left)/n) + 1
	return min(max(likely, n/2+1), 7*n, possible)
}

func (l *list) Append(e *Encoder, b []byte, p mem.Ptr) ([]byte, bool) {
	s := mem.As[mem.Slice](p)
	b = append(b, '[')
	e.enter()
	ok := s.Len == 0 || !e.tooDeep()
	for i := 0; ok && i < s.Len; i++ {
		if i > 0 {
			b = append(b, ',')
		}
		b, ok = l.elem.Append(e, b, s.At(i, l.size))
	}
	e.leave()
	return append(b, ']'), ok
}

func (l *list) AppendBinary(e *Encoder, b []byte, p mem.Ptr) ([]byte, bool) {
	s := mem.As[mem.Slice](p)
	b = e.Format.AppendArray(b, s.Len)
	e.enter()
	ok := s.Len == 0 || !e.tooDeep()
	for i := 0; ok && i < s.Len; i++ {
		b, ok = l.elem.AppendBinary(e, b, s.At(i, l.size))
	}
	e.leave()
	return b, ok
}

func (l *list) tree(w *walk, p mem.Ptr) any {
	w.enter()
	defer w.leave()
	s := mem.As[mem.Slice](p)
	tree := make([]any, s.Len)
	for i := range tree {
		tree[i] = w.tree(l.elem, s.At(i, l.size))
	}
	return tree
}

func (l *list) base64(w *walk, p mem.Ptr) any {
	w.enter()
	defer w.leave()
	s := mem.As[mem.Slice](p)
	var every any
	for i := range s.Len {
		every = merge(every, w.base64(l.elem, s.At(i, l.size)))
	}
	return step("*", every)
}

func (l *list) holdsBytes(seen map[Plan]bool) bool { return l.elem.holdsBytes(seen) }
