package mirror

import (
	"reflect"
	"strconv"
	"strings"
	"sync"

	"github.com/telestruct/telestruct/internal/mem"
)

// goType is how the values of one Go type become Values, and the other way round (section
// 9.3). It does not change, and is safe for concurrent use; the memory that its methods are
// given is the caller's to guard.
//
// A host has two Go values: the one that it works with, and one as it was, whose tree is known.
// They share nothing that can change, so that what a function did to the one is found by
// comparing them, and can be undone. Most of that is comparing bytes.
type goType struct {
	t     reflect.Type
	shape shape
	// journals has journals that nobody uses, for refresh not to make any when nothing has
	// changed.
	journals sync.Pool
}

// goTypes has the goTypes by reflect.Type. It is one for the process, as that of encoding/json is:
// [ValueOf] and [FromValue] have no value of ours that could keep it, and what an interface holds is
// known only when it is there. It saves the work of making them again, and changes nothing else; the
// program has the types, so that nobody can make it grow from outside.
var goTypes sync.Map

// goTypeOf returns what is known about t. It fails with [reflectschema.Problems] when values of
// t cannot be models.
func goTypeOf(t reflect.Type) (*goType, error) {
	if g, ok := goTypes.Load(t); ok {
		return g.(*goType), nil
	}
	s, err := shapeOf(t)
	if err != nil {
		return nil, err
	}
	g, _ := goTypes.LoadOrStore(t, &goType{t: t, shape: s, journals: sync.Pool{New: func() any { return new(journal) }}})
	return g.(*goType), nil
}

// typeName returns the name that models of the type have unless they are given another one.
func (g *goType) typeName() string {
	name, _, _ := strings.Cut(g.t.Name(), "[")
	if name == "" {
		return g.t.String()
	}
	return name
}

// schema describes the type. One that is no struct has no fields.
func (g *goType) schema() TypeSchema {
	s := TypeSchema{TypeName: g.typeName()}
	if fields, ok := g.shape.(*structShape); ok {
		s.Fields = fields.schema()
	}
	return s
}

// value returns the tree of the Go value at p. It fails when that cannot be sent.
func (g *goType) value(p mem.Ptr) (Value, *Error) { return g.shape.value(p, maxNesting) }

// refresh returns the tree of the Go value at work, where known is the tree of the one at
// base; what did not change keeps its nodes. On success base has become like work; on error
// nothing has changed. When nothing differs, it returns known.
func (g *goType) refresh(known Value, base, work mem.Ptr) (Value, *Error) {
	return g.refreshIf(known, base, work, func(Value) *Error { return nil })
}

// refreshIf is refresh, and fails also with the error that accept has for the tree.
func (g *goType) refreshIf(known Value, base, work mem.Ptr, accept func(Value) *Error) (Value, *Error) {
	j := g.journals.Get().(*journal)
	v, err := g.shape.refresh(j, known, base, work, maxNesting)
	if err == nil {
		err = accept(v)
	}
	if err == nil {
		j.run()
	}
	clear(j.assignments)
	j.assignments = j.assignments[:0]
	g.journals.Put(j)
	return v, err
}

// restore makes the Go value at work like the one at base. It writes to nothing that pointers,
// slices and maps in work lead to, for the host may have others lead there as well.
func (g *goType) restore(work, base mem.Ptr) { g.shape.restore(work, base) }

// clone makes the Go value at to a copy of the one at from that shares nothing that can change.
func (g *goType) clone(to, from mem.Ptr) { g.shape.copy(to, from) }

// read makes the Go value at p, whose tree is old, what the tree new says, and writes to
// nothing that it leads to, as restore. Where old is Null, p must be the zero value. What the
// two trees share is not looked at. When it fails, p is partly read.
func (g *goType) read(p mem.Ptr, old, new Value, strict bool) *Error {
	if !new.IsNull() && identical(old, new) {
		return nil
	}
	memory := uintptr(maxMemory)
	return g.shape.read(reading{strict, maxNesting, &memory}, p, old, new)
}

// shape is what goType is for values that may be part of others.
type shape interface {
	// about returns what is known about the type.
	about() *traits
	// value returns the tree of the Go value at p, in which so many lists and maps may be
	// nested.
	value(p mem.Ptr, levels int) (Value, *Error)
	// same reports whether nothing tells the Go values at a and b apart. It allocates nothing
	// for types that are usual.
	same(a, b mem.Ptr) bool
	// refresh is that of goType, and leaves the changes of base to the journal.
	refresh(j *journal, known Value, base, work mem.Ptr, levels int) (Value, *Error)
	// copy is clone of goType; whatever is at to is overwritten.
	copy(to, from mem.Ptr)
	// restore and read are those of goType. They are not called for what is identical.
	restore(to, from mem.Ptr)
	read(r reading, p mem.Ptr, old, new Value) *Error
}

// traits is what all shapes know.
type traits struct {
	t    reflect.Type
	size uintptr
	// flat says that the memory is all there is: if the bytes are equal, so are the values, and
	// assigning copies. Strings are flat.
	flat bool
	// ty is the kind that the values have, or Any.
	ty string
	// nilable says that [mem.IsNil] knows whether there is a value.
	nilable bool
}

func (x *traits) about() *traits { return x }

func newTraits(t reflect.Type, kind Kind) traits {
	return traits{t: t, size: t.Size(), ty: kind.String()}
}

// journal collects the changes that make base like work, until it is known that work can be
// sent.
type journal struct{ assignments []func() }

func (j *journal) add(assignment func()) { j.assignments = append(j.assignments, assignment) }

// copy notes that the value at to becomes a copy of the one at from.
func (j *journal) copy(s shape, to, from mem.Ptr) { j.add(func() { s.copy(to, from) }) }

// run makes the changes, in the order in which they were noted: those inside of a list come
// before those that shift it.
func (j *journal) run() {
	for _, assign := range j.assignments {
		assign()
	}
}

// reading is how Values are read.
type reading struct {
	// strict refuses strings that stand for numbers and booleans.
	strict bool
	// levels is how many lists and maps may be nested.
	levels int
	// memory is how many bytes may still be taken for what was not there before.
	memory *uintptr
}

// maxMemory is what one proposal may add. Without a bound, a list of many empty maps would
// become one of many large structs.
const maxMemory = 256 << 20

// enter returns an error unless a list or map may be here, and take so much memory.
func (r reading) enter(memory uintptr) *Error {
	if r.levels == 0 {
		return tooDeep()
	}
	return r.spend(memory)
}

// spend takes memory.
func (r reading) spend(memory uintptr) *Error {
	if memory > *r.memory {
		return &Error{Code: TooLarge, Reason: "this takes more than " + strconv.Itoa(maxMemory>>20) + " MiB"}
	}
	*r.memory -= memory
	return nil
}

// inside returns r for what is inside a list or map.
func (r reading) inside() reading { return reading{r.strict, r.levels - 1, r.memory} }

// identical reports whether v and w are the same for sure, which takes no time.
func identical(v, w Value) bool { return v.of == w.of && v.bits == w.bits && v.text == w.text }

// keep returns known if v equals it, and v if not; both are no lists or maps.
func keep(known, v Value) Value {
	if v.Equal(known) {
		return known
	}
	return v
}

// tooDeep is what is wrong with a list or map for which no level is left.
func tooDeep() *Error {
	return &Error{Code: TooLarge, Reason: "lists and maps are nested deeper than " + strconv.Itoa(maxNesting) + " levels"}
}
