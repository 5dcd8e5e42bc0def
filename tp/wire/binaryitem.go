package wire

// binaryItem is the head of one item of a binary format, as far as [Format.Pack]
// and [Format.Unpack] have to know it: they move items without reading them.
type binaryItem struct {
	kind Kind
	// n is the number of elements or entries, -1 when a break ends them; or the
	// value of an integer of at most 64 bits, two's complement beyond 63.
	n int64
	// next is where the first element is, or what follows an item without any.
	next int
}

// item reads the head at pos of a message in the format of t. Its kind is
// [KindInvalid] when messages have no such item, and when the item is longer than
// the data, in which an element takes one byte at least. Texts and numbers are not
// looked at.
func (t *leadTable) item(data []byte, pos int) binaryItem {
	if uint(pos) >= uint(len(data)) {
		return binaryItem{}
	}
	l := t[data[pos]]
	if l.form != formDirect {
		return t.longItem(data, pos, l)
	}
	return binaryItem{l.kind, int64(l.small), pos + 1}.within(data)
}

// within makes i, whose next is behind its head, complete, or invalid.
func (i binaryItem) within(data []byte) binaryItem {
	if i.kind < KindString || i.kind > KindMap {
		return i
	}
	switch left := uint64(len(data) - i.next); {
	case uint64(i.n) > left, i.kind == KindMap && uint64(i.n) > left/2:
		return binaryItem{}
	case i.kind < KindArray:
		i.next += int(i.n)
	}
	return i
}

// longItem reads a head of which the first byte is not all.
func (t *leadTable) longItem(data []byte, pos int, l lead) binaryItem {
	next := pos + 1 + int(l.width)
	if next > len(data) {
		return binaryItem{}
	}
	n := l.argument(data[pos+1 : next])
	switch l.form {
	case formSigned:
		unused := 64 - 8*l.width
		return binaryItem{l.kind, int64(n<<unused) >> unused, next}
	case formNegative:
		return binaryItem{l.kind, int64(^n), next}
	case formOpen:
		return t.openItem(data, next, l)
	case formTagged:
		return t.taggedItem(data, next, n)
	}
	return binaryItem{l.kind, int64(n), next}.within(data)
}

// openItem reads the head of an array or a map that a break ends, or a string of
// CBOR with all its parts.
func (t *leadTable) openItem(data []byte, next int, l lead) binaryItem {
	if l.kind == KindArray || l.kind == KindMap {
		return binaryItem{l.kind, -1, next}
	}
	for next < len(data) && data[next] != cborBreak {
		part := t.item(data, next)
		if part.kind != l.kind || t[data[next]].form == formOpen {
			return binaryItem{}
		}
		next = part.next
	}
	if next >= len(data) {
		return binaryItem{}
	}
	return binaryItem{l.kind, 0, next + 1}
}

// taggedItem reads what follows a tag of CBOR, or the type of an extension of
// MessagePack.
func (t *leadTable) taggedItem(data []byte, next int, n uint64) binaryItem {
	if next >= len(data) {
		return binaryItem{}
	}
	if t == messagePackLeads {
		return binaryItem{messagePackExtension(n, data[next]), 0, next + 1}
	}
	kind := cborTagged(n, t[data[next]])
	content := t.item(data, next)
	if kind == KindInvalid || content.kind == KindInvalid {
		return binaryItem{}
	}
	if kind == KindInteger {
		kind = KindFloat // a number, but none that a key or a column can have
	}
	return binaryItem{kind, 0, content.next}
}

// scalarSizes has, by the first byte of a scalar, how many bytes it takes; 0 when
// that byte does not tell, and sizeFollows when the next byte does.
type scalarSizes [256]uint8

// sizeFollows stands for a string whose length is the byte after its first.
const sizeFollows = 255

var messagePackSizes, cborSizes = newScalarSizes(messagePackLeads), newScalarSizes(cborLeads)

// scalarSizes returns the table of a binary format.
func (f Format) scalarSizes() *scalarSizes {
	if f == CBOR {
		return cborSizes
	}
	return messagePackSizes
}

func newScalarSizes(leads *leadTable) *scalarSizes {
	var t scalarSizes
	for b, l := range leads {
		switch text := l.kind == KindString || l.kind == KindBytes; {
		case l.kind == KindInvalid || l.kind > KindBytes || l.form == formOpen:
		case !text:
			t[b] = 1 + l.width
		case l.width == 0:
			t[b] = 1 + uint8(l.small)
		case l.width == 1:
			t[b] = sizeFollows
		}
	}
	return &t
}

// of returns the size of the scalar at pos, or 0 if there is none that tells it in
// time and is all in data.
func (t *scalarSizes) of(data []byte, pos int) int {
	if pos+1 >= len(data) {
		return 0
	}
	size := int(t[data[pos]])
	if size == sizeFollows {
		size = 2 + int(data[pos+1])
	}
	if size > len(data)-pos {
		return 0
	}
	return size
}

// runRoom is the size of runs that appendRun appends in one move.
const runRoom = 16

// appendRun appends the size bytes of data from pos on. It may write up to runRoom
// bytes into the room behind b whatever the size is: most runs are a few bytes, which
// one move of a fixed size takes less time for than a copy of just as many.
func appendRun(b, data []byte, pos, size int) []byte {
	n := len(b)
	if size > runRoom || pos+runRoom > len(data) || n+runRoom > cap(b) {
		return append(b, data[pos:pos+size]...)
	}
	*(*[runRoom]byte)(b[n : n+runRoom]) = [runRoom]byte(data[pos : pos+runRoom])
	return b[:n+size]
}
