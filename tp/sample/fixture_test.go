package sample_test

import (
	"testing"

	"github.com/telestruct/telestruct/tp/sample"
	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/validate"
	"github.com/telestruct/telestruct/tp/wire"
)

// parse returns the schema of a YAML text with the definitions of mock servers.
func parse(t testing.TB, text string) *schema.Schema {
	t.Helper()
	s, err := schema.Parse(schema.Document{Name: "test.telepact.yaml", Text: []byte(text)}, schema.MockDocument())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// typeOf returns the type of fn.f's argument x in a schema where that has the
// given expression, written as in YAML.
func typeOf(t testing.TB, expression string) (*schema.Schema, *schema.Type) {
	t.Helper()
	s := parse(t, shapes+`
- fn.f:
    x: `+expression+`
  ->:
    - Ok_: {}
`)
	return s, s.Function("fn.f").Args.Field("x").Type
}

// shapes are definitions for type expressions to refer to.
const shapes = `
- struct.Point:
    y: "integer"
    x: "integer"
    label!: "string"

- union.Shape:
    - Square:
        side: "integer"
    - Circle:
        radius: "integer"

- union.Single:
    - Only: {}
`

// given decodes the JSON text of a blueprint; an empty text is no blueprint.
func given(t testing.TB, text string) sample.Blueprint {
	t.Helper()
	if text == "" {
		return sample.Blueprint{}
	}
	return sample.Given(tree(t, text))
}

func tree(t testing.TB, text string) any {
	t.Helper()
	v, err := wire.DecodeJSON([]byte(text), wire.CallLimits())
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

// text returns the JSON text of v.
func text(t fatal, v any) string {
	t.Helper()
	b, err := wire.AppendValue(nil, v)
	if err != nil {
		t.Fatalf("%v: %v", v, err)
	}
	return string(b)
}

// fatal is the part of testing.TB that rapid.T has as well.
type fatal interface {
	Helper()
	Fatalf(format string, args ...any)
}

// validBody fails unless body is valid as a body of f in one direction.
func validBody(t fatal, s *schema.Schema, f *schema.Function, body wire.Object) {
	t.Helper()
	if len(body) != 1 {
		t.Fatalf("%v has not one member", body)
	}
	report := validate.Request(s, f, body[0].Value)
	if body[0].Key != f.Key {
		report = validate.Response(s, f, body[0].Key, body[0].Value, validate.ResponseOptions{})
	}
	if len(report.Failures) > 0 {
		t.Fatalf("%v\nis refused: %v", body, report.Failures)
	}
}
