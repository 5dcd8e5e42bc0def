package tp

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/telestruct/telestruct/reflectschema"
	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/validate"
	"github.com/telestruct/telestruct/tp/wire"
)

// build is one run of [API.Build]: registrations become types, types become a
// schema, and the schema becomes a server. Every stage collects all mistakes it
// can find; the schema is made only of types that have none.
type build struct {
	name, site    string
	isDefault     bool
	settings      *settings
	registrations []*registration
	problems      []*Problem

	names     map[string]*registration // by wire name
	nameOf    []string                 // of each registration
	model     *reflectschema.Model
	documents []schema.Document
	refined   []schema.Definition // what documents do not say of these, they do
	dirs      map[string]string   // of the documents
	schema    *schema.Schema
}

func (b *build) run() (*Server, error) {
	b.nameFunctions()
	b.deriveTypes()
	if b.readDocuments() && b.model != nil {
		b.makeSchema()
	}
	b.checkAuth()
	b.checkIdentities()
	b.checkOptions()
	if b.schema != nil {
		b.checkCoverage()
		b.checkRequired()
	}
	b.checkDocuments()
	var srv *Server
	if len(b.problems) == 0 {
		srv = b.server()
	}
	if len(b.problems) > 0 {
		return nil, &BuildError{Problems: b.problems}
	}
	return srv, nil
}

// where names the API in problems.
func (b *build) where() string {
	if b.isDefault {
		return "tp.Default"
	}
	return fmt.Sprintf("tp.NewAPI(%q)", b.name)
}

func (b *build) problem(where, site, found, fix string) {
	b.report(&Problem{Where: where, Site: site, Found: found, Fix: fix})
}

// report adds a problem, unless it is known: middleware wraps every function.
func (b *build) report(p *Problem) {
	known := func(other *Problem) bool { return *other == *p }
	if !slices.ContainsFunc(b.problems, known) {
		b.problems = append(b.problems, p)
	}
}

// nameFunctions gives every registration its wire name. One that has none gets a
// placeholder, so that its types are checked in this run and nothing is said
// about the missing name again.
func (b *build) nameFunctions() {
	if len(b.registrations) == 0 {
		b.problem(b.where(), b.site, "no function is registered on the API",
			"add one with tp.RegisterOn; tp.Register adds to tp.Default")
	}
	b.names = make(map[string]*registration, len(b.registrations))
	b.nameOf = make([]string, len(b.registrations))
	for i, r := range b.registrations {
		name := b.functionName(r)
		if name == "" {
			name = fmt.Sprintf("fn.unnamed%d", i)
		}
		b.nameOf[i] = name
		if b.names[name] == nil {
			b.names[name] = r
		}
	}
}

// functionName returns the wire name of a registration, or reports why it has
// none. Whether the name is a good one is for the schema to say.
func (b *build) functionName(r *registration) string {
	name := r.name
	if name == "" && r.goName != "" {
		var ok bool
		if name, ok = wireName(r.goName); !ok {
			b.problem(r.by, r.site, "a function literal has no name of its own",
				`add tp.Name("fn.…") or register a declared function`)
		}
	}
	if r.isNil() {
		b.problem(cmp.Or(name, r.by), r.site, "the handler is nil", "give a function")
	} else if r.isRaw() && name == "" {
		b.problem(r.by, r.site, "the name is empty", `give the name that a document defines, such as "fn.greet"`)
	}
	return name
}

// deriveTypes walks every Go type of the API.
func (b *build) deriveTypes() {
	types := reflectschema.NewBuilder()
	types.Comments(b.settings.comments)
	types.Info(b.name, b.settings.doc, b.site)
	for _, u := range b.settings.unions {
		types.Union(u)
	}
	if a := b.settings.auth; a != nil && a.check != nil {
		types.Auth(a.union)
	}
	for _, s := range b.settings.headerSets {
		types.Headers(s)
	}
	for _, s := range b.settings.errorSets {
		types.Errors(s)
	}
	b.addPublished(types)
	for _, m := range b.settings.mirrored {
		types.Mirrored(m)
	}
	b.addFunctions(types)
	model, err := types.Build()
	if err == nil {
		b.model = model
		return
	}
	var problems reflectschema.Problems
	if !errors.As(err, &problems) {
		b.problem(b.where(), b.site, err.Error(), "")
	}
	b.problems = append(b.problems, problems...)
}

// addFunctions adds what was registered, under the names that it was given.
func (b *build) addFunctions(types *reflectschema.Builder) {
	for i, r := range b.registrations {
		if r.isRaw() {
			types.RawFunction(b.nameOf[i], r.site)
			continue
		}
		types.Function(reflectschema.Function{
			Name:   b.nameOf[i],
			Doc:    r.doc,
			Args:   r.args,
			Result: r.result,
			Errors: r.fails,
			Public: r.public,
			Site:   r.site,
			GoName: r.goName,
		})
	}
}

// makeSchema joins the derived definitions with the documents and the standard
// definitions.
func (b *build) makeSchema() {
	s, err := schema.New("", slices.Concat(b.model.Definitions, b.refined), b.documents...)
	if err != nil {
		b.schemaProblems(err)
		return
	}
	b.schema = s
}

// checkAuth refuses an API that says nothing about credentials, or contradicts
// itself.
func (b *build) checkAuth() {
	a := b.settings.auth
	switch {
	case a == nil && !b.settings.noAuth && b.settings.everybody == nil:
		b.problem(b.where(), b.site, "nothing says who may call the API, so everyone could",
			"give it tp.Auth, or say tp.NoAuth() if that is meant")
	case a == nil:
	case a.isNil:
		b.problem(a.name, a.site, "authenticate is nil", "give a function that looks the credentials up")
	case a.check != nil && a.union.Interface() != a.credentials:
		b.problem(a.name, a.site,
			fmt.Sprintf("authenticate takes %v, and the union is of %v", a.credentials, a.union.Interface()),
			"give both the same interface")
	case b.schema != nil && !b.schema.HasAuth():
		b.problem(a.name, a.site, "no document defines union.Auth_", "define it in a document of tp.SchemaDir, or use tp.Auth")
	}
}

// checkOptions reports options that would have no effect.
func (b *build) checkOptions() {
	if b.settings.doc != "" && b.name == "" {
		b.problem("tp.Description", b.settings.docSite, "an API without a name has no info definition to describe",
			`name it: tp.NewAPI("Name")`)
	}
}

// server puts the parts together. Only middleware can fail here.
func (b *build) server() *Server {
	s := &Server{
		schema:      b.schema,
		functions:   make(map[string]*function, len(b.names)+2),
		headers:     newHeaderPlans(b.model.Headers),
		auth:        b.settings.auth,
		everybody:   b.settings.everybody,
		fields:      wire.NewFields(b.schema.FieldNames()),
		limits:      b.settings.limits.wire,
		observers:   b.settings.observers,
		admissions:  b.settings.admissions,
		allowUnsafe: b.settings.allowUnsafe,
		onFailure:   b.settings.onFailure,
	}
	if b.model.Auth != nil {
		s.authPlan = b.model.Auth
	}
	for name, r := range b.names {
		s.functions[name] = b.function(s, name, b.endpoint(name, r))
	}
	for name, e := range b.standardEndpoints() {
		s.functions[name] = b.function(s, name, e)
	}
	unknown := *s.functions["fn.ping_"] // stands in for it (spec section 2.2 step 4)
	s.unknown = &unknown
	s.unknown.setGiven()
	return s
}

// endpoint returns what serves a registered function.
func (b *build) endpoint(name string, r *registration) endpoint {
	if r.isRaw() {
		return b.raw(r.raw)
	}
	e := &typedEndpoint{model: b.model.Functions[name], call: r.handler, wrapped: len(b.settings.middleware) > 0}
	if !e.wrapped { // middleware may keep what it sees
		e.frames = r.frames
	}
	e.handler = b.wrap(e.innermost)
	if !b.model.HasSelections {
		return e
	}
	s, def := b.schema, b.schema.Function(name)
	e.selectable = func(selection any) bool { return len(validate.Selection(s, def, selection)) == 0 }
	return e
}

// raw returns what serves a handler over trees, through the API's middleware.
func (b *build) raw(handler Handler) *rawEndpoint {
	return &rawEndpoint{handler: b.wrap(handler)}
}

// function returns one function of s.
func (b *build) function(s *Server, name string, e endpoint) *function {
	def := s.schema.Function(name)
	f := &function{
		server:    s,
		name:      name,
		def:       def,
		needsAuth: s.schema.RequiresAuth(def) || s.everybody != nil && !def.Flag("$authenticated", false),
		maxTime:   b.settings.limits.timeOf(name),
		endpoint:  e,
	}
	if typed := b.model.Functions[name]; typed != nil {
		f.errors = typed.Errors
	} else if !def.Internal() { // error sets are not about these (spec section 8.8)
		f.errors = b.model.Errors
	}
	f.setGiven()
	return f
}

// setGiven makes what the calls of f have in common.
func (f *function) setGiven() {
	f.bare = &callGiven{function: f}
	f.plain = &callGiven{function: f, headers: f.server.fields.Plain()}
}
