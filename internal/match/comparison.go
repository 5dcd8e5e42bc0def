package match

import (
	"bytes"
	"errors"
	"math"

	"github.com/telestruct/telestruct/tp/wire"
)

// ErrTooMuch says that values were too large to be compared.
var ErrTooMuch = errors.New("the values are too large to be compared: lists in one have many elements to look for in lists of the other")

// maxSteps bounds what a comparison does, so that it takes less than a second: a step is a
// pair of values, a member that is looked at to find another one, or some bytes of a text.
const maxSteps = 1 << 23

// bytesOfStep is how many bytes of texts are compared in one step.
const bytesOfStep = 64

// Comparison compares values. One that is used for several pairs limits what they take
// together. The zero value is ready; it must not be used concurrently.
type Comparison struct {
	// Strict wants values that are equal; otherwise the first is to be a part of the
	// second: an object has all members of the first, and others beside them, and a list
	// has for each element of the first one of which that is a part, in whatever order.
	Strict bool

	steps int
}

// Match reports whether got is what is wanted. Once it was false for want of steps, it
// always is, and [Comparison.Err] says so.
func (c *Comparison) Match(wanted, got any) bool {
	if c.steps++; c.steps > maxSteps {
		return false
	}
	switch w := wanted.(type) {
	case wire.Object:
		g, ok := got.(wire.Object)
		return ok && c.objects(w, g)
	case []any:
		g, ok := got.([]any)
		return ok && c.lists(w, g)
	}
	return c.scalars(wanted, got)
}

// Err returns [ErrTooMuch] when the comparison gave up, and nil otherwise.
func (c *Comparison) Err() error {
	if c.steps > maxSteps {
		return ErrTooMuch
	}
	return nil
}

func (c *Comparison) objects(wanted, got wire.Object) bool {
	if len(wanted) > len(got) || c.Strict && len(wanted) != len(got) {
		return false
	}
	find := c.finder(got, len(wanted))
	for _, m := range wanted {
		if v, ok := find(m.Key); !ok || !c.Match(m.Value, v) {
			return false
		}
	}
	return true
}

// finder returns a function that looks members of an object up so many times.
func (c *Comparison) finder(object wire.Object, times int) func(key string) (any, bool) {
	const few = 16
	if len(object) <= few {
		return object.Get
	}
	c.steps += len(object)
	if times <= 1 || c.steps > maxSteps {
		return object.Get
	}
	index := make(map[string]any, len(object))
	for _, m := range object {
		index[m.Key] = m.Value
	}
	return func(key string) (any, bool) {
		v, ok := index[key]
		return v, ok
	}
}

func (c *Comparison) lists(wanted, got []any) bool {
	if c.Strict {
		return len(wanted) == len(got) && c.pairs(wanted, got)
	}
	var scalars map[any]bool // of got; there may be as many to look for
	for _, w := range wanted {
		if !isScalar(w) {
			if !c.someMatch(w, got) {
				return false
			}
			continue
		}
		if scalars == nil {
			scalars = c.scalarsOf(got)
		}
		c.steps += sizeOf(w) / bytesOfStep
		if c.steps > maxSteps || !scalars[keyOf(w)] {
			return false
		}
	}
	return true
}

// scalarsOf returns the keys of the scalars in a list.
func (c *Comparison) scalarsOf(list []any) map[any]bool {
	c.steps += len(list)
	keys := make(map[any]bool, len(list))
	for _, v := range list {
		if c.steps += sizeOf(v) / bytesOfStep; c.steps > maxSteps {
			break
		}
		if isScalar(v) {
			keys[keyOf(v)] = true
		}
	}
	return keys
}

func (c *Comparison) pairs(wanted, got []any) bool {
	for i := range wanted {
		if !c.Match(wanted[i], got[i]) {
			return false
		}
	}
	return true
}

func (c *Comparison) someMatch(wanted any, got []any) bool {
	for _, g := range got {
		if c.Match(wanted, g) {
			return true
		}
	}
	return false
}

func isScalar(v any) bool {
	switch v.(type) {
	case wire.Object, []any:
		return false
	}
	return true
}

// scalars reports whether two values are equal scalars.
func (c *Comparison) scalars(a, b any) bool {
	if n := sizeOf(a); n == sizeOf(b) {
		c.steps += n / bytesOfStep
	}
	switch a := a.(type) {
	case string:
		b, ok := b.(string)
		return ok && a == b
	case []byte:
		b, ok := b.([]byte)
		return ok && bytes.Equal(a, b)
	}
	return isScalar(b) && keyOf(a) == keyOf(b)
}

// sizeOf returns the bytes of a text, and 0 for all other values.
func sizeOf(v any) int {
	switch v := v.(type) {
	case string:
		return len(v)
	case []byte:
		return len(v)
	case wire.Number:
		return len(v)
	}
	return 0
}

// rawBytes is the key of raw bytes, which are not equal to any text, and noValue that of
// what no value tree has, such as a channel.
type (
	rawBytes string
	noValue  struct{}
)

// keyOf returns a comparable value that two scalars share when they are equal. Numbers
// that 64 bits do not hold are equal when they are written alike.
func keyOf(scalar any) any {
	switch v := scalar.(type) {
	case []byte:
		return rawBytes(v)
	case float64:
		if i := int64(v); v >= math.MinInt64 && v < math.MaxInt64 && float64(i) == v {
			return i
		}
		return v
	case nil, bool, string, int64, wire.Number:
		return v
	}
	return noValue{}
}
