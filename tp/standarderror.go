package tp

import (
	"strings"
	"unicode"

	"github.com/telestruct/telestruct/tp/validate"
	"github.com/telestruct/telestruct/tp/wire"
)

// ValidationError says that a message breaks the server's schema (spec section 17.3).
type ValidationError struct {
	// Tag is ErrorInvalidRequestHeaders_, ErrorInvalidRequestBody_,
	// ErrorInvalidResponseHeaders_ or ErrorInvalidResponseBody_.
	Tag string
	// Cases is what is wrong, and where.
	Cases []validate.Failure
}

// Error returns one line with the first case.
func (e *ValidationError) Error() string {
	text := "tp: the server found the message invalid: " + e.Tag
	if len(e.Cases) > 0 {
		text += ": " + firstOf(e.Cases)
	}
	return clip(text)
}

// ParseFailureError says that the server could not read the request.
type ParseFailureError struct {
	// Reasons are tags of union.ParseFailure_, such as
	// ExpectedJsonArrayOfTwoObjects.
	Reasons []string
}

// Error returns one line with the reasons.
func (e *ParseFailureError) Error() string {
	return clip("tp: the server could not read the request: " + strings.Join(e.Reasons, ", "))
}

// UnknownError says that something went wrong on the server's side, and no more.
type UnknownError struct {
	// CaseID is what the server's owner finds the failure by.
	CaseID string
}

// Error returns one line with the case id.
func (e *UnknownError) Error() string {
	return clip("tp: the server failed; it calls the case " + e.CaseID)
}

// UnauthenticatedError says that the function needs credentials, and that there were
// none or that they did not do.
type UnauthenticatedError struct {
	// Message is what the server says about it.
	Message string
}

// Error returns the message.
func (e *UnauthenticatedError) Error() string { return clip("unauthenticated: " + e.Message) }

// detail returns what a standard error says, on one line: its first case, its case id,
// its reasons or its message. It returns "" for any other error.
func (e *ResultError) detail() string {
	detail := ""
	switch {
	case isValidation(e.Tag):
		if failures := failuresOf(e.list("cases")); len(failures) > 0 {
			detail = firstOf(failures)
		}
	case e.Tag == tagUnknown && e.text("caseId") != "":
		detail = "case " + e.text("caseId")
	case e.Tag == tagParseFailure:
		detail = strings.Join(tagsOf(e.list("reasons")), ", ")
	case e.Tag == tagUnauthenticated, e.Tag == tagUnauthorized:
		detail = e.text("message!")
	}
	return strings.Map(spaceForControl, detail)
}

// spaceForControl keeps a server's text from beginning a line of its own in a log.
func spaceForControl(r rune) rune {
	if unicode.IsControl(r) {
		return ' '
	}
	return r
}

// asStandard stores a standard error in target. It reports whether target is for
// one, and whether the result is it.
func (e *ResultError) asStandard(target any) (isStandard, ok bool) {
	switch target := target.(type) {
	case **ValidationError:
		return true, e.is(isValidation(e.Tag), func() { *target = &ValidationError{e.Tag, failuresOf(e.list("cases"))} })
	case **ParseFailureError:
		return true, e.is(e.Tag == tagParseFailure, func() { *target = &ParseFailureError{tagsOf(e.list("reasons"))} })
	case **UnknownError:
		return true, e.is(e.Tag == tagUnknown, func() { *target = &UnknownError{e.text("caseId")} })
	case **UnauthenticatedError:
		return true, e.is(e.Tag == tagUnauthenticated, func() { *target = &UnauthenticatedError{e.text("message!")} })
	case **UnauthorizedError:
		return true, e.is(e.Tag == tagUnauthorized, func() { *target = &UnauthorizedError{e.text("message!")} })
	}
	return false, false
}

func (e *ResultError) is(matches bool, store func()) bool {
	if matches {
		store()
	}
	return matches
}

func isValidation(tag string) bool {
	switch tag {
	case tagInvalidRequestHeaders, tagInvalidRequestBody, tagInvalidResponseHeaders, tagInvalidResponseBody:
		return true
	}
	return false
}

func (e *ResultError) text(key string) string {
	v, _ := e.Payload.Get(key)
	text, _ := v.(string)
	return text
}

func (e *ResultError) list(key string) []any {
	v, _ := e.Payload.Get(key)
	list, _ := v.([]any)
	return list
}

// failuresOf reads cases as [validate.Failure.Case] writes them. What is of another
// form is left out.
func failuresOf(cases []any) []validate.Failure {
	var failures []validate.Failure
	for _, c := range cases {
		path, _ := objectOf(c).Get("path")
		steps, _ := path.([]any)
		v, _ := objectOf(c).Get("reason")
		if reason := objectOf(v); len(reason) == 1 {
			failures = append(failures, validate.Failure{Path: pathOf(steps), Reason: reason[0].Key, Data: objectOf(reason[0].Value)})
		}
	}
	return failures
}

func pathOf(steps []any) wire.Path {
	path := make(wire.Path, len(steps))
	for i, step := range steps {
		if position, ok := step.(int64); ok {
			step = int(position)
		}
		path[i] = step
	}
	return path
}

// tagsOf returns the tags of a list of union values.
func tagsOf(list []any) []string {
	var tags []string
	for _, v := range list {
		if union := objectOf(v); len(union) == 1 {
			tags = append(tags, union[0].Key)
		}
	}
	return tags
}
