package tp

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/telestruct/telestruct/reflectschema"
	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/validate"
)

// Problem is one mistake in the types, tags or options of an API: where it is,
// what was found there, and what to write instead.
type Problem = reflectschema.Problem

// BuildError holds every mistake that [API.Build] found.
type BuildError struct {
	Problems []*Problem
}

// Error returns one line for each problem.
func (e *BuildError) Error() string {
	var b strings.Builder
	if len(e.Problems) == 1 {
		b.WriteString("tp: the API has a problem:")
	} else {
		fmt.Fprintf(&b, "tp: the API has %d problems:", len(e.Problems))
	}
	for _, p := range e.Problems {
		b.WriteString("\n  ")
		b.WriteString(strings.ReplaceAll(p.Error(), "\n", "\n    "))
	}
	return b.String()
}

// Unwrap returns the problems, each a [*Problem].
func (e *BuildError) Unwrap() []error {
	errs := make([]error, len(e.Problems))
	for i, p := range e.Problems {
		errs[i] = p
	}
	return errs
}

// build is one run of [API.Build]: registrations become types, types become a
// schema, and the schema becomes a server. A stage runs when those it depends on
// found no mistake; within a stage all are collected.
type build struct {
	name          string
	settings      *settings
	registrations []*registration
	problems      []*Problem

	names     map[string]*registration // by wire name
	model     *reflectschema.Model
	documents []schema.Document
	dirs      map[string]string // of the documents
	schema    *schema.Schema
}

func (b *build) run() (*Server, error) {
	b.nameFunctions()
	b.deriveTypes()
	if b.readDocuments() && b.model != nil {
		b.makeSchema()
	}
	b.checkAuth()
	if b.schema != nil {
		b.checkCoverage()
		b.checkDocuments()
	}
	if len(b.problems) > 0 {
		return nil, &BuildError{Problems: b.problems}
	}
	return b.server(), nil
}

func (b *build) problem(where, site, found, fix string) {
	b.problems = append(b.problems, &Problem{Where: where, Site: site, Found: found, Fix: fix})
}

// nameFunctions gives every registration its wire name.
func (b *build) nameFunctions() {
	b.names = make(map[string]*registration, len(b.registrations))
	for _, r := range b.registrations {
		name, ok := b.functionName(r)
		if !ok {
			continue
		}
		if first := b.names[name]; first != nil {
			b.problem(name, r.site, "the name is taken by the function registered at "+first.site,
				"give one of them another name with tp.Name")
			continue
		}
		b.names[name] = r
	}
}

// functionName returns the wire name of a registration, or reports why it has
// none.
func (b *build) functionName(r *registration) (string, bool) {
	name := r.name
	if name == "" && !r.isRaw() {
		derived, ok := wireName(r.goName)
		switch {
		case r.isNil():
			b.problem("tp.Register", r.site, "the handler is nil", "give a function")
			return "", false
		case !ok:
			b.problem("tp.Register", r.site, "a function literal has no name of its own",
				`add tp.Name("fn.…") or register a declared function`)
			return "", false
		}
		name = derived
	}
	if fix := functionNameFix(name); fix != "" {
		b.problem(cmp.Or(name, "tp.RegisterRaw"), r.site, fmt.Sprintf("%q cannot name a function", name), fix)
		return "", false
	}
	if r.isNil() {
		b.problem(name, r.site, "the handler is nil", "give a function")
	}
	return name, true
}

// functionNameFix says how to mend a wire name, or nothing when it is right.
func functionNameFix(name string) string {
	rest, ok := strings.CutPrefix(name, "fn.")
	switch {
	case !ok || rest == "":
		return `begin it with "fn.", such as "fn.greet"`
	case !isIdentifier(rest):
		return "use letters, digits and _ after fn., a letter first"
	case strings.HasSuffix(rest, "_"):
		return "do not end it with _: such names are the framework's"
	}
	return ""
}

func isIdentifier(s string) bool {
	for i, c := range []byte(s) {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' && i > 0
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}

// deriveTypes walks every Go type of the API.
func (b *build) deriveTypes() {
	types := reflectschema.NewBuilder()
	types.Comments(b.settings.comments)
	types.Info(b.name, b.settings.doc)
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
	for i, r := range b.registrations {
		if r.isRaw() {
			continue
		}
		types.Function(reflectschema.Function{
			Name:   b.nameOf(i, r),
			Doc:    r.doc,
			Args:   r.args,
			Result: r.result,
			Errors: r.fails,
			Public: r.public,
			Site:   r.site,
			GoName: r.goName,
		})
	}
	model, err := types.Build()
	if err == nil {
		b.model = model
		return
	}
	b.problems = append(b.problems, err.(reflectschema.Problems)...)
}

// nameOf returns the name that registration i won. One that has none is derived
// all the same, under a name of its own, so that its types are checked in this
// run and nothing is said about the missing name again.
func (b *build) nameOf(i int, r *registration) string {
	for name, winner := range b.names {
		if winner == r {
			return name
		}
	}
	return fmt.Sprintf("fn.unnamed%d", i)
}

// makeSchema joins the derived definitions with the documents and the standard
// definitions.
func (b *build) makeSchema() {
	s, err := schema.New("", b.model.Definitions, b.documents...)
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
	case a == nil && !b.settings.noAuth:
		b.problem("tp.API", "", "nothing says who may call the API, so everyone could",
			"give it tp.Auth, or say tp.NoAuth() if that is meant")
	case a != nil && a.isNil:
		b.problem(a.name, "", "authenticate is nil", "give a function that looks the credentials up")
	case a != nil && a.check != nil && a.union.Interface() != a.credentials:
		b.problem(a.name, "", fmt.Sprintf("the union is of %v", a.union.Interface()),
			fmt.Sprintf("use tp.UnionOf[%v](…)", a.credentials))
	case a != nil && b.schema != nil && !b.schema.HasAuth():
		b.problem(a.name, "", "no document defines union.Auth_", "define it in a document of tp.SchemaDir, or use tp.Auth")
	}
}

// server puts the parts together; nothing can fail any more.
func (b *build) server() *Server {
	s := &Server{
		schema:    b.schema,
		functions: make(map[string]*function, len(b.names)+2),
		headers:   newHeaderPlans(b.model.Headers),
		auth:      b.settings.auth,
		limits:    b.settings.limits.wire,
		maxTime:   b.settings.limits.maxTime,
		observers: b.settings.observers,
		onFailure: b.settings.onFailure,
	}
	if b.model.Auth != nil {
		s.authPlan = b.model.Auth
	}
	for name, r := range b.names {
		s.add(name, b.endpoint(name, r))
	}
	for name, e := range standardEndpoints(b.schema) {
		s.add(name, e)
	}
	unknown := *s.functions["fn.ping_"] // stands in for it (spec section 2.2 step 4)
	s.unknown = &unknown
	return s
}

// endpoint returns what serves a registered function.
func (b *build) endpoint(name string, r *registration) endpoint {
	if r.isRaw() {
		return &rawEndpoint{handler: chain(b.settings.middleware, r.raw), errors: b.model.Errors}
	}
	e := newTypedEndpoint(b.model.Functions[name], r.handler, b.settings.middleware)
	s, def := b.schema, b.schema.Function(name)
	e.selectable = func(selection any) bool { return len(validate.Selection(s, def, selection)) == 0 }
	return e
}

func (s *Server) add(name string, e endpoint) {
	def := s.schema.Function(name)
	s.functions[name] = &function{
		name:      name,
		def:       def,
		needsAuth: s.schema.RequiresAuth(def),
		endpoint:  e,
	}
}
