package reflectschema

import "strings"

// Problem is one mistake in the types or tags given to a [Builder].
type Problem struct {
	// Where names the Go type, field or function, such as
	// "calculator.Evaluate.Limit".
	Where string
	// Site is the "dir/file.go:line" that gave the type to the API; empty when
	// it is not known.
	Site string
	// Found says what is wrong.
	Found string
	// Fix says what to write instead; it may be empty.
	Fix string
}

// Error returns the problem in one line, such as
//
//	calculator.Evaluate.Limit (calculator/main.go:31): int cannot be absent; use *int with tag "limit!"
func (p *Problem) Error() string {
	var b strings.Builder
	b.WriteString(p.Where)
	if p.Site != "" {
		b.WriteString(" (" + p.Site + ")")
	}
	b.WriteString(": " + p.Found)
	if p.Fix != "" {
		b.WriteString("; " + p.Fix)
	}
	return b.String()
}

// Problems is every mistake that [Builder.Build] found, in the order in which
// the types were given and reached.
type Problems []*Problem

// Error returns one line for each problem.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns the problems, so that errors.As finds a [*Problem].
func (ps Problems) Unwrap() []error {
	errs := make([]error, len(ps))
	for i, p := range ps {
		errs[i] = p
	}
	return errs
}
