package wsx

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// Refuse returns an error that refuses a connection with an HTTP status, for the first
// function of [Actor] and that of [MirrorTenant]. The client gets the text; without one, that of the status. It panics
// for a status that is not from 400 to 599.
func Refuse(status int, text ...string) error {
	if !isRefusal(status) {
		panic(fmt.Sprintf("wsx: Refuse: the status %d does not refuse anything; 400 to 599 do", status))
	}
	return &refusal{status: status, text: strings.Join(text, " ")}
}

type refusal struct {
	status int
	text   string
}

func (r *refusal) Error() string {
	return fmt.Sprintf("wsx: refused with status %d: %s", r.status, r.told())
}

// StatusCode returns the HTTP status.
func (r *refusal) StatusCode() int { return r.status }

// told returns what the client gets to read.
func (r *refusal) told() string {
	if r.text != "" {
		return r.text
	}
	return strings.ToLower(http.StatusText(r.status))
}

func isRefusal(status int) bool { return 400 <= status && status <= 599 }

var errNoInitialState = errors.New("the first function of the actor has returned nil in place of a state: return one, or an error")

// initialState asks the program for the state that an actor begins with. When it reports
// false, the request has been answered.
func (e *Endpoint) initialState(w http.ResponseWriter, r *http.Request) (State, bool) {
	state, err := e.initial(r)
	if err != nil {
		e.refuseFault(w, err)
		return nil, false
	}
	return state, true
}

// refuseFault answers a request that a function of the program refuses with an error.
func (e *Endpoint) refuseFault(w http.ResponseWriter, err error) {
	status, text := http.StatusForbidden, "the connection is not allowed"
	if coded, ok := errors.AsType[interface {
		error
		StatusCode() int
	}](err); ok {
		status, text = coded.StatusCode(), strings.ToLower(http.StatusText(coded.StatusCode()))
	}
	if refused, ok := errors.AsType[*refusal](err); ok {
		text = refused.told()
	}
	if !isRefusal(status) {
		status, text = http.StatusInternalServerError, "internal error"
	}
	switch status {
	case http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", "Bearer")
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", retryAfter)
	}
	e.refuse(w, status, text)
}

// errBroken is what the failure of a program's own function is made: a status of 500, and
// nothing told.
var errBroken = &refusal{status: http.StatusInternalServerError, text: "internal error"}

// initial calls the function. What it does wrong is reported.
func (e *Endpoint) initial(r *http.Request) (state State, err error) {
	defer func() {
		if p := recover(); p != nil {
			e.report(p)
			err = errBroken
		}
	}()
	if state, err = e.actor.initial(r); err == nil && state == nil {
		e.actors.tell(&HandlerError{Err: errNoInitialState})
		err = errBroken
	}
	return state, err
}
