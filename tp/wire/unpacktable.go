package wire

import (
	"encoding/binary"
	"slices"
)

// table reads a packed list, what follows whose marker comes at next, and writes a
// list.
func (u *unpacker) table(b []byte, head binaryItem, next int) ([]byte, bool) {
	b = u.flush(b)
	const markerAndHeader = 2
	left, ok := u.enter(head, markerAndHeader)
	if !ok || !u.more(&left) {
		return b, false
	}
	u.pos = next
	if !u.more(&left) {
		return b, false
	}
	header, ok := u.header(KindNull)
	if !ok || !u.fits(b) {
		return b, false
	}
	b, ok = u.rows(u.withRoom(b, header, left), header, left)
	if !ok {
		return b, false
	}
	u.drop(header)
	u.copied = u.pos
	return b, true
}

// withRoom returns b with room for what the rows of a table become, if they are like
// most: they have all cells, and no tables within. What follows has to pay for the room.
func (u *unpacker) withRoom(b []byte, header int32, rows int64) []byte {
	keys := 0
	for i := u.headers[header].first; i != none; i = u.columns[i].next {
		keys += int(u.columns[i].size)
	}
	left := len(u.data) - u.pos
	if rows < 0 || keys > left {
		return b
	}
	return slices.Grow(b, left+int(min(rows*int64(keys), int64(left)))+runRoom)
}

// rows reads the rows that are left of a table and writes a list.
func (u *unpacker) rows(b []byte, header int32, left int64) (_ []byte, ok bool) {
	counted := left >= 0
	if counted {
		b = u.format.AppendArray(b, int(left))
	} else {
		b = append(b, cborOpenArray)
	}
	for u.more(&left) {
		if b, ok = u.row(b, header); !ok {
			return b, false
		}
	}
	if !counted {
		b = append(b, cborBreak)
	}
	return b, u.leave(left)
}

// header reads a header, whose first item is of the given kind: null, or the
// number of the column in which the header is nested.
func (u *unpacker) header(first Kind) (header int32, ok bool) {
	head := u.item()
	if head.kind != KindArray {
		return none, false
	}
	left, ok := u.enter(head, 1)
	if !ok || !u.more(&left) {
		return none, false
	}
	item := u.item()
	if item.kind != first {
		return none, false
	}
	u.pos = item.next
	header = u.newHeader()
	for u.more(&left) {
		if !u.column(header) {
			return none, false
		}
	}
	return header, u.leave(left)
}

// columnMemory is about what a column takes, its place in the index included.
const columnMemory = 64

// column reads a column and adds it to a header.
func (u *unpacker) column(header int32) bool {
	id, start, inner := u.item(), u.pos, none
	if id.kind == KindArray {
		start = id.next
		id = u.leads.item(u.data, start)
		var ok bool
		if inner, ok = u.header(KindInteger); !ok {
			return false
		}
	} else {
		u.pos = id.next
	}
	if id.kind != KindInteger || u.find(header, id.n) != none {
		return false
	}
	u.add(header, newColumn(u.data, start, id, inner))
	u.memory -= columnMemory
	return u.memory >= 0
}

// fits reports whether the output takes no more memory than is left of the limit.
func (u *unpacker) fits(b []byte) bool { return len(b)-u.base <= u.memory }

// row reads a row under a header and writes a map.
func (u *unpacker) row(b []byte, header int32) ([]byte, bool) {
	head, most := u.item(), int64(u.headers[header].count)
	if head.kind != KindArray || head.n > most {
		return b, false
	}
	left, ok := u.enter(head, 0)
	if !ok {
		return b, false
	}
	if left >= 0 {
		most = left
	}
	start := len(b)
	b = u.format.appendOpenMap(b, int(most))
	b, entries, ok := u.cells(b, u.headers[header].first, left)
	if !ok {
		return b, false
	}
	u.format.setMap(b[start:], int(most), entries)
	return b, u.fits(b)
}

// cells reads the cells that are left of a row, from the given column on, and writes
// entries.
func (u *unpacker) cells(b []byte, column int32, left int64) (_ []byte, entries int, ok bool) {
	for {
		scalars := 0
		b, column, scalars = u.scalars(b, column, left)
		entries += scalars
		left -= int64(scalars)
		if !u.more(&left) {
			return b, entries, u.leave(left)
		}
		if column == none {
			return b, 0, false
		}
		defined := 0
		if b, defined, ok = u.cell(b, &u.columns[column]); !ok {
			return b, 0, false
		}
		entries += defined
		column = u.columns[column].next
	}
}

// scalars reads at most so many cells whose values tell their size by the first byte,
// and returns the column of the cell that follows.
func (u *unpacker) scalars(b []byte, column int32, most int64) (_ []byte, next int32, cells int) {
	data, pos := u.data, u.pos
	for column != none && int64(cells) < most {
		c := &u.columns[column]
		size := u.sizes.of(data, pos)
		if size == 0 || c.inner != none {
			break
		}
		b = appendRun(b, data, int(c.key), int(c.size))
		b = appendRun(b, data, pos, size)
		pos += size
		column = c.next
		cells++
	}
	u.pos = pos
	return b, column, cells
}

// cell reads a cell of a column and writes an entry, or none when the cell is
// undefined.
func (u *unpacker) cell(b []byte, c *tableColumn) (_ []byte, entries int, ok bool) {
	head := u.item()
	if head.kind == KindUndefined {
		u.pos = head.next
		return b, 0, true
	}
	b = append(b, c.bytes(u.data)...)
	if c.inner != none {
		b, ok = u.row(b, c.inner)
		return b, 1, ok
	}
	u.copied = u.pos
	if b, ok = u.valueOf(b, head); !ok {
		return b, 0, false
	}
	return u.flush(b), 1, true
}

// appendOpenMap appends the head of a map of at most so many entries. How many
// they are is for setMap to say, to which the head is at b[0] and most the same.
func (f Format) appendOpenMap(b []byte, most int) []byte {
	width := f.mapWidth(most)
	const longest = 4
	zeros := [longest]byte{}
	return append(append(b, f.mapLead(width)), zeros[:width]...)
}

// mapLead returns the first byte of a map whose number of entries takes so many
// bytes more.
func (f Format) mapLead(width int) byte {
	switch {
	case f == CBOR && width == 0:
		return cborMap
	case f == CBOR:
		return cborMap | byte(24+width/2)
	case width == 0:
		return 0x80
	}
	return 0xde + byte(width/4)
}

func (f Format) setMap(b []byte, most, entries int) {
	switch f.mapWidth(most) {
	case 0:
		b[0] |= byte(entries)
	case 1:
		b[1] = byte(entries)
	case 2:
		binary.BigEndian.PutUint16(b[1:], uint16(entries))
	default:
		binary.BigEndian.PutUint32(b[1:], uint32(entries))
	}
}

// mapWidth returns how many bytes the number of entries of a map takes besides the
// first byte of its head.
func (f Format) mapWidth(most int) int {
	switch {
	case most <= 15, f == CBOR && most <= 23:
		return 0
	case f == CBOR && most <= 0xff:
		return 1
	case most <= 0xffff:
		return 2
	}
	return 4
}
