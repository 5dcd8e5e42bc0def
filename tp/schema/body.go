package schema

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/telestruct/telestruct/tp/wire"
)

// Keys of a definition beside its schema key (spec section 8.5).
const (
	docKey       = "///"
	resultKey    = "->"
	errorsKey    = "_errors"
	duplicateKey = "_ignoreIfDuplicate"
	internalFlag = "$internal"
	// authenticatedFlag with the value false exempts a function from
	// authentication.
	authenticatedFlag = "$authenticated"
)

// okTag is the tag of a successful result.
const okTag = "Ok_"

// body parses what the definition of e holds, and reports each mistake in it
// once.
func (b *builder) body(e entry) {
	switch def := e.def.(type) {
	case *Struct:
		b.structBody(def, e.place)
	case *Union:
		def.Tags = b.tagsBody(def, e.place)
	case *Function:
		b.functionBody(def, e.place)
	case *Errors:
		def.Tags = b.tagsBody(def, e.place)
	case *Headers:
		b.headersBody(def, e.place)
	case *Extension:
		if def.Kind() == 0 {
			b.failed.at(e.place, extensionMissing, wire.Member{Key: "name", Value: def.Key})
		}
	}
}

// structBody parses a struct or the arguments of a function, which may have
// more companion keys.
func (b *builder) structBody(def *Struct, p *place, companions ...string) bool {
	before := b.failed.count
	b.disallow(p, func(key string) bool {
		return key == def.Key || key == docKey || isFlag(key) || slices.Contains(companions, key)
	})
	fields := p.key(def.Key)
	if _, ok := fields.node.value.([]member); !ok {
		b.failed.kind(fields, "Object")
	}
	if b.failed.count == before {
		def.Fields = b.fields(fields, fieldPattern)
	}
	return b.failed.count == before
}

// tagsBody parses the tags of a union or an errors definition.
func (b *builder) tagsBody(def Definition, p *place) []*Tag {
	before := b.failed.count
	key := def.Common().Key
	b.disallow(p, func(k string) bool { return k == key || k == docKey })
	elements, _ := b.tagElements(p.key(key))
	if b.failed.count > before {
		return nil
	}
	return b.tags(p.key(key), elements, "")
}

// functionBody parses a function part by part; the first part with mistakes is
// the last one to be looked at (spec section 8.8).
func (b *builder) functionBody(def *Function, p *place) {
	def.Args = &Struct{Head: Head{Key: def.Key, Origin: def.Origin}}
	if !b.structBody(def.Args, p, resultKey, errorsKey) {
		return
	}
	result := p.key(resultKey)
	if result.node == nil {
		b.failed.at(p, requiredObjectKeyMissing, wire.Member{Key: "key", Value: resultKey})
		return
	}
	elements, ok := b.tagElements(result)
	if !ok {
		return
	}
	before := b.failed.count
	def.Result = &Union{Head: Head{Key: resultKey, Origin: result.origin()}, Tags: b.tags(result, elements, okTag)}
	def.OwnTags = len(def.Result.Tags)
	if b.failed.count == before {
		b.errorsPattern(def, p.key(errorsKey))
	}
}

// errorsPattern parses the _errors of a function, which only an internal one
// may have.
func (b *builder) errorsPattern(def *Function, p *place) {
	if p.node == nil {
		return
	}
	if !def.Internal() {
		b.failed.at(p, objectKeyDisallowed)
		return
	}
	text, ok := p.node.value.(string)
	if !ok {
		b.failed.kind(p, "String")
		return
	}
	pattern, err := b.patterns.compile(text, p.at)
	var limit *LimitError
	switch {
	case errors.As(err, &limit):
		b.failed.unreadable(p.source.name, limit)
		return
	case err != nil:
		b.failed.because(p, err, stringMatchFailed, wire.Member{Key: "regex", Value: text})
		return
	}
	b.patternOf[def] = pattern
	def.ErrorsPattern = cmp.Or(text, "^") // both match everything, but empty means absent
}

// headersBody parses a headers definition (spec section 8.9).
func (b *builder) headersBody(def *Headers, p *place) {
	def.Request = b.fields(p.key(def.Key), headerPattern)
	response := p.key(resultKey)
	if response.node == nil {
		b.failed.at(response, requiredObjectKeyMissing, wire.Member{Key: "key", Value: resultKey})
		return
	}
	def.Response = b.fields(response, headerPattern)
}

// disallow reports the companion keys of the definition at p that are not
// allowed.
func (b *builder) disallow(p *place, allowed func(key string) bool) {
	members, _ := p.node.value.([]member)
	for i := range members {
		if !allowed(members[i].key) {
			b.failed.at(p.entry(&members[i]), objectKeyDisallowed)
		}
	}
}

// isFlag reports whether key is a companion that a definition carries along.
func isFlag(key string) bool {
	return strings.HasPrefix(key, "$") || key == duplicateKey
}
