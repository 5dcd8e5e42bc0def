package schema

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/telestruct/telestruct/tp/wire"
)

func goOrigin(name string) Origin { return Origin{Go: name, Site: "main.go:7"} }

// shop returns definitions as they come from Go types.
func shop() []Definition {
	small := &Refinement{GoType: "int8", Min: -128, Max: 127}
	item := &Struct{
		Head: Head{Key: "struct.Item", Doc: TextDoc("An item."), Origin: goOrigin("shop.Item")},
		Fields: []*Field{
			{Name: "name", Type: &Type{Kind: String}, Origin: goOrigin("shop.Item.Name"), Doc: "What it is called."},
			{Name: "sizes!", Type: &Type{Kind: ArrayOf, Elem: &Type{Kind: Integer, Refine: small}}, Optional: true, Origin: goOrigin("shop.Item.Sizes")},
		},
	}
	buy := &Function{
		Head: Head{Key: "fn.buy", Flags: wire.Object{{Key: "$authenticated", Value: false}}, Origin: goOrigin("shop.Buy")},
		Args: &Struct{Fields: []*Field{{
			Name: "item", Type: &Type{Kind: StructRef, Name: "struct.Item"}, Origin: goOrigin("shop.Buy.Item"),
		}}},
		Result: &Union{Tags: []*Tag{
			{Name: "Ok_", Payload: &Struct{}, Origin: goOrigin("shop.Bought")},
			{Name: "ErrorSoldOut", Doc: TextDoc("None left."), Payload: &Struct{Fields: []*Field{{
				Name: "left", Type: &Type{Kind: Integer, Refine: small}, Origin: goOrigin("shop.SoldOutError.Left"),
			}}}, Origin: goOrigin("shop.SoldOutError")},
		}},
		OwnTags: 2,
	}
	trace := &Headers{
		Head:     Head{Key: "headers.Trace", Origin: goOrigin("shop.Trace")},
		Request:  []*Field{{Name: "@trace", Type: &Type{Kind: String}, Optional: true, Origin: goOrigin("shop.Trace.ID")}},
		Response: []*Field{{Name: "@span", Type: &Type{Kind: String, Nullable: true}, Optional: true, Origin: goOrigin("shop.Trace.Span")}},
	}
	return []Definition{
		&Info{Head{Key: "info.Shop", Origin: goOrigin("shop.API")}},
		item, buy, trace,
		&Errors{Head: Head{Key: "errors.Shop", Origin: goOrigin("shop.Errors")}, Tags: []*Tag{
			{Name: "ErrorClosed", Payload: &Struct{}, Origin: goOrigin("shop.ClosedError")},
		}},
		&Union{Head: Head{Key: "union.Pay", Origin: goOrigin("shop.Pay")}, Tags: []*Tag{
			{Name: "Cash", Payload: &Struct{}, Origin: goOrigin("shop.Cash")},
		}},
	}
}

const shopText = `[
  {
    "info.Shop": {}
  },
  {
    "///": "An item.",
    "struct.Item": {
      "name": "string",
      "sizes!": ["integer"]
    }
  },
  {
    "$authenticated": false,
    "fn.buy": {
      "item": "struct.Item"
    },
    "->": [
      {
        "Ok_": {}
      },
      {
        "///": "None left.",
        "ErrorSoldOut": {
          "left": "integer"
        }
      }
    ]
  },
  {
    "headers.Trace": {
      "@trace": "string"
    },
    "->": {
      "@span": "string?"
    }
  },
  {
    "errors.Shop": [
      {
        "ErrorClosed": {}
      }
    ]
  },
  {
    "union.Pay": [
      {
        "Cash": {}
      }
    ]
  }
]
`

func TestNew(t *testing.T) {
	t.Parallel()
	given := shop()
	s, err := New("Shop", given)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Document{{"Shop", []byte(shopText)}}, s.Documents()); diff != "" {
		t.Errorf("documents (-want +got):\n%s", diff)
	}
	written, err := Parse(Document{"shop", []byte(shopText)})
	if err != nil {
		t.Fatal(err)
	}
	if !Equal(s, written) {
		t.Error("a derived schema differs from its document")
	}
	buy := s.Function("fn.buy")
	if buy.Args.Fields[0].Type.Definition != s.Lookup("struct.Item") {
		t.Error("fn.buy does not refer to struct.Item")
	}
	want := append([]string{"Ok_", "ErrorSoldOut", "ErrorClosed"}, namesOfTags(s.Lookup("errors.Validation_").(*Errors).Tags)...)
	if diff := cmp.Diff(want, namesOfTags(buy.Result.Tags)); diff != "" {
		t.Errorf("tags of fn.buy (-want +got):\n%s", diff)
	}
}

func TestNewKeepsWhatDocumentsCannotSay(t *testing.T) {
	t.Parallel()
	s, err := New("Shop", shop())
	if err != nil {
		t.Fatal(err)
	}
	item := s.Lookup("struct.Item").(*Struct)
	if got := item.Fields[1].Type.Elem.Refine; got == nil || got.GoType != "int8" {
		t.Errorf("refinement of sizes! is %+v", got)
	}
	if got := s.Function("fn.buy").Result.Tags[1].Payload.Fields[0].Type.Refine; got == nil || got.Max != 127 {
		t.Errorf("refinement of left is %+v", got)
	}
	if got, want := item.Fields[0].Doc, "What it is called."; got != want {
		t.Errorf("doc of name is %q, want %q", got, want)
	}
	want := Origin{Document: "Shop", Path: wire.Path{2, "->", 1, "ErrorSoldOut", "left"}, Location: start, Go: "shop.SoldOutError.Left", Site: "main.go:7"}
	if diff := cmp.Diff(want, s.Function("fn.buy").Result.Tags[1].Payload.Fields[0].Origin); diff != "" {
		t.Errorf("origin of left (-want +got):\n%s", diff)
	}
	if got, want := s.ResponseHeader("@span").Origin.String(), "shop.Trace.Span"; got != want {
		t.Errorf("origin of @span is %s, want %s", got, want)
	}
}

func TestNewCopies(t *testing.T) {
	t.Parallel()
	given, untouched := shop(), shop()
	for range 2 {
		s, err := New("Shop", given)
		if err != nil {
			t.Fatal(err)
		}
		if s.Lookup("struct.Item") == given[1] {
			t.Error("the schema holds a definition that it was given")
		}
	}
	if diff := cmp.Diff(untouched, given); diff != "" {
		t.Errorf("what was given has changed (-before +after):\n%s", diff)
	}
}

func TestNewTakesOwnDefinitionsOfOtherSchemas(t *testing.T) {
	t.Parallel()
	first := mustParse(t, `[{"info.A": {"b": [1]}, "c": 2}, {"fn.a_": {}, "->": [{"Ok_": {}}], "_errors": ""}, {"errors.A": [{"X": {}}]}]`)
	again, err := New("", first.Own())
	if err != nil {
		t.Fatal(err)
	}
	if !Equal(first, again) {
		t.Errorf("differs from the schema it was made of:\n%s", jsonText(again.ownForms()))
	}
	if got, want := inline(again.Lookup("info.A").Common().Source, quoteJSON), `{"info.A": {"b": [1]}}`; got != want {
		t.Errorf("source is %s, want %s", got, want)
	}
}

func TestNewWithDocuments(t *testing.T) {
	t.Parallel()
	s, err := New("Shop", shop(), Document{"more.telepact.yaml", []byte("- fn.sell:\n    item: struct.Item\n  ->:\n    - Ok_: {}\n")})
	if err != nil {
		t.Fatal(err)
	}
	item := s.Function("fn.sell").Args.Fields[0].Type.Definition.(*Struct)
	if item.Fields[1].Type.Elem.Refine == nil {
		t.Error("a document does not refer to the refined definition")
	}
	if got := len(s.Documents()); got != 2 {
		t.Errorf("%d documents, want 2", got)
	}
}

func TestNewWithDefinitionsThatAreWrittenToo(t *testing.T) {
	t.Parallel()
	item := "- ///: Written.\n  struct.Item:\n    sizes!: [integer]\n    name: string\n"
	s, err := New("Shop", shop(), Document{"item.telepact.yaml", []byte(item)})
	if err != nil {
		t.Fatal(err)
	}
	written := s.Lookup("struct.Item").(*Struct)
	if got, want := written.Origin.String(), "item.telepact.yaml:2:3"; got != want {
		t.Errorf("origin is %s, want %s", got, want)
	}
	if written.Doc.Text() != "Written." || written.Fields[0].Type.Elem.Refine == nil {
		t.Errorf("struct.Item is %+v", written)
	}

	drifted := replaceOnce(t, item, "name: string", "name: union.Where")
	_, err = New("Shop", shop(), Document{"item.telepact.yaml", []byte(drifted + "- union.Where:\n    - Here: {}\n")})
	var drift *DriftError
	want := `schema: struct.Item field name: Go has "string" (shop.Item.Name), the document has "union.Where" (item.telepact.yaml:4:5)`
	if !errors.As(err, &drift) || len(drift.Differences) != 1 || err.Error() != want {
		t.Errorf("error is %v, want %s", err, want)
	}
}

// A derived definition may refer to one that is only written, whether others
// are in both or not.
func TestNewResolvesAcrossDerivedAndWritten(t *testing.T) {
	t.Parallel()
	box := &Struct{Head: Head{Key: "struct.Box"}, Fields: []*Field{{Name: "where", Type: &Type{Kind: UnionRef, Name: "union.Where"}}}}
	s, err := New("Shop", append(shop(), box), Document{"a", []byte(
		`[{"union.Where": [{"Here": {}}]}, {"struct.Item": {"name": "string", "sizes!": ["integer"]}}]`)})
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Lookup("struct.Box").(*Struct).Fields[0].Type.Definition; got != s.Lookup("union.Where") {
		t.Errorf("where refers to %v", got)
	}
}

func TestNewFailures(t *testing.T) {
	t.Parallel()
	type report struct{ Text, Go, Site string }
	field := func(name string, typ *Type) *Field {
		return &Field{Name: name, Type: typ, Origin: goOrigin("p.T." + name)}
	}
	for _, tc := range []struct {
		name  string
		given Definition
		want  report
	}{
		{"field name", &Struct{Head: Head{Key: "struct.T", Origin: goOrigin("p.T")}, Fields: []*Field{field("Upper", &Type{Kind: Any})}}, report{
			`p.T.Upper: "Upper" in struct.T is not the name of a field, which is a lower-case letter, then letters, digits and "_"; write "upper" (registered at main.go:7)`, "p.T.Upper", "main.go:7",
		}},
		{"field twice", &Struct{Head: Head{Key: "struct.T", Origin: goOrigin("p.T")}, Fields: []*Field{field("a", &Type{Kind: Any}), field("a", &Type{Kind: Any})}}, report{
			`p.T: struct.T has the field "a" twice, with or without "!"; keep one (registered at main.go:7)`, "p.T", "main.go:7",
		}},
		{"unknown type", &Struct{Head: Head{Key: "struct.T", Origin: goOrigin("p.T")}, Fields: []*Field{field("a", &Type{Kind: ArrayOf, Elem: &Type{Kind: StructRef, Name: "struct.U"}})}}, report{
			`p.T.a: struct.T.a refers to "struct.U", which is not defined; define it or correct the name (registered at main.go:7)`, "p.T.a", "main.go:7",
		}},
		{"endless type", &Struct{Head: Head{Key: "struct.T", Origin: goOrigin("p.T")}, Fields: []*Field{field("a", &Type{Kind: StructRef, Name: "struct.T"})}}, report{
			`p.T: struct.T has no finite value; make a field that leads back to it optional ("!"), nullable ("?"), an array or an object (registered at main.go:7)`, "p.T", "main.go:7",
		}},
		{"no tags", &Union{Head: Head{Key: "union.T", Origin: goOrigin("p.T")}}, report{
			`p.T: union.T is empty; add a tag such as {"Name": {}} (registered at main.go:7)`, "p.T", "main.go:7",
		}},
		{"key that is taken", &Union{Head: Head{Key: "union.Pay", Origin: goOrigin("p.T")}, Tags: []*Tag{{Name: "X", Payload: &Struct{}}}}, report{
			`p.T: union.Pay is defined already (shop.Pay); rename or remove one of them (registered at main.go:7)`, "p.T", "main.go:7",
		}},
		{"header that is taken", &Headers{Head: Head{Key: "headers.T", Origin: goOrigin("p.T")}, Request: []*Field{field("@trace", &Type{Kind: Any})}}, report{
			`p.T.@trace: the header @trace is declared already (shop.Trace.ID); declare each header once (registered at main.go:7)`, "p.T.@trace", "main.go:7",
		}},
		{"tag that is taken", &Errors{Head: Head{Key: "errors.T", Origin: goOrigin("p.T")}, Tags: []*Tag{{Name: "ErrorSoldOut", Payload: &Struct{}}}}, report{
			`p.T: errors.T gives the tag ErrorSoldOut to every function, and one has it already (shop.SoldOutError); rename or remove one of them (registered at main.go:7)`, "p.T", "main.go:7",
		}},
		{"a key of another kind", &Info{Head{Key: "union.T", Origin: goOrigin("p.T")}}, report{
			`p.T: union.T is an object, expected an array; list its tags, such as {"Name": {}} (registered at main.go:7)`, "p.T", "main.go:7",
		}},
		{"no key", &Info{Head{Origin: goOrigin("p.T")}}, report{
			`p.T: "" begins with none of fn., struct., union., errors., headers., info.; write a key such as struct.Name or fn.name (registered at main.go:7)`, "p.T", "main.go:7",
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := New("Shop", append(shop(), tc.given))
			var parse *ParseError
			if !errors.As(err, &parse) || len(parse.Failures) != 1 {
				t.Fatalf("error is %v, want one failure", err)
			}
			f := parse.Failures[0]
			if diff := cmp.Diff(tc.want, report{f.Error(), f.Origin.Go, f.Origin.Site}); diff != "" {
				t.Errorf("failure (-want +got):\n%s", diff)
			}
			if f.Document != "Shop" || f.Location != start {
				t.Errorf("failure is at %s %v", f.Document, f.Location)
			}
		})
	}
}

func TestNewWithoutOrigins(t *testing.T) {
	t.Parallel()
	union := &Union{Head: Head{Key: "union.T"}}
	_, err := New("API", []Definition{union})
	if err == nil || err.Error() != `schema: API:1:1: union.T is empty; add a tag such as {"Name": {}}` {
		t.Errorf("error is %v", err)
	}
}

// The zero value of everything that says where a definition came from does not
// count for equality.
func TestEqualIgnoresWhatDocumentsCannotSay(t *testing.T) {
	t.Parallel()
	plain := shop()
	item := plain[1].(*Struct)
	item.Origin, item.Fields[0].Doc, item.Fields[0].Origin = Origin{}, "", Origin{}
	item.Fields[1].Type.Elem.Refine = nil
	slices.Reverse(plain)
	a, errA := New("A", shop())
	b, errB := New("B", plain)
	if err := errors.Join(errA, errB); err != nil {
		t.Fatal(err)
	}
	if !Equal(a, b) {
		t.Error("not equal")
	}
	if cmp.Equal(a.Lookup("struct.Item"), b.Lookup("struct.Item"), cmpopts.IgnoreFields(Refinement{}, "Text")) {
		t.Error("the two definitions do not differ at all")
	}
}
