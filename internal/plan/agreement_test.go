package plan_test

import (
	"errors"
	"math"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/internal/plan"
	"github.com/telestruct/telestruct/reflectschema"
	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/validate"
	"github.com/telestruct/telestruct/tp/wire"
)

type (
	branch struct {
		_    struct{}  `tp:"Branch"`
		Name string    `tp:"name"`
		Next *branch   `tp:"next!"`
		Kin  []*branch `tp:"kin!"`
	}

	solid interface{ solid() }
	cube  struct {
		Edge float32 `tp:"edge"`
	}
	ball struct {
		Inner solid `tp:"inner!"`
	}
	gas struct{ X int }

	saveNode struct {
		Node *branch `tp:"node!"`
	}

	// moody is a text that is not always one, and not always one that it reads.
	moody uint8
)

func (cube) solid()  {}
func (*ball) solid() {}
func (gas) solid()   {}

func (m moody) MarshalText() ([]byte, error) {
	switch m {
	case 0:
		return []byte("fine"), nil
	case 1:
		return nil, errors.New("not today")
	case 2:
		return []byte("\xff"), nil
	case 3:
		panic("leave me alone")
	case 4:
		return []byte("sad"), nil
	}
	return []byte("furious"), nil
}

func (m *moody) UnmarshalText(text []byte) error {
	switch string(text) {
	case "fine":
		return nil
	case "sad":
		return errors.New("not a mood to talk about")
	}
	panic("leave me alone")
}

// result has a field for each combination of a plan with a way to be null.
type result struct {
	Bool    bool      `tp:"bool"`
	Int8    int8      `tp:"int8"`
	Uint64  uint64    `tp:"uint64"`
	Float32 float32   `tp:"float32"`
	Float64 float64   `tp:"float64"`
	String  string    `tp:"string"`
	Bytes   []byte    `tp:"bytes"`
	Time    time.Time `tp:"time"`
	Moody   moody     `tp:"moody"`
	Any     any       `tp:"any"`
	Solid   solid     `tp:"solid"`
	Node    branch    `tp:"node"`

	Link      reflectschema.Link[saveNode] `tp:"link"`
	Selection reflectschema.Selection      `tp:"selection"`

	IntPointer   *int                          `tp:"intPointer!"`
	NodePointer  *branch                       `tp:"nodePointer?"`
	LinkPointer  *reflectschema.Link[saveNode] `tp:"linkPointer?"`
	MoodyPointer *moody                        `tp:"moodyPointer?"`
	BytesOrNull  []byte                        `tp:"bytesOrNull?"`
	AnyOrNull    any                           `tp:"anyOrNull?"`
	AnyOrNone    any                           `tp:"anyOrNone!"`
	SolidOrNull  solid                         `tp:"solidOrNull?"`
	SolidOrNone  solid                         `tp:"solidOrNone!"`

	Strings   []*string                       `tp:"strings"`
	Raws      [][]byte                        `tp:"raws"`
	Anys      []any                           `tp:"anys"`
	AnyPs     []*any                          `tp:"anyPs"`
	Solids    []solid                         `tp:"solids"`
	SolidPs   []*solid                        `tp:"solidPs!"`
	Nodes     []*branch                       `tp:"nodes"`
	Links     []*reflectschema.Link[saveNode] `tp:"links"`
	Map       map[string]string               `tp:"map"`
	FloatMap  map[string]float64              `tp:"floatMap"`
	AnyMap    map[string]any                  `tp:"anyMap"`
	AnyPMap   map[string]*any                 `tp:"anyPMap"`
	SolidPMap map[string]*solid               `tp:"solidPMap!"`

	MaybeString reflectschema.Optional[string]                       `tp:"maybeString!?"`
	MaybeBytes  reflectschema.Optional[[]byte]                       `tp:"maybeBytes!?"`
	MaybeAny    reflectschema.Optional[any]                          `tp:"maybeAny!?"`
	MaybeSolid  reflectschema.Optional[solid]                        `tp:"maybeSolid!?"`
	MaybeNode   reflectschema.Optional[*branch]                      `tp:"maybeNode!?"`
	MaybeLink   reflectschema.Optional[reflectschema.Link[saveNode]] `tp:"maybeLink!?"`
}

// values draws Go values of all kinds, valid or not.
type values struct{ *rapid.T }

// optional returns an Optional of a drawn state.
func optional[T any](v values, depth int) reflect.Value {
	var value T
	v.fill(reflect.ValueOf(&value).Elem(), depth)
	return reflect.ValueOf(rapid.SampledFrom([]reflectschema.Optional[T]{
		{}, reflectschema.Null[T](), reflectschema.Some(value),
	}).Draw(v.T, "state"))
}

func (v values) fill(to reflect.Value, depth int) {
	if value, ok := v.special(to.Type(), depth); ok {
		to.Set(value)
		return
	}
	switch to.Kind() {
	case reflect.Bool:
		to.SetBool(rapid.Bool().Draw(v.T, "bool"))
	case reflect.Int, reflect.Int8:
		to.SetInt(rapid.Int64Range(-128, 127).Draw(v.T, "int"))
	case reflect.Uint64:
		to.SetUint(rapid.Uint64().Draw(v.T, "uint64"))
	case reflect.Float32, reflect.Float64:
		to.SetFloat(rapid.SampledFrom([]float64{0, 1.5, 1e300, 1e18, math.NaN(), math.Inf(1)}).Draw(v.T, "float"))
	case reflect.String:
		to.SetString(rapid.SampledFrom([]string{"", "a", "é", "b\xff"}).Draw(v.T, "string"))
	case reflect.Struct:
		for i := range to.NumField() {
			if to.Type().Field(i).IsExported() {
				v.fill(to.Field(i), depth-1)
			}
		}
	default:
		if depth > 0 && rapid.IntRange(0, 9).Draw(v.T, "nil") > 0 {
			v.fillNilable(to, depth)
		}
	}
}

func (v values) fillNilable(to reflect.Value, depth int) {
	t := to.Type()
	switch to.Kind() {
	case reflect.Pointer:
		to.Set(reflect.New(t.Elem()))
		v.fill(to.Elem(), depth-1)
	case reflect.Slice:
		to.Set(reflect.MakeSlice(t, rapid.IntRange(0, 2).Draw(v.T, "length"), 2))
		for i := range to.Len() {
			v.fill(to.Index(i), depth-1)
		}
	case reflect.Map:
		to.Set(reflect.MakeMap(t))
		for range rapid.IntRange(0, 2).Draw(v.T, "length") {
			key, value := reflect.New(t.Key()).Elem(), reflect.New(t.Elem()).Elem()
			v.fill(key, depth-1)
			v.fill(value, depth-1)
			to.SetMapIndex(key, value)
		}
	}
}

// special draws what reflection cannot make up.
func (v values) special(t reflect.Type, depth int) (reflect.Value, bool) {
	switch t {
	case reflect.TypeFor[time.Time]():
		year := rapid.SampledFrom([]int{1, 2024, 10000}).Draw(v.T, "year")
		return reflect.ValueOf(time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)), true
	case reflect.TypeFor[moody]():
		return reflect.ValueOf(moody(rapid.IntRange(0, 5).Draw(v.T, "mood"))), true
	case reflect.TypeFor[reflectschema.Selection]():
		selection := map[string]any{"->": map[string]any{"Ok_": []any{"bool"}}}
		return reflect.ValueOf(rapid.SampledFrom([]reflectschema.Selection{nil, selection, {"x": 1}}).Draw(v.T, "selection")), true
	case reflect.TypeFor[solid]():
		return v.oneOf(t, cube{1}, cube{float32(math.NaN())}, &cube{2}, &ball{}, &ball{Inner: &ball{}},
			&ball{Inner: (*ball)(nil)}, (*cube)(nil), (*ball)(nil), gas{}, &gas{}), true
	case reflect.TypeFor[any]():
		return v.oneOf(t, true, 1, "a", "\xff", 2.5, math.NaN(), []byte(nil), []any{nil}, map[string]any(nil), map[string]*int{"a": nil},
			map[int]int{}, (*int)(nil), struct{}{}, []any{struct{}{}}), true
	case reflect.TypeFor[reflectschema.Optional[string]]():
		return optional[string](v, depth), true
	case reflect.TypeFor[reflectschema.Optional[[]byte]]():
		return optional[[]byte](v, depth), true
	case reflect.TypeFor[reflectschema.Optional[any]]():
		return optional[any](v, depth), true
	case reflect.TypeFor[reflectschema.Optional[solid]]():
		return optional[solid](v, depth), true
	case reflect.TypeFor[reflectschema.Optional[*branch]]():
		return optional[*branch](v, depth), true
	case reflect.TypeFor[reflectschema.Optional[reflectschema.Link[saveNode]]]():
		return optional[reflectschema.Link[saveNode]](v, depth), true
	}
	return reflect.Value{}, false
}

// oneOf draws a value of the interface type t: nil or one of values.
func (v values) oneOf(t reflect.Type, values ...any) reflect.Value {
	value := reflect.New(t).Elem()
	if i := rapid.IntRange(-1, len(values)-1).Draw(v.T, "value"); i >= 0 {
		value.Set(reflect.ValueOf(values[i]))
	}
	return value
}

// resultFunction is fn.f, whose result is a result, in its schema and model.
func resultFunction(t *testing.T) (*schema.Schema, *schema.Function, *reflectschema.FunctionModel) {
	t.Helper()
	b := reflectschema.NewBuilder()
	b.Union(reflectschema.UnionOf[solid](cube{}, &ball{}))
	b.Function(reflectschema.Function{Name: "fn.f", Args: reflect.TypeFor[struct{}](), Result: reflect.TypeFor[result]()})
	b.Function(reflectschema.Function{Name: "fn.save", Args: reflect.TypeFor[saveNode](), Result: reflect.TypeFor[struct{}]()})
	model, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	s, err := schema.New("", model.Definitions)
	if err != nil {
		t.Fatal(err)
	}
	return s, s.Function("fn.f"), model.Functions["fn.f"]
}

// Encode succeeds exactly when the validator accepts the tree, so that whoever
// is refused a result is told why, and what is written reads back. Each field is
// tried by itself in an otherwise valid result, and all of them together.
func TestEncoderAndValidatorAgree(t *testing.T) {
	t.Parallel()
	s, f, model := resultFunction(t)
	selectable := func(selection any) bool { return len(validate.Selection(s, f, selection)) == 0 }
	check := func(t *rapid.T, v *result) {
		e := plan.Encoder{Selectable: selectable}
		ok := e.EncodeResult(model.Result, "Ok_", mem.Of(v))
		failures := validate.Response(s, f, "Ok_", plan.Tree(model.Result, mem.Of(v)), validate.ResponseOptions{}).Failures
		if ok != (len(failures) == 0) {
			t.Fatalf("Encode says %v after %s\nthe validator says %v\nof %+v", ok, e.Buf, failures, v)
		}
		if !ok {
			return
		}
		d := plan.Decoder{Selectable: selectable}
		if d.Reset(e.Buf, wire.CallLimits()); !model.Result.Decode(&d, mem.Of(new(result))) || !d.End() {
			t.Fatalf("was written but not read: %s", e.Buf)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		valid := result{
			Any: true, Solid: cube{}, Link: reflectschema.LinkTo(&saveNode{}),
		}
		all := reflect.ValueOf(&valid).Elem()
		values{t}.fill(all.Field(rapid.IntRange(0, all.NumField()-1).Draw(t, "field")), 4)
		check(t, &valid)
		var v result
		values{t}.fill(reflect.ValueOf(&v).Elem(), 4)
		check(t, &v)
	})
}
