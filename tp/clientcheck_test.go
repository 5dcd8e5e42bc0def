package tp_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/schema"
)

// documented returns a transport to a server of a document, whose functions never
// run.
func documented(t testing.TB, document string, functions ...string) tp.Transport {
	t.Helper()
	api := tp.NewAPI("", tp.SchemaDocuments(schema.Document{Name: "api.telepact.yaml", Text: []byte(document)}))
	for _, name := range functions {
		tp.RegisterRaw(api, name, func(context.Context, *tp.Request) (*tp.Response, error) { return nil, errSecret })
	}
	return build(t, api)
}

func TestCheckOwnTypes(t *testing.T) {
	t.Parallel()
	shapes := tp.Types(tp.UnionOf[Shape](Circle{}, Square{}))
	orders := ordersAPI()
	client := tp.NewClient(build(t, orders), tp.Uses[Greet, Greeting](), nil)
	if err := client.Check(t.Context()); err != nil {
		t.Error(err)
	}
	if err := client.Check(t.Context(), tp.Uses[OrderMsg, OrderMsg](tp.Name("fn.echo")), tp.Uses[Greet, Greeting](nil)); err != nil {
		t.Error(err)
	}
	client = tp.NewClient(build(t, drawingAPI()), shapes, tp.Uses[Draw, Drawing]())
	if err := client.Check(t.Context()); err != nil {
		t.Error(err)
	}
	client = tp.NewClient(build(t, pagesAPI()), tp.Uses[Keep, Greeting](tp.Name("fn.keepText")), tp.Uses[Page, PageOf]())
	if err := client.Check(t.Context()); err != nil {
		t.Error(err)
	}
	api := tp.NewAPI("", tp.ErrorSet("errors.Quota", &QuotaError{}))
	tp.RegisterOn(api, fail, tp.Fails(ClosedError{}))
	client = tp.NewClient(build(t, api))
	if err := client.Check(t.Context(), tp.Uses[Fail, Empty](tp.Fails(ClosedError{}, &QuotaError{}))); err != nil {
		t.Error(err)
	}
}

type Ask struct {
	Count   int       `tp:"count"`
	Ratio   float64   `tp:"ratio"`
	Tags    []string  `tp:"tags"`
	Note    *string   `tp:"note!"`
	Shape   Shape     `tp:"shape"`
	Details []*Detail `tp:"details"`
}

type Detail struct {
	Name string  `tp:"name"`
	Next *Detail `tp:"next!"`
}

type Answer struct {
	Shape  Shape   `tp:"shape"`
	Detail Detail  `tp:"detail"`
	Any    any     `tp:"any?"`
	Text   *string `tp:"text?"`
	Hint   *string `tp:"hint!"`
	Half   float64 `tp:"half"`
}

const askDocument = `
- fn.ask:
    count: "integer"
    ratio: "number"
    tags: ["string"]
    note!: "string"
    shape: "union.Shape"
    details: ["struct.Detail?"]
  ->:
    - Ok_:
        shape: "union.Shape"
        detail: "struct.Detail"
        any: "any?"
        text: "string?"
        hint!: "string"
        half: "number"
    - ErrorQuota:
        left: "integer"
- union.Shape:
    - Circle:
        radius: "number"
    - Square:
        side: "number"
- struct.Detail:
    name: "string"
    next!: "struct.Detail"
`

// Each row changes the document in one place.
func TestCheckDifferences(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, from, to string
		want           []string
	}{
		{"equal", "fn.ask", "fn.ask", nil},
		{"another function", "- fn.ask:", "- fn.more: {}\n  ->:\n    - Ok_: {}\n- fn.ask:", nil},
		{"optional argument", `count: "integer"`, "count: \"integer\"\n    more!: \"string\"", nil},
		{"field of the result", `half: "number"`, "half: \"number\"\n        more: \"string\"", nil},
		{"missing optional field of the result", `hint!: "string"`, `hint2!: "string"`, nil},
		{"another error", "- ErrorQuota:", "- ErrorMore: {}\n    - ErrorQuota:", nil},
		{"wider argument", `count: "integer"`, `count: "number"`, nil},
		{"wider still", `count: "integer"`, `count: "any"`, nil},
		{"nullable argument", `count: "integer"`, `count: "integer?"`, nil},
		{"wider elements", `tags: ["string"]`, `tags: ["any"]`, nil},
		{"narrower result", `half: "number"`, `half: "integer"`, nil},
		{"any result", `any: "any?"`, `any: "struct.Detail?"`, nil},
		{"result that is never null", `text: "string?"`, `text: "string"`, nil},

		{"missing function", "- fn.ask:", "- fn.asked:",
			[]string{`fn.ask (SITE): the server has no function fn.ask; give its name with tp.Name("fn.…")`}},
		{"missing argument", `note!: "string"`, `note2!: "string"`,
			[]string{`tp_test.Ask.Note (SITE): on the server fn.ask has no field "note!"; remove the field`}},
		{"required argument", `count: "integer"`, "count: \"integer\"\n    more: [\"string\"]",
			[]string{`tp_test.Ask (SITE): on the server fn.ask requires the field "more"; add a field of type []string with tag "more"`}},
		{"argument of another type", `count: "integer"`, `count: "string"`,
			[]string{`tp_test.Ask.Count (SITE): on the server fn.ask has count: "string", not count: "integer"; use type string with tag "count"`}},
		{"narrower argument", `ratio: "number"`, `ratio: "integer"`,
			[]string{`tp_test.Ask.Ratio (SITE): on the server fn.ask has ratio: "integer", not ratio: "number"; use type int with tag "ratio"`}},
		{"elements that are never null", `["struct.Detail?"]`, `["struct.Detail"]`,
			[]string{`tp_test.Ask.Details (SITE): on the server fn.ask has details: ["struct.Detail"], not details: ["struct.Detail?"]; use type []Detail with tag "details"`}},
		{"argument that is optional", `count: "integer"`, `count!: "integer"`,
			[]string{`tp_test.Ask.Count (SITE): on the server fn.ask has count!: "integer", not count: "integer"; use type *int with tag "count!"`}},
		{"missing field of the result", `half: "number"`, `half2: "number"`,
			[]string{`tp_test.Answer.Half (SITE): on the server fn.ask -> Ok_ has no field "half"; remove the field`}},
		{"wider result", `half: "number"`, `half: "any"`,
			[]string{`tp_test.Answer.Half (SITE): on the server fn.ask -> Ok_ has half: "any", not half: "number"; use type any with tag "half"`}},
		{"nullable result", `detail: "struct.Detail"`, `detail: "struct.Detail?"`,
			[]string{`tp_test.Answer.Detail (SITE): on the server fn.ask -> Ok_ has detail: "struct.Detail?", not detail: "struct.Detail"; use type *Detail with tag "detail?"`}},
		{"missing error", "- ErrorQuota:", "- ErrorQuotas:",
			[]string{`tp_test.QuotaError (SITE): on the server fn.ask has no ErrorQuota; remove it from tp.Fails`}},
		{"error of another form", `left: "integer"`, `left: "string"`,
			[]string{`tp_test.QuotaError.Left (SITE): on the server fn.ask -> ErrorQuota has left: "string", not left: "integer"; use type string with tag "left"`}},
		{"missing tag", "- Square:", "- Square2:",
			[]string{`tp_test.Square (SITE): on the server union.Shape has no tag Square; remove the variant from tp.UnionOf`,
				`tp_test.Shape (SITE): on the server union.Shape has a tag Square2, which a result may hold; add a variant Square2 to tp.UnionOf`}},
		{"tag of another form", `side: "number"`, `side: "string"`,
			[]string{`tp_test.Square.Side (SITE): on the server union.Shape Square has side: "string", not side: "number"; use type string with tag "side"`}},
		{"struct of another form", `next!: "struct.Detail"`, `next!: "struct.Detail?"`,
			[]string{`tp_test.Detail.Next (SITE): on the server struct.Detail has next!: "struct.Detail?", not next!: "struct.Detail"; use type tp.Optional[Detail] with tag "next!?"`}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			functions := []string{"fn.ask"}
			document := strings.Replace(askDocument, tc.from, tc.to, 1)
			if strings.Contains(document, "fn.more") {
				functions = append(functions, "fn.more")
			}
			if strings.Contains(document, "fn.asked") {
				functions = []string{"fn.asked"}
			}
			client := tp.NewClient(documented(t, document, functions...), tp.Types(tp.UnionOf[Shape](Circle{}, Square{})))
			err := client.Check(t.Context(), tp.Uses[Ask, Answer](tp.Fails(&QuotaError{})))
			if diff := cmp.Diff(tc.want, problemsOf(t, err)); diff != "" {
				t.Errorf("problems differ (-want +got):\n%s", diff)
			}
		})
	}
}

// problemsOf returns the problems of a check, with places left out.
func problemsOf(t testing.TB, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	var check *tp.CheckError
	if !errors.As(err, &check) {
		t.Fatal(err)
	}
	var problems []string
	text := "tp: the client does not fit the server:"
	for _, p := range check.Problems {
		problems = append(problems, withoutSites(p.Error()))
		text += "\n  " + p.Error()
		if !errors.Is(err, p) {
			t.Errorf("the error does not wrap %v", p)
		}
	}
	if err.Error() != text {
		t.Errorf("text %q, want %q", err, text)
	}
	return problems
}

func TestCheckMistakes(t *testing.T) {
	t.Parallel()
	type Untagged struct{ A int }
	sent := 0
	client := tp.NewClient(tp.TransportFunc(func(context.Context, []byte) ([]byte, error) {
		sent++
		return nil, errSecret
	}))
	if err := client.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "nothing to check") {
		t.Errorf("got %v", err)
	}
	want := []string{
		`*tp_test.Greet (SITE): a call takes and returns pointers to structs already; use tp_test.Greet`,
		`struct {} (SITE): an anonymous struct does not say which function takes it; add tp.Name("fn.…")`,
		"tp.Usage: the zero Usage describes nothing; make it with tp.Uses",
		"tp_test.Untagged.A (SITE): an exported field needs a tag; add `tp:\"a\"`, or `tp:\"-\"` to leave it out",
	}
	err := client.Check(t.Context(),
		tp.Uses[*Greet, Greeting](), tp.Uses[struct{}, Greeting](), tp.Uses[Untagged, Greeting](), tp.Usage{})
	if diff := cmp.Diff(want, problemsOf(t, err)); diff != "" {
		t.Errorf("problems differ (-want +got):\n%s", diff)
	}
	if sent > 0 {
		t.Errorf("%d requests were sent", sent)
	}
	if err := client.Check(t.Context(), tp.Uses[Greet, Greeting]()); !errors.Is(err, errSecret) {
		t.Errorf("got %v", err)
	}
}

func TestClientSchema(t *testing.T) {
	t.Parallel()
	srv := build(t, drawingAPI(), tp.Types(tp.UnionOf[Credentials](Token{})))
	for _, way := range speaking {
		got, err := tp.NewClient(&wiretap{srv: srv, binary: way.binary}, way.options...).Schema(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if differences := schema.Compare(srv.Schema(), got, schema.CompareOptions{Docs: true}); differences != nil {
			t.Errorf("%s: %v", way.name, differences)
		}
		if got.Checksum() != srv.Schema().Checksum() {
			t.Errorf("%s: another checksum", way.name)
		}
	}
}

func TestClientSchemaErrors(t *testing.T) {
	t.Parallel()
	var (
		failure *tp.Error
		result  *tp.ResultError
		parse   *schema.ParseError
	)
	for answer, target := range map[string]any{
		`hello`:                     &failure,
		`[{},{"ErrorUnknown_":{}}]`: &result,
		`[{},{"Ok_":{}}]`:           &parse,
		`[{},{"Ok_":{"api":[{}]}}]`: &parse,
		`[{},{"Ok_":{"api":[{"fn.x":{},"->":[]}]}}]`: &parse,
	} {
		if s, err := tp.NewClient(answering(answer)).Schema(t.Context()); s != nil || !errors.As(err, target) {
			t.Errorf("%s: got %v", answer, err)
		}
	}
}
