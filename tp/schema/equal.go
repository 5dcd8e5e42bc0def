package schema

import (
	"reflect"
	"slices"

	"github.com/telestruct/telestruct/tp/wire"
)

// Equal reports whether two schemas have the same definitions with the same
// parts in the same order, whatever documents they stand in. Origins,
// refinements and [Field.Doc] do not count, nor do the bodies of info and
// extension definitions; docstrings count by their [Doc.Text]. Neither schema may
// be nil.
func Equal(a, b *Schema) bool {
	return slices.EqualFunc(a.ordered, b.ordered, equalDefinitions)
}

func equalDefinitions(a, b Definition) bool {
	headA, headB := a.Common(), b.Common()
	if headA.Key != headB.Key || !equalDocs(headA.Doc, headB.Doc) || !equalValues(headA.Flags, headB.Flags) {
		return false
	}
	switch a := a.(type) {
	case *Struct:
		return equalFields(a.Fields, b.(*Struct).Fields)
	case *Union:
		return equalTags(a.Tags, b.(*Union).Tags)
	case *Errors:
		return equalTags(a.Tags, b.(*Errors).Tags)
	case *Function:
		b := b.(*Function)
		return a.ErrorsPattern == b.ErrorsPattern && equalFields(a.Args.Fields, b.Args.Fields) &&
			equalTags(a.Result.Tags[:a.OwnTags], b.Result.Tags[:b.OwnTags]) // the others follow from the errors
	case *Headers:
		b := b.(*Headers)
		return equalFields(a.Request, b.Request) && equalFields(a.Response, b.Response)
	}
	return true
}

func equalTags(a, b []*Tag) bool {
	return slices.EqualFunc(a, b, func(a, b *Tag) bool {
		return a.Name == b.Name && equalDocs(a.Doc, b.Doc) && equalFields(a.Payload.Fields, b.Payload.Fields)
	})
}

func equalFields(a, b []*Field) bool {
	return slices.EqualFunc(a, b, func(a, b *Field) bool {
		return a.Name == b.Name && equalTypes(a.Type, b.Type)
	})
}

// equalTypes compares the expressions: names lead to definitions that are
// compared themselves.
func equalTypes(a, b *Type) bool {
	for a != nil && b != nil {
		if a.Kind != b.Kind || a.Nullable != b.Nullable || a.Name != b.Name {
			return false
		}
		a, b = a.Elem, b.Elem
	}
	return a == b
}

func equalDocs(a, b Doc) bool {
	if a.isText() && b.isText() {
		return a.Text() == b.Text()
	}
	return equalValues(a.Value, b.Value)
}

// equalValues compares value trees; objects are equal in any order, numbers by
// value.
func equalValues(a, b any) bool {
	switch a := a.(type) {
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, equalValues)
	case wire.Object:
		b, ok := b.(wire.Object)
		return ok && equalObjects(a, b)
	case int64:
		if b, ok := b.(float64); ok {
			return float64(a) == b
		}
	case float64:
		if b, ok := b.(int64); ok {
			return a == float64(b)
		}
	}
	return reflect.DeepEqual(a, b)
}

func equalObjects(a, b wire.Object) bool {
	if len(a) != len(b) {
		return false
	}
	for _, m := range a {
		if other, ok := b.Get(m.Key); !ok || !equalValues(m.Value, other) {
			return false
		}
	}
	return true
}
