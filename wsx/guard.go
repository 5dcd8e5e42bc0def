package wsx

import (
	"runtime/debug"

	"github.com/telestruct/telestruct/tp"
)

// guard calls a function of the program's own and makes its panic an error, a
// [*tp.PanicError].
func guard(call func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &tp.PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	return call()
}
