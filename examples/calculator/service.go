package main

import (
	"context"
	"io/fs"
	"log/slog"
	"time"

	"github.com/telestruct/telestruct/tp"
)

// service is the calculator: the state of all its users, and the functions that
// callers see as its methods.
type service struct {
	guests   *users // by name
	sessions *users // by token
	now      func() time.Time
	log      *slog.Logger
}

func newService(now func() time.Time, log *slog.Logger) *service {
	return &service{
		guests:   newUsers(maxGuests, now),
		sessions: newUsers(maxSessions, now),
		now:      now,
		log:      log,
	}
}

// newAPI lists what the calculator offers. Building it fails when the Go types
// below and the documents in the directory api differ in meaning.
func newAPI(s *service, documents fs.FS) *tp.API {
	api := tp.NewAPI("Calculator",
		tp.Description("A calculator with variables and a paper tape, for every user their own."),
		tp.Auth(credentials(), s.authenticate),
		tp.Types(expressions()),
		tp.ErrorSet("errors.Limit", &LimitError{}),
		tp.HeaderSet[TraceRequest, TraceResponse]("headers.Trace"),
		tp.Use(s.trace),
		tp.CheckDir(documents, "api"),
	)

	tp.RegisterOn(api, s.login, tp.Public(),
		tp.Doc("Open a session with variables and a tape of its own."))
	tp.RegisterOn(api, s.logout,
		tp.Doc("End the session that the credentials name, and forget its variables and its tape."))

	tp.RegisterOn(api, s.evaluate,
		tp.Doc("Compute an expression and write it on the tape."),
		tp.Fails(&UnknownVariableError{}, &DivideByZeroError{}, &OverflowError{}))
	tp.RegisterOn(api, s.readTape,
		tp.Doc("Read the tape, the latest calculation first."))

	tp.RegisterOn(api, s.saveVariable,
		tp.Doc("Give a variable a value."))
	tp.RegisterOn(api, s.getVariable,
		tp.Doc("Look a variable up."),
		tp.Fails(&UnknownVariableError{}))
	tp.RegisterOn(api, s.listVariables,
		tp.Doc("List the variables, ordered by name."))
	tp.RegisterOn(api, s.deleteVariable,
		tp.Doc("Forget a variable."),
		tp.Fails(&UnknownVariableError{}))

	tp.RegisterOn(api, s.exportVariables,
		tp.Doc("Pack all variables into bytes that fn.importVariables reads."))
	tp.RegisterOn(api, s.importVariables,
		tp.Doc("Save the variables of an export beside those that are there. All are saved, or none."),
		tp.Fails(&BadExportError{}))
	return api
}

// The bounds of what one caller, and all of them together, can make the
// calculator remember.
const (
	maxGuests    = 200
	maxSessions  = 200
	maxVariables = 100
	maxTape      = 50
	maxDepth     = 20 // of an expression
	maxSize      = 100
	maxName      = 64 // bytes
	maxNote      = 200
)

// LimitError is a request that would take more than one caller may have.
type LimitError struct {
	_     struct{} `doc:"The request takes more than one caller may have."`
	What  string   `tp:"what" doc:"What there is too much of, such as variables."`
	Limit int      `tp:"limit" doc:"How much there may be."`
}

func (e *LimitError) Error() string { return "too much: " + e.What }

// within returns a LimitError when there is more than limit.
func within(limit, n int, what string) error {
	if n > limit {
		return &LimitError{What: what, Limit: limit}
	}
	return nil
}

// userOf returns the caller, who is known in every function that is not public.
func userOf(ctx context.Context) (*user, error) {
	if u, ok := tp.Identity[*user](ctx); ok {
		return u, nil
	}
	return nil, tp.Unauthorized("nobody is known here")
}
