package tp

import (
	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/validate"
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

// standardEndpoint serves a function of the standard definitions, on trees.
type standardEndpoint struct {
	result func(s *schema.Schema, args Object) Object
}

// standardEndpoints are the functions that every server answers by itself
// (spec sections 2.1, 11.2 and 11.3).
func standardEndpoints() map[string]endpoint {
	return map[string]endpoint{
		"fn.ping_": standardEndpoint{pong},
		"fn.api_":  standardEndpoint{apiDefinitions},
	}
}

func (e standardEndpoint) serve(_ *callContext, x *exchange) {
	msg, err := x.message()
	if err != nil {
		x.refuseParse(err)
		return
	}
	report := validate.Request(x.srv.schema, x.fn.def, msg.Payload)
	if len(report.Failures) > 0 {
		x.answer(x.response, tagInvalidRequestBody, cases(report.Failures))
		return
	}
	x.answer(x.response, "Ok_", x.selected("Ok_", e.result(x.srv.schema, msg.Payload)))
}

// selected applies the request's @select_ to a result tree (spec section 6.4).
func (x *exchange) selected(tag string, payload Object) Object {
	v, _ := x.headers.Get("@select_")
	selection, _ := v.(Object)
	if len(selection) == 0 {
		return payload
	}
	kept, _ := validate.ApplySelection(x.fn.def, tag, payload, selection).(Object)
	return kept
}

func pong(*schema.Schema, Object) Object { return Object{} }

func apiDefinitions(s *schema.Schema, args Object) Object {
	definitions := s.Public()
	if all, _ := args.Get("includeInternal!"); all == true {
		definitions = s.Definitions()
	}
	api := make([]any, len(definitions))
	for i, d := range definitions {
		api[i] = d.Common().Source
	}
	return Object{{Key: "api", Value: api}}
}
