package tptest

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/telestruct/telestruct/internal/match"
	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/sample"
	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/validate"
	"github.com/telestruct/telestruct/tp/wire"
)

// Asserter compares what a server answers with what is expected, without Go types for
// either (spec section 19). [NewAsserter] makes it. It is safe for concurrent use.
//
// What is expected is the body of a response, or a part of it: members that are absent do
// not matter, and each element of a list must be somewhere in that of the response. Nil
// expects nothing, so that every response will do.
type Asserter struct {
	client *tp.Client

	mu        sync.Mutex
	options   sample.Options
	schema    *schema.Schema // of the server, once it was asked for
	generator *sample.Generator
}

// NewAsserter returns an asserter for the server that a client calls.
func NewAsserter(client *tp.Client) *Asserter {
	return &Asserter{client: client, options: sample.Options{MaxLength: 3}}
}

// Seed makes what [Asserter.Anticipate] makes up begin anew at a seed. Default 0.
func (a *Asserter) Seed(seed int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.options.Seed = seed
	if a.generator != nil {
		a.generator.Seed(seed)
	}
}

// Assert sends a request and returns the response, which must be as expected. Otherwise
// the error is an [*AssertionError]; when there is no response, or the server does not
// tell its schema, it is that of [tp.Client.Exchange] or [tp.Client.Schema].
func (a *Asserter) Assert(ctx context.Context, request *tp.Message, expected tp.Object) (*tp.Message, error) {
	response, differences, err := a.compare(ctx, request, expected)
	if err != nil {
		return nil, err
	}
	if len(differences) > 0 {
		return nil, &AssertionError{Function: request.Target, Expected: expected, Response: response, differences: differences}
	}
	return response, nil
}

// Anticipate is [Asserter.Assert] for a server that does not answer as expected yet, so
// that its callers can be written first. It fails with an [*AssertionError] when the
// response is as expected already. Otherwise it returns a response that is: what is
// expected, with random values for other required fields, under the headers that came.
func (a *Asserter) Anticipate(ctx context.Context, request *tp.Message, expected tp.Object) (*tp.Message, error) {
	response, differences, err := a.compare(ctx, request, expected)
	if err != nil {
		return nil, err
	}
	if len(differences) == 0 {
		return nil, &AssertionError{Function: request.Target, Expected: expected, Response: response}
	}
	return a.makeUp(request.Target, response.Headers, expected)
}

// compare sends a request and finds where the response is not as expected.
func (a *Asserter) compare(ctx context.Context, request *tp.Message, expected tp.Object) (*tp.Message, []match.Difference, error) {
	s, err := a.served(ctx)
	if err != nil {
		return nil, nil, err
	}
	response, err := a.client.Exchange(ctx, request)
	if err != nil {
		return nil, nil, err
	}
	var c match.Comparison
	f := s.Function(request.Target)
	wanted, _ := wire.FromGo(expected).(tp.Object)
	got := tp.Object{{Key: response.Target, Value: response.Payload}}
	differences := c.Differences(withRawBytes(s, f, wanted), withRawBytes(s, f, got), maxDifferences)
	return response, differences, c.Err()
}

const maxDifferences = 20

// served returns the schema of the server, which is asked for once.
func (a *Asserter) served(ctx context.Context) (*schema.Schema, error) {
	a.mu.Lock()
	known := a.schema
	a.mu.Unlock()
	if known != nil {
		return known, nil
	}
	s, err := a.client.Schema(ctx)
	if err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.schema == nil {
		a.schema, a.generator = s, sample.NewGenerator(s, a.options)
	}
	return a.schema, nil
}

// withRawBytes returns a body with raw bytes where the schema says bytes: a response has
// text or raw bytes there, depending on how it was sent.
func withRawBytes(s *schema.Schema, f *schema.Function, body tp.Object) tp.Object {
	if f == nil || len(body) != 1 || body[0].Key != "Ok_" {
		return body
	}
	report := validate.Response(s, f, "Ok_", body[0].Value, validate.ResponseOptions{Binary: true})
	if report.Bytes == nil {
		return body
	}
	raw, _ := wire.Base64ToBytes(body, report.Bytes).(tp.Object)
	return raw
}

// makeUp returns a response of a function around what is expected.
func (a *Asserter) makeUp(function string, headers, expected tp.Object) (*tp.Message, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	f := a.schema.Function(function)
	if f == nil {
		return nil, fmt.Errorf("tptest: the server has no function %q, so that it can never answer as expected", function)
	}
	body := a.generator.Result(f, sample.Omit, sample.Given(wire.FromGo(expected)))
	payload, _ := body[0].Value.(tp.Object)
	return &tp.Message{Headers: headers, Target: body[0].Key, Payload: payload}, nil
}

// AssertionError says that a response was not as expected, or that it was and
// [Asserter.Anticipate] did not want it to be yet.
type AssertionError struct {
	// Function is the wire name of the function that was called.
	Function string
	// Expected is the body, or the part of one, that was expected.
	Expected tp.Object
	// Response is what came.
	Response *tp.Message

	differences []match.Difference // none if the response was as expected
}

// Error returns what was expected and what came, and each place where they differ, on
// several lines.
func (e *AssertionError) Error() string {
	var b strings.Builder
	if len(e.differences) == 0 {
		fmt.Fprintf(&b, "tptest: %s answers as expected already:", e.Function)
	} else {
		fmt.Fprintf(&b, "tptest: %s does not answer as expected:", e.Function)
	}
	fmt.Fprintf(&b, "\n  want %s", match.Text(e.Expected))
	fmt.Fprintf(&b, "\n  got  %s", match.Text(tp.Object{{Key: e.Response.Target, Value: e.Response.Payload}}))
	for _, d := range e.differences {
		fmt.Fprintf(&b, "\n  at %s", d)
	}
	return b.String()
}
