package reflectschema_test

import (
	"encoding"
	"encoding/base64"
	"math/big"
	"net"
	"net/netip"
	"reflect"
	"slices"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/wire"
)

// asRead returns the valid tree v of a struct as its Go type holds it.
func asRead(s *schema.Struct, v any) any {
	object := slices.Clone(v.(wire.Object))
	for i := range object {
		object[i].Value = valueAsRead(s.Field(object[i].Key).Type, object[i].Value)
	}
	return object
}

func valueAsRead(t *schema.Type, v any) any {
	if v == nil {
		return nil
	}
	switch t.Kind {
	case schema.Number:
		return numberAsRead(t.Refine, v)
	case schema.String:
		return textAsRead(t.Refine, v)
	case schema.Any:
		return contentAsRead(v)
	case schema.ArrayOf:
		return eachElement(v, func(v any) any { return valueAsRead(t.Elem, v) })
	case schema.ObjectOf:
		return eachMember(v, func(_ string, v any) any { return valueAsRead(t.Elem, v) })
	case schema.StructRef:
		return asRead(t.Definition.(*schema.Struct), v)
	case schema.UnionRef:
		return eachMember(v, func(tag string, v any) any { return asRead(t.Definition.(*schema.Union).Tag(tag).Payload, v) })
	case schema.FunctionRef:
		return eachMember(v, func(_ string, v any) any { return asRead(t.Definition.(*schema.Function).Args, v) })
	}
	return v
}

func numberAsRead(r *schema.Refinement, v any) any {
	number, isFloat := v.(float64)
	if !isFloat {
		number = float64(v.(int64))
	}
	if r != nil {
		number = float64(float32(number))
	}
	return number
}

// textTypes are the types with a text form, by the names that refinements have.
var textTypes = map[string]reflect.Type{
	"time.Time":                  reflect.TypeFor[time.Time](),
	"netip.Addr":                 reflect.TypeFor[netip.Addr](),
	"net.IP":                     reflect.TypeFor[net.IP](),
	"big.Int":                    reflect.TypeFor[big.Int](),
	"reflectschema_test.Even":    reflect.TypeFor[Even](),
	"reflectschema_test.Fragile": reflect.TypeFor[Fragile](),
}

func textAsRead(r *schema.Refinement, v any) any {
	if r == nil {
		return v
	}
	value := reflect.New(textTypes[r.GoType]).Interface()
	if err := value.(encoding.TextUnmarshaler).UnmarshalText([]byte(v.(string))); err != nil {
		return err
	}
	text, err := value.(encoding.TextMarshaler).MarshalText()
	if err != nil {
		return err
	}
	return string(text)
}

// contentAsRead returns what a value of type any becomes on its way through a
// message, where nobody can tell raw bytes from text.
func contentAsRead(v any) any {
	switch v := v.(type) {
	case []byte:
		return base64.StdEncoding.EncodeToString(v)
	case []any:
		return eachElement(v, contentAsRead)
	case wire.Object:
		return eachMember(v, func(_ string, v any) any { return contentAsRead(v) })
	}
	return v
}

func eachElement(v any, f func(any) any) any {
	list := slices.Clone(v.([]any))
	for i := range list {
		list[i] = f(list[i])
	}
	return list
}

func eachMember(v any, f func(key string, v any) any) any {
	object := slices.Clone(v.(wire.Object))
	for i := range object {
		object[i].Value = f(object[i].Key, object[i].Value)
	}
	return object
}

// difference compares two trees, whose members may come in any order.
func difference(want, got any) string {
	want, got = wire.ToGo(want), wire.ToGo(got)
	if reflect.DeepEqual(want, got) {
		return ""
	}
	return cmp.Diff(want, got)
}
