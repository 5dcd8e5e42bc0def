package tp

import (
	"context"
	"errors"
	"reflect"
	"sync"

	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/reflectschema"
	"github.com/telestruct/telestruct/tp/wire"
)

// Client calls the functions of one server (spec section 16). It is safe for
// concurrent use, starts no goroutines and needs no closing. [NewClient] makes it.
type Client struct {
	transport Transport
	unions    []reflectschema.Union
	uses      []Usage
	defaults  callSettings
	limits    wire.Limits

	encodings encodings
	callees   sync.Map // functionKey to func() (*callee, error)
	headers   sync.Map // reflect.Type to func() (*plan.Struct, error)
	errs      sync.Map // reflect.Type to *reflectschema.ErrorModel, nil for what has no tag
}

// NewClient returns a client that reaches its server through transport.
//
// It never fails: Go types are looked at when a call first needs them, and each
// such call returns what is wrong with them. [Client.Check] asks ahead.
func NewClient(transport Transport, options ...ClientOption) *Client {
	c := &Client{
		transport: transport,
		defaults:  callSettings{timeout: defaultTimeout},
		limits:    wire.CallLimits(),
	}
	for _, o := range options {
		if o != nil {
			o.applyClient(c)
		}
	}
	return c
}

// Call calls the function that takes an A and answers an R, both structs as on
// the server's side:
//
//	greeting, err := tp.Call[Greeting](ctx, client, &Greet{Subject: "World"})
//
// The function's name is that of A with its first letter, or the initialism it
// begins with, in lower case: Greet calls fn.greet, as a handler of that name
// serves it. [Name] and [Uses] give another one. Fields that a newer server adds
// to the result are ignored.
//
// The call ends with ctx. Its deadline, or else the client's [Timeout], is what the
// server is told in @time_. Any other result than Ok_ is a [*ResultError], of which
// [errors.As] takes declared errors and standard ones; that there is no result is an
// [*Error] of kind [KindTransport] or [KindSerialization], from which nobody can tell
// whether the function ran. What is wrong with the call itself, such as a type that no schema has or
// an unknown field in [Select], is a KindSerialization before anything is sent.
func Call[R, A any](ctx context.Context, c *Client, args *A, options ...CallOption) (*R, error) {
	result := new(R)
	key := functionKey{args: reflect.TypeFor[A](), result: reflect.TypeFor[R]()}
	if err := c.call(ctx, key, mem.Of(args), mem.Of(result), options); err != nil {
		return nil, err
	}
	return result, nil
}

// call makes a typed call. The args and the result are structs of the types in key.
func (c *Client) call(ctx context.Context, key functionKey, args, result mem.Ptr, options []CallOption) error {
	settings := c.defaults.with(options)
	key.name = settings.name
	if err := key.check(); err != nil {
		return unsendable(key.name, err)
	}
	f, err := c.callee(key)
	if err != nil {
		return unsendable(key.name, err)
	}
	if args == nil {
		return unsendable(f.name, errNoArgs)
	}
	headers, err := c.requestHeaders(f, &settings)
	if err != nil {
		return unsendable(f.name, err)
	}
	selection, _ := headers.Get("@select_")
	x := &clientCall{
		client:   c,
		content:  &typedContent{callee: f, args: args, result: result, selection: objectOf(selection)},
		headers:  headers,
		settings: settings,
	}
	answer, err := x.run(ctx)
	if err != nil {
		return err
	}
	if err := c.receiveHeaders(answer.Headers, &settings); err != nil {
		return &Error{Kind: KindSerialization, Function: f.name, Cause: err}
	}
	if answer.Target != "Ok_" {
		return c.resultError(f.name, answer)
	}
	return nil
}

// Exchange sends one request message and returns the response, whatever its tag,
// without Go types for either (spec sections 16.2 to 16.4). It is for programs that
// learn at run time what they call; see [Client.Schema].
//
// Values in m are what an any field may hold. The client's options add headers that m
// does not have. Raw bytes in m become base64 text in JSON; where the server says that
// text is bytes, the response has raw bytes. The error is an [*Error] as with [Call]. M
// is not changed.
func (c *Client) Exchange(ctx context.Context, m *Message) (*Message, error) {
	if m == nil {
		return nil, unsendable("", errNoMessage)
	}
	headers, err := c.rawHeaders(m.Headers)
	if err != nil {
		return nil, unsendable(m.Target, err)
	}
	content := &treeContent{target: m.Target, payload: wire.FromGo(m.Payload)}
	x := &clientCall{client: c, content: content, headers: headers, settings: c.defaults}
	return x.run(ctx)
}

// unsendable is the failure of a call of which nothing was sent.
func unsendable(function string, cause error) error {
	return &Error{Kind: KindSerialization, Function: function, Cause: cause}
}

var (
	errNoTransport = errors.New("the client has no transport")
	errNoArgs      = errors.New("the arguments are nil")
	errNoMessage   = errors.New("the message is nil")
	errGivenUp     = errors.New("the server answered ErrorUnknown_")
)

func objectOf(v any) Object {
	object, _ := v.(Object)
	return object
}
