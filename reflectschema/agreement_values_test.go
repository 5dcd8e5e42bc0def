package reflectschema_test

import (
	"encoding"
	"encoding/json"
	"math"
	"reflect"
	"slices"
	"strings"

	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/reflectschema"
	"github.com/telestruct/telestruct/tp/wire"
)

// poke changes the Go value v, which can be set, at some of its places: to nil,
// and to what a program may put there although it has no place in a message.
func poke(v reflect.Value, script []byte) {
	const most = 4 // pokes, of which each may make the value larger
	p := &poker{choices: choices{script}}
	for range most {
		if !p.more() {
			return
		}
		p.count = 0
		p.visit(v, nil)
		p.left, p.count = p.of(p.count), 0
		p.aiming = true
		p.visit(v, nil)
		p.aiming = false
	}
}

// poker walks through a Go value: once to count its places, and again to poke
// one of them.
type poker struct {
	choices
	aiming      bool
	count, left int
}

// visit walks through v; around are the structs that v lies in. It reports
// whether v was changed.
func (p *poker) visit(v reflect.Value, around []reflect.Value) bool {
	const deepest, most = 30, 2000 // of values that contain themselves
	if p.count >= most || len(around) > deepest {
		return false
	}
	if p.aiming && p.count == p.left {
		p.count++
		p.poke(v, around)
		return true
	}
	p.count++
	return p.inside(v, append(slices.Clip(around), v))
}

func (p *poker) inside(v reflect.Value, around []reflect.Value) bool {
	if isText(v.Type()) {
		return false
	}
	switch v.Kind() {
	case reflect.Pointer:
		return !v.IsNil() && p.visit(v.Elem(), around)
	case reflect.Slice:
		return v.Type().Elem().Kind() != reflect.Uint8 && p.elements(v, around)
	case reflect.Struct:
		return p.fields(v, around)
	case reflect.Map:
		return v.Type().Key().Kind() == reflect.String && p.entries(v, around)
	case reflect.Interface:
		return !v.IsNil() && p.content(v, around)
	}
	return false
}

func (p *poker) elements(v reflect.Value, around []reflect.Value) bool {
	for i := range v.Len() {
		if p.visit(v.Index(i), around) {
			return true
		}
	}
	return false
}

func (p *poker) fields(v reflect.Value, around []reflect.Value) bool {
	for i := range v.NumField() {
		f := v.Field(i)
		// Optionals keep what they hold to themselves.
		if p.visit(mem.Value(f.Type(), f.Addr().UnsafePointer()), around) {
			return true
		}
	}
	return false
}

// entries visits copies of the values of a map, in an order that is always the
// same.
func (p *poker) entries(v reflect.Value, around []reflect.Value) bool {
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	for _, key := range keys {
		value := copyOf(v.MapIndex(key))
		if p.visit(value, around) {
			if !v.IsNil() { // as it is when it contained itself
				v.SetMapIndex(key, value)
			}
			return true
		}
	}
	return false
}

func (p *poker) content(v reflect.Value, around []reflect.Value) bool {
	content := copyOf(v.Elem())
	changed := p.visit(content, around)
	if changed {
		v.Set(content)
	}
	return changed
}

func copyOf(v reflect.Value) reflect.Value {
	c := reflect.New(v.Type()).Elem()
	c.Set(v)
	return c
}

func isText(t reflect.Type) bool {
	return reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

// poke changes one value, most often to the zero value of its type.
func (p *poker) poke(v reflect.Value, around []reflect.Value) {
	switch zero := p.of(3) == 0; {
	case !zero && v.Type() == reflect.TypeFor[Even]():
		v.SetInt(1) // which it writes and would not read
		return
	case zero || isText(v.Type()):
		v.SetZero()
		return
	}
	switch v.Kind() {
	case reflect.Float32, reflect.Float64:
		v.SetFloat(pick(&p.choices, []float64{math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat32, math.Copysign(0, -1), 1e17, 0.1}))
	case reflect.Uint, reflect.Uint64:
		v.SetUint(pick(&p.choices, []uint64{math.MaxUint64, math.MaxInt64 + 1, math.MaxInt64}))
	case reflect.String:
		v.SetString(pick(&p.choices, []string{"\xff", "a\xed\xa0\x80", "é\x00"}))
	case reflect.Interface:
		p.pokeInterface(v)
	case reflect.Pointer:
		p.pokePointer(v, around)
	case reflect.Slice:
		v.Set(reflect.Append(v, reflect.Zero(v.Type().Elem())))
	case reflect.Map:
		if v.Type().Key().Kind() == reflect.String {
			p.pokeMap(v)
		}
	case reflect.Struct:
		p.pokeStruct(v)
	}
}

func (p *poker) pokePointer(v reflect.Value, around []reflect.Value) {
	v.Set(reflect.New(v.Type().Elem()))
	for _, outer := range around {
		if outer.Type() == v.Type().Elem() && p.of(2) == 1 {
			v.Set(outer.Addr())
		}
	}
}

func (p *poker) pokeMap(v reflect.Value) {
	if v.IsNil() {
		v.Set(reflect.MakeMap(v.Type()))
	}
	key := pick(&p.choices, []string{"", "*", "a!", "\xff"})
	v.SetMapIndex(reflect.ValueOf(key).Convert(v.Type().Key()), reflect.Zero(v.Type().Elem()))
}

// pokeStruct sets the state of an Optional to one that its value may not fit.
func (p *poker) pokeStruct(v reflect.Value) {
	if state, ok := v.Type().FieldByName("state"); ok {
		*mem.As[uint8](mem.At(v.Addr().UnsafePointer(), state.Offset)) = uint8(p.of(3))
	}
}

func (p *poker) pokeInterface(v reflect.Value) {
	if v.NumMethod() == 0 {
		v.Set(reflect.ValueOf(pick(&p.choices, strangeContents())))
		return
	}
	v.Set(reflect.ValueOf(pick(&p.choices, []Figure{
		Stray{}, &Stray{}, (*Stray)(nil), (*Disc)(nil), (*Hoop)(nil), (*Group)(nil), Dot{}, &Dot{}, &Disc{Radius: 1}, Disc{},
		Hoop{}, &Hoop{Around: &Hoop{}}, Ring{}, &Group{}, &Group{Next: (*Dot)(nil)}, &Group{Members: []Figure{nil}}, &Group{Lead: reflectschema.Some[Figure](nil)},
	})))
}

// strangeContents are values that a program may put where the schema says any.
func strangeContents() []any {
	itself := map[string]any{}
	itself["itself"] = itself
	return []any{
		1, int8(-1), uint64(math.MaxUint64), float32(0.1), 1e17, math.NaN(), math.Inf(-1), "\xff", 'x', []byte{1, 2}, []byte(nil), true, Title("t"), Blob{3},
		[]any(nil), []string{"a", "\xff"}, [2]int{}, map[string]any(nil), map[string][]int{"b": nil, "a": {1}}, map[Title]any{"t": nil}, map[int]any{}, itself,
		struct{}{}, Disc{}, (*int)(nil), new(int), make(chan int), func() {}, []any{nil, []byte{1}, struct{}{}},
		json.Number("1.50"), json.Number("01"), wire.Number("1e400"), wire.Number("x"), wire.Object{{Key: "a", Value: 1}},
		wire.Object{{Key: "a", Value: nil}, {Key: "a", Value: nil}}, wire.Object(nil), reflectschema.Selection{"x": []any{}}, complex(1, 2), uintptr(5),
	}
}
