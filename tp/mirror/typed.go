package mirror

import (
	"fmt"
	"reflect"

	"github.com/telestruct/telestruct/internal/mem"
)

// typed is a Go value that is changed all or nothing, and the [Value] that it is. Both cost
// what changes, not what they hold. Who has it locks it.
type typed struct {
	of       *goType
	strict   bool
	validate func() error
	// work is the Go value. base is the same, in memory of its own: what differs between the two
	// is what was changed, and undone by making work like base again.
	work, base mem.Ptr
	// tree is the Value of base, once there is one.
	tree  Value
	begun bool
	// most is how many bytes the tree may take when it grows; see [Value.outgrows].
	most int
}

// newTyped returns the zero value of T, which may be no valid one, and where it is. It fails when
// T is no type of models, or an option does not fit it.
func newTyped[T any](o hostSettings) (*typed, *T, error) {
	work := new(T)
	validate, err := validatorOf(work, o)
	if err != nil {
		return nil, nil, err
	}
	t, err := typedAt(reflect.TypeFor[T](), mem.Of(work))
	if err != nil {
		return nil, nil, err
	}
	t.validate, t.strict = validate, o.strict
	return t, work, nil
}

// typedAt makes a typed of the zero value of the type t at work.
func typedAt(t reflect.Type, work mem.Ptr) (*typed, error) {
	if t.Kind() == reflect.Pointer || t.Kind() == reflect.Interface {
		return nil, fmt.Errorf("mirror: %v is no type of models: use a struct, or another type of values", t)
	}
	of, err := goTypeOf(t)
	if err != nil {
		return nil, err
	}
	return &typed{of: of, validate: func() error { return nil }, work: work, base: mem.New(t)}, nil
}

// change calls fn, which changes what work points to, and makes base and the tree like it. When
// fn fails, or the result cannot be sent, everything is as it was: also when fn panics, which is
// left to the caller.
func (t *typed) change(fn func() error) error {
	done := false
	defer func() {
		if !done {
			t.of.restore(t.work, t.base)
		}
	}()
	if err := fn(); err != nil {
		return err
	}
	if err := t.commit(); err != nil {
		return err
	}
	done = true
	return nil
}

// changeValid is change, and fails when the result is not valid.
func (t *typed) changeValid(fn func() error) error {
	return t.change(func() error {
		if err := fn(); err != nil {
			return err
		}
		if err := t.validation(); err != nil {
			return err
		}
		return nil
	})
}

func (t *typed) validation() (err *Error) {
	defer caught("what validates the model", &err)
	if e := t.validate(); e != nil {
		return refusal(e)
	}
	return nil
}

// commit makes base and the tree like work.
func (t *typed) commit() *Error {
	if t.begun {
		tree, err := t.of.refreshIf(t.tree, t.base, t.work, func(v Value) *Error { return v.outgrows(t.tree, t.most) })
		if err == nil {
			t.tree = tree
		}
		return err
	}
	tree, err := t.of.value(t.work)
	if err != nil {
		return err
	}
	t.of.clone(t.base, t.work)
	t.tree, t.begun = tree, true
	return nil
}

// reading returns what makes work what v is, as far as its type has that; from is the Value that
// it has by now, Null at first. What v shares with it takes no time.
func (t *typed) reading(from, v Value) func() error {
	return func() error {
		if err := t.of.read(t.work, from, v, t.strict); err != nil {
			return err
		}
		return nil
	}
}

// copying returns what makes work like the Go value at from, and shares nothing with it.
func (t *typed) copying(from mem.Ptr) func() error {
	return func() error {
		t.of.clone(t.work, from)
		return nil
	}
}
