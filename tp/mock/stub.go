package mock

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/validate"
)

// Stub makes the server answer calls that match args with result as it is, before all stubs
// that it has. Args and result are those of [tp.Call], and so is the name of the function.
//
//	mock.Stub(m, &Greet{Subject: "Ada"}, &Greeting{Message: "Hi Ada"})
//
// Nil args, as [Any] returns them, match every call; for a nil result each call gets a
// random one, whose optional fields are absent. The package comment says what matches.
//
// It fails when the schema has no such function, or when args or result are not what the
// schema says, with a [*tp.Error] that lists the cases. Then there is no stub.
func Stub[A, R any](m *Server, args *A, result *R, options ...StubOption) error {
	m.reporter.Helper()
	if result == nil {
		return m.report(m.stub(args, nil, options))
	}
	return m.report(m.stub(args, result, options))
}

// StubError is [Stub] for an error that the function or its API declares:
//
//	mock.StubError(m, &Divide{}, &DivideByZeroError{})
//
// or a standard one: a [*tp.UnauthorizedError], [*tp.UnauthenticatedError] or
// [*tp.UnknownError]. A [*tp.ResultError] is any other that a server answered with.
func StubError[A any](m *Server, args *A, err error, options ...StubOption) error {
	m.reporter.Helper()
	if err == nil {
		return m.report(errors.New("the error of a stub is nil; use mock.Stub for results"))
	}
	return m.report(m.stub(args, err, options))
}

// Any returns nil: arguments that every call of a function matches, or a random result.
//
//	mock.Stub(m, mock.Any[Greet](), &Greeting{Message: "Hello"})
//	mock.Stub(m, &Greet{Subject: "Ada"}, mock.Any[Greeting]())
func Any[T any]() *T { return nil }

// StubOption configures one stub.
type StubOption interface {
	applyStub(*stubbing)
}

// stubbing is what the options of one stub add up to.
type stubbing struct {
	matching
	times int64
}

// TimesOption is the [StubOption] that [Times] returns.
type TimesOption struct{ times int64 }

func (o TimesOption) applyStub(s *stubbing) { s.times = o.times }

// Times lets a stub answer that many calls; then it is gone. Without it a stub answers
// all calls.
func Times(times int) TimesOption { return TimesOption{int64(max(times, 0))} }

// stub adds the stub of Go values. The answer is a result, an error, or nil for a random
// result.
func (m *Server) stub(args, answer any, options []StubOption) error {
	o := stubbing{times: -1}
	for _, option := range options {
		if option != nil {
			option.applyStub(&o)
		}
	}
	p, err := m.pattern(args, o.matching)
	if err != nil {
		return err
	}
	s := &stub{function: p.function, args: p.args, strict: p.strict, left: o.times}
	if answer == nil {
		s.body = tp.Object{{Key: "Ok_", Value: tp.Object{}}}
		return m.memory.add(s)
	}
	message, err := m.writer.ResponseMessage(answer)
	if failed, ok := errors.AsType[*tp.Error](err); ok {
		failed.Function = p.function
	}
	if err != nil {
		return err
	}
	if err := m.checkAnswer(p.function, message); err != nil {
		return err
	}
	s.body, s.whole = tp.Object{{Key: message.Target, Value: message.Payload}}, true
	return m.memory.add(s)
}

// checkAnswer says why a function does not answer with a message.
func (m *Server) checkAnswer(function string, message *tp.Message) error {
	s := m.Schema()
	f := s.Function(function)
	if f.Result.Tag(message.Target) == nil {
		return fmt.Errorf("%s does not answer %s; it answers %s", function, message.Target, ownTags(f))
	}
	report := validate.Response(s, f, message.Target, message.Payload, validate.ResponseOptions{})
	return invalid(function, report.Failures)
}

// ownTags lists the tags of a function that are not the framework's errors.
func ownTags(f *schema.Function) string {
	var names []string
	for _, tag := range f.Result.Tags {
		if tag.Name == "Ok_" || !strings.HasSuffix(tag.Name, "_") {
			names = append(names, tag.Name)
		}
	}
	return strings.Join(slices.Compact(names), ", ")
}

// invalid is the error of values that the schema does not allow; nil without failures.
func invalid(function string, failures []validate.Failure) error {
	if len(failures) == 0 {
		return nil
	}
	return &tp.Error{Kind: tp.KindValidation, Function: function, Cases: failures}
}
