package schema

import (
	"cmp"
	"regexp"
	"slices"

	"github.com/telestruct/telestruct/tp/wire"
)

// schemaKeyPattern matches the key that names a definition (spec section 8.5).
var schemaKeyPattern = regexp.MustCompile(`^(((fn|errors|headers|info)|((struct|union|_ext)(<[0-2]>)?))\..*)`)

// builder turns sources into a schema, stage by stage (spec section 8.12).
type builder struct {
	sources []*source
	entries []entry
	byKey   map[string]Definition
	// patterns choose the errors of the functions that have _errors.
	patterns  errorPatterns
	patternOf map[*Function]*errorPattern
	failed    failures
	// guesses counts the unknown names that a likely one was looked for.
	guesses int
}

// entry is a definition and where it stands.
type entry struct {
	def   Definition
	place *place
}

// build runs the stages that follow the reading of the sources, up to the first
// that fails.
func build(sources []*source) (*builder, error) {
	b := &builder{
		sources:   sources,
		byKey:     map[string]Definition{},
		patternOf: map[*Function]*errorPattern{},
	}
	slices.SortStableFunc(b.sources, func(x, y *source) int { return cmp.Compare(x.name, y.name) })
	stages := []func(){
		b.collectDefinitions,
		b.parseTypes,
		b.parseErrors,
		b.checkErrors,
		b.applyErrors,
		b.checkTermination,
		b.parseHeaders,
		b.checkHeaders,
	}
	for _, stage := range stages {
		stage()
		if err := b.failed.err(); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// collectDefinitions finds out what is defined, without looking inside. It gives
// up on texts of which nothing more would be reported.
func (b *builder) collectDefinitions() {
	claimed := map[string]Definition{}
	for _, s := range b.sources {
		root := s.place()
		elements := s.root.value.([]node)
		for i := range elements {
			if b.failed.count < maxFailures {
				b.collect(root.element(elements, i), claimed)
			}
		}
	}
}

// collect adds the definition at p, unless an earlier one has claimed its key.
func (b *builder) collect(p *place, claimed map[string]Definition) {
	def := b.definition(p)
	if def == nil {
		return
	}
	claim := def.Common().Key
	if _, isInfo := def.(*Info); isInfo {
		claim = "info" // there is one per schema, whatever its name
	}
	if earlier, taken := claimed[claim]; taken {
		b.failed.collision(def.Common().Origin, earlier.Common().Origin)
		return
	}
	claimed[claim] = def
	b.byKey[def.Common().Key] = def
	b.entries = append(b.entries, entry{def, p})
}

// definition returns the definition at p, its body still empty.
func (b *builder) definition(p *place) Definition {
	members, ok := p.node.value.([]member)
	if !ok {
		b.failed.kind(p, "Object")
		return nil
	}
	keys := p.keys()
	at := slices.IndexFunc(keys, schemaKeyPattern.MatchString)
	if !b.oneKey(p, schemaKeyPattern, keys) {
		return nil
	}
	def := newDefinition(members[at].key)
	head := def.Common()
	head.Key = members[at].key
	p.definition = head.Key
	head.Origin = p.entry(&members[at]).origin()
	head.Source, _ = p.node.plain().(wire.Object)
	for _, m := range head.Source {
		switch {
		case m.Key == docKey:
			head.Doc = Doc{m.Value}
		case isFlag(m.Key):
			head.Flags = append(head.Flags, m)
		}
	}
	return def
}

// newDefinition returns an empty definition of the kind that key begins with.
func newDefinition(key string) Definition {
	switch kindOf(key) {
	case "struct":
		return &Struct{}
	case "union":
		return &Union{}
	case "fn":
		return &Function{}
	case "errors":
		return &Errors{}
	case "headers":
		return &Headers{}
	case "info":
		return &Info{}
	}
	return &Extension{}
}

func (b *builder) parseTypes() {
	b.parse(func(def Definition) bool {
		switch def.(type) {
		case *Errors, *Headers:
			return false
		}
		return true
	})
}

func (b *builder) parseErrors() {
	b.parse(func(def Definition) bool { _, ok := def.(*Errors); return ok })
}

func (b *builder) parseHeaders() {
	b.parse(func(def Definition) bool { _, ok := def.(*Headers); return ok })
}

// parse parses the bodies of the definitions that belong to a stage.
func (b *builder) parse(belongs func(Definition) bool) {
	for _, e := range b.entries {
		if belongs(e.def) {
			b.body(e)
		}
	}
}
