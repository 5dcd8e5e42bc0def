package reflectschema_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/reflectschema"
	"github.com/telestruct/telestruct/tp/schema"
)

// docs returns every docstring of a model by its place.
func docs(m *reflectschema.Model) map[string]string {
	texts := map[string]string{}
	add := func(place string, doc schema.Doc) {
		if doc.Value != nil {
			texts[place] = doc.Text()
		}
	}
	for _, def := range m.Definitions {
		key := def.Common().Key
		add(key, def.Common().Doc)
		var tags []*schema.Tag
		switch def := def.(type) {
		case *schema.Union:
			tags = def.Tags
		case *schema.Errors:
			tags = def.Tags
		case *schema.Function:
			tags = def.Result.Tags
		}
		for _, tag := range tags {
			add(key+" "+tag.Name, tag.Doc)
		}
	}
	return texts
}

func TestDocs(t *testing.T) {
	t.Parallel()
	type Owner struct {
		_    struct{} `doc:"Who has it."`
		Name string   `tp:"name" doc:"The full name."`
		Age  *int     `tp:"age!" doc:"In years.\nRounded down."`
		Mail string   `tp:"mail"`
	}
	type Find struct {
		Query string `tp:"query" doc:"What to look for."`
	}
	type Found struct {
		_     struct{} `doc:"The best one."`
		Owner Owner    `tp:"owner"`
	}
	type Trace struct {
		_  struct{} `doc:"Follows a request."`
		ID *string  `tp:"@trace" doc:"The same in all calls."`
	}
	model := build(t, func(b *builder) {
		b.Info("Market", "  Buys and sells.\n", "market/main.go:12")
		b.Union(reflectschema.UnionOf[shape](documented{}).Doc("What there is."))
		b.Errors(reflectschema.NewErrorSet("errors.Quota", &quotaError{}).Doc("Too much."))
		b.Headers(reflectschema.NewHeaderSet[Trace, Trace]("headers.Trace"))
		b.Headers(reflectschema.NewHeaderSet[struct{}, struct{}]("headers.None").Doc("Nothing."))
		b.Function(reflectschema.Function{
			Name: "fn.find", Doc: "Finds one.", Args: reflect.TypeFor[Find](), Result: reflect.TypeFor[Found](),
		})
		function[documentedArgs, struct{}](b, "fn.measure")
	})
	want := map[string]string{
		"info.Market":   "Buys and sells.",
		"union.Shape":   "What there is.",
		"errors.Quota":  "Too much.",
		"headers.Trace": "Follows a request.\n\n- `@trace`: The same in all calls.",
		"headers.None":  "Nothing.",
		"fn.find":       "Finds one.\n\n- `query`: What to look for.",
		"fn.find Ok_":   "The best one.",
		"struct.Owner":  "Who has it.\n\n- `name`: The full name.\n- `age!`: In years.\n  Rounded down.",
		"fn.measure":    "Measures it.",
		"union.Shape Documented": "A documented one.\n\n" +
			"- `side`: How long it is.",
	}
	if diff := cmp.Diff(want, docs(model)); diff != "" {
		t.Errorf("the docstrings differ (-want +got):\n%s", diff)
	}
	for _, def := range model.Definitions {
		if s, ok := def.(*schema.Struct); ok && s.Fields[0].Doc != "The full name." {
			t.Errorf("the field's own doc is %q", s.Fields[0].Doc)
		}
	}
}

func TestComments(t *testing.T) {
	t.Parallel()
	pkg := reflect.TypeFor[square]().PkgPath()
	model := build(t, func(b *builder) {
		b.Comments(map[string]string{
			pkg + ".measure":         "measure asks for a figure.",
			pkg + ".measure.Shape":   "The figure.",
			pkg + ".page":            "page is a part of a list.",
			pkg + ".page.Of":         "What is on it.",
			pkg + ".shape":           "shape is a figure.",
			pkg + ".documented":      "not used",
			pkg + ".documented.Side": "not used either",
		})
		b.Comments(map[string]string{pkg + ".measure.Shape": "The figure to measure."})
		b.Union(reflectschema.UnionOf[shape](documented{}))
		function[measure, struct{}](b, "fn.measure")
	})
	want := map[string]string{
		"fn.measure":             "measure asks for a figure.\n\n- `shape`: The figure to measure.",
		"struct.PageInt":         "page is a part of a list.\n\n- `of`: What is on it.",
		"union.Shape":            "shape is a figure.",
		"union.Shape Documented": "A documented one.\n\n- `side`: How long it is.",
	}
	if diff := cmp.Diff(want, docs(model)); diff != "" {
		t.Errorf("the docstrings differ (-want +got):\n%s", diff)
	}
}

func TestDocsOfEmbeddedFields(t *testing.T) {
	t.Parallel()
	pkg := reflect.TypeFor[square]().PkgPath()
	type Find struct {
		page[int]
	}
	model := build(t, func(b *builder) {
		b.Comments(map[string]string{pkg + ".page.Of": "What is on it."})
		function[Find, struct{}](b, "fn.find")
	})
	if got := docs(model)["fn.find"]; !strings.Contains(got, "- `of`: What is on it.") {
		t.Errorf("the docstring is %q, without that of the embedded field", got)
	}
}

type (
	documentedArgs struct {
		_ struct{} `doc:"Measures it."`
	}
	documented struct {
		_    struct{} `doc:"A documented one."`
		Side float64  `tp:"side" doc:"How long it is."`
	}
	measure struct {
		Shape shape     `tp:"shape"`
		Page  page[int] `tp:"page"`
	}
)

func (documented) area() float64 { return 0 }
