package reflectschema_test

import (
	"math"
	"net/netip"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/internal/plan"
	"github.com/telestruct/telestruct/reflectschema"
	"github.com/telestruct/telestruct/tp/wire"
)

// everything has a field of each row and column of the table.
type everything struct {
	Bool     bool                `tp:"bool"`
	Int8     *int8               `tp:"int8!"`
	Uint64   uint64              `tp:"uint64"`
	Float32  *float32            `tp:"float32?"`
	Float64  float64             `tp:"float64"`
	String   *string             `tp:"string!"`
	Time     time.Time           `tp:"time"`
	Host     *netip.Addr         `tp:"host?"`
	Bytes    []byte              `tp:"bytes"`
	BytesOr  []byte              `tp:"bytesOr!"`
	BytesNil []byte              `tp:"bytesNil?"`
	Any      any                 `tp:"any"`
	AnyNil   any                 `tp:"anyNil?"`
	List     []string            `tp:"list"`
	ListOr   []*int              `tp:"listOr!"`
	Map      map[string]float64  `tp:"map"`
	MapOr    map[word2]*measured `tp:"mapOr!"`
	Struct   measured            `tp:"struct"`
	Self     *everything         `tp:"self!"`
	Union    expression          `tp:"union"`
	Unions   []*expression       `tp:"unions"`
	UnionNil expression          `tp:"unionNil?"`

	OptionalInt    reflectschema.Optional[int]        `tp:"optionalInt!?"`
	OptionalStruct reflectschema.Optional[*measured]  `tp:"optionalStruct!?"`
	OptionalUnion  reflectschema.Optional[expression] `tp:"optionalUnion!?"`
	Link           reflectschema.Link[measured]       `tp:"link"`
	LinkNil        *reflectschema.Link[measured]      `tp:"linkNil?"`
	measured
}

type (
	word2    string
	measured struct {
		Side int16 `tp:"side"`
	}
)

func drawEverything(t *rapid.T, depth int) everything {
	e := everything{
		Bool:     rapid.Bool().Draw(t, "bool"),
		Int8:     optional(t, rapid.Int8()),
		Uint64:   rapid.Uint64Max(math.MaxInt64).Draw(t, "uint64"),
		Float32:  optional(t, rapid.Float32()),
		Float64:  rapid.Float64().Draw(t, "float64"),
		String:   optional(t, rapid.String()),
		Time:     time.Unix(rapid.Int64Range(0, 1<<33).Draw(t, "time"), 5).UTC(),
		Host:     optional(t, rapid.Map(rapid.Uint32(), ipv4)),
		Bytes:    rapid.SliceOf(rapid.Byte()).Draw(t, "bytes"),
		List:     rapid.SliceOf(rapid.String()).Draw(t, "list"),
		Map:      rapid.MapOf(rapid.String(), rapid.Float64()).Draw(t, "map"),
		Any:      rapid.OneOf(rapid.Just[any](true), rapid.Map(rapid.String(), toAny)).Draw(t, "any"),
		Struct:   drawMeasured(t),
		measured: drawMeasured(t),
		Union:    drawExpression(t, depth),
		Unions:   []*expression{},
	}
	if rapid.Bool().Draw(t, "more") {
		e.BytesOr, e.BytesNil = []byte{}, []byte{0xff}
		e.AnyNil = map[string]any{"a": []any{nil, "b"}}
		e.ListOr = []*int{nil, new(7)}
		m := drawMeasured(t)
		e.MapOr = map[word2]*measured{"": nil, "ü": &m}
		u := drawExpression(t, depth)
		e.UnionNil = u
		e.Unions = append(e.Unions, nil, &u)
		e.LinkNil = &reflectschema.Link[measured]{Args: &m}
	}
	e.OptionalInt = drawOptional(t, rapid.Int())
	e.OptionalStruct = drawOptional(t, rapid.Custom(func(t *rapid.T) *measured { m := drawMeasured(t); return &m }))
	e.OptionalUnion = drawOptional(t, rapid.Custom(func(t *rapid.T) expression { return drawExpression(t, depth) }))
	m := drawMeasured(t)
	e.Link = reflectschema.LinkTo(&m)
	if depth < 2 && rapid.Bool().Draw(t, "self") {
		self := drawEverything(t, depth+1)
		e.Self = &self
	}
	return e
}

func drawMeasured(t *rapid.T) measured { return measured{Side: rapid.Int16().Draw(t, "side")} }

func drawExpression(t *rapid.T, depth int) expression {
	if depth < 3 && rapid.Bool().Draw(t, "add") {
		return &add{
			Left:  drawExpression(t, depth+1),
			Right: drawExpression(t, depth+1),
			Rest:  []*expression{nil},
		}
	}
	return constant{Value: rapid.Float64().Draw(t, "value")}
}

func optional[T any](t *rapid.T, gen *rapid.Generator[T]) *T {
	return rapid.Ptr(gen, true).Draw(t, "optional")
}

func drawOptional[T any](t *rapid.T, gen *rapid.Generator[T]) reflectschema.Optional[T] {
	return rapid.OneOf(
		rapid.Just(reflectschema.Optional[T]{}),
		rapid.Just(reflectschema.Null[T]()),
		rapid.Map(gen, reflectschema.Some[T]),
	).Draw(t, "optional")
}

func ipv4(n uint32) netip.Addr {
	return netip.AddrFrom4([4]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)})
}

func toAny(s string) any { return s }

// cmpValues compares values as programs see them, and Optionals by their fields.
var cmpValues = cmp.Options{
	cmp.Comparer(func(a, b netip.Addr) bool { return a == b }),
	cmp.Exporter(func(t reflect.Type) bool {
		return t.PkgPath() == reflect.TypeFor[reflectschema.Union]().PkgPath() || t == reflect.TypeFor[everything]()
	}),
}

func everythingModel(t *testing.T) *reflectschema.Model {
	return build(t, func(b *builder) {
		b.Union(reflectschema.UnionOf[expression](constant{}, &add{}))
		function[everything, everything](b, "fn.echo")
		function[*measured, struct{}](b, "fn.measure")
	})
}

// TestRoundTrip decodes what was encoded: by the plan, and through a value tree.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	model := everythingModel(t).Functions["fn.echo"]
	rapid.Check(t, func(t *rapid.T) {
		in := drawEverything(t, 0)
		var e plan.Encoder
		if !e.Encode(model.Args, mem.Of(&in)) {
			t.Fatalf("the plan does not encode %+v", in)
		}
		var out everything
		var d plan.Decoder
		d.Reset(e.Buf, wire.CallLimits())
		if !model.Result.Decode(&d, mem.Of(&out)) || !d.End() {
			t.Fatalf("the plan does not decode %s", e.Buf)
		}
		if diff := cmp.Diff(in, out, cmpValues); diff != "" {
			t.Fatalf("%s is decoded differently (-in +out):\n%s", e.Buf, diff)
		}
		var fromTree everything
		if !plan.FromTree(model.Args, plan.Tree(model.Args, mem.Of(&in)), mem.Of(&fromTree)) {
			t.Fatalf("the plan does not decode the tree of %s", e.Buf)
		}
		if diff := cmp.Diff(in, fromTree, cmpValues); diff != "" {
			t.Fatalf("the tree of %s is decoded differently (-in +out):\n%s", e.Buf, diff)
		}
	})
}

// TestPlansFollowTheTable decodes and encodes single fields.
func TestPlansFollowTheTable(t *testing.T) {
	t.Parallel()
	type Fields struct {
		Limit    *int                        `tp:"limit!"`
		Name     *string                     `tp:"name?"`
		Optional reflectschema.Optional[int] `tp:"optional!?"`
		List     []*int                      `tp:"list!"`
		Extra    any                         `tp:"extra?"`
		Shape    shape                       `tp:"shape!"`
		Link     *reflectschema.Link[clear]  `tp:"link!"`
	}
	model := build(t, func(b *builder) {
		b.Union(reflectschema.UnionOf[shape](square{}))
		function[Fields, struct{}](b, "fn.f")
		function[*clear, struct{}](b, "fn.clear")
	}).Functions["fn.f"]
	for _, tc := range []struct {
		in, want string // want is empty for what does not decode
	}{
		{`{"name":null,"extra":null}`, `{"name":null,"extra":null}`},
		{`{}`, ``},
		{`{"limit!":3,"name":"a","extra":true}`, `{"limit!":3,"name":"a","extra":true}`},
		{`{"limit":3,"name":"a","extra":true}`, ``},
		{`{"limit!":null,"name":"a","extra":true}`, ``},
		{`{"name":"a","optional!":null,"extra":0}`, `{"name":"a","optional!":null,"extra":0}`},
		{`{"name":"a","optional!":1,"extra":0}`, `{"name":"a","optional!":1,"extra":0}`},
		{`{"name":"a","list!":[],"extra":0}`, `{"name":"a","list!":[],"extra":0}`},
		{`{"name":"a","list!":[1,null],"extra":0}`, `{"name":"a","list!":[1,null],"extra":0}`},
		{`{"name":"a","list!":null,"extra":0}`, ``},
		{`{"name":"a","extra":0,"shape!":{"Square":{"side":2}}}`, `{"name":"a","extra":0,"shape!":{"Square":{"side":2}}}`},
		{`{"name":"a","extra":0,"shape!":null}`, ``},
		{`{"name":"a","extra":0,"link!":{"fn.clear":{}}}`, `{"name":"a","extra":0,"link!":{"fn.clear":{}}}`},
		{`{"name":"a","extra":0,"link!":{"fn.f":{}}}`, ``},
	} {
		var value Fields
		var d plan.Decoder
		d.Reset([]byte(tc.in), wire.CallLimits())
		if ok := model.Args.Decode(&d, mem.Of(&value)) && d.End(); ok != (tc.want != "") {
			t.Errorf("decoding %s is %v", tc.in, ok)
		}
		if tc.want == "" {
			continue
		}
		var e plan.Encoder
		if !e.Encode(model.Args, mem.Of(&value)) || string(e.Buf) != tc.want {
			t.Errorf("%s becomes %s, want %s", tc.in, e.Buf, tc.want)
		}
	}
}

func TestSelectionPlan(t *testing.T) {
	t.Parallel()
	type Find struct {
		Fields reflectschema.Selection `tp:"fields!"`
	}
	find := build(t, func(b *builder) { function[Find, struct{}](b, "fn.find") }).Functions["fn.find"]
	for _, allowed := range []bool{true, false} {
		var value Find
		d := plan.Decoder{Selectable: func(any) bool { return allowed }}
		d.Reset([]byte(`{"fields!":{"struct.Item":["name"]}}`), wire.CallLimits())
		if ok := find.Args.Decode(&d, mem.Of(&value)); ok != allowed {
			t.Errorf("decoding a selection that is allowed=%v gives %v", allowed, ok)
		}
		if names, _ := value.Fields["struct.Item"].([]any); allowed && (len(names) != 1 || names[0] != "name") {
			t.Errorf("the selection is %v", value.Fields)
		}
	}
}

func TestNullableSelections(t *testing.T) {
	t.Parallel()
	type Find struct {
		One reflectschema.Selection                         `tp:"one?"`
		Two reflectschema.Optional[reflectschema.Selection] `tp:"two!?"`
		All []*reflectschema.Selection                      `tp:"all"`
	}
	find := build(t, func(b *builder) { function[Find, struct{}](b, "fn.find") }).Functions["fn.find"]
	for _, text := range []string{
		`{"one":null,"all":[]}`,
		`{"one":null,"two!":null,"all":[null,{}]}`,
		`{"one":{},"two!":{},"all":[{"struct.Item":[]}]}`,
	} {
		var value Find
		d := plan.Decoder{Selectable: func(any) bool { return true }}
		d.Reset([]byte(text), wire.CallLimits())
		if !find.Args.Decode(&d, mem.Of(&value)) || !d.End() {
			t.Errorf("%s cannot be decoded", text)
		}
		e := plan.Encoder{Selectable: d.Selectable}
		if !e.Encode(find.Args, mem.Of(&value)) || string(e.Buf) != text {
			t.Errorf("%s becomes %s", text, e.Buf)
		}
	}
}

func TestHeaderPlans(t *testing.T) {
	t.Parallel()
	type Trace struct {
		ID    *string                     `tp:"@trace"`
		Depth reflectschema.Optional[int] `tp:"@depth?"`
	}
	h := build(t, func(b *builder) {
		b.Headers(reflectschema.NewHeaderSet[Trace, struct{}]("headers.Trace"))
	}).Headers[0]
	var got Trace
	if !plan.FromTree(h.Request, wire.Object{{Key: "@depth", Value: nil}}, mem.Of(&got)) {
		t.Fatal("the plan does not decode a header")
	}
	if got.ID != nil || !got.Depth.IsNull() {
		t.Errorf("the headers are %+v", got)
	}
}
