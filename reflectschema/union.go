package reflectschema

import (
	"reflect"

	"github.com/telestruct/telestruct/internal/callsite"
)

// Union says which types implement an interface, and with that makes the
// interface a union.* definition (spec section 4.8). It is an immutable value
// made by [UnionOf]; the zero Union is a mistake that [Builder.Build] reports.
type Union struct {
	iface    reflect.Type
	variants []reflect.Type
	name     string
	doc      string
	site     string
}

// UnionOf describes the union of the interface I. Each variant is a value of a
// struct type or a pointer to one, whose name is its tag; the value itself is
// not used:
//
//	reflectschema.UnionOf[Expression](Constant{}, Add{}, Div{})
//
// Both V and *V are accepted when encoding, whichever is given here, as far as
// they implement I. UnionOf never fails; mistakes are reported by
// [Builder.Build], with the file and line of this call.
func UnionOf[I any](variants ...I) Union {
	u := Union{iface: reflect.TypeFor[I](), site: callsite.Caller()}
	for _, v := range variants {
		u.variants = append(u.variants, reflect.TypeOf(v))
	}
	return u
}

// Named returns a copy of the union with the schema key "union.X" instead of
// the one that the interface's name gives.
func (u Union) Named(key string) Union {
	u.name = key
	return u
}

// Doc returns a copy of the union with a docstring, in markdown.
func (u Union) Doc(markdown string) Union {
	u.doc = markdown
	return u
}

// Interface returns the interface type I; nil for the zero Union.
func (u Union) Interface() reflect.Type { return u.iface }
