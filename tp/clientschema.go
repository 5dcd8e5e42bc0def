package tp

import (
	"context"
	"fmt"
	"reflect"

	"github.com/telestruct/telestruct/internal/callsite"
	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/wire"
)

// Schema asks the server for its schema, internal definitions included (spec
// section 11.3). The error is that of [Client.Exchange], a [*ResultError], or a
// [*schema.ParseError] for definitions that make no schema.
func (c *Client) Schema(ctx context.Context) (*schema.Schema, error) {
	const function = "fn.api_"
	answer, err := c.Exchange(ctx, &Message{Target: function, Payload: Object{{Key: "includeInternal!", Value: true}}})
	if err != nil {
		return nil, err
	}
	if answer.Target != "Ok_" {
		return nil, c.resultError(function, answer)
	}
	definitions, _ := answer.Payload.Get("api")
	text, err := wire.AppendValue(nil, definitions)
	if err != nil {
		return nil, &Error{Kind: KindSerialization, Function: function, Cause: err}
	}
	s, err := schema.Parse(schema.Document{Text: text})
	if err != nil {
		return nil, fmt.Errorf("tp: the schema that the server has told is none: %w", err)
	}
	return s, nil
}

// Uses describes a function that a client calls with an A and that answers an R,
// for [Client.Check]. Given to [NewClient], its [Name] also is that of every call
// and every link with an A. [Fails] lists the errors that the caller tells apart.
func Uses[A, R any](options ...FuncOption) Usage {
	r := &registration{}
	for _, o := range options {
		if o != nil {
			o.applyFunc(r)
		}
	}
	key := functionKey{args: reflect.TypeFor[A](), result: reflect.TypeFor[R](), name: r.name}
	return Usage{key: key, fails: r.fails, site: callsite.Caller()}
}
