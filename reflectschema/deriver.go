package reflectschema

import (
	"fmt"
	"reflect"

	"github.com/telestruct/telestruct/tp/schema"
)

// Build derives the schema and the plans. The error is a [Problems] that holds
// every mistake of every type; the Model is nil then. Build leaves the Builder
// as it was: more can be added, and built again.
func (b *Builder) Build() (*Model, error) {
	d := newDeriver(b)
	d.indexFunctions()
	d.describeUnions()
	d.describePublished()

	d.deriveInfo()
	d.deriveAuth()
	d.deriveHeaderSets()
	d.deriveTopicHeader()
	d.deriveErrorSets()
	d.model.Errors = errorsByType(d.common)
	d.deriveFunctions()
	d.derivePublished()
	d.deriveMirrored()
	d.deriveOtherUnions()

	if len(d.problems) > 0 {
		return nil, d.problems
	}
	for _, complete := range d.completions {
		complete()
	}
	return d.model, nil
}

// deriver is one run of [Builder.Build]. Whatever can refer to itself is put
// into its table before it is filled, and filled by a completion once all types
// are known.
type deriver struct {
	in       *Builder
	model    *Model
	problems Problems
	reported map[Problem]bool
	// site is where the user gave us what is being derived.
	site string

	claims   map[string]claim // schema keys
	takers   map[reflect.Type][]Function
	unions   map[reflect.Type]*unionEntry
	structs  map[reflect.Type]*structEntry
	payloads map[payloadKey]*payload
	common   []*errorEntry         // of the error sets
	open     map[reflect.Type]bool // lists and maps around the type being derived

	publishing bool // the type being derived is sent on a topic

	completions []func()
}

// claim is who has taken a schema key.
type claim struct{ who, site string }

func newDeriver(b *Builder) *deriver {
	return &deriver{
		in:       b,
		model:    &Model{Functions: map[string]*FunctionModel{}},
		reported: map[Problem]bool{},
		claims:   map[string]claim{},
		takers:   map[reflect.Type][]Function{},
		unions:   map[reflect.Type]*unionEntry{},
		structs:  map[reflect.Type]*structEntry{},
		payloads: map[payloadKey]*payload{},
		open:     map[reflect.Type]bool{},
	}
}

// problem reports a mistake. Types are reached on several ways and embedded in
// several structs, so the same one may be met again.
func (d *deriver) problem(where, found, fix string) {
	p := Problem{Where: where, Site: d.site, Found: found, Fix: fix}
	once := p
	once.Site = ""
	if d.reported[once] {
		return
	}
	d.reported[once] = true
	d.problems = append(d.problems, &p)
}

// accept reports m at where, and returns whether there was no mistake.
func (d *deriver) accept(where string, m *mistake) bool {
	if m != nil {
		d.problem(where, m.found, m.fix)
	}
	return m == nil
}

// at derives with site as the place that problems and origins name.
func (d *deriver) at(site string, derive func()) {
	outer := d.site
	d.site = site
	derive()
	d.site = outer
}

// whenComplete runs f after all types have been walked without a mistake.
func (d *deriver) whenComplete(f func()) { d.completions = append(d.completions, f) }

func (d *deriver) define(def schema.Definition) {
	d.model.Definitions = append(d.model.Definitions, def)
}

func (d *deriver) origin(where string) schema.Origin {
	return schema.Origin{Go: where, Site: d.site}
}

// claim takes a schema key for who, and reports at where when somebody has it
// already.
func (d *deriver) claim(key, where, who, fix string) bool {
	first, taken := d.claims[key]
	if !taken {
		d.claims[key] = claim{who, d.site}
		return true
	}
	if first.site != "" {
		first.who += " (" + first.site + ")"
	}
	found := fmt.Sprintf("%s is taken by %s", key, first.who)
	if who != where {
		found += fmt.Sprintf(", and %s needs it too", who)
	}
	d.problem(where, found, fix)
	return false
}

func (d *deriver) deriveInfo() {
	for _, in := range d.in.infos {
		if in.name != "" {
			d.at(in.site, func() { d.deriveName(in) })
		}
	}
}

// deriveName makes the info.* definition of an API's name.
func (d *deriver) deriveName(in info) {
	where := fmt.Sprintf("tp.NewAPI(%q)", in.name)
	key := "info." + in.name
	if !d.accept(where, checkAPIName(in.name)) || !d.claim("the info definition", where, where, "give the API one name") {
		return
	}
	d.define(&schema.Info{Head: schema.Head{Key: key, Doc: schema.TextDoc(in.doc), Origin: d.origin(where)}})
}
