package wire

// The first half of a packer's work: finding out which arrays become tables.

// packTrial is an array on trial: whether it can be a table.
type packTrial struct {
	header int32 // none when it cannot
	// values and holes count the cells that have a value, and those that have not.
	values, holes int
}

// mostHoles is how many undefined cells a table may have for each value.
const mostHoles = 16

// survey goes through a value and notes its arrays and maps. It fails on data that
// is not the beginning of one value.
func (p *packer) survey(head binaryItem) bool {
	switch {
	case head.kind == KindInvalid || head.n < 0 && head.kind >= KindArray:
		return false
	case head.kind == KindArray:
		return p.surveyArray(head)
	case head.kind == KindMap:
		return p.surveyMap(head, &packTrial{header: none}, none)
	}
	p.pos = head.next
	return true
}

func (p *packer) surveyArray(head binaryItem) bool {
	node, tables := p.enter(head)
	trial := packTrial{header: none}
	if head.n > 0 && p.item().kind == KindMap {
		trial.header = p.newHeader()
	}
	for range head.n {
		item := p.item()
		if item.kind == KindMap && item.n >= 0 {
			if !p.surveyMap(item, &trial, trial.header) {
				return false
			}
			continue
		}
		trial.header = none
		if !p.survey(item) {
			return false
		}
	}
	if trial.header != none && trial.holes <= mostHoles*trial.values {
		p.nodes[node].header = trial.header
		p.tables++
	}
	p.leave(node, tables)
	return true
}

// enter notes that an array or a map begins.
func (p *packer) enter(head binaryItem) (node int32, tables int) {
	p.nodes = append(p.nodes, packNode{header: none})
	p.pos = head.next
	return int32(len(p.nodes) - 1), p.tables
}

// leave notes that it ends; tables is the number of tables that were before.
func (p *packer) leave(node int32, tables int) {
	n := &p.nodes[node]
	n.end, n.after, n.plain = int32(p.pos), int32(len(p.nodes)), p.tables == tables
}

// surveyMap goes through a map. If trial still is one, the map is a row under the
// given header.
func (p *packer) surveyMap(head binaryItem, trial *packTrial, header int32) bool {
	node, tables := p.enter(head)
	row := packRow{header: header, node: node, first: none, guess: none, sorted: true}
	if trial.header != none {
		row.first, row.guess = p.headers[header].first, p.headers[header].start
	}
	for left := head.n; left > 0; left-- {
		if left -= p.surveyScalars(&row, left); left == 0 {
			break
		}
		if !p.surveyEntry(&row, trial) {
			return false
		}
	}
	trial.values += int(head.n)
	trial.holes += int(row.cells) - int(head.n)
	p.nodes[node].cells, p.nodes[node].sorted = row.cells, row.sorted
	p.leave(node, tables)
	return true
}

// packRow is a row while its map is surveyed.
type packRow struct {
	header, node int32
	first        int32 // the first column of the header
	guess        int32 // the column that comes next if the row is like the others
	cells        int32
	sorted       bool
}

// use notes that the row has a value for a column.
func (r *packRow) use(c *tableColumn) {
	c.row = r.node
	r.sorted = r.sorted && c.at >= r.cells
	r.cells = max(r.cells, c.at+1)
	r.guess = c.next
	if r.guess == none {
		r.guess = r.first
	}
}

// surveyScalars passes over at most so many entries that need no more than a
// glance, because their keys come in the order of the columns and their values
// tell their size by the first byte. It returns how many they are.
func (p *packer) surveyScalars(row *packRow, most int64) (entries int64) {
	data, pos := p.data, p.pos
	for entries < most && row.guess != none {
		c := &p.columns[row.guess]
		if !c.isAt(data, pos) || c.inner != none || c.row == row.node {
			break
		}
		value := pos + int(c.size)
		size := p.sizes.of(data, value)
		if size == 0 {
			break
		}
		pos = value + size
		row.use(c)
		entries++
	}
	p.pos = pos
	p.steps += int(entries)
	return entries
}

// surveyEntry goes through an entry of a map.
func (p *packer) surveyEntry(row *packRow, trial *packTrial) bool {
	start := p.pos
	key := p.item()
	if key.kind == KindInvalid || key.kind == KindArray || key.kind == KindMap {
		return false
	}
	p.pos = key.next
	value, inner := p.item(), none
	if trial.header != none {
		var ok bool
		if inner, ok = p.surveyCell(row, key, start, value.kind == KindMap); !ok {
			trial.header, row.guess = none, none
		}
	}
	if value.kind == KindMap && value.n >= 0 {
		return p.surveyMap(value, trial, inner)
	}
	return p.survey(value)
}

// surveyCell finds or adds the column of a key, which begins at start. It returns
// the header that is nested in the column, and false when the key or the kind of
// its value cannot be packed, or the map has the key twice.
func (p *packer) surveyCell(row *packRow, key binaryItem, start int, nested bool) (inner int32, ok bool) {
	if key.kind != KindInteger {
		return none, false
	}
	column := p.guess(row.header, row.guess, key.n)
	if column == none {
		inner := none
		if nested {
			inner = p.newHeader()
		}
		column = p.add(row.header, newColumn(p.data, start, key, inner))
	}
	c := &p.columns[column]
	if c.row == row.node || (c.inner != none) != nested {
		return none, false
	}
	if row.cells == 0 {
		p.headers[row.header].start = column
	}
	row.use(c)
	return c.inner, true
}

// guess is find for a column that probably is the given one.
func (p *packer) guess(header, column int32, id int64) int32 {
	p.steps++
	if column != none && p.columns[column].id == id {
		return column
	}
	return p.find(header, id)
}
