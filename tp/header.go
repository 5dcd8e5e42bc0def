package tp

import (
	"context"
	"fmt"
	"reflect"

	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/internal/plan"
	"github.com/telestruct/telestruct/reflectschema"
	"github.com/telestruct/telestruct/tp/wire"
)

// headerPlans are the codecs of an API's header sets, by Go type.
type headerPlans struct {
	request, response map[reflect.Type]*plan.Struct
}

func newHeaderPlans(models []*reflectschema.HeaderModel) headerPlans {
	p := headerPlans{map[reflect.Type]*plan.Struct{}, map[reflect.Type]*plan.Struct{}}
	for _, m := range models {
		p.request[m.RequestType] = m.Request
		p.response[m.ResponseType] = m.Response
	}
	return p
}

// Header returns the request's headers as a T, the request type of one of the
// API's header sets ([HeaderSet]). Headers that the request lacks are absent in
// T. It reports false outside of calls, and when no header set has the type T.
func Header[T any](ctx context.Context) (T, bool) {
	var headers T
	c := callOf(ctx)
	if c == nil {
		return headers, false
	}
	p := c.given.function.server.headers.request[reflect.TypeFor[T]()]
	if p == nil {
		return headers, false
	}
	var own Object
	for _, field := range p.Fields() {
		if v, ok := c.given.headers.Get(field.Name); ok {
			own = append(own, Member{Key: field.Name, Value: v})
		}
	}
	ok := plan.FromTree(p, own, mem.Of(&headers))
	return headers, ok
}

// Headers returns all headers of the request, declared or not, with what the
// transport added. It must not be changed. Nil outside of calls.
func Headers(ctx context.Context) Object {
	if c := callOf(ctx); c != nil {
		return c.given.headers
	}
	return nil
}

// SetHeader adds headers to the response. They are the response type of one of
// the API's header sets, or a pointer to one; fields that are absent set
// nothing, and a header that was set before is replaced. It fails outside of
// calls, after the call's end, and for other types. It is safe for concurrent use
// within one call.
func SetHeader(ctx context.Context, headers any) error {
	c := callOf(ctx)
	if c == nil {
		return errNoCall
	}
	t := reflect.TypeOf(headers)
	if t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	p, at := c.given.function.server.headers.response[t], structOf(headers)
	if p == nil || at == nil {
		return fmt.Errorf("tp: %T is not the response type of a header set; declare it with tp.HeaderSet", headers)
	}
	tree, _ := plan.Tree(p, at).(Object)
	for _, m := range tree {
		if err := c.setHeader(m.Key, m.Value); err != nil {
			return err
		}
	}
	return nil
}

// SetRawHeader adds one header to the response, declared or not. Its name
// begins with "@" and its value is what an any field may hold: nil, booleans,
// numbers, strings, and lists and maps of them. It fails outside of calls and
// after the call's end.
func SetRawHeader(ctx context.Context, name string, value any) error {
	c := callOf(ctx)
	if c == nil {
		return errNoCall
	}
	return c.setHeader(name, wire.FromGo(value))
}

var errNoCall = fmt.Errorf("tp: the context does not belong to a call")

func (c *callContext) setHeader(name string, value any) error {
	s := c.lock()
	defer s.mu.Unlock()
	if s.over {
		return fmt.Errorf("tp: the call is over; %s cannot be set any more", name)
	}
	s.response.Set(name, value)
	return nil
}

// structOf returns the address of the struct that v points to or holds; nil for
// a nil pointer and for everything else.
func structOf(v any) mem.Ptr {
	rv := reflect.ValueOf(v)
	switch rv.Kind() {
	case reflect.Pointer:
		return rv.UnsafePointer()
	case reflect.Struct:
		copied := reflect.New(rv.Type())
		copied.Elem().Set(rv)
		return copied.UnsafePointer()
	}
	return nil
}
