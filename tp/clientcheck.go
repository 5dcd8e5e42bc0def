package tp

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/telestruct/telestruct/reflectschema"
	"github.com/telestruct/telestruct/tp/schema"
)

// Check compares the Go types of functions with the server's schema, those given to
// [NewClient] and uses:
//
//	err := client.Check(ctx, tp.Uses[Greet, Greeting](), tp.Uses[Order, Receipt](tp.Fails(&QuotaError{})))
//
// The error is a [*CheckError] that lists every difference by which a call would fail
// or lose something: functions, fields and tags that the server does not have, required
// fields that Go does not have, other types, and variants that only the server knows in
// a result. That the server has more functions, optional arguments, fields of results,
// and errors is no difference. Structs and unions have the same names on both sides,
// so that [Select] can name them.
//
// Mistakes in the Go types are a [*CheckError] as well, before the server is asked.
// When it cannot be asked, the error is that of [Client.Schema].
func (c *Client) Check(ctx context.Context, uses ...Usage) error {
	used, err := c.usedTypes(slices.Concat(c.uses, uses))
	if err != nil {
		return err
	}
	served, err := c.Schema(ctx)
	if err != nil {
		return err
	}
	if problems := incompatibilities(used, served); len(problems) > 0 {
		return &CheckError{problems}
	}
	return nil
}

// CheckError holds everything that [Client.Check] found.
type CheckError struct {
	Problems []*Problem
}

// Error returns one line for each problem.
func (e *CheckError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = "\n  " + p.Error()
	}
	return "tp: the client does not fit the server:" + strings.Join(lines, "")
}

// Unwrap returns the problems, each a [*Problem].
func (e *CheckError) Unwrap() []error {
	errs := make([]error, len(e.Problems))
	for i, p := range e.Problems {
		errs[i] = p
	}
	return errs
}

// called are the functions that a client calls, as its Go types have them.
type called struct {
	names  []string
	schema *schema.Schema
}

// usedTypes derives the schema of what is used.
func (c *Client) usedTypes(uses []Usage) (*called, error) {
	if len(uses) == 0 {
		return nil, errors.New("tp: there is nothing to check; give Check what the client uses, with tp.Uses")
	}
	types, u := c.builder(), &called{}
	var problems []*Problem
	for _, use := range uses {
		name, err := "", use.key.check()
		if err == nil {
			name, err = c.functionName(use.key)
		}
		if err != nil {
			problems = append(problems, problemOf(err, use.site))
		} else if !slices.Contains(u.names, name) {
			u.names = append(u.names, name)
			types.Function(reflectschema.Function{
				Name: name, Args: use.key.args, Result: use.key.result, Errors: use.fails, Site: use.site,
			})
		}
	}
	model, err := types.Build()
	if derived, ok := errors.AsType[reflectschema.Problems](err); ok {
		problems = append(problems, derived...)
	}
	if len(problems) > 0 {
		return nil, &CheckError{problems}
	}
	if u.schema, err = schema.New("", model.Definitions); err != nil {
		return nil, fmt.Errorf("tp: the types that the client uses make no schema: %w", err)
	}
	return u, nil
}

// problemOf returns err as a problem, which is at site unless it says otherwise.
func problemOf(err error, site string) *Problem {
	p, ok := errors.AsType[*Problem](err)
	if !ok {
		return &Problem{Site: site, Found: err.Error()}
	}
	located := *p
	if located.Site == "" {
		located.Site = site
	}
	return &located
}
