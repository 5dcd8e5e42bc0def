package mirror

import "github.com/telestruct/telestruct/internal/mem"

// ValueOf returns the Value that a Go value is as a model, for what is not hosted as one, such as
// the models that a [Hub] shares. A Validate method is not asked. It fails when T is no type of
// models, and with an *[Error] when the value cannot be sent.
func ValueOf[T any](v T) (Value, error) {
	t, _, err := newTyped[T](hostSettings{})
	if err != nil {
		return Value{}, err
	}
	tree, bad := t.of.value(mem.Of(&v))
	if bad != nil {
		return Value{}, bad
	}
	return tree, nil
}

// FromValue returns the Go value of a Value. What T does not have is left out, what the Value
// does not have is zero, and other kinds are converted as in proposals to a [Handle], for which
// [Strict] is the option that counts here. A Validate method is not asked. FromValue fails when T
// is no type of models, and with an *[Error] (BadValue) when the Value is no T.
func FromValue[T any](v Value, options ...HostOption) (T, error) {
	var result T
	t, _, err := newTyped[T](newHostSettings(options))
	if err != nil {
		return result, err
	}
	if bad := t.of.read(mem.Of(&result), Value{}, v, t.strict); bad != nil {
		var zero T
		return zero, bad
	}
	return result, nil
}
