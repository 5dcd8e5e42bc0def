package tp_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/schema"
)

const shopYAML = `
- info.Shop: {}

- struct.Item:
    name: string
    photo!: bytes
    sizes!: [integer]

- fn.sell:
    item: struct.Item
  ->:
    - Ok_:
        receipt: bytes
        items: [struct.Item]
    - ErrorSoldOut:
        left: integer
`

func shopDocuments(text string) fstest.MapFS {
	return fstest.MapFS{"shop/shop.telepact.yaml": &fstest.MapFile{Data: []byte(text)}}
}

// sell is a raw handler whose answer depends on the item's name.
func sell(_ context.Context, req *tp.Request) (*tp.Response, error) {
	args := req.Args.(tp.Object)
	v, _ := args.Get("item")
	item := v.(tp.Object)
	name, _ := item.Get("name")
	photo, _ := item.Get("photo!")
	switch name {
	case "sold":
		return &tp.Response{Tag: "ErrorSoldOut", Result: tp.Object{{Key: "left", Value: 0}}}, nil
	case "quota":
		return nil, &QuotaError{Left: 1}
	case "wrong":
		return &tp.Response{Result: tp.Object{{Key: "receipt", Value: 1}}}, nil
	case "nothing":
		return nil, nil
	case "panic":
		panic("sell")
	case "map":
		return &tp.Response{Result: map[string]any{"receipt": []byte{1}, "items": []string{}}}, nil
	}
	raw, isBytes := photo.([]byte)
	if photo != nil && !isBytes {
		return nil, errors.New("the photo is not bytes")
	}
	return &tp.Response{
		Headers: tp.Object{{Key: "@by", Value: "sell"}},
		Result:  tp.Object{{Key: "receipt", Value: raw}, {Key: "items", Value: []any{item}}},
	}, nil
}

func shopAPI(text string) *tp.API {
	return tp.NewAPI("", tp.SchemaDir(shopDocuments(text), "shop"), tp.ErrorSet("errors.Quota", &QuotaError{}))
}

func TestRaw(t *testing.T) {
	t.Parallel()
	api := shopAPI(shopYAML)
	tp.RegisterRaw(api, "fn.sell", sell)
	tp.RegisterOn(api, greet)
	srv := build(t, api, tp.OnFailure(nil))
	tests := []struct{ name, request, want string }{
		{"bytes both ways", `[{"@id_": 1}, {"fn.sell": {"item": {"name": "a", "photo!": "AQI="}}}]`,
			`[{"@by":"sell","@id_":1,"@base64_":{"Ok_":{"receipt":true,"items":{"*":{"photo!":true}}}}},` +
				`{"Ok_":{"receipt":"AQI=","items":[{"name":"a","photo!":"AQI="}]}}]`},
		{"selection", `[{"@select_": {"->": {"Ok_": ["items"]}, "struct.Item": ["sizes!"]}}, {"fn.sell": {"item": {"name": "a", "sizes!": [1]}}}]`,
			`[{"@by":"sell","@base64_":{"Ok_":{"receipt":true}}},{"Ok_":{"items":[{"sizes!":[1]}]}}]`},
		{"Go values", `[{}, {"fn.sell": {"item": {"name": "map"}}}]`,
			`[{"@base64_":{"Ok_":{"receipt":true}}},{"Ok_":{"items":[],"receipt":"AQ=="}}]`},
		{"own error", `[{}, {"fn.sell": {"item": {"name": "sold"}}}]`, `[{},{"ErrorSoldOut":{"left":0}}]`},
		{"error of a set", `[{}, {"fn.sell": {"item": {"name": "quota"}}}]`, `[{},{"ErrorQuota":{"left":1}}]`},
		{"invalid result", `[{}, {"fn.sell": {"item": {"name": "wrong"}}}]`,
			`[{},{"ErrorInvalidResponseBody_":{"cases":[{"path":["Ok_"],"reason":{"RequiredObjectKeyMissing":{"key":"items"}}},` +
				`{"path":["Ok_","receipt"],"reason":{"TypeUnexpected":{"actual":{"Number":{}},"expected":{"Bytes":{}}}}}]}}]`},
		{"invalid result wanted", `[{"@unsafe_": true}, {"fn.sell": {"item": {"name": "wrong"}}}]`, `[{},{"Ok_":{"receipt":1}}]`},
		{"invalid request", `[{}, {"fn.sell": {"item": {}}}]`,
			`[{},{"ErrorInvalidRequestBody_":{"cases":[{"path":["fn.sell","item"],"reason":{"RequiredObjectKeyMissing":{"key":"name"}}}]}}]`},
		{"nothing", `[{}, {"fn.sell": {"item": {"name": "nothing"}}}]`, "ErrorUnknown_"},
		{"panic", `[{}, {"fn.sell": {"item": {"name": "panic"}}}]`, "ErrorUnknown_"},
		{"typed function beside", `[{}, {"fn.greet": {"subject": "x"}}]`, `[{},{"Ok_":{"message":"Hello x!"}}]`},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := process(t, srv, tc.request)
			if got != tc.want && (tc.want != "ErrorUnknown_" || !strings.Contains(got, tc.want)) {
				t.Errorf("\n got %s\nwant %s", got, tc.want)
			}
		})
	}
}

func TestMiddlewareSeesRawFunctions(t *testing.T) {
	t.Parallel()
	var seen []any
	api := shopAPI(shopYAML)
	tp.RegisterRaw(api, "fn.sell", sell)
	srv := build(t, api, tp.Use(func(next tp.Handler) tp.Handler {
		return func(ctx context.Context, req *tp.Request) (*tp.Response, error) {
			res, err := next(ctx, req)
			seen = append(seen, req.Function, req.Args, res.Tag)
			return res, err
		}
	}))
	process(t, srv, `[{}, {"fn.sell": {"item": {"name": "sold"}}}]`)
	if len(seen) != 3 || seen[0] != "fn.sell" || seen[2] != "ErrorSoldOut" {
		t.Errorf("middleware saw %v", seen)
	}
}

type Item struct {
	Name  string  `tp:"name"`
	Photo []byte  `tp:"photo!"`
	Sizes []int16 `tp:"sizes!"`
}

type Sell struct {
	Item Item `tp:"item"`
}

type Sold struct {
	Receipt []byte `tp:"receipt"`
	Items   []Item `tp:"items"`
}

type SoldOutError struct {
	Left int64 `tp:"left"`
}

func (e *SoldOutError) Error() string { return "sold out" }

func sellTyped(_ context.Context, in Sell) (Sold, error) {
	return Sold{Receipt: []byte{7}, Items: []Item{in.Item}}, nil
}

func TestTypedFunctionOfADocument(t *testing.T) {
	t.Parallel()
	api := shopAPI(shopYAML)
	tp.RegisterOn(api, sellTyped, tp.Name("fn.sell"), tp.Fails(&SoldOutError{}))
	srv := build(t, api)
	want := `[{"@base64_":{"Ok_":{"receipt":true}}},{"Ok_":{"receipt":"Bw==","items":[{"name":"a","sizes!":[32767]}]}}]`
	if got := process(t, srv, `[{}, {"fn.sell": {"item": {"name": "a", "sizes!": [32767]}}}]`); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
	want = `[{},{"ErrorInvalidRequestBody_":{"cases":[{"path":["fn.sell","item","sizes!",0],"reason":{"NumberOutOfRange":{}}}]}}]`
	if got := process(t, srv, `[{}, {"fn.sell": {"item": {"name": "a", "sizes!": [32768]}}}]`); got != want {
		t.Errorf("the document's definition lacks the Go type's range:\n got %s\nwant %s", got, want)
	}
}

func TestSchemaFirstMistakes(t *testing.T) {
	t.Parallel()
	typed := func(api *tp.API) { tp.RegisterOn(api, sellTyped, tp.Name("fn.sell"), tp.Fails(&SoldOutError{})) }
	raw := func(api *tp.API) { tp.RegisterRaw(api, "fn.sell", sell) }
	tests := []struct {
		name     string
		yaml     string
		register func(*tp.API)
		wants    []string
	}{
		{"nobody registered it", shopYAML, func(*tp.API) {},
			[]string{"shop/shop.telepact.yaml:9:3", "fn.sell is defined here, and nobody registered it", "tp.RegisterRaw"}},
		{"no document defines it", shopYAML, func(api *tp.API) { raw(api); tp.RegisterRaw(api, "fn.buy", sell) },
			[]string{"fn.buy (tp/schemafirst_test.go:", "no document defines the function"}},
		{"nil handler", shopYAML, func(api *tp.API) { tp.RegisterRaw(api, "fn.sell", nil) }, []string{"the handler is nil"}},
		{"no name", shopYAML, func(api *tp.API) { raw(api); tp.RegisterRaw(api, "", sell) }, []string{"the name is empty"}},
		{"broken document", strings.Replace(shopYAML, "name: string", "name: text", 1), raw,
			[]string{"shop/shop.telepact.yaml:5:5", "is not a type"}},
		{"no YAML", "- fn.sell:\n\tx: y\n", raw, []string{"shop/shop.telepact.yaml:2:1", "a tab indents the line; indent with blanks"}},
		{"no result", shopYAML + "- fn.stop: {}\n", raw,
			[]string{`shop/shop.telepact.yaml:17:3: fn.stop lacks the key "->"; add "->:" with "- Ok_: {…}" below it`}},
		{"a tag of the framework", shopYAML + "    - ErrorUnknown_: {}\n", raw,
			[]string{"shop/shop.telepact.yaml:17:7: ErrorUnknown_ belongs to the standard definitions"}},
		{"defined twice", shopYAML + "- struct.Item: {}\n", raw,
			[]string{"shop/shop.telepact.yaml:17:3: struct.Item is defined already (shop/shop.telepact.yaml:4:3)"}},
		{"drift", strings.Replace(shopYAML, "left: integer", "left: string", 1), typed,
			[]string{"fn.sell result tag ErrorSoldOut field left", "tp_test.SoldOutError.Left", "shop/shop.telepact.yaml:16:9"}},
		{"drift of a type", strings.Replace(shopYAML, "photo!: bytes", "photo!: string", 1), typed,
			[]string{"struct.Item field photo!", "tp_test.Item.Photo", "shop/shop.telepact.yaml:6:5"}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			api := shopAPI(tc.yaml)
			tc.register(api)
			_, err := api.Build(tp.NoAuth())
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range tc.wants {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is not in %v", want, err)
				}
			}
		})
	}
}

func TestSchemaSourcesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		option tp.Option
		want   string
	}{
		{"nil", tp.SchemaDir(nil, "shop"), "): the file system is nil; give an fs.FS such as an embed.FS"},
		{"missing", tp.SchemaDir(fstest.MapFS{}, "shop"), "file does not exist; give a directory of *.telepact.yaml or *.telepact.json files"},
		{"files", tp.SchemaDir(fstest.MapFS{"shop/readme.md": &fstest.MapFile{}}, "shop"), "shop/readme.md"},
		{"none", tp.SchemaDocuments(), "): there is no document; give one"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if _, err := tp.NewAPI("", tc.option).Build(tp.NoAuth()); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("err = %v, want %q in it", err, tc.want)
			}
		})
	}
}

const tokenJSON = `[{"union.Auth_": [{"Token": {"token": "string"}}]}, {"fn.who": {}, "->": [{"Ok_": {"name": "string"}}]}]`

func TestAuthHeaders(t *testing.T) {
	t.Parallel()
	api := tp.NewAPI("", tp.SchemaDocuments(schema.Document{Text: []byte(tokenJSON)}),
		tp.AuthHeaders(func(_ context.Context, headers tp.Object) (tp.Object, error) {
			v, _ := headers.Get("@auth_")
			token, _ := v.(tp.Object)[0].Value.(tp.Object).Get("token")
			if token != "ann" {
				return nil, errUnknownToken
			}
			type user string // any plain value will do
			return tp.Object{{Key: "@user", Value: user("ann")}}, nil
		}), tp.OnFailure(nil))
	tp.RegisterRaw(api, "fn.who", func(ctx context.Context, req *tp.Request) (*tp.Response, error) {
		user, _ := req.Headers.Get("@user")
		if inContext, _ := tp.Headers(ctx).Get("@user"); inContext != user {
			return nil, errors.New("the context has other headers")
		}
		return &tp.Response{Result: tp.Object{{Key: "name", Value: user}}}, nil
	})
	srv, err := api.Build()
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ request, want string }{
		{`[{"@auth_": {"Token": {"token": "ann"}}, "@user": "mallory"}, {"fn.who": {}}]`, `[{},{"Ok_":{"name":"ann"}}]`},
		{`[{"@auth_": {"Token": {"token": "bob"}}}, {"fn.who": {}}]`, `[{},{"ErrorUnauthenticated_":{"message!":"Valid authentication is required."}}]`},
		{`[{"@user": "mallory"}, {"fn.who": {}}]`, `[{},{"ErrorUnauthenticated_":{"message!":"Valid authentication is required."}}]`},
	}
	for _, tc := range tests {
		if got := process(t, srv, tc.request); got != tc.want {
			t.Errorf("%s\n got %s\nwant %s", tc.request, got, tc.want)
		}
	}
}

// Go and a document may give an API one name only.
func TestSchemaDirWithAnotherName(t *testing.T) {
	t.Parallel()
	api := tp.NewAPI("Store", tp.SchemaDir(shopDocuments(shopYAML), "shop"))
	tp.RegisterRaw(api, "fn.sell", sell)
	_, err := api.Build(tp.NoAuth())
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{`a schema has one info definition, and tp.NewAPI("Store") gives it another name`, "shop/shop.telepact.yaml:2:3"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in %v", want, err)
		}
	}
}
