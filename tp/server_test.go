package tp_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/telestruct/telestruct/tp"
)

type Order struct {
	ID     int64             `tp:"id"`
	Note   *string           `tp:"note!"`
	Buyer  *string           `tp:"buyer?"`
	Phone  tp.Optional[int8] `tp:"phone!?"`
	Lines  []Line            `tp:"lines"`
	Labels map[string]string `tp:"labels!"`
	Blob   []byte            `tp:"blob!"`
	Extra  any               `tp:"extra!"`
}

type Line struct {
	SKU   string  `tp:"sku"`
	Price float64 `tp:"price"`
}

type OrderMsg struct {
	Order Order `tp:"order"`
}

func echo(_ context.Context, in *OrderMsg) (*OrderMsg, error) { return in, nil }

func ordersAPI() *tp.API {
	api := tp.NewAPI("Orders")
	tp.RegisterOn(api, echo)
	tp.RegisterOn(api, greet)
	return api
}

type exchangeCase struct{ name, request, want string }

// validRequests are requests to ordersAPI that succeed.
var validRequests = []exchangeCase{
	{"call", `[{}, {"fn.greet": {"subject": "World"}}]`,
		`[{},{"Ok_":{"message":"Hello World!"}}]`},
	{"white space", " [ { } , { \"fn.greet\" : { \"subject\" : \"a\\u0062\" } } ] \n",
		`[{},{"Ok_":{"message":"Hello ab!"}}]`},
	{"every field", `[{}, {"fn.echo": {"order": {"id": -9223372036854775808, "note!": "n", "buyer": "b", "phone!": 127, "lines": [{"sku": "s", "price": 1.5}], "labels!": {"k": "v"}, "blob!": "AQI=", "extra!": [1, {"a": true}]}}}]`,
		`[{"@base64_":{"Ok_":{"order":{"blob!":true}}}},{"Ok_":{"order":{"id":-9223372036854775808,"note!":"n","buyer":"b","phone!":127,"lines":[{"sku":"s","price":1.5}],"labels!":{"k":"v"},"blob!":"AQI=","extra!":[1,{"a":true}]}}}]`},
	{"absent and null", `[{}, {"fn.echo": {"order": {"id": 1, "buyer": null, "lines": [], "phone!": null}}}]`,
		`[{},{"Ok_":{"order":{"id":1,"buyer":null,"phone!":null,"lines":[]}}}]`},
	{"id", `[{"@id_": {"n": 7}}, {"fn.greet": {"subject": "x"}}]`,
		`[{"@id_":{"n":7}},{"Ok_":{"message":"Hello x!"}}]`},
	{"undeclared header", `[{"@whatever": 1}, {"fn.greet": {"subject": "x"}}]`,
		`[{},{"Ok_":{"message":"Hello x!"}}]`},
	{"ping", `[{}, {"fn.ping_": {}}]`, `[{},{"Ok_":{}}]`},
	{"select", `[{"@select_": {"->": {"Ok_": []}}}, {"fn.greet": {"subject": "x"}}]`,
		`[{},{"Ok_":{}}]`},
	{"select in a struct", `[{"@select_": {"struct.Order": ["id"]}}, {"fn.echo": {"order": {"id": 1, "buyer": null, "lines": []}}}]`,
		`[{},{"Ok_":{"order":{"id":1}}}]`},
}

func TestProcess(t *testing.T) {
	t.Parallel()
	srv := build(t, ordersAPI())
	for _, tc := range validRequests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := process(t, srv, tc.request); got != tc.want {
				t.Errorf("\n got %s\nwant %s", got, tc.want)
			}
		})
	}
}

const (
	notTwoObjects = `[{},{"ErrorParseFailure_":{"reasons":[{"ExpectedJsonArrayOfTwoObjects":{}}]}}]`
	notOneObject  = `[{},{"ErrorParseFailure_":{"reasons":[{"ExpectedJsonArrayOfAnObjectAndAnObjectOfOneObject":{}}]}}]`
)

func invalidBody(cases string) string {
	return `[{},{"ErrorInvalidRequestBody_":{"cases":[` + cases + `]}}]`
}

// invalidRequests are requests that ordersAPI refuses.
var invalidRequests = []exchangeCase{
	{"empty", ``, notTwoObjects},
	{"garbage", `hello`, notTwoObjects},
	{"bad UTF-8", "[{}, {\"fn.greet\": {\"subject\": \"\xff\"}}]", notTwoObjects},
	{"trailing", `[{}, {"fn.greet": {"subject": "x"}}] x`, notTwoObjects},
	{"duplicate key", `[{}, {"fn.greet": {"subject": "x", "subject": "y"}}]`, notTwoObjects},
	{"no body", `[{}]`, notTwoObjects},
	{"two targets", `[{}, {"fn.greet": {"subject": "x"}, "fn.echo": {}}]`, notOneObject},
	{"payload not an object", `[{}, {"fn.greet": 1}]`, notOneObject},
	{"garbage behind an unknown function", `[{"@id_": 1}, {"fn.nope": {]}]`, notTwoObjects},
	{"garbage behind a bad header", `[{"id": 1}, {"fn.greet": {"subject": "x"}}]]`, notTwoObjects},
	{"unknown function", `[{}, {"fn.nope": {}}]`,
		invalidBody(`{"path":["fn.nope"],"reason":{"FunctionUnknown":{}}}`)},
	{"unknown function keeps the id", `[{"@id_": "a"}, {"fn.nope": {}}]`,
		`[{"@id_":"a"},{"ErrorInvalidRequestBody_":{"cases":[{"path":["fn.nope"],"reason":{"FunctionUnknown":{}}}]}}]`},
	{"not a function", `[{}, {"struct.Order": {}}]`,
		invalidBody(`{"path":["struct.Order"],"reason":{"FunctionUnknown":{}}}`)},
	{"wrong type", `[{}, {"fn.greet": {"subject": 1}}]`,
		invalidBody(`{"path":["fn.greet","subject"],"reason":{"TypeUnexpected":{"actual":{"Number":{}},"expected":{"String":{}}}}}`)},
	{"unknown key", `[{}, {"fn.greet": {"subject": "x", "y": 1}}]`,
		invalidBody(`{"path":["fn.greet","y"],"reason":{"ObjectKeyDisallowed":{}}}`)},
	{"missing key", `[{}, {"fn.greet": {}}]`,
		invalidBody(`{"path":["fn.greet"],"reason":{"RequiredObjectKeyMissing":{"key":"subject"}}}`)},
	{"null", `[{}, {"fn.greet": {"subject": null}}]`,
		invalidBody(`{"path":["fn.greet","subject"],"reason":{"TypeUnexpected":{"actual":{"Null":{}},"expected":{"String":{}}}}}`)},
	{"every failure", `[{}, {"fn.echo": {"order": {"id": 9223372036854775808, "buyer": null, "phone!": 128, "lines": [{"sku": 1, "price": "p"}]}}}]`,
		invalidBody(`{"path":["fn.echo","order","id"],"reason":{"NumberOutOfRange":{}}},` +
			`{"path":["fn.echo","order","phone!"],"reason":{"NumberOutOfRange":{}}},` +
			`{"path":["fn.echo","order","lines",0,"sku"],"reason":{"TypeUnexpected":{"actual":{"Number":{}},"expected":{"String":{}}}}},` +
			`{"path":["fn.echo","order","lines",0,"price"],"reason":{"TypeUnexpected":{"actual":{"String":{}},"expected":{"Number":{}}}}}`)},
	{"header without @", `[{"id": 1}, {"fn.greet": {"subject": "x"}}]`,
		`[{},{"ErrorInvalidRequestHeaders_":{"cases":[{"path":["id"],"reason":{"RequiredObjectKeyPrefixMissing":{"prefix":"@"}}}]}}]`},
	{"selection of a field that does not exist", `[{"@select_": {"->": {"Ok_": ["nope"]}}}, {"fn.greet": {"subject": "x"}}]`,
		`[{},{"ErrorInvalidRequestHeaders_":{"cases":[{"path":["@select_","->","Ok_",0],"reason":{"ArrayElementDisallowed":{}}}]}}]`},
}

func TestProcessInvalid(t *testing.T) {
	t.Parallel()
	srv := build(t, ordersAPI())
	for _, tc := range invalidRequests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := process(t, srv, tc.request); got != tc.want {
				t.Errorf("\n got %s\nwant %s", got, tc.want)
			}
		})
	}
}

// limitTest is a request that the API with some options refuses as no message, or
// does not.
type limitTest struct {
	name    string
	options []tp.Option
	request string
	refused bool
}

func testLimits(t *testing.T, api *tp.API, tests []limitTest) {
	t.Helper()
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := process(t, build(t, api, tc.options...), tc.request)
			if refused := got == notTwoObjects; refused != tc.refused {
				t.Errorf("refused = %v, want %v: %.120s", refused, tc.refused, got)
			}
		})
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	api := ordersAPI()
	deep := func(depth int) string {
		return `[{}, {"fn.echo": {"order": {"id": 1, "buyer": null, "lines": [], "extra!": ` +
			strings.Repeat("[", depth) + strings.Repeat("]", depth) + `}}}]`
	}
	long := func(n int) string {
		return `[{}, {"fn.echo": {"order": {"id": 1, "buyer": null, "lines": [], "extra!": [0` + strings.Repeat(",0", n-1) + `]}}}]`
	}
	testLimits(t, api, []limitTest{
		{"default depth", nil, deep(60), false},
		{"beyond the default depth", nil, deep(61), true},
		{"own depth", []tp.Option{tp.MaxDepth(10)}, deep(6), false},
		{"beyond the own depth", []tp.Option{tp.MaxDepth(10)}, deep(7), true},
		{"greatest depth", []tp.Option{tp.MaxDepth(1 << 20)}, deep(996), false},
		{"beyond the greatest depth", []tp.Option{tp.MaxDepth(1 << 20)}, deep(997), true},
		{"default elements", nil, long(131072), false},
		{"beyond the default elements", nil, long(131073), true},
		{"own elements", []tp.Option{tp.MaxElements(9)}, long(9), false},
		{"beyond the own elements", []tp.Option{tp.MaxElements(9)}, long(10), true},
	})
}

type Wide struct {
	Room [256]int64 `tp:"-"`
	Name *string    `tp:"name!"`
}

type Many struct {
	Wide    []Wide    `tp:"wide!"`
	Numbers []float64 `tp:"numbers!"`
}

func TestLimitsOfWhatARequestBecomes(t *testing.T) {
	t.Parallel()
	api := tp.NewAPI("", tp.OnFailure(nil))
	tp.RegisterOn(api, func(_ context.Context, in Many) (Greeting, error) { return Greeting{}, nil }, tp.Name("fn.many"))
	wide := func(n int) string { return `[{}, {"fn.many": {"wide!": [{}` + strings.Repeat(",{}", n-1) + `]}}]` }
	tiny := func(n int) string { return `[{}, {"fn.many": {"numbers!": [0` + strings.Repeat(",1e-320", n) + `]}}]` }
	testLimits(t, api, []limitTest{
		{"some structs", nil, wide(50), false},
		{"too many structs", nil, wide(100_000), true},
		{"a small expansion", []tp.Option{tp.MaxExpansion(1)}, wide(200), true},
		{"a large expansion", []tp.Option{tp.MaxExpansion(10_000)}, wide(10_000), false},
		{"extreme numbers", nil, tiny(4096), false},
		{"too many extreme numbers", nil, tiny(4097), true},
		{"fewer extreme numbers", []tp.Option{tp.MaxExtremes(3)}, tiny(4), true},
	})
}

func TestAPIFunctionShowsPublicDefinitions(t *testing.T) {
	t.Parallel()
	api := tp.NewAPI("Hi")
	tp.RegisterOn(api, greet, tp.Doc("Says hello."))
	srv := build(t, api)
	want := `[{},{"Ok_":{"api":[{"info.Hi":{}},{"///":"Says hello.","fn.greet":{"subject":"string"},"->":[{"Ok_":{"message":"string"}}]}]}}]`
	if got := process(t, srv, `[{}, {"fn.api_": {}}]`); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
	all := process(t, srv, `[{}, {"fn.api_": {"includeInternal!": true}}]`)
	for _, key := range []string{`"fn.ping_"`, `"errors.Validation_"`, `"fn.greet"`, `"info.Hi"`} {
		if !strings.Contains(all, key) {
			t.Errorf("includeInternal! lacks %s", key)
		}
	}
	examples := process(t, srv, `[{}, {"fn.api_": {"includeExamples!": true}}]`)
	if want := `"inputExample":{"fn.greet":{"subject":"sigma"}},"outputExample":{`; !strings.Contains(examples, want) {
		t.Errorf("%s is not in %s", want, examples)
	}
	if both := process(t, srv, `[{}, {"fn.api_": {"includeExamples!": true, "includeInternal!": true}}]`); len(both) <= len(examples) || len(both) <= len(all) {
		t.Errorf("internal definitions with examples: %s", both)
	}
}

func TestServerIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	srv := build(t, ordersAPI())
	requests := map[string]string{
		`[{}, {"fn.greet": {"subject": "a"}}]`:                                `[{},{"Ok_":{"message":"Hello a!"}}]`,
		`[{"@id_": 1}, {"fn.greet": {"subject": "b"}}]`:                       `[{"@id_":1},{"Ok_":{"message":"Hello b!"}}]`,
		`[{}, {"fn.nope": {}}]`:                                               `[{},{"ErrorInvalidRequestBody_":{"cases":[{"path":["fn.nope"],"reason":{"FunctionUnknown":{}}}]}}]`,
		`[{}, {"fn.echo": {"order": {"id": 1, "buyer": null, "lines": []}}}]`: `[{},{"Ok_":{"order":{"id":1,"buyer":null,"lines":[]}}}]`,
		`[`: notTwoObjects,
	}
	var wg sync.WaitGroup
	for range 8 {
		for request, want := range requests {
			wg.Go(func() {
				for range 200 {
					if got := process(t, srv, request); got != want {
						t.Errorf("\n got %s\nwant %s", got, want)
						return
					}
				}
			})
		}
	}
	wg.Wait()
}

func TestRelease(t *testing.T) {
	t.Parallel()
	tp.Reply{}.Release()
	foreign := []byte("not the server's")
	tp.Reply{Bytes: foreign}.Release()

	srv := build(t, ordersAPI())
	greet := func(name string) tp.Reply {
		return srv.Process(context.Background(), []byte(`[{}, {"fn.greet": {"subject": "`+name+`"}}]`))
	}
	first := greet("ann")
	first.Release()
	second := greet("bob")
	first.Release() // too late: it must not give away what second has
	third := greet("eve")
	if string(second.Bytes) != `[{},{"Ok_":{"message":"Hello bob!"}}]` || string(third.Bytes) != `[{},{"Ok_":{"message":"Hello eve!"}}]` {
		t.Errorf("replies share memory: %s and %s", second.Bytes, third.Bytes)
	}
	second.Bytes = foreign // as a transport may that frames or compresses
	second.Release()
	greet("mallory")
	if string(foreign) != "not the server's" {
		t.Errorf("after Release: %q", foreign)
	}
}

// Replies are released again while others use the memory.
func TestReleaseAgain(t *testing.T) {
	t.Parallel()
	srv := build(t, ordersAPI())
	var wg sync.WaitGroup
	for name := range 4 {
		wg.Go(func() {
			want := fmt.Sprintf(`[{},{"Ok_":{"message":"Hello %d!"}}]`, name)
			for range 200 {
				reply := srv.Process(context.Background(), fmt.Appendf(nil, `[{}, {"fn.greet": {"subject": "%d"}}]`, name))
				if string(reply.Bytes) != want {
					t.Errorf("got %s, want %s", reply.Bytes, want)
				}
				var both sync.WaitGroup
				both.Go(reply.Release)
				reply.Release()
				both.Wait()
				reply.Release()
			}
		})
	}
	wg.Wait()
}

func TestServeNothing(t *testing.T) {
	t.Parallel()
	srv := build(t, ordersAPI())
	if got := string(srv.Serve(context.Background(), nil).Bytes); got != notTwoObjects {
		t.Errorf("got %s", got)
	}
}

func TestUnsafeResults(t *testing.T) {
	t.Parallel()
	type Both struct {
		Shape Shape  `tp:"shape"`
		Text  string `tp:"text"`
		Blob  []byte `tp:"blob"`
	}
	api := tp.NewAPI("", tp.Types(tp.UnionOf[Shape](Circle{})), tp.OnFailure(nil))
	tp.RegisterOn(api, func(context.Context, Empty) (Both, error) { return Both{Text: "t", Blob: []byte{1}}, nil }, tp.Name("fn.both"))
	srv := build(t, api)
	tests := []struct{ name, headers, want string }{
		{"refused, without the header of bytes", `{}`,
			`[{},{"ErrorInvalidResponseBody_":{"cases":[{"path":["Ok_","shape"],"reason":{"TypeUnexpected":{"actual":{"Null":{}},"expected":{"Object":{}}}}}]}}]`},
		{"wanted", `{"@unsafe_": true}`, `[{"@base64_":{"Ok_":{"blob":true}}},{"Ok_":{"shape":null,"text":"t","blob":"AQ=="}}]`},
		{"wanted in part", `{"@unsafe_": true, "@select_": {"->": {"Ok_": ["shape"]}}}`, `[{"@base64_":{"Ok_":{"blob":true}}},{"Ok_":{"shape":null}}]`},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := process(t, srv, `[`+tc.headers+`, {"fn.both": {}}]`); got != tc.want {
				t.Errorf("\n got %s\nwant %s", got, tc.want)
			}
		})
	}
}

func TestAPIMayBeExtendedAfterBuild(t *testing.T) {
	t.Parallel()
	api := tp.NewAPI("")
	tp.RegisterOn(api, greet)
	before := build(t, api)
	tp.RegisterOn(api, echo)
	after := build(t, api)
	request := `[{}, {"fn.echo": {"order": {"id": 1, "buyer": null, "lines": []}}}]`
	if got := process(t, before, request); !strings.Contains(got, "FunctionUnknown") {
		t.Errorf("the server built first knows the function registered later: %s", got)
	}
	if got := process(t, after, request); !strings.Contains(got, "Ok_") {
		t.Errorf("the server built last does not know the function: %s", got)
	}
}
