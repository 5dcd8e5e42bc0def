package mirror

import (
	"reflect"

	"github.com/telestruct/telestruct/internal/mem"
)

// goType is how the values of one Go type become Values, and the other way round. It does not
// change, and is safe for concurrent use; the memory it is given is the caller's to guard.
type goType struct {
	t reflect.Type
}

// goTypeOf returns what is known about t.
func goTypeOf(t reflect.Type) (*goType, error) { return &goType{t: t}, nil }

// typeName returns the name that models of the type have unless they are given another one.
func (g *goType) typeName() string { return g.t.Name() }

// schema describes the type.
func (g *goType) schema() TypeSchema { s, _ := SchemaOf(g.t); return s }

// value returns the tree of the Go value at p.
func (g *goType) value(p mem.Ptr) (Value, *Error) { return Value{}, nil }

// refresh returns the tree of the Go value at work, where known is the tree of the one at
// base; what did not change keeps its nodes. On success base has become like work; on error
// nothing has changed.
func (g *goType) refresh(known Value, base, work mem.Ptr) (Value, *Error) { return known, nil }

// restore makes the Go value at work like the one at base.
func (g *goType) restore(work, base mem.Ptr) {}

// clone makes the Go value at to a copy of the one at from that shares nothing that can change.
func (g *goType) clone(to, from mem.Ptr) {}

// read makes the Go value at p, whose tree is old, what the tree new says. Where old is Null,
// p is the zero value.
func (g *goType) read(p mem.Ptr, old, new Value, strict bool) *Error { return nil }
