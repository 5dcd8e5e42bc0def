package wire

// The second half of a packer's work: writing the tables that were found.

// value appends the next value with its tables.
func (p *packer) value(b []byte) []byte {
	head := p.item()
	if head.kind != KindArray && head.kind != KindMap {
		return p.copy(b, head.next)
	}
	n := &p.nodes[p.node]
	switch {
	case n.plain:
		p.node = n.after
		return p.copy(b, int(n.end))
	case n.header != none:
		return p.table(b, head, n.header)
	}
	p.node++
	b = p.copy(b, head.next)
	for range head.n {
		if head.kind == KindMap {
			b = p.copy(b, p.item().next)
		}
		b = p.value(b)
	}
	return b
}

// copy appends the data up to end as it is.
func (p *packer) copy(b []byte, end int) []byte {
	b = append(b, p.data[p.pos:end]...)
	p.pos = end
	return b
}

// table appends an array as a packed list.
func (p *packer) table(b []byte, head binaryItem, header int32) []byte {
	p.node++
	p.pos = head.next
	const markerAndHeader = 2
	b = p.format.AppendArray(b, int(head.n)+markerAndHeader)
	b = p.format.AppendMarker(b)
	b = p.format.AppendArray(b, int(p.headers[header].count)+1)
	b = p.format.AppendNull(b)
	b = p.columnIDs(b, header)
	for range head.n {
		b = p.row(b, header)
	}
	return b
}

// columnIDs appends the columns of a header.
func (p *packer) columnIDs(b []byte, header int32) []byte {
	for i := p.headers[header].first; i != none; i = p.columns[i].next {
		c := &p.columns[i]
		if c.inner != none {
			b = p.format.AppendArray(b, int(p.headers[c.inner].count)+1)
		}
		b = append(b, c.bytes(p.data)...)
		if c.inner != none {
			b = p.columnIDs(b, c.inner)
		}
	}
	return b
}

// row appends the next value, a map, as a row under a header.
func (p *packer) row(b []byte, header int32) []byte {
	head, n := p.item(), &p.nodes[p.node]
	p.node++
	p.pos = head.next
	b = p.format.AppendArray(b, int(n.cells))
	if n.sorted {
		return p.sortedCells(b, header, head.n)
	}
	return p.mixedCells(b, header, head.n, int(n.cells))
}

// sortedCells appends the cells of a row whose values are in the order of the
// columns.
func (p *packer) sortedCells(b []byte, header int32, entries int64) []byte {
	i := p.headers[header].first
	for {
		scalars := int64(0)
		b, i, scalars = p.scalarCells(b, i, entries)
		if entries -= scalars; entries == 0 {
			return b
		}
		for !p.key(&p.columns[i]) {
			b = p.format.AppendUndefined(b)
			i = p.columns[i].next
		}
		c := &p.columns[i]
		b = p.cell(b, c.inner)
		i = c.next
		entries--
	}
}

// scalarCells appends the values of at most so many entries as cells, as long as they
// are for the next column each and tell their size by the first byte. It returns how
// many they are and the column after them.
func (p *packer) scalarCells(b []byte, column int32, most int64) (_ []byte, next int32, cells int64) {
	data, pos := p.data, p.pos
	for cells < most && column != none {
		c := &p.columns[column]
		if c.inner != none || !c.isAt(data, pos) {
			break
		}
		value := pos + int(c.size)
		size := p.sizes.of(data, value)
		if size == 0 {
			break
		}
		b = appendRun(b, data, value, size)
		pos = value + size
		column = c.next
		cells++
	}
	p.pos = pos
	p.steps += int(cells)
	return b, column, cells
}

// key reads the next key if it is the id of a column.
func (p *packer) key(c *tableColumn) bool {
	p.steps++
	if c.isAt(p.data, p.pos) {
		p.pos += int(c.size)
		return true
	}
	key := p.item()
	if key.n != c.id {
		return false
	}
	p.pos = key.next
	return true
}

// cell appends the next value as a cell of a column that has the inner header.
func (p *packer) cell(b []byte, inner int32) []byte {
	if inner != none {
		return p.row(b, inner)
	}
	if size := p.sizes.of(p.data, p.pos); size > 0 {
		return p.copy(b, p.pos+size)
	}
	return p.value(b)
}

// mixedCells appends the cells of a row whose values are in any order.
func (p *packer) mixedCells(b []byte, header int32, entries int64, cells int) []byte {
	base := len(p.cells)
	for range cells {
		p.cells = append(p.cells, packCell{})
	}
	p.findCells(p.cells[base:], header, entries)
	end, after := p.pos, p.node
	column := p.headers[header].first
	for i := range cells {
		c := &p.columns[column]
		if cell := p.cells[base+i]; cell == (packCell{}) {
			b = p.format.AppendUndefined(b)
		} else {
			p.pos, p.node = int(cell.pos), cell.node
			b = p.cell(b, c.inner)
		}
		column = c.next
	}
	p.pos, p.node = end, after
	p.cells = p.cells[:base]
	return b
}

// findCells goes through the entries of a map and notes in cells where the values
// are.
func (p *packer) findCells(cells []packCell, header int32, entries int64) {
	h := p.headers[header]
	guess := h.start
	for range entries {
		if !p.key(&p.columns[guess]) {
			key := p.item()
			guess = p.find(header, key.n)
			p.pos = key.next
		}
		c := &p.columns[guess]
		if guess = c.next; guess == none {
			guess = h.first
		}
		cells[c.at] = packCell{int32(p.pos), p.node}
		p.skip()
	}
}

// skip passes over the next value.
func (p *packer) skip() {
	if size := p.sizes.of(p.data, p.pos); size > 0 {
		p.pos += size
		return
	}
	head := p.item()
	p.pos = head.next
	if head.kind == KindArray || head.kind == KindMap {
		n := &p.nodes[p.node]
		p.pos, p.node = int(n.end), n.after
	}
}
