package export

import (
	"fmt"
	"strings"

	"github.com/invopop/jsonschema"
	"github.com/telestruct/telestruct/tp/schema"
)

// UnknownFunctionError says that a schema has no function of the given name.
type UnknownFunctionError struct {
	// Name is the name that was asked for.
	Name string
	// Known are the names of the schema's functions, in ascending order.
	Known []string
}

// Error returns the name and what it could have been.
func (e *UnknownFunctionError) Error() string {
	return fmt.Sprintf("export: the schema has no function %q; it has %s", e.Name, strings.Join(e.Known, ", "))
}

// Arguments returns the JSON Schema 2020-12 of what stands at the function's
// name in a request's body, in its JSON form. The function is named by its
// schema key, such as "fn.greet"; the error is an [*UnknownFunctionError].
//
// The result belongs to the caller. It refers to nothing outside itself: struct,
// union and function definitions are below $defs, by their schema keys.
//
// It accepts what package validate accepts, but for what JSON Schema has no
// word for: it takes 1.0 for an integer, does not see that an integer beyond 64
// bits is no "number", and knows only the better known of the Go types that
// read their own text (spec sections 4 and 5).
func Arguments(s *schema.Schema, function string) (*jsonschema.Schema, error) {
	f, err := lookup(s, function)
	if err != nil {
		return nil, err
	}
	b := newBuilder(s, f)
	return b.document(f.Key, f.Doc, b.structure(f.Args)), nil
}

// Result returns the JSON Schema of the body of the function's responses: an
// object with the one tag of the result union that applies, errors included
// (spec section 4.10). It describes complete responses; one that a selection
// has narrowed lacks fields that are required here. All else is as for
// [Arguments].
func Result(s *schema.Schema, function string) (*jsonschema.Schema, error) {
	f, err := lookup(s, function)
	if err != nil {
		return nil, err
	}
	b := newBuilder(s, f)
	return b.document(f.Key+" ->", schema.Doc{}, b.union(f.Result.Tags)), nil
}

func lookup(s *schema.Schema, function string) (*schema.Function, error) {
	if f := s.Function(function); f != nil {
		return f, nil
	}
	var known []string
	for _, f := range s.Functions() {
		known = append(known, f.Key)
	}
	return nil, &UnknownFunctionError{Name: function, Known: known}
}
