package reflectschema

import (
	"reflect"

	"github.com/telestruct/telestruct/internal/plan"
	"github.com/telestruct/telestruct/tp/schema"
)

// Model is what [Builder.Build] derives from Go types: the definitions of a
// schema and the plans of their values. It is immutable and safe for concurrent
// use.
type Model struct {
	// Definitions are the schema's own definitions, each with the Go type and
	// site it comes from: info, union.Auth_, headers, errors, then every
	// function followed by the types first reached from it, then types that are
	// sent on topics, those of live models, and unions that nothing refers to. Their
	// references are not resolved; schema.New does that.
	Definitions []schema.Definition
	// Functions are the functions by schema key.
	Functions map[string]*FunctionModel
	// Errors are the errors of every error set, by the concrete Go type of the
	// error: a V and a *V.
	Errors map[reflect.Type]*ErrorModel
	// Headers are the header sets, in the order they were given.
	Headers []*HeaderModel
	// Published are the types that are sent on topics, in the order they were given.
	Published []*PublishedModel
	// Auth is the plan of union.Auth_, whose Go values are of the interface
	// type; nil when the API has none.
	Auth *plan.Union
	// HasSelections says that some Go type is a Selection.
	HasSelections bool
}

// FunctionModel is the Go side of one function.
type FunctionModel struct {
	// ArgsType and ResultType are the struct types, also where the function
	// takes pointers.
	ArgsType, ResultType reflect.Type
	Args, Result         *plan.Struct
	// Errors are the errors that the function declares and those of every error
	// set, by the concrete Go type of the error: a V and a *V.
	Errors map[reflect.Type]*ErrorModel
}

// ErrorModel is the Go side of one error tag.
type ErrorModel struct {
	// Tag is the tag's name, such as "ErrorDivideByZero".
	Tag string
	// Type is the error type as it was declared: a struct or a pointer to one.
	Type reflect.Type
	// Plan is the plan of the struct.
	Plan *plan.Struct
}

// HeaderModel is the Go side of one header set. The plans of structs without
// fields, such as struct{}, are there as well.
type HeaderModel struct {
	// Key is the schema key, such as "headers.Trace".
	Key                       string
	RequestType, ResponseType reflect.Type
	Request, Response         *plan.Struct
}
