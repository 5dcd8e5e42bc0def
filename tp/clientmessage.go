package tp

import (
	"fmt"
	"reflect"

	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/internal/plan"
)

// RequestMessage returns the message that [Call] sends for args, a struct or a pointer to
// one, without its headers; nothing is sent. A nil pointer gives a message that only
// names the function. It fails as Call does before anything is sent: for types that no
// schema has, and values that are not valid.
func (c *Client) RequestMessage(args any, options ...CallOption) (*Message, error) {
	settings := c.defaults.with(options)
	f, err := c.calleeOf(functionKey{args: structType(args), result: reflect.TypeFor[struct{}](), name: settings.name})
	if err != nil {
		return nil, unsendable(settings.name, err)
	}
	at := structOf(args)
	if at == nil {
		return &Message{Target: f.name}, nil
	}
	if !isEncodable(f.model.Args, at) {
		return nil, f.explainArgs(at)
	}
	return &Message{Target: f.name, Payload: objectOf(plan.Tree(f.model.Args, at))}, nil
}

// ReadRequest stores the payload of a request in args, a pointer to a struct, as the server
// does whose function takes it. It fails for types that no schema has, for payloads that do
// not fit, and for selections.
func (c *Client) ReadRequest(m *Message, args any) error {
	if m == nil {
		return unsendable("", errNoMessage)
	}
	f, err := c.calleeOf(functionKey{args: structType(args), result: reflect.TypeFor[struct{}](), name: m.Target})
	if err != nil {
		return unsendable(m.Target, err)
	}
	into := reflect.ValueOf(args)
	if into.Kind() != reflect.Pointer || into.IsNil() {
		return unsendable(m.Target, fmt.Errorf("%T is no pointer to a struct that the arguments could be stored in", args))
	}
	read := reflect.New(f.model.ArgsType)
	if !plan.FromTree(f.model.Args, m.Payload, read.UnsafePointer()) {
		return f.explainPayload(m.Payload)
	}
	into.Elem().Set(read.Elem())
	return nil
}

// ResponseMessage returns the message by which a server answers with result, without
// headers: that of Ok_ for a struct or a pointer to one, and that of its tag for an error
// whose type has one, as DivideByZeroError has ErrorDivideByZero. It fails for types that
// no schema has, and for values that are not valid.
func (c *Client) ResponseMessage(result any) (*Message, error) {
	if err, ok := result.(error); ok {
		return c.errorMessage(err)
	}
	f, err := c.calleeOf(functionKey{args: reflect.TypeFor[struct{}](), result: structType(result), name: "fn.answer"})
	if err != nil {
		return nil, unsendable("", err)
	}
	at := structOf(result)
	if at == nil {
		return nil, unsendable("", fmt.Errorf("the result is a nil %T", result))
	}
	payload := objectOf(plan.Tree(f.model.Result, at))
	if !isEncodable(f.model.Result, at) {
		err := f.explainResult(payload, nil)
		if failed, ok := err.(*Error); ok {
			failed.Function = "" // any may answer with it
		}
		return nil, err
	}
	return &Message{Target: "Ok_", Payload: payload}, nil
}

// errorMessage returns the message of an error.
func (c *Client) errorMessage(err error) (*Message, error) {
	at := structOf(err)
	if at == nil {
		return nil, unsendable("", fmt.Errorf("a %T has no tag: errors of a schema are structs", err))
	}
	if m := standardMessage(err); m != nil {
		return m, nil
	}
	model := c.errorModel(reflect.TypeOf(err))
	switch {
	case model == nil:
		return nil, unsendable("", fmt.Errorf("a %T has no tag: errors of a schema are structs with tagged fields whose names end with Error", err))
	case !isEncodable(model.Plan, at):
		return nil, unsendable("", fmt.Errorf("the %T holds a value that no message has", err))
	}
	return &Message{Target: model.Tag, Payload: objectOf(plan.Tree(model.Plan, at))}, nil
}

// standardMessage returns the message of an error that is the same in every schema; nil for
// any other.
func standardMessage(err error) *Message {
	switch err := err.(type) {
	case *ResultError:
		return &Message{Target: err.Tag, Payload: err.Payload}
	case *UnknownError:
		return &Message{Target: tagUnknown, Payload: Object{{Key: "caseId", Value: err.CaseID}}}
	case *UnauthenticatedError:
		return &Message{Target: tagUnauthenticated, Payload: Object{{Key: "message!", Value: err.Message}}}
	case *UnauthorizedError:
		return &Message{Target: tagUnauthorized, Payload: Object{{Key: "message!", Value: err.Message}}}
	}
	return nil
}

// isEncodable reports whether the struct at a place has an encoding.
func isEncodable(p *plan.Struct, at mem.Ptr) bool {
	e := plan.Encoder{Selectable: anySelection}
	return e.Encode(p, at)
}

// calleeOf returns the function of key, whose types were not given by type parameters.
func (c *Client) calleeOf(key functionKey) (*callee, error) {
	if key.args == nil || key.result == nil {
		return nil, errNoArgs
	}
	if err := key.check(); err != nil {
		return nil, err
	}
	return c.callee(key)
}

// structType returns the type of the struct that v is or points to, or the type of
// anything else.
func structType(v any) reflect.Type {
	if v == nil {
		return nil
	}
	return elemOf(reflect.TypeOf(v))
}
