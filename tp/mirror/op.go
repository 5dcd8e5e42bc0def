package mirror

import "slices"

// OpKind tells what an [Op] does.
type OpKind uint8

// The kinds of operations (section 3).
const (
	// OpSet replaces or creates the value at the path.
	OpSet OpKind = iota
	// OpRemove deletes the entry of a map that the path leads to.
	OpRemove
	// OpInsert inserts into the list at the path.
	OpInsert
	// OpRemoveAt deletes an element of the list at the path.
	OpRemoveAt
	// OpMove takes an element out of the list at the path and puts it back elsewhere.
	OpMove
	// OpReorder permutes the list at the path.
	OpReorder
)

// opNames are the names of operations on the wire.
var opNames = [...]string{"Set", "Remove", "Insert", "RemoveAt", "Move", "Reorder"}

// String returns the name of the operation as it is on the wire.
func (k OpKind) String() string {
	if int(k) < len(opNames) {
		return opNames[k]
	}
	return "no operation"
}

// Op is one operation of a patch. An Op keeps the Path and Order that it is made with: they
// must not be changed afterwards.
type Op struct {
	// Kind tells what the operation does, and which of the other fields it has.
	Kind OpKind
	// Path leads to the target of OpSet and OpRemove, and to the list of the others.
	Path Path
	// Value is what OpSet and OpInsert put there.
	Value Value
	// Index is where OpInsert inserts before, what OpRemoveAt deletes, and what OpMove takes
	// out.
	Index int
	// To is where the element of OpMove ends.
	To int
	// Order has, for OpReorder, the old index of each element by its new one.
	Order []int
}

// Set returns the operation that replaces or creates the value at path.
func Set(path Path, v Value) Op { return Op{Kind: OpSet, Path: path, Value: v} }

// Remove returns the operation that deletes the entry of a map that path leads to.
func Remove(path Path) Op { return Op{Kind: OpRemove, Path: path} }

// Insert returns the operation that inserts v into the list at path before index, which
// appends where index is the length.
func Insert(path Path, index int, v Value) Op {
	return Op{Kind: OpInsert, Path: path, Index: index, Value: v}
}

// RemoveAt returns the operation that deletes the element at index from the list at path.
func RemoveAt(path Path, index int) Op { return Op{Kind: OpRemoveAt, Path: path, Index: index} }

// Move returns the operation that takes the element at from out of the list at path and puts
// it back so that it ends at to.
func Move(path Path, from, to int) Op { return Op{Kind: OpMove, Path: path, Index: from, To: to} }

// Reorder returns the operation that permutes the list at path: the element order[i] ends
// at i.
func Reorder(path Path, order []int) Op { return Op{Kind: OpReorder, Path: path, Order: order} }

// Equal reports whether o and p do the same at the same place.
func (o Op) Equal(p Op) bool {
	return o.Kind == p.Kind && o.Index == p.Index && o.To == p.To && slices.Equal(o.Path, p.Path) &&
		slices.Equal(o.Order, p.Order) && o.Value.Equal(p.Value)
}

// Patch is a list of operations, and the revision that the model has once they are applied.
// In a proposal, Rev means nothing to a session, and to a hub what its strategy makes of it.
type Patch struct {
	Rev uint64
	Ops []Op
}
