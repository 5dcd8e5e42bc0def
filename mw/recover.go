package mw

import (
	"context"
	"net/http"
	"runtime/debug"

	"github.com/telestruct/telestruct/tp"
)

// Recover turns panics of handlers, and of middleware given after it, into errors: a
// [*tp.PanicError] with its stack, which middleware given before it sees like any other
// error. A server survives panics without it as well; it is for those who want to
// count, undo or report what happened around a call.
//
// The caller is answered ErrorUnknown_, and the failure hook gets the panic with its
// stack. The functions in told are called before, in order, on the request's goroutine;
// what they panic with takes the place of the panic. Nil functions are left out.
//
// [http.ErrAbortHandler] is no failure but a way to say that nobody wants the answer: it
// panics on, and nobody is told. The server answers ErrorUnknown_ all the same, since a
// call is answered whatever it came in on.
func Recover(told ...func(ctx context.Context, req *tp.Request, p *tp.PanicError)) tp.Option {
	return tp.Use(func(next tp.Handler) tp.Handler {
		return func(ctx context.Context, req *tp.Request) (res *tp.Response, err error) {
			defer func() {
				v := recover()
				switch {
				case v == nil:
				case v == http.ErrAbortHandler:
					panic(v)
				default:
					p := &tp.PanicError{Value: v, Stack: debug.Stack()}
					res, err = nil, p
					tellAll(told, ctx, req, p)
				}
			}()
			return next(ctx, req)
		}
	})
}

func tellAll(told []func(context.Context, *tp.Request, *tp.PanicError), ctx context.Context, req *tp.Request, p *tp.PanicError) {
	for _, tell := range told {
		if tell != nil {
			tell(ctx, req, p)
		}
	}
}
