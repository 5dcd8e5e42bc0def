package validate

import (
	"cmp"
	"slices"

	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/wire"
)

// Selection validates a selection against what a caller of f may select (spec
// section 6.2). Paths begin at the selection. A nil f allows nothing.
func Selection(s *schema.Schema, f *schema.Function, value any) []Failure {
	w := walk{schema: s, scope: f}
	w.selection(value, nil)
	return w.failures
}

func (w *walk) selection(value any, at *place) {
	w.allowed(value, w.schema.Selectable(w.scope), at)
}

// allowed compares a part of a selection with the part of the function's
// possible select that has the same place: an object of parts or a list of
// names, both ascending.
func (w *walk) allowed(given, possible any, at *place) {
	switch possible := possible.(type) {
	case wire.Object:
		w.allowedMembers(given, possible, at)
	case []any:
		w.allowedNames(given, possible, at)
	}
}

func (w *walk) allowedMembers(given any, possible wire.Object, at *place) {
	object, ok := w.object(given, at)
	if !ok {
		return
	}
	in := at.member("")
	for i := range object {
		in.key = object[i].Key
		found, ok := slices.BinarySearchFunc(possible, object[i].Key, func(m wire.Member, key string) int {
			return cmp.Compare(m.Key, key)
		})
		if !ok {
			w.fail(&in, objectKeyDisallowed, nil)
			continue
		}
		w.allowed(object[i].Value, possible[found].Value, &in)
	}
}

func (w *walk) allowedNames(given any, possible []any, at *place) {
	list, ok := given.([]any)
	if !ok {
		w.unexpected(at, given, "Array")
		return
	}
	in := at.elements()
	for i, element := range list {
		in.index = i
		name, isText := element.(string)
		_, found := slices.BinarySearchFunc(possible, name, func(p any, name string) int {
			return cmp.Compare(p.(string), name)
		})
		if !isText || !found {
			w.fail(&in, arrayElementDisallowed, nil)
		}
	}
}

// choice names a list of fields in a selection: that of a struct, or with a tag
// that of a union's tag. Results are the union "->".
type choice struct {
	definition, tag string
}

// unselected is the choice of what no selection can name.
var unselected = choice{}

// selection is a selection ready for looking up: which fields each choice
// keeps. A choice that is absent keeps all. Callers may name a field many times
// over, so that lists would not do.
type selection map[choice]map[string]struct{}

// newSelection reads a valid selection; parts of any other shape choose
// nothing.
func newSelection(tree wire.Object) selection {
	s := selection{}
	for _, part := range tree {
		switch names := part.Value.(type) {
		case []any:
			s[choice{definition: part.Key}] = nameSet(names)
		case wire.Object:
			for _, tag := range names {
				if list, ok := tag.Value.([]any); ok {
					s[choice{part.Key, tag.Key}] = nameSet(list)
				}
			}
		}
	}
	return s
}

func nameSet(names []any) map[string]struct{} {
	set := map[string]struct{}{}
	for _, name := range names {
		if text, ok := name.(string); ok {
			set[text] = struct{}{}
		}
	}
	return set
}

// keeps reports whether the selection keeps a field of the choice's definition.
func (s selection) keeps(c choice, field string) bool {
	fields, chosen := s[c]
	if !chosen {
		return true
	}
	_, ok := fields[field]
	return ok
}

// leftOut reports whether the response's selection allows that a required field
// is missing (spec section 6.3).
func (w *walk) leftOut(c choice, field string) bool {
	if len(w.selected) == 0 || c == unselected {
		return false
	}
	if w.chosen == nil {
		w.chosen = newSelection(w.selected)
	}
	return !w.chosen.keeps(c, field)
}
