package validate

import (
	"slices"
	"strings"

	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/wire"
)

// callPattern is how failures name the keys that say which function is called.
const callPattern = `^fn\..*$`

// call validates a value against _ext.Call_ (spec section 5.2). Keys beside the
// function's are nobody's business.
func (w *walk) call(value any, at *place) {
	if object, ok := w.object(value, at); ok {
		w.arguments(object, at)
	}
}

// stub validates a value against _ext.Stub_ (spec section 5.3).
func (w *walk) stub(value any, at *place) {
	object, ok := w.object(value, at)
	if !ok {
		return
	}
	f := w.arguments(object, at)
	if f == nil {
		return
	}
	in := at.member("->")
	if result, ok := object.Get("->"); ok {
		w.partially(func() { w.union(f.Result, result, &in) })
	} else if !w.partial {
		w.fail(at, requiredObjectKeyMissing, wire.Object{{Key: "key", Value: "->"}})
	}
	for i := range object {
		if key := object[i].Key; key != "->" && key != f.Key {
			in.key = key
			w.fail(&in, objectKeyDisallowed, nil)
		}
	}
}

func (w *walk) object(value any, at *place) (wire.Object, bool) {
	object, ok := value.(wire.Object)
	if !ok {
		w.unexpected(at, value, "Object")
	}
	return object, ok
}

// arguments validates the one member that calls a function, and returns that
// function; nil when the member or the function is missing.
func (w *walk) arguments(object wire.Object, at *place) *schema.Function {
	var call wire.Member
	calls := 0
	for i := range object {
		if callsFunction(object[i].Key) {
			call = object[i]
			calls++
		}
	}
	if calls != 1 {
		w.miscalled(object, calls, at)
		return nil
	}
	in := at.member(call.Key)
	f := w.schema.Function(call.Key)
	if f == nil {
		w.fail(&in, objectKeyDisallowed, nil)
		return nil
	}
	w.partially(func() { w.structure(f.Args, unselected, call.Value, &in) })
	return f
}

// miscalled records that an object does not call one function.
func (w *walk) miscalled(object wire.Object, calls int, at *place) {
	if w.full() {
		return
	}
	w.fail(at, objectKeyRegexMatchCountUnexpected, wire.Object{
		{Key: "regex", Value: callPattern},
		{Key: "actual", Value: int64(calls)},
		{Key: "expected", Value: int64(1)},
		{Key: "keys", Value: sortedKeys(object)},
	})
}

// callsFunction reports whether key matches callPattern, whose dots leave out
// line feeds.
func callsFunction(key string) bool {
	return strings.HasPrefix(key, "fn.") && !strings.Contains(key, "\n")
}

// partially runs a check in which missing keys are no failures.
func (w *walk) partially(check func()) {
	before := w.partial
	w.partial = true
	check()
	w.partial = before
}

func sortedKeys(object wire.Object) []any {
	keys := make([]string, len(object))
	for i := range object {
		keys[i] = strings.ToValidUTF8(object[i].Key, "\uFFFD")
	}
	slices.Sort(keys)
	list := make([]any, len(keys))
	for i, key := range keys {
		list[i] = key
	}
	return list
}
