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

// describer serves fn.api_. Everybody may ask, so each of its four answers is
// made and written once, when somebody wants it.
type describer struct {
	answers map[description]func() described
}

// description is what fn.api_ is asked for.
type description struct{ internal, examples bool }

// described is one answer of fn.api_, as a tree and in JSON.
type described struct {
	tree Object
	json []byte
}

func newDescriber(s *schema.Schema) *describer {
	d := &describer{answers: map[description]func() described{}}
	for _, internal := range []bool{false, true} {
		for _, examples := range []bool{false, true} {
			asked := description{internal, examples}
			d.answers[asked] = sync.OnceValue(func() described { return describe(s, asked) })
		}
	}
	return d
}

// serve answers in JSON that is written already, where nothing can change it.
func (d *describer) serve(ctx *callContext, x *exchange) {
	args, ok := x.args()
	if !ok {
		return
	}
	answer := d.answer(args)
	if len(x.selection()) > 0 || answer.json == nil {
		x.respond(ctx, &outcome{tag: "Ok_", tree: answer.tree})
		return
	}
	x.answerJSON("Ok_", answer.json)
}

// handle answers with a tree, for middleware to look at.
func (d *describer) handle(_ context.Context, req *Request) (*Response, error) {
	args, ok := req.Args.(Object)
	if !ok {
		return nil, fmt.Errorf("middleware passed arguments of type %T to %s; want tp.Object", req.Args, req.Function)
	}
	return &Response{Result: d.answer(args).tree}, nil
}

func (d *describer) answer(args Object) described {
	internal, _ := args.Get("includeInternal!")
	examples, _ := args.Get("includeExamples!")
	return d.answers[description{internal == true, examples == true}]()
}

func describe(s *schema.Schema, asked description) described {
	definitions := s.Public()
	if asked.internal {
		definitions = s.Definitions()
	}
	api := make([]any, len(definitions))
	for i, d := range definitions {
		source := d.Common().Source
		if asked.examples {
			source = slices.Concat(source, sample.Examples(s, d))
		}
		api[i] = source
	}
	tree := Object{{Key: "api", Value: api}}
	json, err := wire.AppendValue(nil, tree)
	if err != nil {
		json = nil // the tree tells what is wrong with it when it is answered
	}
	return described{tree: tree, json: json}
}
