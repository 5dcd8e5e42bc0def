package reflectschema

import (
	"reflect"

	"github.com/telestruct/telestruct/internal/plan"
)

// Optional is a field that can be absent, null, or hold a value; its tag ends
// with "!?". The zero Optional is absent. A field that is only one of absent and
// null is a pointer instead.
//
// T is what a required field could be, other than a list or map, or a pointer to
// it: a type that refers to itself needs Optional[*T].
type Optional[T any] struct {
	value T
	state optionalState
}

// optionalState is the second field of an Optional; package plan reads and
// writes it by these numbers.
type optionalState uint8

const (
	stateAbsent optionalState = iota
	stateNull
	stateValue
)

// Some returns an Optional that holds value.
func Some[T any](value T) Optional[T] { return Optional[T]{value, stateValue} }

// Null returns an Optional that is present and null.
func Null[T any]() Optional[T] { return Optional[T]{state: stateNull} }

// Get returns the value and whether there is one; the zero value of T when the
// Optional is absent or null.
func (o Optional[T]) Get() (value T, ok bool) { return o.value, o.state == stateValue }

// OrElse returns the value, or other when the Optional is absent or null.
func (o Optional[T]) OrElse(other T) T {
	if o.state == stateValue {
		return o.value
	}
	return other
}

// IsAbsent reports whether the key is missing.
func (o Optional[T]) IsAbsent() bool { return o.state == stateAbsent }

// IsNull reports whether the key is there with the value null.
func (o Optional[T]) IsNull() bool { return o.state == stateNull }

// optionalElem returns the T of the type Optional[T].
func optionalElem(t reflect.Type) reflect.Type { return t.Field(0).Type }

// optionalValue derives an Optional whose tag and T have been checked.
func (d *deriver) optionalValue(where string, t reflect.Type) (value, bool) {
	elem := optionalElem(t)
	target := elem
	if formOf(elem) == formPointer {
		target = elem.Elem()
	}
	v, ok := d.value(where, target)
	if !ok {
		return value{}, false
	}
	if target != elem {
		v.plan = plan.Pointer(elem, v.plan)
	}
	v.typ.Nullable = true
	v.plan = plan.Optional(t.Field(0).Offset, t.Field(1).Offset, v.plan)
	return v, true
}
