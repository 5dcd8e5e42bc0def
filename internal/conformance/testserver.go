package conformance

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/wire"
)

// testServer is the server that most suites are about: two servers, of which a
// request can choose the one that serves the next. It must not be used
// concurrently.
type testServer struct {
	main, alternate *tp.Server
	alternates      bool        // the alternate one serves
	overrides       bool        // the server does itself what transports do to headers
	binary          wire.Format // that answers are asked for in
	hooks           hooks
}

// implementation makes the API of a test server. Documents are those of its
// schema, additional ones included, and additional those alone.
type implementation func(documents, additional []schema.Document, options ...tp.Option) (*tp.API, error)

// newTestServer builds both servers for the schema of a vector file.
func newTestServer(env *environment, v *vectors, implement implementation, options ...tp.Option) (*testServer, error) {
	documents, err := schema.ReadDir(env.schemas, v.Schema)
	if err != nil {
		return nil, err
	}
	ts := &testServer{}
	options = append(options, tp.Use(ts.middleware))
	ts.main, err = build(implement, documents, nil, tp.Options(options...), ts.hooks.options())
	if err != nil {
		return nil, err
	}
	additional := []schema.Document{alternateDocument(v)}
	documents = slices.Concat(documents, additional)
	ts.alternate, err = build(implement, documents, additional, tp.Options(options...), tp.OnFailure(nil))
	return ts, err
}

// alternateDocument is what the schema of the alternate server has in addition.
func alternateDocument(v *vectors) schema.Document {
	text := []byte(v.AlternateSchema)
	if text == nil {
		text = []byte(`[{"struct.BackwardsCompatibleChange": {}}]`)
	}
	return schema.Document{Name: "backwardsCompatibleChange", Text: text}
}

func build(implement implementation, documents, additional []schema.Document, options ...tp.Option) (*tp.Server, error) {
	s, err := schema.Parse(documents...)
	if err != nil {
		return nil, err
	}
	if s.HasAuth() {
		options = append(options, tp.AuthHeaders(authenticate))
	}
	api, err := implement(documents, additional, options...)
	if err != nil {
		return nil, err
	}
	return api.Build()
}

// rawAPI is the implementation over value trees.
func rawAPI(documents, _ []schema.Document, options ...tp.Option) (*tp.API, error) {
	api := tp.NewAPI("", append(options, tp.SchemaDocuments(documents...))...)
	return api, registerRoutes(api, documents)
}

// registerRoutes registers the functions that documents define and that the
// framework does not answer by itself.
func registerRoutes(api *tp.API, documents []schema.Document) error {
	s, err := schema.Parse(documents...)
	if err != nil {
		return err
	}
	for _, f := range s.Functions() {
		if !strings.HasSuffix(f.Key, "_") {
			tp.RegisterRaw(api, f.Key, route)
		}
	}
	return nil
}

// errMiddleware is what the middleware fails with when a request asks for it.
var errMiddleware = errors.New("the middleware was asked to fail")

func (ts *testServer) middleware(next tp.Handler) tp.Handler {
	return func(ctx context.Context, req *tp.Request) (*tp.Response, error) {
		if ts.overrides {
			override(&req.Headers)
		}
		response, err := next(ctx, req)
		if err != nil {
			return nil, err
		}
		if isTrue(req.Headers, "@toggleAlternateServer_") {
			ts.alternates = !ts.alternates
		}
		if isTrue(req.Headers, "@throwError_") {
			return nil, errMiddleware
		}
		return response, nil
	}
}

func isTrue(headers tp.Object, name string) bool {
	v, _ := headers.Get(name)
	return v == true
}

// process answers the bytes of a request. The error says what its hooks found
// wrong.
func (ts *testServer) process(ctx context.Context, request []byte) ([]byte, error) {
	server, call := ts.main, &tp.Inbound{Body: request, UpdateHeaders: override, Binary: ts.binary}
	if ts.alternates {
		server, call.UpdateHeaders = ts.alternate, nil
	}
	reply := server.Serve(ctx, call)
	defer reply.Release()
	return bytes.Clone(reply.Bytes), ts.hooks.takeProblem()
}

// override is what a transport does to the headers of the main server's requests.
func override(headers *tp.Object) { headers.Set("@override", "new") }

// authenticate tells the route through headers what to answer to a token.
func authenticate(_ context.Context, headers tp.Object) (tp.Object, error) {
	switch token(headers) {
	case "", nil:
		return nil, nil
	case "ok":
		return tp.Object{{Key: "@ok_", Value: tp.Object{}}}, nil
	case "unauthorized":
		unauthorized := tp.Object{{Key: "message!", Value: "a"}}
		return tp.Object{{Key: "@result", Value: tp.Object{{Key: "ErrorUnauthorized_", Value: unauthorized}}}}, nil
	}
	return nil, errors.New("nobody has this token")
}

// token returns @auth_.Token.token; nil if there is none.
func token(headers tp.Object) any {
	var v any = headers
	for _, key := range []string{"@auth_", "Token", "token"} {
		object, _ := v.(tp.Object)
		v, _ = object.Get(key)
	}
	return v
}
