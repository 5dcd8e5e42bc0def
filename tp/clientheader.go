package tp

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/internal/plan"
	"github.com/telestruct/telestruct/reflectschema"
	"github.com/telestruct/telestruct/tp/wire"
)

// headerSource gives headers of a request, headerReceiver takes those of a response.
type (
	headerSource   func(*Client) (Object, error)
	headerReceiver func(*Client, Object) error
)

// WithHeader sends one header, declared by the server or not. Its name begins
// with "@"; its value is what an any field may hold.
func WithHeader(name string, value any) RequestOption {
	return requestHeaders(func(*Client) (Object, error) {
		if !strings.HasPrefix(name, "@") {
			return nil, fmt.Errorf("the name of a header begins with %q, not %q", "@", name)
		}
		return Object{{Key: name, Value: wire.FromGo(value)}}, nil
	})
}

// WithID sends @id_, any value but nil, which the response has again.
func WithID(id any) CallOption {
	return callOption(func(s *callSettings) { WithHeader("@id_", id).applyCall(s) })
}

// WithHeaders sends the headers that a struct has, which is tagged as those of a
// [HeaderSet] are; fields that are absent send nothing.
func WithHeaders[T any](headers T) RequestOption {
	return requestHeaders(structSource[T]{headers}.read)
}

// structSource gives the headers of a struct. It is no function literal: those of a
// generic function that is inlined count as the caller's, where mistakes are placed.
type structSource[T any] struct{ headers T }

func (s structSource[T]) read(c *Client) (Object, error) {
	p, err := headerPlan[T](c)
	if err != nil {
		return nil, err
	}
	return objectOf(plan.Tree(p, mem.Of(&s.headers))), nil
}

// WithAuth sends credentials as @auth_ (spec section 17.2). They are a struct, or a
// pointer to one, that is a variant of the server's union of credentials: the type's
// name is the tag.
func WithAuth(credentials any) RequestOption {
	return requestHeaders(func(c *Client) (Object, error) {
		at := structOf(credentials)
		if at == nil {
			return nil, fmt.Errorf("credentials are a struct, not %T", credentials)
		}
		key := functionKey{args: reflect.TypeOf(credentials), result: reflect.TypeFor[struct{}](), name: "fn.auth"}
		f, err := c.callee(key)
		if err != nil {
			return nil, err
		}
		tag, err := reflectschema.TypeName(f.model.ArgsType)
		if err != nil {
			return nil, err
		}
		return Object{{Key: "@auth_", Value: Object{{Key: tag, Value: plan.Tree(f.model.Args, at)}}}}, nil
	})
}

// ReceiveHeaders stores the headers of the response in into: all of them when T
// is [Object], and otherwise those that the struct T, tagged as that of a [HeaderSet],
// has fields for. It does so for every result, errors included, and not when there is
// none.
func ReceiveHeaders[T any](into *T) CallOption {
	receive := structReceiver[T]{into}.receive
	return callOption(func(s *callSettings) { s.receivers = append(slices.Clip(s.receivers), receive) })
}

// structReceiver stores the headers of a response in a struct. It is a type for the
// reason that structSource is one.
type structReceiver[T any] struct{ into *T }

func (r structReceiver[T]) receive(c *Client, headers Object) error {
	if r.into == nil {
		return fmt.Errorf("tp.ReceiveHeaders needs a place for a %v", reflect.TypeFor[T]())
	}
	if all, ok := any(r.into).(*Object); ok {
		*all = headers
		return nil
	}
	p, err := headerPlan[T](c)
	if err != nil {
		return err
	}
	var received T
	if !plan.FromTree(p, ownHeaders(p, headers), mem.Of(&received)) {
		return fmt.Errorf("the response's headers do not fit %T", received)
	}
	*r.into = received
	return nil
}

func requestHeaders(source headerSource) RequestOption {
	return requestOption(func(s *callSettings) { s.headers = append(slices.Clip(s.headers), source) })
}

// ownHeaders returns the headers that p has fields for.
func ownHeaders(p *plan.Struct, headers Object) Object {
	var own Object
	for _, field := range p.Fields() {
		if v, ok := headers.Get(field.Name); ok {
			own = append(own, Member{Key: field.Name, Value: v})
		}
	}
	return own
}

// headerPlan returns the plan of a struct of headers, which is derived once.
func headerPlan[T any](c *Client) (*plan.Struct, error) {
	t := reflect.TypeFor[T]()
	if t.Kind() != reflect.Struct {
		return nil, fmt.Errorf("headers are a struct with a field for each, not %v", t)
	}
	if known, ok := c.headers.Load(t); ok {
		return known.(func() (*plan.Struct, error))()
	}
	set := reflectschema.NewHeaderSet[T, struct{}]("headers.Call") // here, so that it tells where the call is
	derive := sync.OnceValues(func() (*plan.Struct, error) {
		types := c.builder()
		types.Headers(set)
		model, err := types.Build()
		if err != nil {
			return nil, err
		}
		return model.Headers[0].Request, nil
	})
	known, _ := c.headers.LoadOrStore(t, derive)
	return known.(func() (*plan.Struct, error))()
}

// requestHeaders returns the headers that the options of a call ask for.
func (c *Client) requestHeaders(f *callee, s *callSettings) (Object, error) {
	var headers Object
	for _, source := range s.headers {
		more, err := source(c)
		if err != nil {
			return nil, err
		}
		for _, m := range more {
			headers.Set(m.Key, m.Value)
		}
	}
	if s.selection != nil {
		selection, err := s.selection.tree(f)
		if err != nil {
			return nil, err
		}
		headers.Set("@select_", selection)
	}
	return headers, nil
}

// rawHeaders returns the headers of a message with those of the client's options
// that it does not have. The result is the caller's own.
func (c *Client) rawHeaders(own Object) (Object, error) {
	headers := objectOf(wire.FromGo(own))
	defaults, err := c.requestHeaders(nil, &c.defaults)
	for _, m := range defaults {
		if _, ok := own.Get(m.Key); !ok {
			headers = append(headers, m)
		}
	}
	return headers, err
}

func (c *Client) receiveHeaders(headers Object, s *callSettings) error {
	for _, receive := range s.receivers {
		if err := receive(c, headers); err != nil {
			return err
		}
	}
	return nil
}
