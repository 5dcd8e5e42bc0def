package schema

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const marketText = `[
  {"struct.Item": {"name": "string", "price!": "number?"}},
  {"info.Market": {}},
  {"fn.buy": {"item": "struct.Item", "count!": "integer"}, "->": [{"Ok_": {"receipt": {"string": ["union.Part?"]}}}, {"ErrorSoldOut": {}}]},
  {"fn.look": {}, "->": [{"Ok_": {}}], "$authenticated": false},
  {"fn.reset": {}, "->": [{"Ok_": {}}], "$internal": true},
  {"fn.tune_": {"select!": "_ext.Select_?", "call": "fn.buy"}, "->": [{"Ok_": {}}], "_errors": "^errors\\.Quota$"},
  {"union.Part": [{"One": {}}, {"///": "two", "Two": {"a": "bytes"}}, {"One": {"b": "any"}}]},
  {"errors.Quota": [{"ErrorQuota": {"limit": "integer"}}]},
  {"headers.Trace": {"@trace": "string"}, "->": {"@trace": "string", "@span": "string?"}}
]`

const authText = `[{"union.Auth_": [{"Token": {"token": "string"}}]}]`

func TestParseBuildsTheRepresentation(t *testing.T) {
	t.Parallel()
	s := mustParse(t, marketText)

	buy := s.Function("fn.buy")
	item := buy.Args.Field("item")
	if item.Type.Kind != StructRef || item.Type.Definition != s.Lookup("struct.Item") || item.Optional {
		t.Errorf("item is %+v", item)
	}
	if count := buy.Args.Field("count!"); !count.Optional || count.Type.Kind != Integer || buy.Args.Field("count") != nil {
		t.Errorf("count! is %+v", count)
	}
	if price := s.Lookup("struct.Item").(*Struct).Fields[1]; !price.Type.Nullable || price.Type.String() != "number?" {
		t.Errorf("price! is %+v", price)
	}
	receipt := buy.Result.Tag("Ok_").Payload.Fields[0].Type
	if part := receipt.Elem.Elem; receipt.Kind != ObjectOf || receipt.Elem.Kind != ArrayOf || part.Definition != s.Lookup("union.Part") ||
		receipt.String() != `{"string": ["union.Part?"]}` {
		t.Errorf("receipt is %v", receipt)
	}
	tune := s.Function("fn.tune_")
	if sel, call := tune.Args.Fields[0].Type, tune.Args.Fields[1].Type; sel.Kind != Select || !sel.Nullable || call.Kind != FunctionRef ||
		call.Definition != Definition(buy) || sel.Definition != s.Lookup("_ext.Select_") {
		t.Errorf("arguments of fn.tune_ are %+v and %+v", sel, call)
	}
	part := s.Lookup("union.Part").(*Union)
	if diff := cmp.Diff([]string{"One", "Two"}, namesOfTags(part.Tags)); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
	if part.Tags[0].Payload.Field("b") == nil || part.Tags[1].Doc.Text() != "two" {
		t.Error("a tag that comes again does not replace the first")
	}
}

func TestSchemasOfNothing(t *testing.T) {
	t.Parallel()
	standard, err := Parse()
	if err != nil {
		t.Fatal(err)
	}
	if standard.Function("fn.api_") == nil || len(standard.Own()) > 0 {
		t.Errorf("without documents there are %v, own %v", keysOf(standard.Definitions()), keysOf(standard.Own()))
	}
	var zero Schema
	if zero.Lookup("fn.api_") != nil || zero.RequestHeader("@time_") != nil || len(zero.Functions()) > 0 {
		t.Error("the zero schema has definitions")
	}
	if !Equal(&zero, new(Schema)) || Equal(&zero, standard) {
		t.Error("the zero schema equals another one, or not itself")
	}
}

func TestErrorsApply(t *testing.T) {
	t.Parallel()
	s, err := Parse(Document{"a", []byte(marketText)}, Document{"b", []byte(authText)})
	if err != nil {
		t.Fatal(err)
	}
	validation := namesOfTags(s.Lookup("errors.Validation_").(*Errors).Tags)
	for _, tc := range []struct {
		key  string
		own  int
		want []string
	}{
		{"fn.buy", 2, append([]string{"Ok_", "ErrorSoldOut", "ErrorQuota", "ErrorUnauthenticated_", "ErrorUnauthorized_"}, validation...)},
		{"fn.look", 1, append([]string{"Ok_", "ErrorQuota", "ErrorUnauthenticated_", "ErrorUnauthorized_"}, validation...)},
		{"fn.reset", 1, append([]string{"Ok_"}, validation...)},
		{"fn.tune_", 1, []string{"Ok_", "ErrorQuota"}},
		{"fn.ping_", 1, append([]string{"Ok_"}, validation...)},
	} {
		f := s.Function(tc.key)
		if diff := cmp.Diff(tc.want, namesOfTags(f.Result.Tags)); diff != "" || f.OwnTags != tc.own {
			t.Errorf("%s has %d own tags, want %d; tags (-want +got):\n%s", tc.key, f.OwnTags, tc.own, diff)
		}
	}
}

func TestOrders(t *testing.T) {
	t.Parallel()
	s, err := Parse(Document{"z", []byte(marketText)}, Document{"hidden_", []byte(authText)}, MockDocument())
	if err != nil {
		t.Fatal(err)
	}
	public := []string{
		"info.Market", "errors.Auth_", "errors.Quota", "fn.buy", "fn.look", "fn.reset", "fn.tune_", "headers.Auth_",
		"headers.Trace", "struct.Item", "union.Part",
	}
	if diff := cmp.Diff(public, keysOf(s.Public())); diff != "" {
		t.Errorf("public definitions (-want +got):\n%s", diff)
	}
	own := []string{
		"union.Auth_", "struct.Item", "info.Market", "fn.buy", "fn.look", "fn.reset", "fn.tune_", "union.Part",
		"errors.Quota", "headers.Trace",
	}
	if diff := cmp.Diff(own, keysOf(s.Own())); diff != "" {
		t.Errorf("own definitions (-want +got):\n%s", diff)
	}
	functions := []string{
		"fn.api_", "fn.buy", "fn.clearCalls_", "fn.clearStubs_", "fn.createStub_", "fn.look", "fn.ping_", "fn.reset",
		"fn.setRandomSeed_", "fn.tune_", "fn.verifyNoMoreInteractions_", "fn.verify_",
	}
	if diff := cmp.Diff(functions, keysOf(s.Functions())); diff != "" {
		t.Errorf("functions (-want +got):\n%s", diff)
	}
	if got, want := len(s.Definitions()), len(own)+len(internalKeys)+len(mockKeys)+2; got != want || s.Definitions()[0].Common().Key != "info.Market" {
		t.Errorf("%d definitions, want %d", got, want)
	}
}

func TestLookups(t *testing.T) {
	t.Parallel()
	s := mustParse(t, marketText)
	if s.Lookup("fn.nope") != nil || s.Function("fn.nope") != nil || s.Function("struct.Item") != nil {
		t.Error("something is found that is not there")
	}
	trace := s.RequestHeader("@trace")
	if trace == nil || !trace.Optional || trace.Type.Kind != String || trace == s.ResponseHeader("@trace") {
		t.Errorf("request header @trace is %+v", trace)
	}
	if s.RequestHeader("@span") != nil || s.ResponseHeader("@span") == nil || s.RequestHeader("@time_") == nil {
		t.Error("headers are on the wrong side")
	}
}

func TestRequiresAuth(t *testing.T) {
	t.Parallel()
	plain := mustParse(t, marketText)
	guarded, err := Parse(Document{"market", []byte(marketText)}, Document{"credentials", []byte(authText)})
	if err != nil {
		t.Fatal(err)
	}
	if plain.HasAuth() || !guarded.HasAuth() {
		t.Errorf("HasAuth is %v and %v", plain.HasAuth(), guarded.HasAuth())
	}
	for key, want := range map[string]bool{"fn.buy": true, "fn.look": false, "fn.reset": false, "fn.tune_": false, "fn.ping_": false} {
		if plain.RequiresAuth(plain.Function(key)) {
			t.Errorf("%s needs authentication where there is none", key)
		}
		if got := guarded.RequiresAuth(guarded.Function(key)); got != want {
			t.Errorf("%s needs authentication: %v, want %v", key, got, want)
		}
	}
}

func TestHeads(t *testing.T) {
	t.Parallel()
	text := `[{"///": [" a ", "  b"], "$x": {"y": 1}, "fn.a": {"///": "any"}, "->": [{"Ok_": {}}], "_ignoreIfDuplicate": true}]`
	if _, err := Parse(Document{Text: []byte(text)}); err == nil {
		t.Error("a docstring is accepted among fields")
	}
	s := mustParse(t, strings.Replace(text, `{"///": "any"}`, `{}`, 1))
	head := s.Lookup("fn.a").Common()
	if got, want := inline(head.Flags, quoteJSON), `{"$x": {"y": 1}, "_ignoreIfDuplicate": true}`; got != want {
		t.Errorf("flags are %s, want %s", got, want)
	}
	if got, want := inline(head.Source, quoteJSON), strings.Replace(text[1:len(text)-1], `{"///": "any"}`, `{}`, 1); got != want {
		t.Errorf("source is %s, want %s", got, want)
	}
	if got, want := head.Origin.String(), "auto_:1:42"; got != want {
		t.Errorf("origin is %s, want %s", got, want)
	}
}
