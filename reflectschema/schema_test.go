package reflectschema_test

import (
	"bytes"
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/telestruct/telestruct/reflectschema"
	"github.com/telestruct/telestruct/tp/schema"
)

// goodPrograms are types that become schemas, printed in testdata/definitions.
var goodPrograms = []struct {
	name  string
	build func(b *builder)
}{
	{"greet", func(b *builder) {
		b.Info("Greetings", "Says hello.", "greet/main.go:12")
		b.Function(reflectschema.Function{
			Name: "fn.greet", Doc: "Greets somebody.",
			Args: reflect.TypeFor[*Greet](), Result: reflect.TypeFor[*Greeting](), Public: true,
		})
	}},
	{"calculator", func(b *builder) {
		type Variable struct {
			_     struct{} `doc:"A number with a name."`
			Name  string   `tp:"name"`
			Value float64  `tp:"value"`
		}
		type Evaluate struct {
			Expression expression         `tp:"expression" doc:"What to compute."`
			Limit      *int               `tp:"limit!"`
			Scope      map[string]float64 `tp:"scope!"`
		}
		type Evaluation struct {
			Result float64                           `tp:"result"`
			Save   *reflectschema.Link[saveVariable] `tp:"save?" doc:"Keeps the result."`
		}
		type SavedVariables struct {
			Variables []Variable `tp:"variables"`
		}
		b.Info("Calculator", "", "calculator/main.go:12")
		b.Union(reflectschema.UnionOf[expression](constant{}, &add{}).Doc("What can be computed."))
		b.Function(reflectschema.Function{
			Name: "fn.evaluate", Doc: "Computes an expression.", Errors: []error{missingError{}, &detailError{}},
			Args: reflect.TypeFor[Evaluate](), Result: reflect.TypeFor[*Evaluation](),
		})
		function[saveVariable, SavedVariables](b, "fn.saveVariable")
	}},
	{"market", func(b *builder) {
		type Order struct {
			ID       string                         `tp:"id"`
			At       time.Time                      `tp:"at"`
			Note     reflectschema.Optional[string] `tp:"note!?"`
			Receipt  []byte                         `tp:"receipt?"`
			Quantity uint16                         `tp:"quantity"`
			Extra    map[string]any                 `tp:"extra!"`
			Replaces *Order                         `tp:"replaces!"`
		}
		type List struct {
			Fields reflectschema.Selection `tp:"fields!"`
		}
		type Trace struct {
			ID *string `tp:"@trace" doc:"Joins the calls of one request."`
		}
		b.Auth(reflectschema.UnionOf[credentials](session{}).Doc("Who is calling."))
		b.Headers(reflectschema.NewHeaderSet[Trace, Trace]("headers.Trace"))
		b.Errors(reflectschema.NewErrorSet("errors.Quota", &quotaError{}).Doc("Too many calls."))
		function[*List, page[Order]](b, "fn.list")
		function[struct{}, struct{}](b, "fn.alive")
	}},
}

func TestGoodPrograms(t *testing.T) {
	t.Parallel()
	for _, tc := range goodPrograms {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			model := build(t, tc.build)
			s, err := schema.New("", model.Definitions)
			if err != nil {
				t.Fatalf("the schema is refused: %v", err)
			}
			var yaml bytes.Buffer
			if err := s.WriteYAML(&yaml); err != nil {
				t.Fatal(err)
			}
			golden(t, "definitions/"+tc.name+".telepact.yaml", yaml.String())
		})
	}
}

// TestEndlessTypes leaves to the schema what the walk over types cannot see: a
// value that would need another of its kind, and so on.
func TestEndlessTypes(t *testing.T) {
	t.Parallel()
	type Args struct {
		Shape endless `tp:"shape"`
	}
	model := build(t, func(b *builder) {
		b.Union(reflectschema.UnionOf[endless](within{}))
		function[Args, struct{}](b, "fn.f")
	})
	_, err := schema.New("", model.Definitions)
	var refused *schema.ParseError
	if !errors.As(err, &refused) {
		t.Fatalf("schema.New fails with %v", err)
	}
	places := map[string]bool{}
	for _, f := range refused.Failures {
		places[f.Origin.Go] = true
	}
	for _, want := range []string{"calc.f", "reflectschema_test.endless"} {
		if !places[want] {
			t.Errorf("the failures name %v, not %s", places, want)
		}
	}
}

type saveVariable struct {
	Name  string  `tp:"name"`
	Value float64 `tp:"value"`
}

type endless interface{ endless() }

type within struct {
	Shape endless `tp:"shape"`
}

func (within) endless() {}
