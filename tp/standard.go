package tp

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/telestruct/telestruct/tp/sample"
	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/wire"
)

// The error tags that the framework answers with (spec section 17.3).
const (
	tagUnknown                = "ErrorUnknown_"
	tagParseFailure           = "ErrorParseFailure_"
	tagInvalidRequestHeaders  = "ErrorInvalidRequestHeaders_"
	tagInvalidRequestBody     = "ErrorInvalidRequestBody_"
	tagInvalidResponseHeaders = "ErrorInvalidResponseHeaders_"
	tagInvalidResponseBody    = "ErrorInvalidResponseBody_"
	tagUnauthenticated        = "ErrorUnauthenticated_"
	tagUnauthorized           = "ErrorUnauthorized_"
)

// standardEndpoints are the functions that every server answers by itself
// (spec sections 2.1, 11.2 and 11.3).
func (b *build) standardEndpoints() map[string]endpoint {
	d := newDescriber(b.schema)
	endpoints := map[string]endpoint{"fn.ping_": b.raw(pong), "fn.api_": d}
	if len(b.settings.middleware) > 0 {
		endpoints["fn.api_"] = b.raw(d.handle)
	}
	return endpoints
}

func pong(context.Context, *Request) (*Response, error) {
	return &Response{Result: Object{}}, nil
}

// describer serves fn.api_. Everybody may ask, so each of its four answers is made
// once, when somebody wants it, and written once, unless middleware is to see it.
type describer struct {
	answers map[description]described
}

// description is what fn.api_ is asked for.
type description struct{ internal, examples bool }

// described is one answer of fn.api_, as a tree, which nobody may change, and in
// JSON, which is nil when the tree cannot be written.
type described struct {
	tree func() Object
	json func() []byte
}

func newDescriber(s *schema.Schema) *describer {
	d := &describer{answers: map[description]described{}}
	for _, internal := range []bool{false, true} {
		for _, examples := range []bool{false, true} {
			asked := description{internal, examples}
			tree := sync.OnceValue(func() Object { return describe(s, asked) })
			d.answers[asked] = described{tree, sync.OnceValue(func() []byte { return written(tree()) })}
		}
	}
	return d
}

func written(tree Object) []byte {
	json, err := wire.AppendValue(nil, tree)
	if err != nil {
		return nil
	}
	return json
}

// serve answers in JSON that is written already, where nothing can change it.
func (d *describer) serve(ctx *callContext, x *exchange) {
	args, ok := x.args()
	if !ok {
		return
	}
	answer := d.answer(args)
	if json := answer.json(); json != nil && x.binary == wire.JSON && len(x.selection()) == 0 {
		x.answerJSON("Ok_", json)
		return
	}
	x.respond(ctx, &outcome{tag: "Ok_", tree: answer.tree()})
}

// handle answers with a tree of the middleware's own.
func (d *describer) handle(_ context.Context, req *Request) (*Response, error) {
	args, ok := req.Args.(Object)
	if !ok {
		return nil, fmt.Errorf("middleware passed arguments of type %T to %s; want tp.Object", req.Args, req.Function)
	}
	return &Response{Result: wire.Clone(d.answer(args).tree())}, nil
}

func (d *describer) answer(args Object) described {
	internal, _ := args.Get("includeInternal!")
	examples, _ := args.Get("includeExamples!")
	return d.answers[description{internal == true, examples == true}]
}

func describe(s *schema.Schema, asked description) Object {
	definitions := s.Public()
	if asked.internal {
		definitions = s.Definitions()
	}
	var exampler *sample.Exampler
	if asked.examples {
		exampler = sample.NewExampler(s)
	}
	api := make([]any, len(definitions))
	for i, d := range definitions {
		source := d.Common().Source
		if exampler != nil {
			source = slices.Concat(source, exampler.Examples(d))
		}
		api[i] = source
	}
	return Object{{Key: "api", Value: api}}
}
