package sample

import (
	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/wire"
)

const (
	// maxValues bounds the values that are made up for one sample: as many
	// fill a message of the usual limit, 1 MiB.
	maxValues = 1 << 17
	// maxDepth bounds the nesting to what decoders let pass, less the levels
	// of the message around the sample (see [wire.CallLimits]). What never
	// ends meets this bound first, after a few draws.
	maxDepth = 56
)

// bounds limit the values that are made up for one sample. Beyond usual, it is
// made anew and cut short; that ends soon after as many again, except for a type
// whose smallest value is larger. Nothing is made up beyond most.
type bounds struct{ usual, most int }

// walk makes one value.
type walk struct {
	*Generator
	scope    *schema.Function // whose answer an _ext.Select_ selects from
	optional OptionalFields
	// partial is set inside calls and stubs, whose required fields may be
	// left out (spec section 12.4).
	partial bool
	// brief is set when the specification's value was given up.
	brief  bool
	gaveUp bool

	open    map[any]int // by *schema.Struct and *schema.Union: how often it surrounds the place
	reentry int         // how many of those around the place are inside themselves
	depth   int
	values  int // made up so far
}

func newWalk(g *Generator, scope *schema.Function, o OptionalFields) *walk {
	return &walk{Generator: g, scope: scope, optional: o, open: map[any]int{}}
}

// spend counts a value that is made up, and reports whether there may be one
// more.
func (w *walk) spend() bool {
	w.values++
	if w.brief {
		return w.values <= w.bounds.most
	}
	if w.values > w.bounds.usual || w.depth > maxDepth {
		w.gaveUp = true
	}
	return !w.gaveUp
}

// ending reports whether everything has to end as soon as it can.
func (w *walk) ending() bool {
	return w.gaveUp || w.brief && (w.reentry > 0 || w.values > w.bounds.usual || w.depth > maxDepth)
}

// enter notes that a definition surrounds what follows, and reports whether it
// already did. Each enter needs a leave.
func (w *walk) enter(definition any) (again bool) {
	again = w.open[definition] > 0
	w.open[definition]++
	w.depth++
	if again {
		w.reentry++
	}
	return again
}

func (w *walk) leave(definition any, again bool) {
	w.open[definition]--
	w.depth--
	if again {
		w.reentry--
	}
}

// value makes a value of the type t (spec section 12.3).
func (w *walk) value(t *schema.Type, b Blueprint) any {
	if !b.given && !w.spend() {
		return nil
	}
	if t.Nullable && w.null(b) {
		return nil
	}
	switch t.Kind {
	case schema.Any:
		return w.anything()
	case schema.ArrayOf:
		return w.array(t.Elem, b)
	case schema.ObjectOf:
		return w.mapping(t.Elem, b)
	case schema.StructRef:
		return w.structure(t.Definition.(*schema.Struct), b)
	case schema.UnionRef:
		return w.union(t.Definition.(*schema.Union), b)
	case schema.FunctionRef:
		return w.link(t.Definition.(*schema.Function), b)
	case schema.Select:
		return w.selection()
	case schema.Call:
		return w.call()
	case schema.Stub:
		return w.stub()
	}
	if b.given {
		return b.value
	}
	return w.scalar(t)
}

// null decides whether a nullable value is null.
func (w *walk) null(b Blueprint) bool {
	if b.given {
		return b.value == nil
	}
	return w.ending() || w.random.boolean()
}

func (w *walk) scalar(t *schema.Type) any {
	switch t.Kind {
	case schema.Boolean:
		return w.random.boolean()
	case schema.Integer:
		return refinedInteger(t.Refine, w.random.next())
	case schema.Number:
		return refinedNumber(t.Refine, w.random.number())
	case schema.String:
		return refinedText(t.Refine, w.random.word())
	default:
		return w.random.bytes()
	}
}

func (w *walk) anything() any {
	switch w.random.below(3) {
	case 0:
		return w.random.boolean()
	case 1:
		return w.random.next()
	default:
		return w.random.word()
	}
}

func (w *walk) array(elem *schema.Type, b Blueprint) []any {
	list := []any{}
	w.depth++
	if given, ok := b.value.([]any); ok {
		for _, v := range given {
			list = append(list, w.value(elem, Given(v)))
		}
	} else {
		for n := w.random.length(w.low, w.high); n > 0 && !w.ending(); n-- {
			list = append(list, w.value(elem, Blueprint{}))
		}
	}
	w.depth--
	return list
}

func (w *walk) mapping(elem *schema.Type, b Blueprint) wire.Object {
	object := wire.Object{}
	w.depth++
	if given, ok := b.value.(wire.Object); ok {
		for _, m := range given {
			object = append(object, wire.Member{Key: m.Key, Value: w.value(elem, Given(m.Value))})
		}
	} else {
		for n := w.random.length(w.low, w.high); n > 0 && !w.ending(); n-- {
			// Words repeat: the later value takes the place of the earlier one.
			key := w.random.word()
			object.Set(key, w.value(elem, Blueprint{}))
		}
	}
	w.depth--
	return object
}
