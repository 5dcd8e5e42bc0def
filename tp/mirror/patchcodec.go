package mirror

import (
	"slices"
	"strings"

	"github.com/telestruct/telestruct/tp/wire"
)

// patch writes p (section 3).
func (w *writer) patch(p Patch) {
	w.record(patchFields, func(name string) {
		if name == "rev" {
			w.uint(p.Rev)
			return
		}
		w.openArray(len(p.Ops))
		for i := range p.Ops {
			w.op(&p.Ops[i])
		}
		w.closeArray()
	})
}

// record writes an object, or an array of the fields where names have no place, and calls field
// for each value.
func (w *writer) record(r recordFields, field func(name string)) {
	if w.positional {
		w.openArray(len(r.positions))
		for _, name := range r.positions {
			field(name)
		}
		w.closeArray()
		return
	}
	w.openMap(len(r.names))
	for _, name := range r.names {
		w.key(name)
		field(name)
	}
	w.closeMap()
}

// recordFields are the fields of a patch or an operation, in the order in which they are
// written, and in that which they have where they have no names.
type recordFields struct{ names, positions []string }

var patchFields = recordFields{[]string{"ops", "rev"}, []string{"rev", "ops"}}

// fieldsOf are the fields of the operations.
var fieldsOf = [...]recordFields{
	OpSet:      {[]string{"path", "value"}, []string{"path", "value"}},
	OpRemove:   {[]string{"path"}, []string{"path"}},
	OpInsert:   {[]string{"index", "path", "value"}, []string{"path", "index", "value"}},
	OpRemoveAt: {[]string{"index", "path"}, []string{"path", "index"}},
	OpMove:     {[]string{"from", "path", "to"}, []string{"path", "from", "to"}},
	OpReorder:  {[]string{"order", "path"}, []string{"path", "order"}},
}

func (w *writer) op(op *Op) {
	w.openMap(1)
	w.key(opNames[op.Kind])
	w.record(fieldsOf[op.Kind], func(name string) { w.opField(op, name) })
	w.closeMap()
}

func (w *writer) opField(op *Op, name string) {
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
	ok := s.record(patchFields, func(key []byte) (ok bool) {
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

// record reads an object, or an array of the fields where there may be one, and calls field with
// the name of each value.
func (s *source) record(r recordFields, field func(key []byte) bool) bool {
	if !s.positional || s.kind() != wire.KindArray {
		return s.fields(field)
	}
	it, ok := s.openArray()
	for i := 0; ok; i++ {
		var more bool
		if more, ok = s.moreElements(&it); !more {
			return ok && i == len(r.positions)
		}
		ok = ok && i < len(r.positions) && field([]byte(r.positions[i]))
	}
	return false
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
	names := fieldsOf[kind].names
	var seen [3]bool
	ok := s.record(fieldsOf[kind], func(key []byte) (ok bool) {
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
		if path == nil {
			const usual = 6
			path = make(Path, 0, usual)
		}
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
