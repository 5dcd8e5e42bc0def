package mirror

import "sync"

// CheckAs returns a check for [UntypedOptions] and [SharedOptions] that makes untyped models
// what a value of T is: what T does not have is left out, values that fit are converted as in
// proposals to a [Handle], and others are refused, as is what is not valid (see [Host]). It costs
// what has changed since the call before; use one for each model. It is safe for concurrent use.
//
// CheckAs does not fail: when T is no type of models, the check refuses everything, and says why.
func CheckAs[T any](options ...HostOption) func(Value) (Value, error) {
	t, _, err := newTyped[T](newHostSettings(options))
	if err != nil {
		return func(Value) (Value, error) { return Value{}, err }
	}
	var mu sync.Mutex
	return func(v Value) (Value, error) {
		mu.Lock()
		defer mu.Unlock()
		if err := t.changeValid(t.reading(t.tree, v)); err != nil {
			return Value{}, err
		}
		return t.tree, nil
	}
}
