package validate

import (
	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/wire"
)

// Report is what the validation of a body found.
type Report struct {
	// Failures is what is wrong, in the order of the package comment; empty
	// for a valid body. It holds [MaxFailures] at most.
	Failures []Failure
	// Base64 says where raw bytes have to become base64 text, and Bytes where
	// base64 text has to become raw bytes: coercion trees over the body
	// object (spec section 7.1), nil when there is nothing to do. One of the
	// two is always nil.
	Base64, Bytes any
}

// Request validates payload as the arguments of f (spec section 4.11). Paths
// and the Bytes tree begin with the name of f. Handlers see raw bytes, so the
// tree names every base64 text.
//
// f must be a function of s.
func Request(s *schema.Schema, f *schema.Function, payload any) Report {
	w := walk{schema: s, scope: f, direction: toHandler}
	at := top(f.Key)
	w.structure(f.Args, unselected, payload, &at)
	return Report{Failures: w.failures, Bytes: w.coercions.tree()}
}

// ResponseOptions are what the validation of a response has to know beside the
// response. The zero value is for a JSON response of which nothing was selected.
type ResponseOptions struct {
	// Select is the request's @select_ value: required fields that it leaves
	// out may be missing (spec section 6.3). Nil and empty select everything.
	Select wire.Object
	// Binary says that the caller understands binary responses. It counts
	// for Ok_ only, since every error is answered as JSON (spec section 2.4).
	Binary bool
}

// Response validates payload as what the tag of f's result holds (spec section
// 4.10). Paths and trees begin with the tag. The Base64 tree of a response that
// will be JSON names all raw bytes; the Bytes tree of one that will be binary
// names all base64 text. They do so for invalid responses as well, which a caller
// may ask for with @unsafe_ (spec section 3.2).
//
// f must be a function of s.
func Response(s *schema.Schema, f *schema.Function, tag string, payload any, o ResponseOptions) Report {
	w := walk{schema: s, scope: f, direction: toJSON, thorough: true, selected: o.Select}
	if o.Binary && tag == "Ok_" {
		w.direction = toHandler
	}
	w.tag(f.Result, tag, payload, nil)
	if w.direction == toHandler {
		return Report{Failures: w.failures, Bytes: w.coercions.tree()}
	}
	return Report{Failures: w.failures, Base64: w.coercions.tree()}
}

// Value validates a value against one type expression of s. Paths begin at the
// value. An _ext.Select_ in it is checked against what f allows; a nil f allows
// nothing. A nil s will do for types that name no definition.
func Value(s *schema.Schema, t *schema.Type, f *schema.Function, value any) []Failure {
	w := walk{schema: s, scope: f}
	w.value(t, value, nil)
	return w.failures
}
