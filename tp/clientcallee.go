package tp

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/telestruct/telestruct/internal/callsite"
	"github.com/telestruct/telestruct/internal/initialism"
	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/internal/plan"
	"github.com/telestruct/telestruct/reflectschema"
	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/validate"
)

// functionKey says which function is called with which Go types.
type functionKey struct {
	args, result reflect.Type
	name         string // empty when the args type decides
}

// check reports types of which [Call] has no pointers to structs: what is read and
// written behind them would be something else.
func (k functionKey) check() error {
	if k.args == nil {
		return &Problem{Where: "tp.Usage", Found: "the zero Usage describes nothing", Fix: "make it with tp.Uses"}
	}
	for _, t := range []reflect.Type{k.args, k.result} {
		if t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Struct {
			return &Problem{Where: t.String(), Found: "a call takes and returns pointers to structs already",
				Fix: fmt.Sprintf("use %v", t.Elem())}
		}
		if t.Kind() != reflect.Struct {
			return &Problem{Where: t.String(), Found: "arguments and results are structs", Fix: "use a struct that has it as a field"}
		}
	}
	return nil
}

// callee is a function as a client knows it from Go types.
type callee struct {
	name   string
	model  *reflectschema.FunctionModel
	schema func() (*schema.Schema, error) // what the Go types say; for selections and explanations
}

// callee returns the function of key. Its types are derived once.
func (c *Client) callee(key functionKey) (*callee, error) {
	if known, ok := c.callees.Load(key); ok {
		return known.(func() (*callee, error))()
	}
	site := callsite.Caller()
	derive := sync.OnceValues(func() (*callee, error) { return c.derive(key, site) })
	known, _ := c.callees.LoadOrStore(key, derive)
	return known.(func() (*callee, error))()
}

func (c *Client) derive(key functionKey, site string) (*callee, error) {
	name, err := c.functionName(key)
	if err != nil {
		return nil, err
	}
	types := c.builder()
	types.Function(reflectschema.Function{Name: name, Args: key.args, Result: key.result, Site: site})
	model, err := types.Build()
	if err != nil {
		return nil, err
	}
	definitions := sync.OnceValues(func() (*schema.Schema, error) { return schema.New("", model.Definitions) })
	return &callee{name: name, model: model.Functions[name], schema: definitions}, nil
}

// builder returns a builder that knows the client's unions and the functions that
// links lead to.
func (c *Client) builder() *reflectschema.Builder {
	types := reflectschema.NewBuilder()
	for _, u := range c.unions {
		types.Union(u)
	}
	types.Callees(func(args reflect.Type) (string, error) { return c.functionName(functionKey{args: args}) })
	return types
}

// functionName returns the wire name of a function: the given one, or that of a
// [Usage], or else the one that the type of its arguments has.
func (c *Client) functionName(key functionKey) (string, error) {
	name := key.name
	for _, u := range c.uses {
		if name == "" && u.key.args == key.args {
			name = u.key.name
		}
	}
	if name != "" {
		return name, nil
	}
	return nameOfArgs(key.args)
}

// nameOfArgs derives "fn.greet" from the type Greet.
func nameOfArgs(t reflect.Type) (string, error) {
	found := ""
	switch {
	case t.Name() == "":
		found = "an anonymous struct does not say which function takes it"
	case strings.Contains(t.Name(), "["):
		found = "a generic type does not say which function takes it"
	}
	if found != "" {
		return "", &Problem{Where: t.String(), Found: found, Fix: `add tp.Name("fn.…")`}
	}
	name, err := reflectschema.TypeName(t)
	if err != nil {
		return "", err
	}
	return "fn." + initialism.Lower(name), nil
}

// explainArgs says why arguments have no encoding.
func (f *callee) explainArgs(args mem.Ptr) error {
	return f.explainPayload(plan.Tree(f.model.Args, args))
}

// explainPayload says why a payload is none of a request.
func (f *callee) explainPayload(payload any) error {
	s, err := f.schema()
	if err != nil {
		return err
	}
	report := validate.Request(s, s.Function(f.name), payload)
	return f.invalid(report.Failures)
}

// explainResult says why a payload is no result. Fields that the Go types do not
// have are not the reason, unless there is no other: then they are tags.
func (f *callee) explainResult(payload, selection Object) error {
	s, err := f.schema()
	if err != nil {
		return err
	}
	options := validate.ResponseOptions{Select: selection}
	failures := validate.Response(s, s.Function(f.name), "Ok_", payload, options).Failures
	known := withoutUnknown(failures)
	if len(known) == 0 {
		known = failures
	}
	return f.invalid(known)
}

// withoutUnknown leaves out that there are fields which the Go types do not have.
func withoutUnknown(failures []validate.Failure) []validate.Failure {
	return slices.DeleteFunc(slices.Clone(failures), func(v validate.Failure) bool { return v.Reason == "ObjectKeyDisallowed" })
}

func (f *callee) invalid(failures []validate.Failure) error {
	e := &Error{Kind: KindSerialization, Function: f.name, Cases: failures}
	if len(failures) == 0 {
		e.Cause = errMisfit
	}
	return e
}

// errorModel returns the tag and the plan of an error type; nil for a type that is
// no tag.
func (c *Client) errorModel(t reflect.Type) *reflectschema.ErrorModel {
	if known, ok := c.errs.Load(t); ok {
		return known.(*reflectschema.ErrorModel)
	}
	var found *reflectschema.ErrorModel
	if sample, ok := reflect.Zero(t).Interface().(error); ok {
		types := c.builder()
		types.Errors(reflectschema.NewErrorSet("errors.Wanted", sample))
		if model, err := types.Build(); err == nil {
			found = model.Errors[t]
		}
	}
	known, _ := c.errs.LoadOrStore(t, found)
	return known.(*reflectschema.ErrorModel)
}

// errMisfit is the cause when a plan refuses what the schema of the same Go types
// accepts.
var errMisfit = errors.New("the value does not fit its Go type")
