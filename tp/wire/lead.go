package wire

import "encoding/binary"

// lead is what the first byte of an item says. One table of them for each format
// lets [BinaryReader] read most items without asking which format it reads.
type lead struct {
	kind  Kind
	form  form
	width uint8 // how many bytes of the argument follow
	small int8  // the argument when the first byte holds it
}

// form is how the argument of an item is to be taken.
type form uint8

const (
	formDirect   form = iota // the first byte holds it
	formPlain                // a number without a sign: a value, a length, the bits of a float
	formSigned               // a number in two's complement
	formNegative             // a number n that stands for -1-n
	formOpen                 // no argument: a break ends what follows
	formTagged               // what follows tells the kind: see BinaryReader.tagged
)

// leadTable has the leads of one format by their bytes.
type leadTable [256]lead

var messagePackLeads, cborLeads = newMessagePackLeads(), newCBORLeads()

// leads returns the table of a binary format.
func (f Format) leads() *leadTable {
	if f == CBOR {
		return cborLeads
	}
	return messagePackLeads
}

func newMessagePackLeads() *leadTable {
	var t leadTable
	t.fill(0x00, 0x7f, KindInteger, 0)
	t.fill(0x80, 0x8f, KindMap, 0)
	t.fill(0x90, 0x9f, KindArray, 0)
	t.fill(0xa0, 0xbf, KindString, 0)
	t.fill(0xc0, 0xc0, KindNull, 0)
	t.fill(0xc2, 0xc3, KindBool, 0)
	t.wide(0xc4, KindBytes, formPlain, 1, 2, 4)
	t.wide(0xc7, KindInvalid, formTagged, 1, 2, 4)
	t.wide(0xca, KindFloat, formPlain, 4, 8)
	t.wide(0xcc, KindInteger, formPlain, 1, 2, 4, 8)
	t.wide(0xd0, KindInteger, formSigned, 1, 2, 4, 8)
	t.wide(0xd9, KindString, formPlain, 1, 2, 4)
	t.wide(0xdc, KindArray, formPlain, 2, 4)
	t.wide(0xde, KindMap, formPlain, 2, 4)
	t.fill(0xe0, 0xff, KindInteger, -32)
	return &t
}

func newCBORLeads() *leadTable {
	var t leadTable
	t.fill(0x00, 0x17, KindInteger, 0)
	t.wide(0x18, KindInteger, formPlain, 1, 2, 4, 8)
	for n := range int8(24) {
		t[0x20+int(n)] = lead{kind: KindInteger, small: -1 - n}
	}
	t.wide(0x38, KindInteger, formNegative, 1, 2, 4, 8)
	for major, kind := range map[int]Kind{2: KindBytes, 3: KindString, 4: KindArray, 5: KindMap} {
		first := byte(major << 5)
		t.fill(first, first+23, kind, 0)
		t.wide(first+24, kind, formPlain, 1, 2, 4, 8)
		t.wide(first+31, kind, formOpen, 0)
	}
	for n := range int8(24) {
		t[0xc0+int(n)] = lead{form: formTagged, small: n}
	}
	t.wide(0xd8, KindInvalid, formTagged, 1, 2, 4, 8)
	t.fill(0xf4, 0xf5, KindBool, 0)
	t.fill(0xf6, 0xf6, KindNull, 0)
	t.fill(0xf7, 0xf7, KindUndefined, 0)
	t.wide(0xf9, KindFloat, formPlain, 2, 4, 8)
	return &t
}

// fill sets the leads that are whole arguments, which count from small.
func (t *leadTable) fill(first, last byte, kind Kind, small int8) {
	for b := int(first); b <= int(last); b++ {
		t[b] = lead{kind: kind, small: small}
		small++
	}
}

// wide sets the leads from first on that arguments of the given widths follow.
func (t *leadTable) wide(first byte, kind Kind, form form, widths ...uint8) {
	for i, width := range widths {
		t[int(first)+i] = lead{kind: kind, form: form, width: width}
	}
}

// argument returns the argument of an item, of which b are the bytes that follow
// the first.
func (l lead) argument(b []byte) uint64 {
	switch len(b) {
	case 0:
		return uint64(l.small)
	case 1:
		return uint64(b[0])
	case 2:
		return uint64(binary.BigEndian.Uint16(b))
	case 4:
		return uint64(binary.BigEndian.Uint32(b))
	}
	return binary.BigEndian.Uint64(b)
}

// wideArgument is argument for an item with one, of which b are the first byte and at
// least eight more. It takes one load for every width.
func (l lead) wideArgument(b []byte) uint64 {
	return binary.BigEndian.Uint64(b[1:]) >> (64 - 8*l.width)
}

// tagged returns the kind of an item that does not tell it by its first byte, the
// argument of that byte, and the position of what follows. It reads nothing.
func (r *BinaryReader) tagged(l lead) (kind Kind, arg uint64, next int) {
	next = r.pos + 1 + int(l.width)
	if next >= len(r.data) {
		return KindInvalid, 0, next
	}
	arg = l.argument(r.data[r.pos+1 : next])
	if r.format == CBOR {
		return cborTagged(arg, r.leads[r.data[next]]), arg, next
	}
	return messagePackExtension(arg, r.data[next]), arg, next
}
