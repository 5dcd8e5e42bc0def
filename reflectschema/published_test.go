package reflectschema_test

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/reflectschema"
	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/wire"
)

// publishes gives b a topic of the type E.
func publishes[E any](b *builder, topic string, unions ...reflectschema.Union) {
	b.Published(reflectschema.Published{
		Topic:  topic,
		Type:   reflect.TypeFor[E](),
		Unions: unions,
		Site:   "calc/feed.go:7",
	})
}

type price struct {
	_     struct{} `doc:"What something costs."`
	Cents int64    `tp:"cents"`
}

type quote struct {
	Of   shape   `tp:"of!"`
	Best []price `tp:"best"`
}

func TestPublished(t *testing.T) {
	t.Parallel()
	shapes := reflectschema.UnionOf[shape](square{})
	model := build(t, func(b *builder) {
		b.Headers(reflectschema.NewHeaderSet[struct{}, struct{}]("headers.None"))
		function[struct{}, struct{}](b, "fn.alive")
		publishes[quote](b, "quotes", shapes)
		publishes[price](b, "prices/eu")
		publishes[shape](b, "news", shapes)
		publishes[price](b, "news")
		publishes[price](b, "news")
	})
	wantOutline(t, model, `
headers.None {} -> {}
headers.Topic $topics=[{news [struct.Price union.Shape]} {prices/eu [struct.Price]} {quotes [struct.Quote]}] {} -> {@topic: string}
fn.alive {} ->
  Ok_ {}
struct.Quote {of!: union.Shape, best: ["struct.Price"]}
union.Shape
  Square {side: number}
struct.Price {cents: integer}
`)
	header := model.Definitions[1].(*schema.Headers)
	want := "Messages that answer no call name in `@topic` the topic that they were published on.\n" +
		"Their body has one value, by the key of its definition:\n\n" +
		"- \"news\": `struct.Price`\n- \"news\": `union.Shape`\n- \"prices/eu\": `struct.Price`\n- \"quotes\": `struct.Quote`"
	if diff := cmp.Diff(want, header.Doc.Text()); diff != "" {
		t.Errorf("the docstring differs (-want +got):\n%s", diff)
	}
	if header.Origin.Site != "calc/feed.go:7" {
		t.Errorf("the header comes from %+v", header.Origin)
	}
	var keys []string
	for _, p := range model.Published {
		keys = append(keys, p.Topic+" "+p.Key)
		if p.Plan == nil {
			t.Errorf("%s has no plan", p.Key)
		}
	}
	if diff := cmp.Diff([]string{"quotes struct.Quote", "prices/eu struct.Price", "news union.Shape", "news struct.Price", "news struct.Price"}, keys); diff != "" {
		t.Errorf("the published types differ (-want +got):\n%s", diff)
	}
}

// TestPublishedSchema: a document can hold what is derived, and says the same then.
func TestPublishedSchema(t *testing.T) {
	t.Parallel()
	model := build(t, func(b *builder) {
		function[struct{}, struct{}](b, "fn.alive")
		publishes[price](b, "prices")
	})
	s, err := schema.New("", model.Definitions)
	if err != nil {
		t.Fatal(err)
	}
	told := s.Lookup("headers.Topic")
	if told == nil {
		t.Fatal("the schema has no headers.Topic")
	}
	want := wire.Object{{Key: "prices", Value: []any{"struct.Price"}}}
	if got, _ := told.Common().Source.Get("$topics"); !cmp.Equal(got, any(want)) {
		t.Errorf("$topics is %v, want %v", got, want)
	}
	if s.ResponseHeader("@topic") == nil || s.RequestHeader("@topic") != nil {
		t.Error("@topic is a header of responses only")
	}
}

// TestUnionsOfPublishedTypes: everybody may describe an interface, as long as they say the
// same about it.
func TestUnionsOfPublishedTypes(t *testing.T) {
	t.Parallel()
	model := build(t, func(b *builder) {
		b.Union(reflectschema.UnionOf[shape](square{}))
		publishes[shape](b, "shapes", reflectschema.UnionOf[shape](square{}))
		publishes[quote](b, "quotes", reflectschema.UnionOf[shape](square{}))
		publishes[quote](b, "more quotes")
		function[struct{}, struct{}](b, "fn.alive")
	})
	if got := len(model.Published); got != 3 {
		t.Errorf("%d types are published, want 3", got)
	}
}
