package sample

import (
	"strings"

	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/wire"
)

// Options configure a [Generator].
type Options struct {
	// Seed is where the draws begin; see [Generator.Seed]. Default 0.
	Seed int64
	// MinLength and MaxLength bound the length of lists and objects: it is
	// drawn from MinLength to MaxLength-1, and is MinLength when MaxLength is
	// not greater. Default 0 and 0, so that all are empty. Mock servers and
	// test clients use 0 and 3 (spec sections 18.1 and 19).
	MinLength, MaxLength int
}

// OptionalFields says what becomes of the optional fields of structs that a
// blueprint does not decide.
type OptionalFields uint8

const (
	// Omit leaves them out.
	Omit OptionalFields = iota
	// Include makes all of them up.
	Include
	// Randomize draws for each whether it is left out or made up.
	Randomize
)

// Generator makes valid values; [NewGenerator] makes it. Every value goes on with
// the draws where the one before has ended. It is not safe for concurrent use.
type Generator struct {
	schema     *schema.Schema
	random     random
	low, high  int
	bounds     bounds
	callable   []*schema.Function // what calls and stubs may name
	shortCache map[*schema.Union]*schema.Tag
}

// NewGenerator returns a generator of values for s, which must not be nil.
func NewGenerator(s *schema.Schema, o Options) *Generator {
	low := max(o.MinLength, 0)
	return &Generator{
		schema:   s,
		random:   seeded(o.Seed),
		low:      low,
		high:     max(o.MaxLength, low),
		bounds:   bounds{usual: maxValues, most: 2 * maxValues},
		callable: callable(s),
	}
}

// callable returns the functions whose names do not end in "_", by ascending
// name. A schema without any gives all functions, so that there is always one.
func callable(s *schema.Schema) []*schema.Function {
	all := s.Functions()
	var named []*schema.Function
	for _, f := range all {
		if !strings.HasSuffix(f.Key, "_") {
			named = append(named, f)
		}
	}
	if len(named) == 0 {
		return all
	}
	return named
}

// Seed starts the draws anew. Only the low 32 bits count, and 0 is the same
// seed as 1 (spec section 12.1).
func (g *Generator) Seed(seed int64) { g.random = seeded(seed) }

// Value makes a value of the type t, which must be one of the generator's
// schema. An _ext.Select_ in it selects from what f answers; a nil f selects
// nothing.
func (g *Generator) Value(t *schema.Type, f *schema.Function, o OptionalFields, b Blueprint) any {
	return generate(g, f, o, func(w *walk) any { return w.value(t, b) })
}

// Request makes the body of a request for f, an object with the one key f.Key.
// The blueprint, if any, is a body as well.
func (g *Generator) Request(f *schema.Function, o OptionalFields, b Blueprint) wire.Object {
	return generate(g, f, o, func(w *walk) wire.Object { return w.link(f, b) })
}

// Result makes the body of a response of f, an object with one tag of f's
// result, error tags included. The blueprint is a body as well: that of {"Ok_":
// {}} makes the answer of a call that succeeds, and spends no draw on the tag.
func (g *Generator) Result(f *schema.Function, o OptionalFields, b Blueprint) wire.Object {
	return generate(g, f, o, func(w *walk) wire.Object { return w.union(f.Result, b) })
}

// generate runs one walk to the letter of the specification, and another one
// that cuts recursion short if the first does not end.
func generate[T any](g *Generator, scope *schema.Function, o OptionalFields, build func(*walk) T) T {
	start := g.random
	w := newWalk(g, scope, o)
	v := build(w)
	if w.gaveUp {
		g.random = start
		w = newWalk(g, scope, o)
		w.brief = true
		v = build(w)
	}
	return v
}
