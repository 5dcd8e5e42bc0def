package schema

import (
	"fmt"
	"slices"
	"strings"
)

// BreakingRule is one way in which a new schema fails those who follow the old one (spec
// section 20.3).
type BreakingRule string

// The rules. Arguments are what functions are called with, and everything that their fields
// lead to; results are what the fields of Ok_ lead to. Both are those of the old schema.
const (
	// DefinitionRemoved is for structs, unions and functions that are gone.
	DefinitionRemoved BreakingRule = "definition-removed"
	// FieldRemoved is for fields that are gone, and for those outside of arguments that became
	// required or optional: "limit!" and "limit" are two names.
	FieldRemoved BreakingRule = "field-removed"
	// FieldTypeChanged is for fields whose type expression is another one.
	FieldTypeChanged BreakingRule = "field-type-changed"
	// FieldBecameRequired is for optional fields of arguments that must be there now.
	FieldBecameRequired BreakingRule = "field-became-required"
	// RequiredFieldAdded is for new fields of arguments that must be there.
	RequiredFieldAdded BreakingRule = "required-field-added"
	// TagRemoved is for tags of unions and results that are gone.
	TagRemoved BreakingRule = "tag-removed"
	// TagAdded is for new tags of unions in results. The result of a function may get new tags.
	TagAdded BreakingRule = "tag-added"
)

// BreakingChange is something of an old schema on which those who call functions, or read
// results, cannot rely any more.
type BreakingChange struct {
	// Rule tells what kind of change it is.
	Rule BreakingRule
	// Definition is the schema key of the definition that changed.
	Definition string
	// Path leads to what changed by names, as that of a [Difference] does.
	Path []string
	// Old and New are where the two schemas say it. A schema that does not have it points to
	// the nearest thing around it; the zero Origin means that it has nothing of the kind.
	Old, New Origin
	// OldText and NewText are what the two say, such as `"integer"` or `no such field`.
	OldText, NewText string
}

// String returns the change on one line, such as
//
//	field-type-changed: fn.evaluate field limit!: was "integer" (v1.telepact.yaml:12:5), is "string" (calculator.Evaluate.Limit)
func (b BreakingChange) String() string {
	place := Difference{Definition: b.Definition, Path: b.Path}.Place()
	return fmt.Sprintf("%s: %s: was %s, is %s", b.Rule, place, b.OldText+parenthesised(b.Old), b.NewText+parenthesised(b.New))
}

// BreakingChanges returns what breaks for those who follow the old schema when the new one
// takes its place, by ascending schema key; nil when nothing does. Headers, docstrings,
// standard definitions and flags do not count. Neither schema may be nil. Spec section 20.3.
func BreakingChanges(old, new *Schema) []BreakingChange {
	b := breaking{arguments: usage{}, results: usage{}}
	b.explore(old)
	theirs := map[string]Definition{}
	for _, def := range ownMeaning(new) {
		theirs[keyOf(def)] = def
	}
	for _, def := range ownMeaning(old) {
		b.compare(def, theirs[keyOf(def)])
	}
	slices.SortStableFunc(b.found, func(x, y BreakingChange) int { return strings.Compare(x.Definition, y.Definition) })
	return b.found
}

// breaking collects breaking changes, those of one definition after the other.
type breaking struct {
	arguments, results usage
	definition         string
	found              []BreakingChange
}

// explore finds out what is in arguments and results.
func (b *breaking) explore(old *Schema) {
	for _, def := range ownMeaning(old) {
		if f, ok := def.(*Function); ok {
			b.arguments.add(f)
			if ok := f.Result.Tag(okTag); ok != nil {
				b.results.fields(ok.Payload.Fields)
			}
		}
	}
}

// usage is a set of definitions that fields lead to.
type usage map[Definition]struct{}

func (u usage) has(def Definition) bool {
	_, ok := u[def]
	return ok
}

func (u usage) fields(fields []*Field) {
	for _, f := range fields {
		t := f.Type
		for t.Elem != nil {
			t = t.Elem
		}
		if t.Definition != nil {
			u.add(t.Definition)
		}
	}
}

func (u usage) add(def Definition) {
	if u.has(def) {
		return
	}
	u[def] = struct{}{}
	switch d := def.(type) {
	case *Struct:
		u.fields(d.Fields)
	case *Function: // called, or a link that may be followed
		u.fields(d.Args.Fields)
	case *Union:
		for _, tag := range d.Tags {
			u.fields(tag.Payload.Fields)
		}
	}
}

// compare compares an old definition with the new one of its name, nil if there is none.
func (b *breaking) compare(old, new Definition) {
	b.definition = keyOf(old)
	isArgument := b.arguments.has(old)
	at := around{old: old.Common().Origin}
	if new != nil {
		at.new = new.Common().Origin
	}
	switch o := old.(type) {
	case *Struct:
		if n, ok := new.(*Struct); ok {
			b.compareFields(nil, at, o.Fields, n.Fields, isArgument)
			return
		}
	case *Union:
		if n, ok := new.(*Union); ok {
			b.compareTags(nil, at, o.Tags, n.Tags, isArgument, b.results.has(old))
			return
		}
	case *Function:
		if n, ok := new.(*Function); ok {
			b.compareFields(nil, around{nearer(o.Args.Origin, at.old), nearer(n.Args.Origin, at.new)}, o.Args.Fields, n.Args.Fields, true)
			b.compareTags([]string{resultKey}, at, o.Result.Tags, n.Result.Tags, false, false)
			return
		}
	default:
		return // errors are in the results of functions; nobody calls the others
	}
	b.add(DefinitionRemoved, nil, at, "the definition", "no such definition")
}

// around is where two schemas have something, or what is around it.
type around struct{ old, new Origin }

func (b *breaking) add(rule BreakingRule, path []string, at around, oldText, newText string) {
	b.found = append(b.found, BreakingChange{
		Rule:       rule,
		Definition: b.definition,
		Path:       slices.Clone(path),
		Old:        at.old,
		New:        at.new,
		OldText:    oldText,
		NewText:    newText,
	})
}

func (b *breaking) compareTags(path []string, at around, old, new []*Tag, isArgument, isResult bool) {
	for _, p := range pairUp(old, new, func(t *Tag) string { return t.Name }) {
		path, at, o, n := append(path, p.name), at, p.first, p.second
		switch {
		case o == nil:
			if at.new = n.Origin; isResult {
				b.add(TagAdded, path, at, "no such tag", "the tag")
			}
		case n == nil:
			at.old = o.Origin
			b.add(TagRemoved, path, at, "the tag", "no such tag")
		default:
			b.compareFields(path, around{o.Origin, n.Origin}, o.Payload.Fields, n.Payload.Fields, isArgument)
		}
	}
}

// compareFields pairs fields without their "!", so that a field that became required is one
// change and not two.
func (b *breaking) compareFields(path []string, at around, old, new []*Field, isArgument bool) {
	nameOf := func(f *Field) string { return strings.TrimSuffix(f.Name, "!") }
	for _, p := range pairUp(old, new, nameOf) {
		o, n, at := p.first, p.second, at
		switch {
		case o == nil:
			if at.new = n.Origin; isArgument && !n.Optional {
				b.add(RequiredFieldAdded, append(path, n.Name), at, "no such field", n.Type.quoted())
			}
		case n == nil:
			at.old = o.Origin
			b.add(FieldRemoved, append(path, o.Name), at, o.Type.quoted(), "no such field")
		default:
			b.compareField(append(path, o.Name), o, n, isArgument)
		}
	}
}

func (b *breaking) compareField(path []string, old, new *Field, isArgument bool) {
	at := around{old.Origin, new.Origin}
	oldText, newText := old.Type.quoted(), new.Type.quoted()
	if old.Optional != new.Optional {
		rule := FieldRemoved
		if old.Optional && isArgument {
			rule = FieldBecameRequired
		}
		b.add(rule, path, at, presence(old)+oldText, presence(new)+newText)
	}
	if oldText != newText {
		b.add(FieldTypeChanged, path, at, oldText, newText)
	}
}
