package reflectschema_test

import (
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/reflectschema"
	"github.com/telestruct/telestruct/tp/schema"
)

// function gives b a function that has a registration's usual place.
func function[A, R any](b *builder, name string, errs ...error) {
	b.Function(reflectschema.Function{
		Name:   name,
		Args:   reflect.TypeFor[A](),
		Result: reflect.TypeFor[R](),
		Errors: errs,
		Site:   "calc/main.go:31",
		GoName: "example.com/calc." + strings.TrimPrefix(name, "fn."),
	})
}

func wantOutline(t *testing.T, m *reflectschema.Model, want string) {
	t.Helper()
	if diff := cmp.Diff(strings.TrimLeft(want, "\n"), outline(m)); diff != "" {
		t.Errorf("the definitions differ (-want +got):\n%s", diff)
	}
}

func TestFieldTypes(t *testing.T) {
	t.Parallel()
	type Name string
	type Count uint16
	type Level uint8
	type Names []Name
	type Item struct{}
	cases := []struct {
		name string
		args any
		want string
	}{
		{"bool", struct {
			A bool  `tp:"a"`
			B *bool `tp:"b!"`
			C *bool `tp:"c?"`
		}{}, "a: boolean, b!: boolean, c: boolean?"},
		{"integers", struct {
			A int           `tp:"a"`
			B *int8         `tp:"b!"`
			C *uint64       `tp:"c?"`
			D Count         `tp:"d"`
			E time.Duration `tp:"e"`
		}{}, "a: integer, b!: integer, c: integer?, d: integer, e: integer"},
		{"numbers", struct {
			A float64  `tp:"a"`
			B *float32 `tp:"b?"`
		}{}, "a: number, b: number?"},
		{"strings", struct {
			A string      `tp:"a"`
			B *Name       `tp:"b!"`
			C time.Time   `tp:"c"`
			D *netip.Addr `tp:"d?"`
		}{}, "a: string, b!: string, c: string, d: string?"},
		{"bytes", struct {
			A []byte  `tp:"a"`
			B []byte  `tp:"b!"`
			C []byte  `tp:"c?"`
			D []Level `tp:"d"`
		}{}, `a: bytes, b!: bytes, c: bytes?, d: ["integer"]`},
		{"any", struct {
			A any `tp:"a"`
			B any `tp:"b!"`
			C any `tp:"c?"`
		}{}, "a: any, b!: any, c: any?"},
		{"lists", struct {
			A []string   `tp:"a"`
			B Names      `tp:"b!"`
			C []*string  `tp:"c"`
			D [][]*Item  `tp:"d"`
			E []*any     `tp:"e"`
			F []*[]byte  `tp:"f"`
			G []struct_  `tp:"g"`
			H *struct_   `tp:"h?"`
			I []*shape   `tp:"i"`
			J []any      `tp:"j"`
			K [][]uint64 `tp:"k!"`
		}{}, `a: ["string"], b!: ["string"], c: ["string?"], d: [["struct.Item?"]], e: ["any?"], f: ["bytes?"], ` +
			`g: ["struct.Thing"], h: struct.Thing?, i: ["union.Shape?"], j: ["any"], k!: [["integer"]]`},
		{"maps", struct {
			A map[string]int           `tp:"a"`
			B map[Name]*int            `tp:"b!"`
			C map[string][]Item        `tp:"c"`
			D []map[string]*netip.Addr `tp:"d"`
		}{}, `a: {"string": "integer"}, b!: {"string": "integer?"}, c: {"string": ["struct.Item"]}, d: [{"string": "string?"}]`},
		{"optionals", struct {
			A reflectschema.Optional[int]       `tp:"a!?"`
			B reflectschema.Optional[*Item]     `tp:"b!?"`
			C reflectschema.Optional[[]byte]    `tp:"c!?"`
			D reflectschema.Optional[any]       `tp:"d!?"`
			E reflectschema.Optional[shape]     `tp:"e!?"`
			F reflectschema.Optional[time.Time] `tp:"f!?"`
		}{}, "a!: integer?, b!: struct.Item?, c!: bytes?, d!: any?, e!: union.Shape?, f!: string?"},
		{"unions", struct {
			A shape `tp:"a"`
			B shape `tp:"b!"`
			C shape `tp:"c?"`
		}{}, "a: union.Shape, b!: union.Shape, c: union.Shape?"},
		{"links", struct {
			A reflectschema.Link[clear]    `tp:"a"`
			B *reflectschema.Link[clear]   `tp:"b!"`
			C []*reflectschema.Link[clear] `tp:"c"`
		}{}, `a: fn.clear, b!: fn.clear, c: ["fn.clear?"]`},
		{"selections", struct {
			A reflectschema.Selection                         `tp:"a"`
			B reflectschema.Selection                         `tp:"b!"`
			C reflectschema.Selection                         `tp:"c?"`
			D reflectschema.Optional[reflectschema.Selection] `tp:"d!?"`
			E map[string]reflectschema.Selection              `tp:"e"`
			F []*reflectschema.Selection                      `tp:"f"`
		}{}, "a: _ext.Select_, b!: _ext.Select_, c: _ext.Select_?, d!: _ext.Select_?, " +
			`e: {"string": "_ext.Select_"}, f: ["_ext.Select_?"]`},
		{"left out", struct {
			A int      `tp:"a"`
			B chan int `tp:"-"`
			c func()
			_ int
			error
		}{c: nil}, "a: integer"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			model := build(t, func(b *builder) {
				b.Union(reflectschema.UnionOf[shape](square{}))
				b.Function(reflectschema.Function{Name: "fn.evaluate", Args: reflect.TypeOf(tc.args), Result: reflect.TypeFor[struct{}]()})
				function[*clear, struct{}](b, "fn.clear")
			})
			got := fieldsOutline(model.Definitions[0].(*schema.Function).Args.Fields)
			if want := " {" + tc.want + "}"; got != want {
				t.Errorf("the arguments are\n%s, want\n%s", got, want)
			}
		})
	}
}

func TestOrderOfDefinitions(t *testing.T) {
	t.Parallel()
	type Owner struct {
		Name string `tp:"name"`
	}
	type Item struct {
		Owner Owner `tp:"owner"`
	}
	type Find struct {
		Like *Item `tp:"like!"`
	}
	type Found struct {
		Items []Item `tp:"items"`
		Shape shape  `tp:"shape"`
	}
	type Trace struct {
		Owner *Owner `tp:"@owner"`
	}
	model := build(t, func(b *builder) {
		function[*Find, *Found](b, "fn.find", &detailError{})
		function[struct{}, struct{}](b, "fn.alive")
		b.Errors(reflectschema.NewErrorSet("errors.Quota", &quotaError{}))
		b.Headers(reflectschema.NewHeaderSet[Trace, struct{}]("headers.Trace"))
		b.Union(reflectschema.UnionOf[solid](box{}))
		b.Union(reflectschema.UnionOf[shape](&square{}, circle{}))
		b.Auth(reflectschema.UnionOf[credentials](session{}))
		b.Info("Market", "", "market/main.go:12")
	})
	wantOutline(t, model, `
info.Market
union.Auth_
  Session {token: string}
headers.Trace {@owner: struct.Owner} -> {}
struct.Owner {name: string}
errors.Quota
  ErrorQuota {}
fn.find {like!: struct.Item} ->
  Ok_ {items: ["struct.Item"], shape: union.Shape}
  ErrorDetail {detail: struct.Detail}
struct.Item {owner: struct.Owner}
union.Shape
  Square {side: number}
  Round {radius: number}
struct.Detail {}
fn.alive {} ->
  Ok_ {}
union.Solid
  Square {}
`)
}

func TestRecursiveTypes(t *testing.T) {
	t.Parallel()
	type Node struct {
		Next     *Node                         `tp:"next!"`
		Children []Node                        `tp:"children"`
		ByName   map[string]*Node              `tp:"byName"`
		Maybe    reflectschema.Optional[*Node] `tp:"maybe!?"`
		Grow     *reflectschema.Link[Node]     `tp:"grow!"`
		Grown    []*reflectschema.Link[Node]   `tp:"grown"`
	}
	type Nodes []Node
	type List struct {
		Rest Nodes `tp:"rest"`
	}
	model := build(t, func(b *builder) {
		function[Node, List](b, "fn.grow")
	})
	const fields = `{next!: struct.Node, children: ["struct.Node"], byName: {"string": "struct.Node?"}, ` +
		`maybe!: struct.Node?, grow!: fn.grow, grown: ["fn.grow?"]}`
	wantOutline(t, model, `
fn.grow `+fields+` ->
  Ok_ {rest: ["struct.Node"]}
struct.Node `+fields+`
`)
}

func TestRecursiveUnions(t *testing.T) {
	t.Parallel()
	type Evaluate struct {
		Expression expression `tp:"expression"`
	}
	model := build(t, func(b *builder) {
		b.Union(reflectschema.UnionOf[expression](constant{}, &add{}))
		function[Evaluate, struct{}](b, "fn.evaluate")
	})
	wantOutline(t, model, `
fn.evaluate {expression: union.Expression} ->
  Ok_ {}
union.Expression
  Constant {value: number}
  Sum {left: union.Expression, right: union.Expression, rest: ["union.Expression?"]}
`)
}

func TestListsMayMeetThemselvesThroughStructs(t *testing.T) {
	t.Parallel()
	type Evaluate struct {
		Rows rows `tp:"rows"`
	}
	model := build(t, func(b *builder) { function[Evaluate, struct{}](b, "fn.evaluate") })
	wantOutline(t, model, `
fn.evaluate {rows: ["struct.Row"]} ->
  Ok_ {}
struct.Row {rows: ["struct.Row"]}
`)
}

func TestNames(t *testing.T) {
	t.Parallel()
	type lower struct{}
	type Renamed struct {
		_ struct{} `tp:"Variable"`
	}
	type Evaluate struct {
		Lower   lower        `tp:"lower"`
		Renamed Renamed      `tp:"renamed"`
		Page    page[lower]  `tp:"page"`
		Sheet   page[[]int]  `tp:"sheet"`
		Shape   shape        `tp:"shape"`
		Circle  page[circle] `tp:"circle"`
	}
	model := build(t, func(b *builder) {
		b.Union(reflectschema.UnionOf[shape](circle{}).Named("union.Figure"))
		function[Evaluate, struct{}](b, "fn.evaluate", &missingError{}, &renamedError{})
	})
	wantOutline(t, model, `
fn.evaluate {lower: struct.Lower, renamed: struct.Variable, page: struct.PageLower, sheet: struct.PageListInt, `+
		`shape: union.Figure, circle: struct.PageCircle} ->
  Ok_ {}
  ErrorMissing {}
  Gone {}
struct.Lower {}
struct.Variable {}
struct.PageLower {of: struct.Lower}
struct.PageListInt {of: ["integer"]}
union.Figure
  Round {radius: number}
struct.PageCircle {of: struct.Round}
struct.Round {radius: number}
`)
}

func TestEmbedding(t *testing.T) {
	t.Parallel()
	type Inner struct {
		Size int `tp:"size"`
	}
	type Paging struct {
		Inner
		Page *int `tp:"page!"`
	}
	type hidden struct {
		Seen bool `tp:"seen"`
	}
	type Whole struct {
		Name string `tp:"name"`
	}
	type Find struct {
		Query string `tp:"query"`
		Paging
		hidden
		Whole   `tp:"whole"`
		Skipped `tp:"-"`
	}
	model := build(t, func(b *builder) { function[Find, struct{}](b, "fn.find") })
	wantOutline(t, model, `
fn.find {query: string, size: integer, page!: integer, seen: boolean, whole: struct.Whole} ->
  Ok_ {}
struct.Whole {name: string}
`)
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	type Trace struct {
		ID    *string                     `tp:"@trace"`
		Hops  []string                    `tp:"@hops"`
		Extra any                         `tp:"@extra"`
		Tags  map[string]string           `tp:"@tags"`
		Depth reflectschema.Optional[int] `tp:"@depth?"`
	}
	type Span struct {
		ID *string `tp:"@trace"`
	}
	model := build(t, func(b *builder) {
		b.Headers(reflectschema.NewHeaderSet[Trace, Span]("headers.Trace"))
		b.Headers(reflectschema.NewHeaderSet[struct{}, struct{}]("headers.None"))
	})
	wantOutline(t, model, `
headers.Trace {@trace: string, @hops: ["string"], @extra: any, @tags: {"string": "string"}, @depth: integer?} -> {@trace: string}
headers.None {} -> {}
`)
	for _, f := range model.Definitions[0].(*schema.Headers).Request {
		if !f.Optional {
			t.Errorf("the header %s is required", f.Name)
		}
	}
	h := model.Headers[0]
	if h.Key != "headers.Trace" || h.RequestType != reflect.TypeFor[Trace]() || h.ResponseType != reflect.TypeFor[Span]() {
		t.Errorf("the first header set is %+v", h)
	}
	if got := len(h.Request.Fields()); got != 5 {
		t.Errorf("the request plan has %d fields, want 5", got)
	}
	if none := model.Headers[1]; none.Request == nil || none.Response == nil {
		t.Errorf("a header set without headers has no plans: %+v", none)
	}
}

func TestPublicFunctions(t *testing.T) {
	t.Parallel()
	model := build(t, func(b *builder) {
		b.Function(reflectschema.Function{
			Name: "fn.login", Args: reflect.TypeFor[struct{}](), Result: reflect.TypeFor[*struct{}](), Public: true,
		})
	})
	wantOutline(t, model, "fn.login $authenticated=false {} ->\n  Ok_ {}\n")
}

func TestFunctionModel(t *testing.T) {
	t.Parallel()
	type Evaluate struct{}
	type Result struct{}
	model := build(t, func(b *builder) {
		b.Errors(reflectschema.NewErrorSet("errors.Quota", &quotaError{}))
		function[*Evaluate, Result](b, "fn.evaluate", missingError{})
	})
	f := model.Functions["fn.evaluate"]
	if f.ArgsType != reflect.TypeFor[Evaluate]() || f.ResultType != reflect.TypeFor[Result]() {
		t.Errorf("the types are %v and %v", f.ArgsType, f.ResultType)
	}
	if f.Args == nil || f.Result == nil {
		t.Errorf("the plans are %v and %v", f.Args, f.Result)
	}
	want := map[reflect.Type]string{
		reflect.TypeFor[quotaError]():    "ErrorQuota *reflectschema_test.quotaError",
		reflect.TypeFor[*quotaError]():   "ErrorQuota *reflectschema_test.quotaError",
		reflect.TypeFor[missingError]():  "ErrorMissing reflectschema_test.missingError",
		reflect.TypeFor[*missingError](): "ErrorMissing reflectschema_test.missingError",
	}
	for typ, text := range want {
		e := f.Errors[typ]
		if e == nil || e.Plan == nil || e.Tag+" "+e.Type.String() != text {
			t.Errorf("the error of %v is %+v, want %s", typ, e, text)
		}
	}
	if len(f.Errors) != len(want) {
		t.Errorf("the function has %d errors, want %d", len(f.Errors), len(want))
	}
	def := model.Definitions[1].(*schema.Function)
	if def.OwnTags != 2 || len(def.Result.Tags) != 2 {
		t.Errorf("the result has %d tags, %d of its own; want 2 and 2", len(def.Result.Tags), def.OwnTags)
	}
}

func TestAuth(t *testing.T) {
	t.Parallel()
	type Whoami struct {
		As credentials `tp:"as!"`
	}
	model := build(t, func(b *builder) {
		b.Auth(reflectschema.UnionOf[credentials](session{}).Named("union.Ignored"))
		function[Whoami, struct{}](b, "fn.whoami")
	})
	wantOutline(t, model, `
union.Auth_
  Session {token: string}
fn.whoami {as!: union.Auth_} ->
  Ok_ {}
`)
	if got := reflectschema.UnionOf[credentials]().Interface(); got != reflect.TypeFor[credentials]() {
		t.Errorf("the interface of the union is %v", got)
	}
	if model.Auth == nil {
		t.Error("the model has no plan of union.Auth_")
	}
	if other := build(t, func(b *builder) { function[struct{}, struct{}](b, "fn.alive") }); other.Auth != nil {
		t.Error("a model without credentials has a plan of union.Auth_")
	}
}

func TestOrigins(t *testing.T) {
	t.Parallel()
	type Item struct {
		Name string `tp:"name"`
	}
	type Evaluate struct {
		Item  Item  `tp:"item"`
		Shape shape `tp:"shape"`
	}
	model := build(t, func(b *builder) {
		b.Union(reflectschema.UnionOf[shape](square{}))
		function[Evaluate, struct{}](b, "fn.evaluate", &quotaError{})
	})
	fn := model.Definitions[0].(*schema.Function)
	item := model.Definitions[1].(*schema.Struct)
	union := model.Definitions[2].(*schema.Union)
	const site = "calc/main.go:31"
	for _, tc := range []struct {
		got      schema.Origin
		goName   string
		wantSite string
	}{
		{fn.Origin, "calc.evaluate", site},
		{fn.Args.Origin, "reflectschema_test.Evaluate", site},
		{fn.Args.Fields[0].Origin, "reflectschema_test.Evaluate.Item", site},
		{fn.Result.Tags[0].Origin, "calc.evaluate", site},
		{fn.Result.Tags[1].Origin, "reflectschema_test.quotaError", site},
		{item.Origin, "reflectschema_test.Item", site},
		{item.Fields[0].Origin, "reflectschema_test.Item.Name", site},
		{union.Origin, "reflectschema_test.shape", "reflectschema/derive_test.go:"},
		{union.Tags[0].Origin, "reflectschema_test.square", "reflectschema/derive_test.go:"},
		{union.Tags[0].Payload.Fields[0].Origin, "reflectschema_test.square.Side", "reflectschema/derive_test.go:"},
	} {
		if tc.got.Go != tc.goName || !strings.HasPrefix(tc.got.Site, tc.wantSite) {
			t.Errorf("the origin is %s at %s, want %s at %s", tc.got.Go, tc.got.Site, tc.goName, tc.wantSite)
		}
	}
}

func TestBuildTwice(t *testing.T) {
	t.Parallel()
	b := reflectschema.NewBuilder()
	function[square, struct{}](b, "fn.measure")
	first, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	function[clear, struct{}](b, "fn.clear")
	second, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	wantOutline(t, first, "fn.measure {side: number} ->\n  Ok_ {}\n")
	wantOutline(t, second, "fn.measure {side: number} ->\n  Ok_ {}\nfn.clear {} ->\n  Ok_ {}\n")
}

type (
	struct_ struct {
		_ struct{} `tp:"Thing"`
	}
	rows []row
	row  struct {
		Rows rows `tp:"rows"`
	}
	page[T any] struct {
		_  struct{} `tp:"Page"`
		Of T        `tp:"of"`
	}
	circle struct {
		_      struct{} `tp:"Round"`
		Radius float64  `tp:"radius"`
	}
	// Skipped has no place in a schema.
	Skipped struct{ Untagged chan int }
)

func (circle) area() float64 { return 0 }

type expression interface{ expression() }

type (
	constant struct {
		Value float64 `tp:"value"`
	}
	add struct {
		_     struct{}      `tp:"Sum"`
		Left  expression    `tp:"left"`
		Right expression    `tp:"right"`
		Rest  []*expression `tp:"rest"`
	}
)

func (constant) expression() {}
func (*add) expression()     {}

type credentials interface{ credentials() }

type session struct {
	Token string `tp:"token"`
}

func (session) credentials() {}

type (
	detail      struct{}
	detailError struct {
		Detail detail `tp:"detail"`
	}
	missingError struct{}
	renamedError struct {
		_ struct{} `tp:"Gone"`
	}
)

func (*detailError) Error() string  { return "detail" }
func (missingError) Error() string  { return "missing" }
func (*renamedError) Error() string { return "gone" }
