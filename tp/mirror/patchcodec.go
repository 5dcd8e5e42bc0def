package mirror

import (
	"slices"
	"strings"
)

// patch writes p (section 3).
func (w *writer) patch(p Patch) {
	w.openMap(2)
	w.key("ops")
	w.openArray(len(p.Ops))
	for i := range p.Ops {
		w.op(&p.Ops[i])
	}
	w.closeArray()
	w.key("rev")
	w.uint(p.Rev)
	w.closeMap()
}

// fieldsOf are the fields of the operations, in the order in which they are written.
var fieldsOf = [...][]string{
	OpSet: {"path", "value"}, OpRemove: {"path"}, OpInsert: {"index", "path", "value"},
	OpRemoveAt: {"index", "path"}, OpMove: {"from", "path", "to"}, OpReorder: {"order", "path"},
}

func (w *writer) op(op *Op) {
	w.openMap(1)
	w.key(opNames[op.Kind])
	names := fieldsOf[op.Kind]
	w.openMap(len(names))
	for _, name := range names {
		w.key(name)
		switch name {
		case "path":
			w.path(op.Path)
		case "value":
			w.value(op.Value)
		case "index", "from":
			w.int(int64(op.Index))
		case "to":
			w.int(int64(op.To))
		case "order":
			w.openArray(len(op.Order))
			for _, i := range op.Order {
				w.int(int64(i))
			}
			w.closeArray()
		}
	}
	w.closeMap()
	w.closeMap()
}

func (w *writer) path(p Path) {
	w.openArray(len(p))
	for _, s := range p {
		w.openMap(1)
		if s.isKey {
			w.key("Key")
			w.str(s.key)
		} else {
			w.key("Index")
			w.int(int64(s.index))
		}
		w.closeMap()
	}
	w.closeArray()
}

// badPatch is a patch that is malformed.
func badPatch(reason string) *Error { return &Error{Code: BadPatch, Reason: reason} }

// patch reads a patch; a proposal may lack what it is made of (section 3.2).
func (s *source) patch(proposal bool) (p Patch, err *Error) {
	var hasRev, hasOps bool
	ok := s.fields(func(key []byte) (ok bool) {
		switch string(key) {
		case "rev":
			hasRev = true
			p.Rev, ok = s.uint()
			return ok
		case "ops":
			hasOps = true
			p.Ops, err = s.ops()
			return err == nil
		}
		return s.skip()
	})
	switch {
	case err != nil:
		return p, err
	case !ok:
		return p, badPatch("a patch is an object with the fields rev, an integer that is not negative, and ops")
	case !proposal && !(hasRev && hasOps):
		return p, badPatch("a patch has the fields rev and ops")
	}
	return p, nil
}

func (s *source) ops() ([]Op, *Error) {
	var ops []Op
	it, ok := s.openArray()
	for ok {
		var more bool
		if more, ok = s.moreElements(&it); !more {
			break
		}
		op, err := s.op()
		if err != nil {
			err.Code, err.Op = BadPatch, len(ops)
			return nil, err
		}
		ops = append(ops, op)
		ok = len(ops) <= s.elements
	}
	if !ok {
		return nil, badPatch("ops is an array of operations within the limits")
	}
	return ops, nil
}

// op reads an operation: an object with its name as the only key.
func (s *source) op() (op Op, err *Error) {
	names := 0
	ok := s.fields(func(key []byte) bool {
		kind := slices.Index(opNames[:], string(key))
		if names++; names > 1 || kind < 0 {
			return false
		}
		op, err = s.opFields(OpKind(kind))
		return err == nil
	})
	if err == nil && (!ok || names == 0) {
		err = badPatch("an operation is an object with one key out of " + strings.Join(opNames[:], ", "))
	}
	return op, err
}

func (s *source) opFields(kind OpKind) (op Op, err *Error) {
	op.Kind = kind
	names := fieldsOf[kind]
	var seen [3]bool
	ok := s.fields(func(key []byte) (ok bool) {
		at := slices.Index(names, string(key))
		if at < 0 {
			return s.skip()
		}
		seen[at] = true
		switch names[at] {
		case "path":
			op.Path, err = s.path()
			return err == nil
		case "value":
			op.Value, err = s.value()
			return err == nil
		case "index", "from":
			op.Index, ok = s.index()
		case "to":
			op.To, ok = s.index()
		case "order":
			op.Order, ok = s.order()
		}
		return ok
	})
	if err == nil && (!ok || slices.Contains(seen[:len(names)], false)) {
		err = badPatch("the fields of " + kind.String() + " are " + strings.Join(names, ", ") +
			"; indexes are integers that are not negative")
	}
	return op, err
}

func (s *source) order() ([]int, bool) {
	order := []int{}
	it, ok := s.openArray()
	for ok {
		var more bool
		if more, ok = s.moreElements(&it); !more {
			return order, ok
		}
		var i int
		i, ok = s.index()
		order = append(order, i)
		ok = ok && len(order) <= s.elements
	}
	return nil, false
}

func (s *source) path() (Path, *Error) {
	var path Path
	it, ok := s.openArray()
	for ok {
		var more bool
		if more, ok = s.moreElements(&it); !more {
			break
		}
		var segment Segment
		segment, ok = s.segment()
		path = append(path, segment)
		ok = ok && len(path) <= s.elements
	}
	if !ok {
		return nil, badPatch(`a path is an array of {"Key": string} and {"Index": integer that is not negative}`)
	}
	return path, nil
}

// segment reads one step of a path: an object with Key or Index as its only key.
func (s *source) segment() (segment Segment, ok bool) {
	names := 0
	ok = s.fields(func(key []byte) (ok bool) {
		names++
		switch string(key) {
		case "Key":
			segment.isKey = true
			segment.key, ok = s.str()
		case "Index":
			segment.index, ok = s.index()
		}
		return ok
	})
	return segment, ok && names == 1
}
