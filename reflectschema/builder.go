package reflectschema

import (
	"maps"
	"reflect"
)

// Builder collects what makes up an API. None of its methods fails: [Builder.Build]
// reports the mistakes of all of them together. The zero Builder is that of an
// empty API. A Builder must not be used concurrently.
type Builder struct {
	infos     []info
	comments  map[string]string
	auth      []Union
	unions    []Union
	errorSets []ErrorSet
	headers   []HeaderSet
	functions []Function
	published []Published
	mirrored  []Mirrored
	callees   func(args reflect.Type) (string, error)
}

type info struct{ name, doc, site string }

// Function is one function of an API as it is given to [Builder.Function].
type Function struct {
	// Name is the schema key, such as "fn.greet".
	Name string
	// Doc is the docstring, in markdown. When it is empty the doc of the
	// argument struct takes its place.
	Doc string
	// Args and Result are structs or pointers to structs.
	Args, Result reflect.Type
	// Errors are the errors that the function declares, as values of their
	// types; the values themselves are not used.
	Errors []error
	// Public functions need no credentials ($authenticated: false, spec
	// section 17.1).
	Public bool
	// Site is the "dir/file.go:line" of the registration.
	Site string
	// GoName is the Go function's name as the runtime has it; empty when there
	// is none.
	GoName string

	// raw functions have a name and a site only.
	raw bool
}

// NewBuilder returns a Builder of an empty API.
func NewBuilder() *Builder { return &Builder{} }

// Info gives the API a name, such as "Market" for info.Market, and a docstring;
// an empty name gives none. Site is the "dir/file.go:line" where the API was
// named.
func (b *Builder) Info(name, doc, site string) { b.infos = append(b.infos, info{name, doc, site}) }

// Comments adds Go doc comments, by "import/path.Type" and
// "import/path.Type.Field"; later ones replace earlier ones of the same name.
// They become docstrings where no doc tag says otherwise.
func (b *Builder) Comments(docs map[string]string) {
	if b.comments == nil {
		b.comments = map[string]string{}
	}
	maps.Copy(b.comments, docs)
}

// Union adds the description of an interface.
func (b *Builder) Union(u Union) { b.unions = append(b.unions, u) }

// Auth adds the union of credentials, which becomes union.Auth_ (spec section
// 17). An API has at most one.
func (b *Builder) Auth(u Union) { b.auth = append(b.auth, u) }

// Errors adds errors that every function can return.
func (b *Builder) Errors(s ErrorSet) { b.errorSets = append(b.errorSets, s) }

// Headers adds headers of requests and responses.
func (b *Builder) Headers(s HeaderSet) { b.headers = append(b.headers, s) }

// Function adds a function.
func (b *Builder) Function(f Function) { b.functions = append(b.functions, f) }

// RawFunction adds the name of a function that has no Go types: no other may have
// it. Site is the "dir/file.go:line" of the registration.
func (b *Builder) RawFunction(name, site string) {
	b.functions = append(b.functions, Function{Name: name, Site: site, GoName: name, raw: true})
}
