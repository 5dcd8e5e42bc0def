package validate

import (
	"fmt"

	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/wire"
)

// MaxFailures is how many failures one validation reports at most; the rest of
// the value is not looked at, but for the raw bytes of responses. A short text
// with a wrong element a hundred thousand times over would be answered with a
// message dozens of times its size otherwise, and nobody reads that far.
const MaxFailures = 100

const (
	// maxPathText bounds the keys in the paths of one report, for the same
	// reason: each failure below a long key repeats it.
	maxPathText = 64 << 10
	// maxDepth is the nesting that package wire still writes, and far beyond
	// what decoders let pass. It stops trees that contain themselves, which
	// only users' code can make.
	maxDepth = 1000
)

// walk is one validation on its way through a value.
type walk struct {
	schema    *schema.Schema
	scope     *schema.Function // whose selections are valid (spec section 5.1)
	direction direction
	coercions *node
	// selected is the response's selection, chosen the same once somebody
	// had to ask for it.
	selected wire.Object
	chosen   selection
	// thorough says that the coercion tree is wanted of invalid values too.
	thorough bool
	// partial is set inside calls and stubs, which may leave out anything
	// (spec sections 5.2 and 5.3).
	partial  bool
	stopped  bool
	failures []Failure
	pathText int
}

// full reports whether there are enough failures.
func (w *walk) full() bool {
	return len(w.failures) >= MaxFailures || w.pathText > maxPathText
}

// ended reports whether nothing that a value of the kind holds is of interest any
// more: there are enough failures, and bytes need not be found in it.
func (w *walk) ended(k schema.Kind) bool {
	if !w.full() {
		return false
	}
	switch k {
	case schema.Boolean, schema.Integer, schema.Number, schema.String, schema.Any, schema.Select:
		return true
	}
	return !w.thorough
}

// fail records a failure, unless there are enough of them.
func (w *walk) fail(at *place, reason string, data wire.Object) {
	if w.full() {
		return
	}
	path, size := at.path()
	w.pathText += size
	w.failures = append(w.failures, Failure{Path: path, Reason: reason, Data: data})
}

// unexpected records that a value is of another kind than it should be.
func (w *walk) unexpected(at *place, value any, expected string) {
	if w.full() {
		return
	}
	w.fail(at, typeUnexpected, wire.Object{
		{Key: "actual", Value: wire.Object{{Key: kindOf(value), Value: wire.Object{}}}},
		{Key: "expected", Value: wire.Object{{Key: expected, Value: wire.Object{}}}},
	})
}

// refuse records why a value is wrong in words, where no other reason fits.
func (w *walk) refuse(at *place, why string) {
	w.fail(at, extensionValidationFailed, wire.Object{{Key: "reason", Value: why}})
}

// tooDeep reports whether the place lies deeper than any value may, and ends
// the walk if so.
func (w *walk) tooDeep(at *place) bool {
	if at.steps() >= maxDepth && !w.stopped {
		w.stopped = true
		w.refuse(at, fmt.Sprintf("the value is nested %d levels deep, or contains itself", maxDepth))
	}
	return w.stopped
}

// value validates a value against a type expression.
func (w *walk) value(t *schema.Type, value any, at *place) {
	if w.ended(t.Kind) || w.tooDeep(at) {
		return
	}
	if value == nil {
		if !t.Nullable {
			w.unexpected(at, nil, expected(t.Kind))
		}
		return
	}
	switch t.Kind {
	case schema.Boolean:
		w.boolean(value, at)
	case schema.Integer:
		w.integer(t.Refine, value, at)
	case schema.Number:
		w.number(t.Refine, value, at)
	case schema.String:
		w.text(t.Refine, value, at)
	case schema.Any:
		w.tree(value, at)
	case schema.Bytes:
		w.bytes(value, at)
	case schema.ArrayOf:
		w.array(t.Elem, value, at)
	case schema.ObjectOf:
		w.mapping(t.Elem, value, at)
	default:
		w.named(t, value, at)
	}
}

// named validates a value against a type expression that is a name.
func (w *walk) named(t *schema.Type, value any, at *place) {
	switch t.Kind {
	case schema.StructRef:
		w.structure(t.Definition.(*schema.Struct), choice{definition: t.Name}, value, at)
	case schema.UnionRef:
		w.union(t.Definition.(*schema.Union), value, at)
	case schema.FunctionRef:
		w.link(t.Definition.(*schema.Function), value, at)
	case schema.Select:
		w.selection(value, at)
	case schema.Call:
		w.call(value, at)
	case schema.Stub:
		w.stub(value, at)
	}
}
