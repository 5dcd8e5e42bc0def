package tp

import (
	"reflect"
	"slices"
	"sync"

	"github.com/telestruct/telestruct/internal/callsite"
)

// API collects the functions of one Telepact API until [API.Build] turns them
// into a [Server]. It is safe for concurrent use.
type API struct {
	name    string
	site    string // of NewAPI
	options []Option

	mu            sync.Mutex
	registrations []*registration
}

// Default is the API that [Register] adds to. Programs with one API use it as
// they would use http.DefaultServeMux; libraries and tests make their own.
var Default = &API{}

// NewAPI returns an empty API. The name becomes the schema's info definition
// ("Market" gives info.Market); an empty name gives none.
func NewAPI(name string, options ...Option) *API {
	return &API{name: name, site: callsite.Caller(), options: options}
}

func (a *API) add(r *registration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.registrations = append(a.registrations, r)
}

// Build derives the schema from everything that was registered and returns the
// server for it. The API may be extended and built again: a built server never
// changes.
//
// The error, a [*BuildError], holds every mistake that was found: types and tags
// that have no place in a schema, names that collide, missing unions, drift from
// hand-written documents, and missing credentials.
func (a *API) Build(options ...Option) (*Server, error) {
	b := &build{
		name:          a.name,
		site:          a.site,
		isDefault:     a == Default,
		settings:      newSettings(a.options, options),
		registrations: a.registered(),
	}
	return b.run()
}

// registered returns what was registered so far.
func (a *API) registered() []*registration {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.registrations)
}

// MustBuild is like [API.Build] but panics when the API has mistakes. It is for
// main functions and package variables.
func (a *API) MustBuild(options ...Option) *Server {
	srv, err := a.Build(options...)
	if err != nil {
		panic(err)
	}
	return srv
}

// registration is one function as it was given to the API.
type registration struct {
	name    string // explicit wire name, may be empty
	goName  string // as the runtime knows the Go function
	by      string // the function that registered it, for messages
	site    string
	doc     string
	public  bool
	fails   []error
	args    reflect.Type // A: a struct or a pointer to one, once built
	result  reflect.Type // R: likewise
	handler typedHandler // nil when a nil function was registered
	frames  *sync.Pool   // for handler
	raw     Handler      // instead of args, result and handler
}

// isNil reports whether a nil function was registered.
func (r *registration) isNil() bool { return r.handler == nil && r.raw == nil }

// isRaw reports whether the function works on value trees.
func (r *registration) isRaw() bool { return r.args == nil }
