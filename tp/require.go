package tp

import (
	"fmt"
	"reflect"

	"github.com/telestruct/telestruct/internal/callsite"
)

// RequireFunctions has Build report functions that the API does not have, by wire names
// such as "fn.greet". It is for packages whose options name functions: by is the name of
// the option, such as "mw.PerFunction", which the report begins with.
func RequireFunctions(by string, names ...string) Option {
	site := callsite.Caller()
	return optionFunc(func(s *settings) {
		for _, name := range names {
			s.required = append(s.required, requiredFunction{by, name, site})
		}
	})
}

// RequireIdentity has Build report an [Auth] whose identity can never be an I, for options
// that take identities as an I: their name is by. Without an Auth it does nothing.
func RequireIdentity[I any](by string) Option {
	site := callsite.Caller()
	return optionFunc(func(s *settings) {
		s.identities = append(s.identities, requiredIdentity{by, reflect.TypeFor[I](), site})
	})
}

// requiredIdentity is a type that an option takes identities as.
type requiredIdentity struct {
	by   string
	want reflect.Type
	site string
}

// checkIdentities reports options that would never get an identity.
func (b *build) checkIdentities() {
	auth := b.settings.auth
	if auth == nil || auth.check == nil {
		return
	}
	for _, r := range b.settings.identities {
		if auth.identity.Kind() != reflect.Interface && !auth.identity.AssignableTo(r.want) {
			b.problem(r.by, r.site, fmt.Sprintf("it takes identities as %v, and those of the API are %v", r.want, auth.identity),
				fmt.Sprintf("take %v", auth.identity))
		}
	}
}

// requiredFunction is a function that an option is about.
type requiredFunction struct{ by, name, site string }

// checkRequired reports options about functions that do not exist.
func (b *build) checkRequired() {
	for _, r := range b.settings.required {
		if b.schema.Function(r.name) == nil {
			b.problem(r.by, r.site, fmt.Sprintf("the API has no function %q", r.name),
				`give the wire name of one of its functions, such as "fn.greet"`)
		}
	}
}
