package sample

import (
	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/wire"
)

// selection makes an _ext.Select_ from what the scope lets callers select (spec
// section 12.4).
func (w *walk) selection() wire.Object {
	return w.someMembers(w.schema.Selectable(w.scope))
}

// someMembers keeps about half of the members, and of each a part; objects of
// which no part is left are not kept.
func (w *walk) someMembers(possible wire.Object) wire.Object {
	some := wire.Object{}
	for _, m := range possible {
		if !w.random.boolean() {
			continue
		}
		switch part := m.Value.(type) {
		case []any:
			some = append(some, wire.Member{Key: m.Key, Value: w.someNames(part)})
		case wire.Object:
			if kept := w.someMembers(part); len(kept) > 0 {
				some = append(some, wire.Member{Key: m.Key, Value: kept})
			}
		}
	}
	return some
}

func (w *walk) someNames(possible []any) []any {
	some := []any{}
	for _, name := range possible {
		if w.random.boolean() {
			some = append(some, name)
		}
	}
	return some
}

// call makes an _ext.Call_: a request for any function, in part.
func (w *walk) call() wire.Object {
	f := w.function()
	var call wire.Object
	w.partially(func() { call = w.link(f, Blueprint{}) })
	return call
}

// stub makes an _ext.Stub_: arguments and a successful result of any function,
// in part.
func (w *walk) stub() wire.Object {
	f := w.function()
	var args, success wire.Object
	w.partially(func() {
		args = w.structure(f.Args, Blueprint{})
		success = w.structure(f.Result.Tag("Ok_").Payload, Blueprint{})
	})
	return wire.Object{
		{Key: f.Key, Value: args},
		{Key: "->", Value: wire.Object{{Key: "Ok_", Value: success}}},
	}
}

func (w *walk) function() *schema.Function {
	return w.callable[w.random.below(len(w.callable))]
}

// partially makes something in which required fields may be absent.
func (w *walk) partially(build func()) {
	before := w.partial
	w.partial = true
	build()
	w.partial = before
}
