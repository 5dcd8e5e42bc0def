package wire

import (
	"math"
	"sync"
)

// Unpack appends body, the body of a message in the format f, with its tables as
// lists of maps (spec section 15.4); everything else is appended as it is. It
// fails, and returns b, on data that is not one item of the format with nothing
// behind it or is longer than 2 GiB, on tables that are not well formed, on markers
// and undefined cells outside of tables, and beyond the limits, of which Depth
// counts the array around the body.
//
// A table is not well formed when its header is none, names a column twice or by
// anything but a number, and when a row has more cells than the header has columns
// or something else than a row under a nested header. Texts, numbers, the keys of
// maps and whether columns have names are left to who reads what Unpack returns.
//
// What is appended takes at most ten bytes for each byte of body: a cell of one
// byte becomes an entry with a key of nine. It takes no more memory, that of the
// headers included, than the limit Expansion gives for a text of this size. What b
// has room for must not be the bytes of body. Unpack may be called concurrently.
func (f Format) Unpack(b, body []byte, l Limits) ([]byte, bool) {
	u := unpackers.Get().(*unpacker)
	defer u.release()
	u.reset(f, b, body, l)
	if len(body) > math.MaxInt32 {
		return b, false
	}
	plain, ok := u.value(b)
	if !ok || u.pos != len(body) {
		return b, false
	}
	return u.flush(plain), true
}

// unpacker unpacks one body, in one pass. Its methods append to a slice that they pass
// on to each other: to note each time in the unpacker where that slice is would cost
// as much as what is appended.
type unpacker struct {
	tableHeaders // those of the tables that are open
	format       Format
	leads        *leadTable
	sizes        *scalarSizes
	limits       Limits
	depth        int
	// memory is what the output and the headers may still take.
	memory int
	base   int // the length of the output before
	data   []byte
	pos    int
	// copied is how far data was copied to the output, or left out. It is behind
	// pos while nothing but what stays as it is comes by.
	copied int
}

var unpackers = sync.Pool{New: func() any { return new(unpacker) }}

func (u *unpacker) reset(f Format, b, data []byte, l Limits) {
	u.limits = l.withDefaults()
	u.format, u.leads, u.sizes = f, f.leads(), f.scalarSizes()
	u.base = len(b)
	u.data, u.pos, u.copied = data, 0, 0
	u.depth = 1 // the array that is the message
	u.memory = u.limits.memory(len(data))
}

func (u *unpacker) release() {
	u.data = nil
	u.tableHeaders.release()
	unpackers.Put(u)
}

func (u *unpacker) item() binaryItem { return u.leads.item(u.data, u.pos) }

// flush appends what stays as it is.
func (u *unpacker) flush(b []byte) []byte {
	b = append(b, u.data[u.copied:u.pos]...)
	u.copied = u.pos
	return b
}

// value passes over the next value, and writes it if it has tables.
func (u *unpacker) value(b []byte) ([]byte, bool) {
	return u.valueOf(b, u.item())
}

// valueOf is value for one whose head is known.
func (u *unpacker) valueOf(b []byte, head binaryItem) ([]byte, bool) {
	switch head.kind {
	case KindInvalid, KindMarker, KindUndefined:
		return b, false
	case KindArray:
		return u.array(b, head)
	case KindMap:
		return u.values(b, head, 2)
	default:
		u.pos = head.next
		return b, true
	}
}

func (u *unpacker) array(b []byte, head binaryItem) ([]byte, bool) {
	if head.n != 0 {
		if first := u.leads.item(u.data, head.next); first.kind == KindMarker {
			return u.table(b, head, first.next)
		}
	}
	return u.values(b, head, 1)
}

// values passes over the values of an array, or of a map, which has two for each
// entry.
func (u *unpacker) values(b []byte, head binaryItem, each int) ([]byte, bool) {
	left, ok := u.enter(head, 0)
	for ok && u.more(&left) {
		for i := 0; ok && i < each; i++ {
			b, ok = u.value(b)
		}
	}
	return b, ok && u.leave(left)
}

// enter reads the head of an array or a map which may have some more elements than
// the limit. [unpacker.more] goes through them.
func (u *unpacker) enter(head binaryItem, extra int) (left int64, ok bool) {
	u.pos = head.next
	u.depth++
	most := int64(u.limits.Elements) + int64(extra)
	if head.n < 0 {
		return -1 - most, u.depth <= u.limits.Depth
	}
	return head.n, u.depth <= u.limits.Depth && head.n <= most
}

// more reports whether another element follows. Left counts them: down to 0, or
// up to -1 when a break ends them.
func (u *unpacker) more(left *int64) bool {
	switch {
	case *left > 0:
		*left--
		return true
	case *left == 0:
		return false
	case u.pos < len(u.data) && u.data[u.pos] == cborBreak:
		u.pos++
		*left = 0
		return false
	case *left == -1:
		return false
	}
	*left++
	return true
}

// leave fails when an array or a map has more elements than the limit.
func (u *unpacker) leave(left int64) bool {
	u.depth--
	return left == 0
}
