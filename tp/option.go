package tp

import (
	"context"

	"github.com/telestruct/telestruct/internal/callsite"
	"github.com/telestruct/telestruct/reflectschema"
)

// Option configures an API. It is given to [NewAPI] or to [API.Build]; where
// two options set the same thing, the later one wins.
//
// Options come from this package and from the ones that extend it; the
// interface cannot be implemented elsewhere.
type Option interface {
	apply(*settings)
}

type optionFunc func(*settings)

func (f optionFunc) apply(s *settings) { f(s) }

// settings is what the options of one API add up to.
type settings struct {
	noAuth      bool
	auth        *authOption
	everybody   *everybody
	unions      []reflectschema.Union
	errorSets   []reflectschema.ErrorSet
	headerSets  []reflectschema.HeaderSet
	published   []published
	mirrored    []reflectschema.Mirrored
	comments    map[string]string
	doc         string
	docSite     string
	middleware  []used
	observers   []Observer
	admissions  []Admission
	allowUnsafe func(context.Context, *Request) bool
	sources     []schemaSource
	checks      []schemaCheck
	limits      limits
	onFailure   func(context.Context, *Error)
	once        map[any]bool // the keys of Once
	identities  []requiredIdentity
	required    []requiredFunction
}

func newSettings(options ...[]Option) *settings {
	s := &settings{limits: defaultLimits(), onFailure: logFailure}
	for _, list := range options {
		for _, o := range list {
			if o != nil {
				o.apply(s)
			}
		}
	}
	return s
}

// Options joins several options into one, for packages that offer a feature
// made of more than one part.
func Options(options ...Option) Option {
	return optionFunc(func(s *settings) {
		for _, o := range options {
			if o != nil {
				o.apply(s)
			}
		}
	})
}

// NoAuth lets an API be built without credentials. Without it, Build refuses an
// API that has no [Auth], so that nobody serves an open API by accident
// (spec section 2.1). It takes back an Auth given before it, as for a test.
//
// Where a document defines union.Auth_ all the same, functions that need
// credentials still do (spec section 17.1), and any valid ones will do.
func NoAuth() Option {
	return optionFunc(func(s *settings) { s.noAuth, s.auth = true, nil })
}

// TypesOption is the [Option] and [ClientOption] that [Types] returns.
type TypesOption struct{ unions []Union }

func (o TypesOption) apply(s *settings)     { s.unions = append(s.unions, o.unions...) }
func (o TypesOption) applyClient(c *Client) { c.unions = append(c.unions, o.unions...) }

// Types gives an API or a [Client] the unions of its sealed interfaces, as made by
// [UnionOf]. Structs need not be listed: they are found from the functions.
func Types(unions ...Union) TypesOption { return TypesOption{unions} }

// ErrorSetOption is the [Option] that [ErrorSet] returns.
type ErrorSetOption struct{ set reflectschema.ErrorSet }

func (o ErrorSetOption) apply(s *settings) { s.errorSets = append(s.errorSets, o.set) }

// Doc returns the option with a docstring for the definition, in markdown.
func (o ErrorSetOption) Doc(markdown string) ErrorSetOption {
	return ErrorSetOption{o.set.Doc(markdown)}
}

// ErrorSet defines errors that every function of the API can return, as the
// schema definition name, which begins with "errors.". Each error is a struct,
// or a pointer to one, whose type name ends with Error:
//
//	tp.ErrorSet("errors.Quota", &QuotaError{})
//
// A handler that returns an error of one of these types, also wrapped, answers
// with its tag. Middleware may return them as well. Spec section 8.8.
func ErrorSet(name string, errs ...error) ErrorSetOption {
	return ErrorSetOption{reflectschema.NewErrorSet(name, errs...)}
}

// HeaderSetOption is the [Option] that [HeaderSet] returns.
type HeaderSetOption struct{ set reflectschema.HeaderSet }

func (o HeaderSetOption) apply(s *settings) { s.headerSets = append(s.headerSets, o.set) }

// Doc returns the option with a docstring for the definition, in markdown.
func (o HeaderSetOption) Doc(markdown string) HeaderSetOption {
	return HeaderSetOption{o.set.Doc(markdown)}
}

// HeaderSet declares headers of requests and responses, as the schema definition
// name, which begins with "headers.". Req and Resp are structs whose fields are
// tagged with header names such as `tp:"@trace"`; either may be struct{}:
//
//	tp.HeaderSet[TraceRequest, TraceResponse]("headers.Trace")
//
// Handlers read Req with [Header] and set Resp with [SetHeader]. Spec section 8.9.
func HeaderSet[Req, Resp any](name string) HeaderSetOption {
	return HeaderSetOption{reflectschema.NewHeaderSet[Req, Resp](name)}
}

// Comments gives the API Go doc comments that become docstrings where no doc
// tag says otherwise. The keys are "import/path.Type" and
// "import/path.Type.Field", as Comments of package reflectschema/export returns
// them from source. Keys of types that the API does not reach are ignored, so
// comments of a wrong directory leave the schema without these docstrings.
func Comments(comments map[string]string) Option {
	return optionFunc(func(s *settings) { s.comments = comments })
}

// Description sets the docstring of the API's info definition.
func Description(markdown string) Option {
	site := callsite.Caller()
	return optionFunc(func(s *settings) { s.doc, s.docSite = markdown, site })
}

// FuncOption configures one function of an API; it is given to [Register] and
// [RegisterOn].
type FuncOption interface {
	applyFunc(*registration)
}

type funcOption func(*registration)

func (f funcOption) applyFunc(r *registration) { f(r) }

// NameOption is the [FuncOption] and [CallOption] that [Name] returns.
type NameOption struct{ name string }

func (o NameOption) applyFunc(r *registration) { r.name = o.name }
func (o NameOption) applyCall(s *callSettings) { s.name = o.name }

// Name sets the wire name of a function, such as "fn.greet". Without it the name
// of the Go function decides, and for a caller that of the argument type.
func Name(name string) NameOption { return NameOption{name} }

// Doc sets the docstring of a function, in markdown.
func Doc(markdown string) FuncOption {
	return funcOption(func(r *registration) { r.doc = markdown })
}

// Fails declares errors that the function can return to its caller. Each is a
// struct, or a pointer to one, whose type name ends with Error; its tag in the
// result union is that name with Error in front: DivideByZeroError is
// ErrorDivideByZero. An error that is not declared reaches the caller as
// ErrorUnknown_ with nothing but a case id.
func Fails(errs ...error) FuncOption {
	return funcOption(func(r *registration) { r.fails = append(r.fails, errs...) })
}

// Public lets the function be called without credentials
// ($authenticated: false in the schema, spec section 17.1).
func Public() FuncOption {
	return funcOption(func(r *registration) { r.public = true })
}
