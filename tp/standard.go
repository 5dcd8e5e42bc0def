package tp

import (
	"context"
	"slices"
	"sync"

	"github.com/telestruct/telestruct/tp/sample"
	"github.com/telestruct/telestruct/tp/schema"
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
// (spec sections 2.1, 11.2 and 11.3). They do not pass through middleware.
func standardEndpoints(s *schema.Schema) map[string]endpoint {
	return map[string]endpoint{
		"fn.ping_": &rawEndpoint{handler: pong},
		"fn.api_":  &rawEndpoint{handler: newDescriber(s).describe},
	}
}

func pong(context.Context, *Request) (*Response, error) {
	return &Response{Result: Object{}}, nil
}

// describer answers fn.api_. Each of its four answers is made once, when
// somebody asks for it: everybody may, and examples take a while.
type describer struct {
	public, all                 func() []any
	publicExamples, allExamples func() []any
}

func newDescriber(s *schema.Schema) *describer {
	return &describer{
		public:         sync.OnceValue(func() []any { return definitions(s.Public()) }),
		all:            sync.OnceValue(func() []any { return definitions(s.Definitions()) }),
		publicExamples: sync.OnceValue(func() []any { return definitionsWithExamples(s, s.Public()) }),
		allExamples:    sync.OnceValue(func() []any { return definitionsWithExamples(s, s.Definitions()) }),
	}
}

func (d *describer) describe(_ context.Context, req *Request) (*Response, error) {
	args, err := argsOf(req)
	if err != nil {
		return nil, err
	}
	all, _ := args.Get("includeInternal!")
	examples, _ := args.Get("includeExamples!")
	api := d.public
	switch {
	case all == true && examples == true:
		api = d.allExamples
	case all == true:
		api = d.all
	case examples == true:
		api = d.publicExamples
	}
	return &Response{Result: Object{{Key: "api", Value: api()}}}, nil
}

func definitions(list []schema.Definition) []any {
	trees := make([]any, len(list))
	for i, d := range list {
		trees[i] = d.Common().Source
	}
	return trees
}

func definitionsWithExamples(s *schema.Schema, list []schema.Definition) []any {
	trees := make([]any, len(list))
	for i, d := range list {
		trees[i] = slices.Concat(d.Common().Source, sample.Examples(s, d))
	}
	return trees
}
