package tp_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/validate"
	"github.com/telestruct/telestruct/tp/wire"
)

// failing returns a client of functions that fail as they are told.
func failing(t testing.TB) *tp.Client {
	api := tp.NewAPI("", tp.ErrorSet("errors.Quota", &QuotaError{}))
	tp.RegisterOn(api, fail, tp.Fails(ClosedError{}))
	return tp.NewClient(build(t, api, tp.OnFailure(nil)))
}

func TestResultErrorAs(t *testing.T) {
	t.Parallel()
	client := failing(t)
	_, err := tp.Call[Empty](t.Context(), client, &Fail{How: "pointer"})
	err = fmt.Errorf("wrapped: %w", err)
	var pointer *QuotaError
	if !errors.As(err, &pointer) || pointer.Left != 3 {
		t.Errorf("pointer: got %+v of %v", pointer, err)
	}
	var closed ClosedError
	if errors.As(err, &closed) {
		t.Errorf("another error's type took %v", err)
	}
	var result *tp.ResultError
	if !errors.As(err, &result) {
		t.Fatalf("got %v", err)
	}
	want := &tp.ResultError{Function: "fn.fail", Tag: "ErrorQuota", Payload: tp.Object{{Key: "left", Value: int64(3)}}}
	if result.Function != want.Function || result.Tag != want.Tag || !cmp.Equal(result.Payload, want.Payload) {
		t.Errorf("got %+v, want %+v", result, want)
	}
	if got := result.Error(); got != "tp: fn.fail answered ErrorQuota" {
		t.Errorf("text %q", got)
	}
	_, err = tp.Call[Empty](t.Context(), client, &Fail{How: "value"})
	var closedPointer *ClosedError
	if !errors.As(err, &closed) || closed.Until != nil || !errors.As(err, &closedPointer) {
		t.Errorf("value: got %+v and %+v of %v", closed, closedPointer, err)
	}
}

// untaggedError is no error of a schema.
type untaggedError struct{ Left int }

func (*untaggedError) Error() string { return "" }

// stringError is an error that is no struct.
type stringError string

func (e stringError) Error() string { return string(e) }

func TestResultErrorAsOthers(t *testing.T) {
	t.Parallel()
	_, err := tp.Call[Empty](t.Context(), failing(t), &Fail{How: "pointer"})
	var (
		untagged *untaggedError
		text     stringError
		slow     interface{ Timeout() bool }
		failure  *tp.Error
		unknown  *tp.UnknownError
	)
	for _, target := range []any{&untagged, &text, &slow, &failure, &unknown} {
		for range 2 { // the second finds what is known
			if errors.As(err, target) {
				t.Errorf("%T took %v", target, err)
			}
		}
	}
	var zero tp.ResultError
	if zero.As(&untagged) || zero.As(nil) || zero.As(7) || zero.As((**untaggedError)(nil)) {
		t.Error("the zero ResultError is something")
	}
}

// A payload of another server's errors need not fit.
func TestResultErrorMisfit(t *testing.T) {
	t.Parallel()
	for payload, want := range map[string]bool{
		`{"left":3}`:            true,
		`{"left":3,"more":"x"}`: true,
		`{"left":"3"}`:          false,
		`{}`:                    false,
	} {
		_, err := tp.Call[Empty](t.Context(), tp.NewClient(answering(`[{},{"ErrorQuota":`+payload+`}]`)), &Fail{})
		var quota *QuotaError
		if got := errors.As(err, &quota); got != want {
			t.Errorf("%s: got %v", payload, got)
		}
	}
}

// The error as it is printed says what a standard error says, and nothing of the
// payload of another.
func TestResultErrorText(t *testing.T) {
	t.Parallel()
	tests := []struct{ answer, want string }{
		{`"ErrorQuota":{"left":3}`, "ErrorQuota"},
		{`"ErrorInvalidRequestBody_":{"cases":[{"path":["fn.fail"],"reason":{"FunctionUnknown":{}}},{"path":[],"reason":{"A":{}}}]}`,
			"ErrorInvalidRequestBody_: fn.fail: the schema has no such function and 1 more"},
		{`"ErrorInvalidRequestHeaders_":{"cases":[]}`, "ErrorInvalidRequestHeaders_"},
		{`"ErrorParseFailure_":{"reasons":[{"JsonInvalid":{}},{"A":{}}]}`, "ErrorParseFailure_: JsonInvalid, A"},
		{`"ErrorUnknown_":{"caseId":"c7"}`, "ErrorUnknown_: case c7"},
		{`"ErrorUnknown_":{}`, "ErrorUnknown_"},
		{`"ErrorUnauthenticated_":{"message!":"who?\nERROR"}`, "ErrorUnauthenticated_: who? ERROR"},
		{`"ErrorUnauthorized_":{}`, "ErrorUnauthorized_"},
		{`"ErrorUnauthorized_":{"message!":"` + strings.Repeat("a", 3000) + `"}`, "ErrorUnauthorized_: " + strings.Repeat("a", 1959) + "…"},
	}
	for _, tc := range tests {
		_, err := tp.Call[Empty](t.Context(), tp.NewClient(answering(`[{},{`+tc.answer+`}]`)), &Fail{})
		if want := "tp: fn.fail answered " + tc.want; err == nil || err.Error() != want {
			t.Errorf("%.60s: got %v, want %s", tc.answer, err, want)
		}
	}
}

func TestStandardErrors(t *testing.T) {
	t.Parallel()
	failure := []validate.Failure{{Path: wire.Path{"fn.fail", "how", 2}, Reason: "TypeUnexpected", Data: tp.Object{
		{Key: "actual", Value: tp.Object{{Key: "Null", Value: tp.Object{}}}},
		{Key: "expected", Value: tp.Object{{Key: "String", Value: tp.Object{}}}},
	}}}
	const cases = `{"cases":[{"path":["fn.fail","how",2],"reason":{"TypeUnexpected":{"actual":{"Null":{}},"expected":{"String":{}}}}}]}`
	tests := []struct {
		answer string
		want   error
		text   string
	}{
		{`"ErrorInvalidRequestBody_":` + cases, &tp.ValidationError{Tag: "ErrorInvalidRequestBody_", Cases: failure},
			"tp: the server found the message invalid: ErrorInvalidRequestBody_: fn.fail.how[2]: expected String, found Null"},
		{`"ErrorInvalidRequestHeaders_":` + cases, &tp.ValidationError{Tag: "ErrorInvalidRequestHeaders_", Cases: failure},
			"tp: the server found the message invalid: ErrorInvalidRequestHeaders_: fn.fail.how[2]: expected String, found Null"},
		{`"ErrorInvalidResponseBody_":` + cases, &tp.ValidationError{Tag: "ErrorInvalidResponseBody_", Cases: failure},
			"tp: the server found the message invalid: ErrorInvalidResponseBody_: fn.fail.how[2]: expected String, found Null"},
		{`"ErrorInvalidResponseHeaders_":{"cases":[1,{"reason":{}},{"path":0,"reason":{"A":0}},{"reason":{"B":{}}}]}`,
			&tp.ValidationError{Tag: "ErrorInvalidResponseHeaders_", Cases: []validate.Failure{
				{Path: wire.Path{}, Reason: "A"}, {Path: wire.Path{}, Reason: "B", Data: tp.Object{}}}},
			"tp: the server found the message invalid: ErrorInvalidResponseHeaders_: (root): A and 1 more"},
		{`"ErrorInvalidRequestBody_":{}`, &tp.ValidationError{Tag: "ErrorInvalidRequestBody_"},
			"tp: the server found the message invalid: ErrorInvalidRequestBody_"},
		{`"ErrorParseFailure_":{"reasons":[{"JsonInvalid":{}},{"A":{}},7]}`, &tp.ParseFailureError{Reasons: []string{"JsonInvalid", "A"}},
			"tp: the server could not read the request: JsonInvalid, A"},
		{`"ErrorUnknown_":{"caseId":"c7"}`, &tp.UnknownError{CaseID: "c7"}, "tp: the server failed; it calls the case c7"},
		{`"ErrorUnauthenticated_":{"message!":"who?"}`, &tp.UnauthenticatedError{Message: "who?"}, "unauthenticated: who?"},
		{`"ErrorUnauthenticated_":{}`, &tp.UnauthenticatedError{}, "unauthenticated: "},
		{`"ErrorUnauthorized_":{"message!":"not you"}`, &tp.UnauthorizedError{Message: "not you"}, "unauthorized: not you"},
	}
	for _, tc := range tests {
		_, err := tp.Call[Empty](t.Context(), tp.NewClient(answering(`[{},{`+tc.answer+`}]`)), &Fail{})
		got := standardOf(err)
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.answer, diff)
			continue
		}
		if got.Error() != tc.text {
			t.Errorf("text %q, want %q", got.Error(), tc.text)
		}
	}
}

// standardOf returns the one standard error that err is.
func standardOf(err error) error {
	var (
		validation      *tp.ValidationError
		parse           *tp.ParseFailureError
		unknown         *tp.UnknownError
		unauthenticated *tp.UnauthenticatedError
		unauthorized    *tp.UnauthorizedError
		found           []error
	)
	for target, value := range map[any]func() error{
		&validation:      func() error { return validation },
		&parse:           func() error { return parse },
		&unknown:         func() error { return unknown },
		&unauthenticated: func() error { return unauthenticated },
		&unauthorized:    func() error { return unauthorized },
	} {
		if errors.As(err, target) {
			found = append(found, value())
		}
	}
	if len(found) != 1 {
		return fmt.Errorf("%d standard errors in %w", len(found), err)
	}
	return found[0]
}

// A handler that passes the error of its own call on does not answer with it.
func TestResultErrorIsNotPassedOn(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{`{"ErrorUnauthorized_":{"message!":"inner"}}`, `{"ErrorQuota":{"left":3}}`} {
		inner := tp.NewClient(answering(`[{},` + answer + `]`))
		var hook failures
		api := tp.NewAPI("", tp.ErrorSet("errors.Quota", &QuotaError{}), hook.option(),
			tp.Auth(tp.UnionOf[Credentials](Token{}), func(context.Context, Credentials) (int, error) { return 0, nil }))
		tp.RegisterOn(api, func(ctx context.Context, in *Fail) (*Empty, error) {
			return tp.Call[Empty](ctx, inner, in)
		}, tp.Name("fn.outer"))
		outer := tp.NewClient(api.MustBuild(), tp.WithAuth(Token{Token: "ann"}))
		_, err := tp.Call[Empty](t.Context(), outer, &Fail{}, tp.Name("fn.outer"))
		var unknown *tp.UnknownError
		if !errors.As(err, &unknown) || len(hook.all) != 1 || unknown.CaseID != hook.all[0].CaseID {
			t.Errorf("got %v", err)
		}
	}
}
