package tp

import (
	"fmt"

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
