package reflectschema

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
