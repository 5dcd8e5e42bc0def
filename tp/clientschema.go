package tp

import (
	"context"
	"fmt"
	"reflect"
	"slices"

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

// UsesAll is [Uses] for every typed function of an API, with its unions: for clients in
// the same program, as in tests. The options are those that the API is built with. Two
// functions with arguments of the same type are told apart by [Name] in each call. A nil
// API has no functions.
func UsesAll(api *API, options ...Option) ClientOption {
	o := apiUsage{}
	if api == nil {
		return o
	}
	o.unions = newSettings(api.options, options).unions
	takers := map[reflect.Type]int{}
	for _, r := range api.registered() {
		if r.isRaw() {
			continue
		}
		u := usageOf(r)
		takers[u.key.args]++
		o.uses = append(o.uses, u)
	}
	o.uses = slices.DeleteFunc(o.uses, func(u Usage) bool { return u.key.name == "" || takers[u.key.args] > 1 })
	return o
}

// apiUsage is what a client knows of an API.
type apiUsage struct {
	unions []Union
	uses   []Usage
}

func (o apiUsage) applyClient(c *Client) {
	c.unions = append(c.unions, o.unions...)
	c.uses = append(c.uses, o.uses...)
}

// usageOf returns a registered function as its callers use it, without a name if it has
// none.
func usageOf(r *registration) Usage {
	name := r.name
	if name == "" {
		name, _ = wireName(r.goName)
	}
	key := functionKey{args: elemOf(r.args), result: elemOf(r.result), name: name}
	return Usage{key: key, fails: r.fails, site: r.site}
}

// elemOf returns the type that t points to, or t itself.
func elemOf(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}
