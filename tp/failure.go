package tp

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"reflect"

	"github.com/telestruct/telestruct/internal/errtree"
)

// OnFailure sets the hook that is told of failures: errors and panics of
// handlers and of authentication, responses that break the schema or cannot be
// written, and requests that are no message (spec section 2.3). Requests that
// the schema refuses are answers, not failures. The hook runs on the request's
// goroutine and may be called concurrently; a panic of it is logged through
// [log/slog.Default] together with the case id. Nil silences failures.
//
// The default writes one record to [log/slog.Default] for what is the server's
// own fault; bad messages, refused credentials and callers that went away are left
// out.
func OnFailure(hook func(ctx context.Context, failure *Error)) Option {
	if hook == nil {
		hook = func(context.Context, *Error) {}
	}
	return optionFunc(func(s *settings) { s.onFailure = hook })
}

// logFailure is the failure hook of servers that have none of their own. What a
// caller did wrong is not logged, which would let callers fill the log: messages
// that are none, credentials that authentication refused, calls that are too many, and
// calls that nobody waits for any more. A panic is none of these.
func logFailure(ctx context.Context, failure *Error) {
	if failure.Stack == nil && isCallers(ctx, failure) {
		return
	}
	attrs := []slog.Attr{
		slog.String("kind", string(failure.Kind)),
		slog.String("function", failure.Function),
		slog.String("caseId", failure.CaseID),
		slog.String("error", failure.Error()),
	}
	if name := undeclared(failure.Cause); name != "" {
		attrs = append(attrs, slog.String("fix", "callers are told nothing of "+name+"; declare it with tp.Fails"))
	}
	if failure.Stack != nil {
		attrs = append(attrs, slog.String("stack", string(failure.Stack)))
	}
	slog.LogAttrs(ctx, slog.LevelError, "telepact call failed", attrs...)
}

// isCallers reports whether a failure is the caller's doing.
func isCallers(ctx context.Context, failure *Error) bool {
	if _, isOurs := failure.Cause.(*CredentialsError); isOurs {
		return false
	}
	switch failure.Tag {
	case tagParseFailure, tagUnauthenticated:
		return true
	}
	gone := ctx.Err()
	return errtree.Has(failure.Cause, maxErrors, func(err error) bool {
		_, isLimit := err.(*RateLimitError)
		return isLimit || gone != nil && err == gone
	})
}

// undeclared returns the type of err, or of what it wraps, that is tagged to be told
// to callers; empty if there is none. Were it declared, it would be no failure.
func undeclared(err error) (name string) {
	errtree.Has(err, maxErrors, func(err error) bool {
		t := reflect.TypeOf(err)
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		if hasTag(t) {
			name = t.String()
		}
		return name != ""
	})
	return name
}

// hasTag reports whether t is a struct with a field that has a name on the wire.
func hasTag(t reflect.Type) bool {
	if t.Kind() != reflect.Struct {
		return false
	}
	for i := range t.NumField() {
		if _, ok := t.Field(i).Tag.Lookup("tp"); ok {
			return true
		}
	}
	return false
}

// logHookPanic says that the failure hook lost a failure. Whatever logging panics
// with is dropped: there is nobody left to tell.
func logHookPanic(ctx context.Context, failure *Error, p any) {
	defer func() { _ = recover() }()
	slog.LogAttrs(ctx, slog.LevelError, "telepact failure hook panicked",
		slog.String("function", failure.Function),
		slog.String("caseId", failure.CaseID),
		slog.String("panic", fmt.Sprint(p)))
}

// newCaseID returns a random UUID of version 4 (spec section 17.3).
func newCaseID() string {
	var id [16]byte
	_, _ = rand.Read(id[:]) // never fails, by its documentation
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}
