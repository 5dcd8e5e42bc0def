package tp

import "context"

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
func standardEndpoints(s *Server) map[string]endpoint {
	return map[string]endpoint{
		"fn.ping_": &rawEndpoint{handler: pong},
		"fn.api_":  &rawEndpoint{handler: s.describe},
	}
}

func pong(context.Context, *Request) (*Response, error) {
	return &Response{Result: Object{}}, nil
}

// describe answers fn.api_ with the definitions of the server's schema.
func (s *Server) describe(_ context.Context, req *Request) (*Response, error) {
	args, err := argsOf(req)
	if err != nil {
		return nil, err
	}
	definitions := s.schema.Public()
	if all, _ := args.Get("includeInternal!"); all == true {
		definitions = s.schema.Definitions()
	}
	api := make([]any, len(definitions))
	for i, d := range definitions {
		api[i] = d.Common().Source
	}
	return &Response{Result: Object{{Key: "api", Value: api}}}, nil
}
