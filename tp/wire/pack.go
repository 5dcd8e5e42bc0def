package wire

import (
	"math"
	"slices"
	"sync"
)

// Pack appends body, the body of a message in the format f as this package writes
// it, with its lists of maps as tables (spec section 15.2): those whose keys are
// all numbers of a [Fields] table, at every depth. What cannot be packed is
// appended as it is, and so is a body that is not one value of the format, has
// arrays without a count, or is longer than 2 GiB. Columns are in the order in
// which the maps first have their keys, and rows stop at their last value.
//
// A table in which more than sixteen cells are undefined for each value is not
// written: without that rule, a list of maps that have all one key, and each
// another, would grow to the square of its size. It is the only thing that the
// size of a list decides, and never concerns one with fewer than 34 values.
//
// Pack takes time in proportion to the bytes that it reads and writes, however
// they are nested. What b has room for must not be the bytes of body. It may be
// called concurrently.
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
	// Tables take less than what they are made of, unless they have holes.
	return p.value(slices.Grow(b, len(body)))
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
