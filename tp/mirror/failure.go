package mirror

import (
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"sync"
)

// failure is a fault of the program's own, and the model that it is about.
type failure struct {
	model uint64
	err   *Error
}

// failures keeps what is to be told to [ServerOptions].OnFailure until nothing is locked: the hook
// may take its time, and use the server.
type failures struct {
	hook func(model uint64, err error)

	mu   sync.Mutex
	list []failure
}

func newFailures(hook func(model uint64, err error)) *failures {
	if hook == nil {
		hook = logFailure
	}
	return &failures{hook: hook}
}

// note keeps what is a fault of the program: what its functions panic with, and what its codecs
// cannot write. A proposal that is refused for any other reason is none.
func (f *failures) note(model uint64, err error) {
	if e, ok := errors.AsType[*Error](err); ok {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.list = append(f.list, failure{model, e})
	}
}

// noteRefusal notes why a proposal was refused if that is a fault of the program.
func (f *failures) noteRefusal(model uint64, why *Error) {
	if why.Code == Panicked {
		f.note(model, why)
	}
}

// tell tells the hook what was noted.
func (f *failures) tell() {
	f.mu.Lock()
	list := f.list
	f.list = nil
	f.mu.Unlock()
	for _, failure := range list {
		f.call(failure)
	}
}

// call calls the hook. Its panic is logged, and nothing that clients or hosts should suffer from.
func (f *failures) call(failure failure) {
	defer func() {
		if p := recover(); p != nil {
			slog.Error("mirror failure hook panicked", "model", failure.model, "panic", panicText(p))
		}
	}()
	f.hook(failure.model, failure.err)
}

// logFailure is the hook of servers that have none of their own. The path of the error and what
// functions of the program say are left out: they may be what a client has sent.
func logFailure(model uint64, err error) {
	e, _ := errors.AsType[*Error](err)
	if p, ok := e.Cause.(*PanicError); ok {
		slog.Error("mirror function panicked", "model", model, "reason", e.Reason, "panic", panicText(p.Value), "stack", string(p.Stack))
		return
	}
	slog.Error("mirror codec failed", "model", model, "code", string(e.Code), "cause", fmt.Sprintf("%T", e.Cause))
}

// panicText returns what errors of the runtime say, and of anything else the type.
func panicText(p any) string {
	if err, ok := p.(runtime.Error); ok {
		return err.Error()
	}
	return fmt.Sprintf("%T", p)
}
