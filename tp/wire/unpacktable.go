package wire

import "encoding/binary"

// table reads a packed list, what follows whose marker comes at next, and writes a
// list.
func (u *unpacker) table(head binaryItem, next int) bool {
	u.flush()
	const markerAndHeader = 2
	left, ok := u.enter(head, markerAndHeader)
	if !ok || !u.more(&left) {
		return false
	}
	u.pos = next
	if !u.more(&left) {
		return false
	}
	header, ok := u.header(KindNull)
	if !ok || !u.rows(header, left) {
		return false
	}
	u.drop(header)
	u.copied = u.pos
	return true
}

// rows reads the rows that are left of a table and writes a list.
func (u *unpacker) rows(header int32, left int64) bool {
	counted := left >= 0
	if counted {
		u.out = u.format.AppendArray(u.out, int(left))
	} else {
		u.out = append(u.out, cborOpenArray)
	}
	for u.more(&left) {
		if !u.row(header) {
			return false
		}
	}
	if !counted {
		u.out = append(u.out, cborBreak)
	}
	return u.leave(left)
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
	return u.spend(columnMemory)
}

// spend notes that n bytes of memory are taken besides those of the output.
func (u *unpacker) spend(n int) bool {
	u.memory -= n
	return len(u.out)-u.base <= u.memory
}

// row reads a row under a header and writes a map.
func (u *unpacker) row(header int32) bool {
	head, most := u.item(), int64(u.headers[header].count)
	if head.kind != KindArray || head.n > most {
		return false
	}
	left, ok := u.enter(head, 0)
	if !ok {
		return false
	}
	if left >= 0 {
		most = left
	}
	start := len(u.out)
	u.out = u.format.appendOpenMap(u.out, int(most))
	entries := 0
	for i := u.headers[header].first; u.more(&left); i = u.columns[i].next {
		if i == none {
			return false
		}
		n, ok := u.cell(&u.columns[i])
		if !ok {
			return false
		}
		entries += n
	}
	u.format.setMap(u.out[start:], int(most), entries)
	return u.leave(left) && u.spend(0)
}

// cell reads a cell of a column and writes an entry, or none when the cell is
// undefined.
func (u *unpacker) cell(c *tableColumn) (entries int, ok bool) {
	inner, key := c.inner, c.bytes(u.data)
	if size := u.sizes.of(u.data, u.pos); size > 0 && inner == none {
		u.out = append(append(u.out, key...), u.data[u.pos:u.pos+size]...)
		u.pos += size
		return 1, true
	}
	head := u.item()
	if head.kind == KindUndefined {
		u.pos = head.next
		return 0, true
	}
	u.out = append(u.out, key...)
	if inner != none {
		return 1, u.row(inner)
	}
	u.copied = u.pos
	if !u.valueOf(head) {
		return 0, false
	}
	u.flush()
	return 1, true
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
