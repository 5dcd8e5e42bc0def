package wire

// tableHeaders are the headers of packed lists (spec section 15.1): those of
// the lists, and those nested in columns. They share their memory, and name
// each other by position.
type tableHeaders struct {
	headers []tableHeader
	columns []tableColumn
	// index finds the columns of headers that have more than a few.
	index map[columnKey]int32
	// indexed counts the columns that were ever put into index.
	indexed int
}

// none is the position of no header and of no column.
const none int32 = -1

// tableHeader is a list of columns.
type tableHeader struct {
	first, last int32
	count       int32
	// start is the column that the last row began with: rows that are made alike
	// have their values in one order, also when the first of them lacks some.
	start int32
}

// tableColumn is one column of a header.
type tableColumn struct {
	id int64
	// keyCode is that of the id, whose bytes the message has at key.
	keyCode
	key   int32
	inner int32 // the nested header, or none
	next  int32 // the next column of the same header, or none
	at    int32 // how many columns are before this one
	row   int32 // the row that the column has been used for last
}

// bytes returns the bytes of the id in data.
func (c *tableColumn) bytes(data []byte) []byte { return data[c.key : c.key+int32(c.size)] }

type columnKey struct {
	id     int64
	header int32
}

// Comparing the ids one by one is the fastest for as many columns as most
// headers have.
const fewColumns = 16

// maxKeptColumns is the size of the largest scratch memory that is kept from one
// message to the next.
const maxKeptColumns = 1 << 12

func (t *tableHeaders) release() {
	t.headers, t.columns = keep(t.headers, maxKeptColumns), keep(t.columns, maxKeptColumns)
	if t.indexed > maxKeptColumns {
		t.index = nil // a map does not shrink when it is cleared
	}
	clear(t.index)
	t.indexed = 0
}

// keep empties a scratch list, or drops it when it has become too large.
func keep[T any](list []T, most int) []T {
	if cap(list) > most {
		return nil
	}
	return list[:0]
}

// newHeader adds a header without columns.
func (t *tableHeaders) newHeader() int32 {
	t.headers = append(t.headers, tableHeader{first: none, last: none, start: none})
	return int32(len(t.headers) - 1)
}

// newColumn returns a column whose id is the item at key. It belongs to no header
// yet.
func newColumn(data []byte, key int, id binaryItem, inner int32) tableColumn {
	return tableColumn{
		id: id.n, keyCode: newKeyCode(data[key:id.next]), key: int32(key), inner: inner, next: none, row: none,
	}
}

// add adds a column to a header and returns its position.
func (t *tableHeaders) add(header int32, c tableColumn) int32 {
	h := &t.headers[header]
	position := int32(len(t.columns))
	c.at = h.count
	if h.first == none {
		h.first = position
	} else {
		t.columns[h.last].next = position
	}
	h.last = position
	h.count++
	t.columns = append(t.columns, c)
	if h.count > fewColumns {
		t.indexFrom(header, position)
	}
	return position
}

// indexFrom puts a column into the index, which has those before it unless they
// were few.
func (t *tableHeaders) indexFrom(header, column int32) {
	h := t.headers[header]
	if h.count == fewColumns+1 {
		column = h.first
	}
	if t.index == nil {
		t.index = make(map[columnKey]int32)
	}
	for ; column != none; column = t.columns[column].next {
		t.index[columnKey{t.columns[column].id, header}] = column
		t.indexed++
	}
}

// find returns the column of a header that has the id, or none.
func (t *tableHeaders) find(header int32, id int64) int32 {
	h := t.headers[header]
	if h.count > fewColumns {
		if i, ok := t.index[columnKey{id, header}]; ok {
			return i
		}
		return none
	}
	i := h.first
	for i != none && t.columns[i].id != id {
		i = t.columns[i].next
	}
	return i
}

// drop forgets all headers from one on, which were added last, and their columns.
func (t *tableHeaders) drop(header int32) {
	first := len(t.columns)
	for i := range t.headers[header:] {
		h := t.headers[int(header)+i]
		if h.first != none {
			first = min(first, int(h.first))
		}
		if h.count <= fewColumns {
			continue
		}
		for c := h.first; c != none; c = t.columns[c].next {
			delete(t.index, columnKey{t.columns[c].id, header + int32(i)})
		}
	}
	t.headers, t.columns = t.headers[:header], t.columns[:first]
}
