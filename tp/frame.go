package tp

import (
	goencoding "encoding"
	"reflect"
	"sync"
	"time"

	"github.com/telestruct/telestruct/internal/mem"
)

// frame is memory for the arguments and the result of one call. Where a handler takes
// or returns a struct, and no pointer to one, it gets a copy, and the memory is used
// again for the next call. What is nil is made anew for each.
type frame struct {
	args, result mem.Ptr
	clear        func() // makes both zero again
}

// typedFrame is the memory of a frame.
type typedFrame[A, R any] struct {
	args   A
	result R
}

// newFrames returns a pool of frames for handlers of this type; nil when there would be
// nothing to use again. Types whose own code is called for a text are left out: it would
// see memory that others use after it.
func newFrames[A, R any]() *sync.Pool {
	keepsArgs, keepsResult := isKept(reflect.TypeFor[A]()), isKept(reflect.TypeFor[R]())
	if !keepsArgs && !keepsResult {
		return nil
	}
	return &sync.Pool{New: func() any {
		memory := new(typedFrame[A, R])
		f := &frame{clear: func() { *memory = typedFrame[A, R]{} }}
		if keepsArgs {
			f.args = mem.Of(&memory.args)
		}
		if keepsResult {
			f.result = mem.Of(&memory.result)
		}
		return f
	}}
}

// frameOf returns a frame of a pool, to be cleared after its use. The exchange keeps it
// for the next call of the same function, and gives it back when it needs another.
func (x *exchange) frameOf(frames *sync.Pool) *frame {
	if x.frames != frames || x.frame == nil {
		if x.frame != nil {
			x.frames.Put(x.frame)
		}
		x.frame, x.frames = frames.Get().(*frame), frames
	}
	return x.frame
}

func isKept(t reflect.Type) bool { return t.Kind() == reflect.Struct && !holdsText(t) }

// holdsText reports whether a value of type t has in its own memory, and not behind a
// pointer, one whose type reads or writes texts itself.
func holdsText(t reflect.Type) bool {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return false // it keeps no pointer to itself
	case reflect.PointerTo(t).Implements(reflect.TypeFor[goencoding.TextMarshaler]()),
		reflect.PointerTo(t).Implements(reflect.TypeFor[goencoding.TextUnmarshaler]()):
		return true
	case t.Kind() == reflect.Array:
		return holdsText(t.Elem())
	case t.Kind() != reflect.Struct:
		return false
	}
	for i := range t.NumField() {
		if holdsText(t.Field(i).Type) {
			return true
		}
	}
	return false
}
