package reflectschema

import (
	"reflect"
	"testing"
	"time"
)

type (
	page[T any]    struct{ _ T }
	pair[A, B any] struct {
		_ A
		_ B
	}
	item struct{}
)

func TestSchemaName(t *testing.T) {
	t.Parallel()
	type local struct{}
	cases := []struct {
		t           reflect.Type
		blank, want string
	}{
		{reflect.TypeFor[item](), "", "Item"},
		{reflect.TypeFor[item](), "Thing", "Thing"},
		{reflect.TypeFor[time.Time](), "", "Time"},
		{reflect.TypeFor[local](), "", "Local"},
		{reflect.TypeFor[page[item]](), "", "PageItem"},
		{reflect.TypeFor[page[item]](), "Sheet", "SheetItem"},
		{reflect.TypeFor[page[local]](), "", "PageLocal"},
		{reflect.TypeFor[page[string]](), "", "PageString"},
		{reflect.TypeFor[page[any]](), "", "PageAny"},
		{reflect.TypeFor[page[[]item]](), "", "PageListItem"},
		{reflect.TypeFor[page[map[string]time.Time]](), "", "PageMapStringTime"},
		{reflect.TypeFor[pair[item, page[time.Time]]](), "", "PairItemPageTime"},
	}
	for _, tc := range cases {
		got, problem := schemaName(tc.t, tc.blank)
		if problem != nil || got != tc.want {
			t.Errorf("schemaName(%v, %q) = %q, %v; want %q", tc.t, tc.blank, got, problem, tc.want)
		}
	}
}

func TestTypeText(t *testing.T) {
	t.Parallel()
	type local struct{}
	cases := []struct {
		t    reflect.Type
		want string
	}{
		{nil, "nil"},
		{reflect.TypeFor[int](), "int"},
		{reflect.TypeFor[[]byte](), "[]byte"},
		{reflect.TypeFor[any](), "any"},
		{reflect.TypeFor[struct{}](), "struct{}"},
		{reflect.TypeFor[struct{ A int }](), "struct{…}"},
		{reflect.TypeFor[map[string]*time.Time](), "map[string]*time.Time"},
		{reflect.TypeFor[Optional[[]time.Time]](), "tp.Optional[[]time.Time]"},
		{reflect.TypeFor[Link[Optional[time.Time]]](), "tp.Link[tp.Optional[time.Time]]"},
		{reflect.TypeFor[Selection](), "tp.Selection"},
		{reflect.TypeFor[page[local]](), "tp.page[tp.local]"},
		{reflect.TypeFor[func(any) error](), "func(any) error"},
	}
	for _, tc := range cases {
		if got := typeText(tc.t); got != tc.want {
			t.Errorf("typeText(%v) = %q, want %q", tc.t, got, tc.want)
		}
	}
}

func TestErrorTag(t *testing.T) {
	t.Parallel()
	if tag, problem := errorTag("DivideByZeroError"); tag != "ErrorDivideByZero" || problem != nil {
		t.Errorf("errorTag = %q, %v", tag, problem)
	}
	for _, name := range []string{"Error", "Failure", "ErrorFailure"} {
		if tag, problem := errorTag(name); problem == nil {
			t.Errorf("errorTag(%q) = %q, want a mistake", name, tag)
		}
	}
}

func TestSuggestKey(t *testing.T) {
	t.Parallel()
	for field, want := range map[string]string{
		"Limit":     "limit",
		"ID":        "id",
		"UserID":    "userId",
		"URLPath":   "urlPath",
		"HTTPPort2": "httpPort2",
		"HTTP2Port": "http2Port",
		"A":         "a",
		"AB":        "ab",
		"Upper_Max": "upper_Max",
		"Ünder":     "",
		"Größe":     "",
	} {
		if got := suggestKey(field); got != want {
			t.Errorf("suggestKey(%q) = %q, want %q", field, got, want)
		}
	}
}

func TestFunctionText(t *testing.T) {
	t.Parallel()
	for goName, want := range map[string]string{
		"main.greetHandler":                    "main.greetHandler",
		"example.com/shop.(*Service).Greet-fm": "shop.(*Service).Greet",
		"example.com/v2/shop.evaluate[...]":    "shop.evaluate[...]",
		"":                                     "fn.greet",
	} {
		if got := functionText(Function{Name: "fn.greet", GoName: goName}); got != want {
			t.Errorf("functionText(%q) = %q, want %q", goName, got, want)
		}
	}
}
