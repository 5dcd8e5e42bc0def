package tptest

import (
	"errors"
	"reflect"

	"github.com/telestruct/telestruct/tp"
)

// Call calls the function that takes an A, as [tp.Call] does, and returns its result. The test
// fails at once when that is no Ok_.
func Call[R, A any](s *Service, args *A, options ...tp.CallOption) *R {
	s.t.Helper()
	result, err := tp.Call[R](s.t.Context(), s.Client, args, options...)
	if err != nil {
		s.t.Fatal(err)
	}
	return result
}

// CallError is Call for a result that is an error: the one that E is the type of, such as
// *DivideByZeroError or *[tp.UnauthenticatedError]. The test fails at once when it is anything
// else.
func CallError[E error, A any](s *Service, args *A, options ...tp.CallOption) E {
	s.t.Helper()
	_, err := tp.Call[struct{}](s.t.Context(), s.Client, args, options...)
	var want E
	switch {
	case err == nil:
		s.t.Fatalf("the function of %v answered Ok_, want a %v", reflect.TypeFor[A](), reflect.TypeFor[E]())
	case !errors.As(err, &want):
		s.t.Fatalf("%v, want a %v", err, reflect.TypeFor[E]())
	}
	return want
}
