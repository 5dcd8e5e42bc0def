package wire

import (
	"math"
	"sync"
)

// Pack appends body, the body of a message in the format f as this package writes
// it, with its lists of maps as tables (spec section 15.2): those whose keys are
// all numbers of a [Fields] table, at every depth. What cannot be packed is
// appended as it is, and so is what is not one value of the format, has arrays
// without a count, or is longer than 2 GiB. Columns are in the order in which the maps first have
// their keys, and rows stop at their last value.
//
// A table in which more than sixteen cells are undefined for each value is not
// written: without that rule, a list of maps that have all one key, and each
// another, would grow to the square of its size. It is the only thing that the
// size of a list decides, and never concerns one with fewer than 34 values.
//
// Pack takes time in proportion to the bytes that it reads and writes, however
// they are nested. It may be called concurrently.
func (f Format) Pack(b, body []byte) []byte {
	p := packers.Get().(*packer)
	defer p.release()
	return p.pack(f, b, body)
}

// packer packs one body. It goes through it twice: a survey finds out which arrays
// become tables, and with which headers; then they are written. Nothing is tried
// and undone, so that an array which turns out not to be a table at its very end
// costs no more than another.
type packer struct {
	tableHeaders
	format Format
	leads  *leadTable
	sizes  *scalarSizes
	data   []byte
	pos    int
	// nodes are the arrays and maps of data in the order of their first bytes;
	// node is the next of them when they are written.
	nodes []packNode
	node  int32
	// tables counts the arrays that become tables.
	tables int
	// cells are those of the rows that are open and must be put in order.
	cells []packCell
	// steps counts the items and keys that were looked at. It must not grow faster
	// than what is packed.
	steps int
}

// packNode is what the survey has found out about an array or a map.
type packNode struct {
	end    int32 // where it ends
	after  int32 // the node after those within
	header int32 // of an array: its header as a table, or none
	cells  int32 // of a row: the number of its cells
	plain  bool  // no table is within
	sorted bool  // of a row: its values are in the order of the columns
}

// packCell says where the value of a cell begins: its first byte and the next node.
// The zero packCell is undefined.
type packCell struct{ pos, node int32 }

var packers = sync.Pool{New: func() any { return new(packer) }}

// maxKeptNodes is the size of the largest scratch lists that are kept from one
// message to the next.
const maxKeptNodes = 1 << 14

func (p *packer) reset(f Format, data []byte) {
	p.format, p.leads, p.sizes = f, f.leads(), f.scalarSizes()
	p.data, p.pos = data, 0
	p.tables, p.steps = 0, 0
}

func (p *packer) pack(f Format, b, body []byte) []byte {
	p.reset(f, body)
	whole := len(body) <= math.MaxInt32 && p.survey(p.item()) && p.pos == len(body)
	if !whole || p.tables == 0 {
		return append(b, body...)
	}
	p.pos, p.node = 0, 0
	return p.value(b)
}

func (p *packer) release() {
	p.data = nil
	p.nodes, p.cells = keep(p.nodes, maxKeptNodes), keep(p.cells, maxKeptNodes)
	p.tableHeaders.release()
	packers.Put(p)
}

// item returns the head of the next item, without reading it.
func (p *packer) item() binaryItem {
	p.steps++
	return p.leads.item(p.data, p.pos)
}

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
	row := packRow{header: header, node: node, guess: none, sorted: true}
	if trial.header != none {
		row.guess = p.headers[header].first
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
		column = p.add(row.header, key.n, p.data, start, key.next, inner)
	}
	c := &p.columns[column]
	if c.row == row.node || (c.inner != none) != nested {
		return none, false
	}
	row.use(c)
	return c.inner, true
}

// guess is find for a column that probably is the given one, or the first after the
// last.
func (p *packer) guess(header, column int32, id int64) int32 {
	p.steps++
	if column == none {
		column = p.headers[header].first
	}
	if column != none && p.columns[column].id == id {
		return column
	}
	return p.find(header, id)
}
