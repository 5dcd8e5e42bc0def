package tp

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"

	"github.com/telestruct/telestruct/internal/plan"
	"github.com/telestruct/telestruct/reflectschema"
	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/validate"
	"github.com/telestruct/telestruct/tp/wire"
)

// publishedType is a Go type whose values are sent on topics. It is derived without an
// API: nothing but the names of the functions that its links lead to could depend on one.
type publishedType struct {
	given    reflectschema.Published
	key      string // of the definition
	plan     plan.Plan
	schema   func() (*schema.Schema, error) // for explanations
	links    map[reflect.Type]string        // the functions that links lead to, by argument type
	problems reflectschema.Problems         // nothing of the above is there if there are any
}

func newPublishedType(given reflectschema.Published) *publishedType {
	t := &publishedType{given: given, links: map[reflect.Type]string{}}
	types := reflectschema.NewBuilder()
	types.Published(given)
	types.Callees(t.callee)
	model, err := types.Build()
	switch {
	case err != nil:
		errors.As(err, &t.problems)
	case model.HasSelections:
		t.problems = reflectschema.Problems{{
			Where: given.Type.String(),
			Site:  given.Site,
			Found: "it has a selection, which belongs to a call",
			Fix:   "leave the selection out of what is published",
		}}
	default:
		t.key, t.plan = model.Published[0].Key, model.Published[0].Plan
		t.schema = sync.OnceValues(func() (*schema.Schema, error) { return schema.New("", model.Definitions) })
	}
	return t
}

// callee returns the function that takes args, and notes that a link leads to it.
func (t *publishedType) callee(args reflect.Type) (string, error) {
	name, err := nameOfArgs(args)
	t.links[args] = name
	return name, err
}

// err returns the mistakes of the type, nil if it has none.
func (t *publishedType) err() error {
	if len(t.problems) == 0 {
		return nil
	}
	return t.problems
}

// refused says why a tree of the type's Go values has no encoding.
func (t *publishedType) refused(tree any, panicked *plan.Panicked) error {
	return t.explain(tree, panicked, func(failures []validate.Failure) []validate.Failure { return failures })
}

// misfit says why a tree that was received is no value of the type. Fields that it does
// not have are no reason.
func (t *publishedType) misfit(tree any, panicked *plan.Panicked) error {
	return t.explain(tree, panicked, withoutUnknown)
}

func (t *publishedType) explain(tree any, panicked *plan.Panicked, relevant func([]validate.Failure) []validate.Failure) error {
	if panicked.Panic != nil {
		return &Error{Kind: KindSerialization, Cause: &PanicError{Value: panicked.Panic}, Stack: panicked.Stack}
	}
	s, err := t.schema()
	if err != nil {
		return err
	}
	of := &schema.Type{Kind: schema.StructRef, Name: t.key, Definition: s.Lookup(t.key)}
	if strings.HasPrefix(t.key, "union.") {
		of.Kind = schema.UnionRef
	}
	e := &Error{Kind: KindSerialization, Cases: relevant(validate.Value(s, of, nil, tree))}
	for i := range e.Cases {
		e.Cases[i].Path = append(wire.Path{t.key}, e.Cases[i].Path...)
	}
	if len(e.Cases) == 0 {
		e.Cause = errMisfit
	}
	return e
}

// published is a type of a topic as an API is given it.
type published struct {
	given reflectschema.Published
	of    *publishedType
}

// addPublished adds the types of topics, or reports their mistakes.
func (b *build) addPublished(types *reflectschema.Builder) {
	for _, p := range b.settings.published {
		for _, problem := range p.of.problems {
			b.report(problem)
		}
		if len(p.of.problems) == 0 {
			types.Published(p.given)
			b.checkLinks(p)
		}
	}
}

// checkLinks reports links in a published type that name another function than the one
// that takes their arguments.
func (b *build) checkLinks(p published) {
	for i, r := range b.registrations {
		args := r.args
		if args != nil && args.Kind() == reflect.Pointer {
			args = args.Elem()
		}
		if name := p.of.links[args]; name != "" && name != b.nameOf[i] {
			b.problem(fmt.Sprintf("topic %q", p.given.Topic), p.given.Site,
				fmt.Sprintf("its link to %v leads to %s, and the function is %s", args, name, b.nameOf[i]),
				"name the function after its arguments, or the arguments after the function")
		}
	}
}
