package tp

import (
	"fmt"
	"strings"

	"github.com/telestruct/telestruct/reflectschema"
)

// Problem is one mistake in the types, tags or options of an API. Its fields,
// all strings, are Where, which names the Go type, field, function or option;
// Site, the file and line that gave it to the API; Found, what is wrong; and Fix,
// what to write instead. Its Error method returns them in one line.
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
