package plan

import "runtime/debug"

// Panicked tells what the code of a user's type panicked with, while a plan
// asked it to read or write a text. The value then counts as one that is not
// valid: the peer learns no more, but the owner of the type should.
type Panicked struct {
	// Panic is what the first panic since the last Reset was raised with; nil
	// for none.
	Panic any
	// Stack is the stack of the goroutine at that panic, as of
	// [debug.Stack].
	Stack []byte
}

// note keeps p, which was recovered by the caller's deferred function.
func (x *Panicked) note(p any) {
	if x.Panic == nil {
		x.Panic, x.Stack = p, debug.Stack()
	}
}

// forget makes x ready for the next message.
func (x *Panicked) forget() {
	if x.Panic != nil {
		*x = Panicked{}
	}
}
