package export_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/invopop/jsonschema"
	"github.com/telestruct/telestruct/reflectschema/export"
	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/validate"
	"github.com/telestruct/telestruct/tp/wire"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// shopText has every kind of type expression.
const shopText = `
- ///: What the shop sells.
  struct.Article:
    name: "string"
    price: "number"
    stock!: "integer?"
    isNew!: "boolean"
    image!: "bytes"
    similar: ["struct.Article"]
    labels: {"string": ["string?"]}
    extra!: "any"
    note!: "any?"
    shape!: "union.Shape?"
    reload!: "fn.find"
- union.Shape:
    - ///: A circle around its middle.
      Circle:
        radius: "number"
    - Group:
        shapes: ["union.Shape"]
    - Dot: {}
- ///: Finds articles by their name.
  fn.find:
    name: "string"
    fields!: "_ext.Select_"
    limit!: "integer"
  ->:
    - Ok_:
        articles: ["struct.Article"]
    - ErrorTooMany:
        count: "integer"
- fn.put:
    article: "struct.Article"
    thumbnail!: "bytes?"
  ->:
    - Ok_: {}
- fn.plan:
    call: "_ext.Call_"
    stubs: ["_ext.Stub_"]
  ->:
    - Ok_: {}
- _ext.Call_: {}
- _ext.Stub_: {}
`

func shop(t testing.TB) *schema.Schema {
	t.Helper()
	s, err := schema.Parse(schema.Document{Name: "shop.telepact.yaml", Text: []byte(shopText)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestGolden(t *testing.T) {
	t.Parallel()
	s := shop(t)
	for _, tc := range []struct {
		file, function string
		export         func(*schema.Schema, string) (*jsonschema.Schema, error)
	}{
		{"fn.find.arguments.json", "fn.find", export.Arguments},
		{"fn.find.result.json", "fn.find", export.Result},
		{"fn.put.arguments.json", "fn.put", export.Arguments},
	} {
		got, err := tc.export(s, tc.function)
		if err != nil {
			t.Fatal(err)
		}
		compareGolden(t, tc.file, got)
	}
}

func compareGolden(t *testing.T, name string, got *jsonschema.Schema) {
	t.Helper()
	text, err := json.MarshalIndent(got, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	text = append(text, '\n')
	file := filepath.Join("..", "..", "testdata", "jsonschema", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(text)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// Each row is judged by the JSON Schema and by the validator.
func TestArgumentsAccept(t *testing.T) {
	t.Parallel()
	const article = `"name": "a", "price": 1, "similar": [], "labels": {}`
	put := func(more string) string { return `{"article": {` + article + more + `}}` }
	cases := []struct {
		name, function, arguments string
		want                      bool
	}{
		{"required", "fn.put", put(``), true},
		{"missing", "fn.put", `{"article": {"name": "a"}}`, false},
		{"unknown key", "fn.put", put(`, "other": 1`), false},
		{"optional key without its mark", "fn.put", put(`, "stock": 1`), false},
		{"not an object", "fn.put", `{"article": []}`, false},
		{"null for a struct", "fn.put", `{"article": null}`, false},
		{"nullable null", "fn.put", put(`, "stock!": null, "note!": null, "shape!": null`), true},
		{"null that is not allowed", "fn.put", put(`, "isNew!": null`), false},
		{"boolean", "fn.put", put(`, "isNew!": true`), true},
		{"number for a boolean", "fn.put", put(`, "isNew!": 1`), false},
		{"largest integer", "fn.put", put(`, "stock!": 9223372036854775807`), true},
		{"too large an integer", "fn.put", put(`, "stock!": 9223372036854775808`), false},
		{"too small an integer", "fn.put", put(`, "stock!": -9223372036854775809`), false},
		{"fraction for an integer", "fn.put", put(`, "stock!": 0.5`), false},
		{"any is not null", "fn.put", put(`, "extra!": null`), false},
		{"any", "fn.put", put(`, "extra!": [null, {"x": null}]`), true},
		{"bytes", "fn.put", put(`, "image!": "AAEC/+=="`), false},
		{"bytes with padding", "fn.put", put(`, "image!": "AAEC/w=="`), true},
		{"no bytes", "fn.put", put(`, "image!": ""`), true},
		{"bytes without padding", "fn.put", put(`, "image!": "AAEC/w"`), false},
		{"bytes with bits in the padding", "fn.put", put(`, "image!": "AAEC/x=="`), false},
		{"two thirds with bits in the padding", "fn.put", put(`, "image!": "AAF="`), false},
		{"two thirds", "fn.put", put(`, "image!": "AAE="`), true},
		{"nullable list elements", "fn.put", `{"article": {"name": "a", "price": 1, "similar": [], "labels": {"x": ["y", null]}}}`, true},
		{"object of other values", "fn.put", `{"article": {"name": "a", "price": 1, "similar": [], "labels": {"x": "y"}}}`, false},
		{"recursion", "fn.put", put(`, "reload!": {"fn.find": {"name": "a"}}, "shape!": {"Group": {"shapes": [{"Group": {"shapes": []}}]}}`), true},
		{"wrong below recursion", "fn.put", put(`, "shape!": {"Group": {"shapes": [{"Group": {}}]}}`), false},
		{"union", "fn.put", put(`, "shape!": {"Dot": {}}`), true},
		{"union without a tag", "fn.put", put(`, "shape!": {}`), false},
		{"union with two tags", "fn.put", put(`, "shape!": {"Dot": {}, "Circle": {"radius": 1}}`), false},
		{"union with another tag", "fn.put", put(`, "shape!": {"Square": {}}`), false},
		{"payload is null", "fn.put", put(`, "shape!": {"Dot": null}`), false},
		{"link", "fn.put", put(`, "reload!": {"fn.find": {"name": "a", "limit!": 1}}`), true},
		{"link to another function", "fn.put", put(`, "reload!": {"fn.put": {}}`), false},
		{"link without required arguments", "fn.put", put(`, "reload!": {"fn.find": {}}`), false},
		{"selection", "fn.find", `{"name": "a", "fields!": {"->": {"Ok_": ["articles"]}, "struct.Article": ["name", "stock!"], "union.Shape": {"Circle": []}}}`, true},
		{"selection of an unknown field", "fn.find", `{"name": "a", "fields!": {"struct.Article": ["stock"]}}`, false},
		{"selection of another tag", "fn.find", `{"name": "a", "fields!": {"->": {"ErrorTooMany": []}}}`, false},
		{"selection of a function", "fn.find", `{"name": "a", "fields!": {"fn.find": ["name"]}}`, false},
		{"selection that is no list", "fn.find", `{"name": "a", "fields!": {"struct.Article": {}}}`, false},
		{"call", "fn.plan", `{"call": {"fn.put": {}}, "stubs": []}`, true},
		{"call with part of its arguments", "fn.plan", `{"call": {"fn.put": {"article": {"shape!": {"Circle": {}}}}}, "stubs": []}`, true},
		{"call with wrong arguments", "fn.plan", `{"call": {"fn.put": {"article": {"name": 1}}}, "stubs": []}`, false},
		{"call with a union without a tag", "fn.plan", `{"call": {"fn.put": {"article": {"shape!": {}}}}, "stubs": []}`, false},
		{"call with another key", "fn.plan", `{"call": {"fn.put": {}, "count": 1}, "stubs": []}`, true},
		{"call of two functions", "fn.plan", `{"call": {"fn.put": {}, "fn.find": {}}, "stubs": []}`, false},
		{"call of an unknown function", "fn.plan", `{"call": {"fn.nothing": {}}, "stubs": []}`, false},
		{"call of nothing", "fn.plan", `{"call": {}, "stubs": []}`, false},
		{"stub", "fn.plan", `{"call": {"fn.put": {}}, "stubs": [{"fn.find": {}, "->": {"Ok_": {}}}, {"fn.put": {}, "->": {"ErrorUnknown_": {}}}]}`, true},
		{"stub without a result", "fn.plan", `{"call": {"fn.put": {}}, "stubs": [{"fn.find": {}}]}`, false},
		{"stub with another function's result", "fn.plan", `{"call": {"fn.put": {}}, "stubs": [{"fn.put": {}, "->": {"ErrorTooMany": {}}}]}`, false},
		{"stub with another key", "fn.plan", `{"call": {"fn.put": {}}, "stubs": [{"fn.find": {}, "->": {"Ok_": {}}, "count": 1}]}`, false},
		{"stub inside a call lacks anything", "fn.plan", `{"call": {"fn.plan": {"stubs": [{"fn.find": {}}]}}, "stubs": []}`, true},
	}
	s := shop(t)
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := export.Arguments(s, tc.function)
			if err != nil {
				t.Fatal(err)
			}
			if accepts := newEvaluator(t, got).accepts(decode(t, []byte(tc.arguments))); accepts != tc.want {
				t.Errorf("the JSON Schema says %v, want %v", accepts, tc.want)
			}
			report := validate.Request(s, s.Function(tc.function), tree(t, tc.arguments))
			if valid := len(report.Failures) == 0; valid != tc.want {
				t.Errorf("the validator says %v (%v), want %v", valid, report.Failures, tc.want)
			}
		})
	}
}

func tree(t rapid.TB, text string) any {
	t.Helper()
	value, err := wire.DecodeJSON([]byte(text), wire.CallLimits())
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func TestResultAccepts(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, body string
		want       bool
	}{
		{"ok", `{"Ok_": {"articles": []}}`, true},
		{"own error", `{"ErrorTooMany": {"count": 3}}`, true},
		{"standard error", `{"ErrorUnknown_": {"caseId": "x"}}`, true},
		{"incomplete", `{"Ok_": {}}`, false},
		{"unknown tag", `{"ErrorOther": {}}`, false},
		{"two tags", `{"Ok_": {"articles": []}, "ErrorTooMany": {"count": 3}}`, false},
		{"no tag", `{}`, false},
	}
	got, err := export.Result(shop(t), "fn.find")
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if accepts := newEvaluator(t, got).accepts(decode(t, []byte(tc.body))); accepts != tc.want {
				t.Errorf("the JSON Schema says %v, want %v", accepts, tc.want)
			}
		})
	}
}

// What a Go type narrows is said where JSON Schema has a word for it.
func TestRefinements(t *testing.T) {
	t.Parallel()
	typed := func(name string, kind schema.Kind, r *schema.Refinement) *schema.Field {
		return &schema.Field{Name: name + "!", Type: &schema.Type{Kind: kind, Refine: r}, Optional: true, Doc: "Is " + name + "."}
	}
	fields := []*schema.Field{
		typed("small", schema.Integer, &schema.Refinement{GoType: "int8", Min: -128, Max: 127}),
		typed("unsigned", schema.Integer, &schema.Refinement{GoType: "uint64", Max: math.MaxInt64}),
		typed("single", schema.Number, &schema.Refinement{GoType: "float32", Float32: true}),
		typed("moment", schema.String, &schema.Refinement{GoType: "time.Time"}),
		typed("key", schema.String, &schema.Refinement{GoType: "uuid.UUID"}),
		typed("own", schema.String, &schema.Refinement{GoType: "shop.Code"}),
	}
	s, err := schema.New("Shop", []schema.Definition{&schema.Function{
		Head:    schema.Head{Key: "fn.refined"},
		Args:    &schema.Struct{Head: schema.Head{Key: "fn.refined"}, Fields: fields},
		Result:  &schema.Union{Head: schema.Head{Key: "->"}, Tags: []*schema.Tag{{Name: "Ok_", Payload: &schema.Struct{}}}},
		OwnTags: 1,
	}})
	if err != nil {
		t.Fatal(err)
	}
	got, err := export.Arguments(s, "fn.refined")
	if err != nil {
		t.Fatal(err)
	}
	compareGolden(t, "fn.refined.arguments.json", got)
	for _, tc := range []struct {
		arguments string
		want      bool
	}{
		{`{"small!": 127}`, true},
		{`{"small!": 128}`, false},
		{`{"unsigned!": -1}`, false},
		{`{"unsigned!": 9223372036854775807}`, true},
		{`{"single!": 3.4028235677973366e38}`, false},
		{`{"single!": -3.4028235677973366e38}`, false},
		{`{"single!": 3.4028235677973362e38}`, true},
	} {
		if accepts := newEvaluator(t, got).accepts(decode(t, []byte(tc.arguments))); accepts != tc.want {
			t.Errorf("%s: the JSON Schema says %v, want %v", tc.arguments, accepts, tc.want)
		}
		report := validate.Request(s, s.Function("fn.refined"), tree(t, tc.arguments))
		if valid := len(report.Failures) == 0; valid != tc.want {
			t.Errorf("%s: the validator says %v, want %v", tc.arguments, valid, tc.want)
		}
	}
}

func TestUnknownFunction(t *testing.T) {
	t.Parallel()
	s := shop(t)
	for name, exporter := range map[string]func(*schema.Schema, string) (*jsonschema.Schema, error){
		"arguments": export.Arguments,
		"result":    export.Result,
	} {
		got, err := exporter(s, "fn.fnd")
		unknown, ok := errors.AsType[*export.UnknownFunctionError](err)
		if got != nil || !ok || unknown.Name != "fn.fnd" {
			t.Fatalf("%s: got %v, %v, want an *UnknownFunctionError", name, got, err)
		}
		if text := err.Error(); !strings.HasPrefix(text, `export: the schema has no function "fn.fnd"; it has `) || !strings.Contains(text, "fn.find, ") {
			t.Errorf("%s: error is %q", name, text)
		}
	}
}

func ExampleArguments() {
	s, err := schema.Parse(schema.Document{Name: "greet.telepact.yaml", Text: []byte(`
- ///: Greets somebody.
  fn.greet:
    subject: "string"
  ->:
    - Ok_:
        message: "string"
`)})
	if err != nil {
		fmt.Println(err)
		return
	}
	arguments, err := export.Arguments(s, "fn.greet")
	if err != nil {
		fmt.Println(err)
		return
	}
	text, _ := json.MarshalIndent(arguments, "", "  ")
	fmt.Println(string(text))
	// Output:
	// {
	//   "$schema": "https://json-schema.org/draft/2020-12/schema",
	//   "properties": {
	//     "subject": {
	//       "type": "string"
	//     }
	//   },
	//   "additionalProperties": false,
	//   "type": "object",
	//   "required": [
	//     "subject"
	//   ],
	//   "title": "fn.greet",
	//   "description": "Greets somebody."
	// }
}
