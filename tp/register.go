package tp

import (
	"context"
	"reflect"

	"github.com/telestruct/telestruct/internal/callsite"
	"github.com/telestruct/telestruct/internal/mem"
)

// Register adds a handler to [Default]. See [RegisterOn].
func Register[A, R any](handler func(context.Context, A) (R, error), options ...FuncOption) {
	register(Default, "tp.Register", handler, options)
}

// RegisterOn adds a handler to an API, as one function of its schema. A is the
// struct of its arguments, R that of its result, or pointers to them.
//
// The function's wire name is "fn." and the Go name with its first letter, or
// the initialism it begins with, in lower case and without a trailing "Handler":
// greetHandler, Greet and (*Service).Greet all become fn.greet, HTTPStatus
// becomes fn.httpStatus. Function literals need [Name].
//
// RegisterOn never fails: mistakes are reported by [API.Build], with the file
// and line of this call. The api must not be nil.
//
// A handler runs on the goroutine of its request, many at a time. Its context
// ends with the request's, and after the smaller of the caller's @time_ and the
// server's [MaxTime]. Returning neither a result nor an error is a mistake that
// reaches the caller as ErrorUnknown_.
func RegisterOn[A, R any](api *API, handler func(context.Context, A) (R, error), options ...FuncOption) {
	register(api, "tp.RegisterOn", handler, options)
}

func register[A, R any](api *API, by string, handler func(context.Context, A) (R, error), options []FuncOption) {
	r := &registration{
		by:     by,
		goName: goName(handler),
		site:   callsite.Caller(),
		args:   reflect.TypeFor[A](),
		result: reflect.TypeFor[R](),
	}
	if handler != nil {
		r.handler, r.frames = erase(handler), newFrames[A, R]()
	}
	for _, o := range options {
		if o != nil {
			o.applyFunc(r)
		}
	}
	api.add(r)
}

// RegisterRaw adds a function that a document of [SchemaDir] defines, without Go
// types: its handler gets the arguments as an [Object] in [Request].Args, valid
// by the schema and with raw bytes where it says bytes, and answers with a tag
// and an [Object] in [Response].Result. The result is validated in full. Name,
// docstring, errors and whether credentials are needed are the document's.
//
// Like [RegisterOn] it never fails; [API.Build] reports what is wrong, also that no
// document defines the function.
func RegisterRaw(api *API, name string, handler Handler) {
	api.add(&registration{name: name, by: "tp.RegisterRaw", site: callsite.Caller(), raw: handler})
}

// typedHandler calls a user's function with its arguments at args and returns
// where its result is, nil for a nil result. A function that returns a struct, and no
// pointer to one, has it written to into, which may be nil.
type typedHandler func(ctx context.Context, args, into mem.Ptr) (result mem.Ptr, err error)

// erase hides the type parameters of a handler, so that the server holds
// functions of one shape and calls them without package reflect.
func erase[A, R any](handler func(context.Context, A) (R, error)) typedHandler {
	byPointer := reflect.TypeFor[A]().Kind() == reflect.Pointer
	if reflect.TypeFor[R]().Kind() == reflect.Pointer {
		return func(ctx context.Context, args, _ mem.Ptr) (mem.Ptr, error) {
			result, err := handler(ctx, argument[A](args, byPointer))
			return *mem.As[mem.Ptr](mem.Of(&result)), err
		}
	}
	return func(ctx context.Context, args, into mem.Ptr) (mem.Ptr, error) {
		result, err := handler(ctx, argument[A](args, byPointer))
		if into == nil {
			into = mem.Of(new(R))
		}
		*mem.As[R](into) = result
		return into, err
	}
}

// argument returns the arguments at args as a handler takes them: an A, or a pointer to
// what lies there, which A then is.
func argument[A any](args mem.Ptr, byPointer bool) A {
	if byPointer {
		return *mem.As[A](mem.Of(&args))
	}
	return *mem.As[A](args)
}
