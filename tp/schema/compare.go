package schema

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// CompareOptions change what [Compare] looks at.
type CompareOptions struct {
	// Docs makes different docstrings a difference. Default false.
	Docs bool
}

// Compare returns the differences in meaning between a schema derived from Go
// and one written by hand, by ascending schema key; nil when there is none.
// Order and formatting do not count, nor do standard definitions, the bodies of
// info and extensions, and flags that mean nothing. Neither schema may be nil.
func Compare(derived, written *Schema, opts CompareOptions) []Difference {
	c := comparison{options: opts}
	for _, p := range pairUp(ownMeaning(derived), ownMeaning(written), pairKeyOf) {
		c.compareDefinitions(p)
	}
	return c.found
}

// comparison collects differences, those of one definition after the other.
type comparison struct {
	options    CompareOptions
	definition string
	found      []Difference
}

// sides are the origins of what is being compared, or of what is around it.
type sides struct {
	derived, written Origin
}

// add adds a difference, which further calls may say more of.
func (c *comparison) add(path []string, at sides, derivedText, writtenText string) *Difference {
	c.found = append(c.found, Difference{
		Definition:  c.definition,
		Path:        slices.Clone(path),
		Derived:     at.derived,
		Written:     at.written,
		DerivedText: derivedText,
		WrittenText: writtenText,
	})
	return &c.found[len(c.found)-1]
}

// addOnlyDerived adds what, which the documents do not have.
func (c *comparison) addOnlyDerived(path []string, at sides, text, what string) *Difference {
	d := c.add(path, at, text, "no such "+what)
	d.OnlyDerived = true
	return d
}

// addOnlyWritten adds what, which Go does not have.
func (c *comparison) addOnlyWritten(path []string, at sides, text, what string) *Difference {
	d := c.add(path, at, "no such "+what, text)
	d.OnlyWritten = true
	return d
}

func (c *comparison) compareDefinitions(p pair[Definition]) {
	if p.first == nil {
		c.definition = keyOf(p.second)
		c.addOnlyWritten(nil, sides{written: p.second.Common().Origin}, "the definition", "definition")
		return
	}
	c.definition = keyOf(p.first)
	if p.second == nil {
		c.addOnlyDerived(nil, sides{derived: p.first.Common().Origin}, "the definition", "definition")
		return
	}
	derived, written := p.first.Common(), p.second.Common()
	at := sides{derived.Origin, written.Origin}
	if derived.Key != written.Key {
		c.add(nil, at, derived.Key, written.Key)
	}
	c.compareDocs(nil, at, derived.Doc, written.Doc)
	switch d := p.first.(type) {
	case *Struct:
		c.compareFields(nil, at, d.Fields, p.second.(*Struct).Fields)
	case *Union:
		c.compareTags(nil, at, d.Tags, p.second.(*Union).Tags)
	case *Errors:
		c.compareTags(nil, at, d.Tags, p.second.(*Errors).Tags)
	case *Headers:
		w := p.second.(*Headers)
		c.compareFields(nil, at, d.Request, w.Request)
		c.compareFields([]string{resultKey}, at, d.Response, w.Response)
	case *Function:
		c.compareFunctions(at, d, p.second.(*Function))
	}
}

func (c *comparison) compareFunctions(at sides, d, w *Function) {
	c.compareFlag(internalFlag, at, d.Flag(internalFlag, true), w.Flag(internalFlag, true))
	c.compareFlag(authenticatedFlag, at, !d.Flag(authenticatedFlag, false), !w.Flag(authenticatedFlag, false))
	if d.ErrorsPattern != w.ErrorsPattern {
		c.add([]string{errorsKey}, at, patternText(d), patternText(w))
	}
	c.compareFields(nil, sides{nearer(d.Args.Origin, at.derived), at.written}, d.Args.Fields, w.Args.Fields)
	c.compareTags([]string{resultKey}, at, d.Result.Tags[:d.OwnTags], w.Result.Tags[:w.OwnTags])
}

// compareFlag compares what a flag comes to, whether it is written or not.
func (c *comparison) compareFlag(flag string, at sides, derived, written bool) {
	if derived != written {
		c.add([]string{flag}, at, strconv.FormatBool(derived), strconv.FormatBool(written))
	}
}

func patternText(f *Function) string {
	if f.ErrorsPattern == "" {
		return "no such key"
	}
	return strconv.Quote(f.ErrorsPattern)
}

func (c *comparison) compareTags(path []string, around sides, derived, written []*Tag) {
	for _, p := range pairUp(derived, written, func(t *Tag) string { return t.Name }) {
		path, at := append(path, p.name), around
		switch {
		case p.first == nil:
			at.written = p.second.Origin
			c.addOnlyWritten(path, at, "the tag", "tag")
		case p.second == nil:
			at.derived = p.first.Origin
			c.addOnlyDerived(path, at, "the tag", "tag")
		default:
			at = sides{p.first.Origin, p.second.Origin}
			c.compareDocs(path, at, p.first.Doc, p.second.Doc)
			c.compareFields(path, at, p.first.Payload.Fields, p.second.Payload.Fields)
		}
	}
}

// compareFields pairs fields without their "!", so that a field that is
// optional on one side only is one difference and not two.
func (c *comparison) compareFields(path []string, around sides, derived, written []*Field) {
	nameOf := func(f *Field) string { return strings.TrimSuffix(f.Name, "!") }
	for _, p := range pairUp(derived, written, nameOf) {
		path, at := append(path, p.name), around
		name := &path[len(path)-1]
		switch {
		case p.first == nil:
			*name, at.written = p.second.Name, p.second.Origin
			c.addOnlyWritten(path, at, p.second.Type.quoted(), nounOf(p.second)).WrittenField = p.second
		case p.second == nil:
			*name, at.derived = p.first.Name, p.first.Origin
			c.addOnlyDerived(path, at, p.first.Type.quoted(), nounOf(p.first)).DerivedField = p.first
		default:
			*name, at = p.first.Name, sides{p.first.Origin, p.second.Origin}
			c.compareTypes(path, at, p.first, p.second)
		}
	}
}

func nounOf(f *Field) string {
	if strings.HasPrefix(f.Name, "@") {
		return "header"
	}
	return "field"
}

func (c *comparison) compareTypes(path []string, at sides, derived, written *Field) {
	d, w := derived.Type.quoted(), written.Type.quoted()
	if derived.Optional != written.Optional {
		d, w = presence(derived)+d, presence(written)+w
	}
	if d != w {
		found := c.add(path, at, d, w)
		found.DerivedField, found.WrittenField = derived, written
	}
}

func presence(f *Field) string {
	if f.Optional {
		return "optional "
	}
	return "required "
}

func (c *comparison) compareDocs(path []string, at sides, derived, written Doc) {
	if d, w := derived.Text(), written.Text(); c.options.Docs && d != w {
		c.add(path, at, docText(d), docText(w))
	}
}

// docText quotes the beginning of a docstring.
func docText(text string) string {
	const most = 60
	runes := []rune(text)
	switch {
	case text == "":
		return "no docstring"
	case len(runes) > most:
		text = string(runes[:most]) + "…"
	}
	return "docstring " + strconv.Quote(text)
}

// ownMeaning returns the definitions of s that are compared.
func ownMeaning(s *Schema) []Definition {
	return slices.DeleteFunc(s.Definitions(), func(def Definition) bool { return isStandard(keyOf(def)) })
}

func keyOf(def Definition) string { return def.Common().Key }

// pairKeyOf returns under what a definition is paired: a schema has one info
// definition, whatever its name.
func pairKeyOf(def Definition) string {
	if _, ok := def.(*Info); ok {
		return "info"
	}
	return keyOf(def)
}

// pair is what two lists have under one name; the zero value stands for what
// one of them lacks.
type pair[T any] struct {
	name          string
	first, second T
}

// pairUp pairs the members of two lists by their names, in ascending order of
// these.
func pairUp[T any](first, second []T, name func(T) string) []pair[T] {
	index := map[string]int{}
	var pairs []pair[T]
	for _, v := range first {
		index[name(v)] = len(pairs)
		pairs = append(pairs, pair[T]{name: name(v), first: v})
	}
	for _, v := range second {
		i, both := index[name(v)]
		if !both {
			i = len(pairs)
			pairs = append(pairs, pair[T]{name: name(v)})
		}
		pairs[i].second = v
	}
	slices.SortStableFunc(pairs, func(a, b pair[T]) int { return cmp.Compare(a.name, b.name) })
	return pairs
}
