package reflectschema

import (
	"fmt"
	"reflect"

	"github.com/telestruct/telestruct/internal/callsite"
	"github.com/telestruct/telestruct/internal/plan"
	"github.com/telestruct/telestruct/tp/schema"
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
// A variant given as *V decodes to *V, one given as V to V, and encoding takes
// both as far as they implement I. UnionOf never fails; mistakes are reported by
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

// text names the union in problems.
func (u Union) text() string { return "tp.UnionOf[" + typeText(u.iface) + "]" }

// authKey is the schema key of the credentials (spec section 17.1).
const authKey = "union.Auth_"

// unionEntry is a described interface.
type unionEntry struct {
	union   Union
	key     string
	plan    *plan.Union
	derived bool
	ok      bool // the interface and the key are right
}

// describeUnions enters the interfaces before any type refers to them.
func (d *deriver) describeUnions() {
	for i, u := range d.in.auth {
		d.at(u.site, func() {
			if i > 0 {
				d.problem(u.text(), "an API has one union of credentials", "list all variants in one tp.UnionOf")
				return
			}
			d.describe(u, authKey)
		})
	}
	for _, u := range d.in.unions {
		d.at(u.site, func() { d.describe(u, "") })
	}
}

// describe enters the interface of u under key, or under the key that u gives it.
func (d *deriver) describe(u Union, key string) {
	where := u.text()
	if !d.accept(where, checkInterface(u.iface)) {
		return
	}
	if first := d.unions[u.iface]; first != nil {
		d.describedTwice(where, first)
		return
	}
	e := &unionEntry{union: u}
	d.unions[u.iface] = e
	var problem *mistake
	if key == "" {
		key, problem = unionKey(u)
	}
	e.ok = d.accept(where, problem) && d.claim(key, where, fullName(u.iface), `name one of them with Named("union.OtherName")`)
	e.key = key
	e.plan = plan.NewUnion(u.iface, key)
}

// describedTwice reports a second description of an interface.
func (d *deriver) describedTwice(where string, first *unionEntry) {
	switch {
	case first.key == authKey:
		d.problem(where, "tp.Auth has described the interface already", "remove it from tp.Types")
	case first.union.site == d.site:
		d.problem(where, "tp.Types has the union twice", "keep one of the two")
	default:
		d.problem(where, fmt.Sprintf("the interface is described at %s already", first.union.site), "keep one of the two")
	}
}

// checkInterface reports what cannot be the I of UnionOf[I].
func checkInterface(t reflect.Type) *mistake {
	switch {
	case t == nil:
		return &mistake{"the zero Union describes nothing", "make it with tp.UnionOf"}
	case t.Kind() != reflect.Interface:
		return &mistake{"a union is an interface type", "declare an interface that the variants implement"}
	case t.NumMethod() == 0:
		return &mistake{
			found: "every type implements an interface without methods",
			fix:   "seal it with an unexported method",
		}
	}
	return nil
}

// unionKey returns the schema key of a union.
func unionKey(u Union) (string, *mistake) {
	switch {
	case u.name != "":
		return u.name, checkKey(u.name, "union.")
	case u.iface.Name() == "":
		return "", &mistake{"an anonymous interface has no name for its definition", "declare a type for it"}
	}
	name, problem := schemaName(u.iface, "")
	if problem != nil {
		problem.fix = `name it with Named("union.OtherName")`
	}
	return "union." + name, problem
}

// unionValue refers to the union of an interface.
func (d *deriver) unionValue(where string, t reflect.Type) (value, bool) {
	e := d.unions[t]
	switch {
	case e != nil:
	case t == reflect.TypeFor[error]():
		d.problem(where, "an error is not a value of a schema",
			`declare it with tp.Fails, or leave the field out with tag "-"`)
		return value{}, false
	default:
		d.problem(where, fmt.Sprintf("no union says which types implement %s", typeText(t)),
			d.describeFix(typeText(t)))
		return value{}, false
	}
	d.defineUnion(e)
	return value{&schema.Type{Kind: schema.UnionRef, Name: e.key}, e.plan}, e.ok
}

// describeFix says who needs the description of an interface.
func (d *deriver) describeFix(iface string) string {
	if d.publishing {
		return fmt.Sprintf("give the topic its tp.UnionOf[%s](…) as well", iface)
	}
	return fmt.Sprintf("give the API, or the client, tp.Types(tp.UnionOf[%s](…))", iface)
}

// defineUnion makes the definition when the union is met for the first time.
func (d *deriver) defineUnion(e *unionEntry) {
	if e.derived {
		return
	}
	e.derived = true
	d.at(e.union.site, func() {
		where := typeText(e.union.iface)
		doc := e.union.doc
		if doc == "" {
			doc = d.in.comments[commentKey(e.union.iface)]
		}
		def := &schema.Union{Head: schema.Head{Key: e.key, Doc: docstring(doc, nil), Origin: d.origin(where)}}
		d.define(def)
		d.variants(e, def)
	})
}

// variants derives the tags of a union.
func (d *deriver) variants(e *unionEntry, def *schema.Union) {
	where := e.union.text()
	if len(e.union.variants) == 0 {
		d.problem(where, "a union needs a variant", "list the types that implement the interface")
	}
	seen := map[reflect.Type]bool{}
	byTag := map[string]reflect.Type{}
	var variants []plan.Variant
	for i, given := range e.union.variants {
		t, problem := payloadType(given, fmt.Sprintf("variant %d", i+1))
		if !d.accept(where, problem) {
			continue
		}
		name, problem := schemaName(t, d.blank(t).name)
		switch {
		case seen[t]:
			d.problem(where, fmt.Sprintf("%s is listed twice", typeText(t)), "list each variant once, as V or as *V")
			continue
		case !d.accept(typeText(t), problem):
			continue
		case byTag[name] != nil:
			d.problem(where, fmt.Sprintf("%s and %s both are the tag %s", fullName(byTag[name]), fullName(t), name), renameFix)
			continue
		}
		seen[t], byTag[name] = true, t
		def.Tags = append(def.Tags, d.tag(t, name, typeText(t)))
		variants = append(variants, plan.Variant{
			Tag: name, Type: t, Struct: d.payload(t, bodyFields).plan, Pointer: given.Kind() == reflect.Pointer,
		})
	}
	d.whenComplete(func() { e.plan.SetVariants(variants) })
}

// deriveAuth defines union.Auth_.
func (d *deriver) deriveAuth() {
	if len(d.in.auth) == 0 {
		return
	}
	if e := d.unions[d.in.auth[0].iface]; e != nil {
		d.defineUnion(e)
		d.model.Auth = e.plan
	}
}

// deriveOtherUnions defines the unions that nothing refers to.
func (d *deriver) deriveOtherUnions() {
	for _, u := range d.in.unions {
		if e := d.unions[u.iface]; e != nil {
			d.defineUnion(e)
		}
	}
}
