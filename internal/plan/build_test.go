package plan_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/internal/plan"
	"github.com/telestruct/telestruct/tp/wire"
)

// builder makes plans of Go types by the plain rules of their tags, as far as
// the tests of this package need them.
type builder struct {
	structs map[reflect.Type]*plan.Struct
	special map[reflect.Type]plan.Plan
}

// planOf returns the plan of T; special types are looked up first.
func planOf[T any](special map[reflect.Type]plan.Plan) plan.Plan {
	b := &builder{structs: map[reflect.Type]*plan.Struct{}, special: special}
	return b.of(reflect.TypeFor[T]())
}

// structOf returns the plan of the struct type T, named "struct." and its name.
func structOf[T any]() *plan.Struct { return planOf[T](nil).(*plan.Struct) }

func (b *builder) of(t reflect.Type) plan.Plan {
	if p, ok := b.special[t]; ok {
		return p
	}
	switch t.Kind() {
	case reflect.Bool:
		return plan.Bool(t)
	case reflect.String:
		return plan.String(t)
	case reflect.Float32, reflect.Float64:
		return plan.Float(t)
	case reflect.Interface:
		return plan.Any()
	case reflect.Pointer:
		return plan.Pointer(t, b.of(t.Elem()))
	case reflect.Map:
		return plan.Map(t, b.element(t.Elem()))
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return plan.Bytes(t)
		}
		return plan.List(t, b.element(t.Elem()))
	case reflect.Struct:
		return b.structure(t)
	}
	return plan.Int(t)
}

// element returns the plan of what a list or map holds: pointers and any are
// nullable there.
func (b *builder) element(t reflect.Type) plan.Plan {
	if t.Kind() == reflect.Pointer || t.Kind() == reflect.Interface {
		return plan.Nullable(b.of(t))
	}
	return b.of(t)
}

func (b *builder) structure(t reflect.Type) *plan.Struct {
	if s, ok := b.structs[t]; ok {
		return s
	}
	s := plan.NewStruct(t, "struct."+t.Name())
	b.structs[t] = s
	var fields []plan.Field
	for i := range t.NumField() {
		f := t.Field(i)
		name, isNullable := strings.CutSuffix(f.Tag.Get("tp"), "?")
		p := b.of(f.Type)
		if isNullable {
			p = plan.Nullable(p)
		}
		fields = append(fields, plan.Field{Name: name, Offset: f.Offset, Plan: p, Optional: strings.HasSuffix(name, "!")})
	}
	s.SetFields(fields)
	return s
}

// decode decodes one whole value.
func decode(p plan.Plan, text string, to mem.Ptr) bool {
	var d plan.Decoder
	d.Reset([]byte(text), wire.Limits{})
	return p.Decode(&d, to) && d.End()
}

// encode encodes one value.
func encode(p plan.Plan, from mem.Ptr) (string, bool) {
	var e plan.Encoder
	ok := e.Encode(p, from)
	return string(e.Buf), ok
}

// someFields has numbers for some of the names that the types here have.
var someFields = wire.NewFields([]string{"bool", "string", "list", "map!", "Sum", "left", "name", "value", "a", "inner!"})

// decodeBinary decodes data, which is one value, to a zero value.
func decodeBinary(p plan.Plan, f wire.Format, data []byte, to mem.Ptr) bool {
	var d plan.BinaryDecoder
	d.Reset(data, f, someFields, wire.Limits{})
	return p.DecodeBinary(&d, to) && d.End()
}

// encodeBinary encodes one value.
func encodeBinary(p plan.Plan, f wire.Format, from mem.Ptr) ([]byte, bool) {
	e := plan.Encoder{Format: f, Fields: someFields}
	return p.AppendBinary(&e, nil, from)
}

func mustEncode(t *testing.T, p plan.Plan, from mem.Ptr) string {
	t.Helper()
	text, ok := encode(p, from)
	if !ok {
		t.Fatalf("Encode failed after %s", text)
	}
	return text
}
