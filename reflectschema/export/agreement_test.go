package export_test

import (
	"encoding/json"
	"testing"

	"github.com/telestruct/telestruct/reflectschema/export"
	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/validate"
	"pgregory.net/rapid"
)

// The exported schemas and the validator agree on values that are right for the
// most part.
func TestAgreement(t *testing.T) {
	t.Parallel()
	s := shop(t)
	for _, name := range []string{"fn.find", "fn.put"} {
		f := s.Function(name)
		arguments, err := export.Arguments(s, name)
		if err != nil {
			t.Fatal(err)
		}
		result, err := export.Result(s, name)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(name+" arguments", rapid.MakeCheck(func(t *rapid.T) {
			text := encode(t, drawObject(t, f.Args, 4))
			valid := len(validate.Request(s, f, tree(t, text)).Failures) == 0
			if accepts := newEvaluator(t, arguments).accepts(decode(t, []byte(text))); accepts != valid {
				t.Fatalf("JSON Schema %v, validator %v: %s", accepts, valid, text)
			}
		}))
		t.Run(name+" result", rapid.MakeCheck(func(t *rapid.T) {
			tag := rapid.SampledFrom(f.Result.Tags).Draw(t, "tag")
			text := encode(t, drawObject(t, tag.Payload, 4))
			valid := len(validate.Response(s, f, tag.Name, tree(t, text), validate.ResponseOptions{}).Failures) == 0
			body := `{"` + tag.Name + `": ` + text + `}`
			if accepts := newEvaluator(t, result).accepts(decode(t, []byte(body))); accepts != valid {
				t.Fatalf("JSON Schema %v, validator %v: %s", accepts, valid, body)
			}
		}))
	}
}

func encode(t *rapid.T, value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// strange are values that are wrong at most places.
var strange = rapid.SampledFrom([]any{
	nil, true, 0, -1, 0.5, "", "AA==", "AB==", []any{}, []any{nil}, map[string]any{}, map[string]any{"Dot": map[string]any{}},
	json.Number("9223372036854775807"),
})

// draw makes a value for a type, and now and then one for another.
func draw(t *rapid.T, typ *schema.Type, depth int) any {
	if depth == 0 || rapid.IntRange(0, 19).Draw(t, "strange") == 7 {
		return strange.Draw(t, "value")
	}
	switch d := typ.Definition.(type) {
	case *schema.Struct:
		return drawObject(t, d, depth-1)
	case *schema.Union:
		tag := rapid.SampledFrom(d.Tags).Draw(t, "tag")
		return map[string]any{tag.Name: drawObject(t, tag.Payload, depth-1)}
	case *schema.Function:
		return map[string]any{d.Key: drawObject(t, d.Args, depth-1)}
	}
	switch typ.Kind {
	case schema.Boolean:
		return rapid.Bool().Draw(t, "boolean")
	case schema.Integer:
		return rapid.Int64().Draw(t, "integer")
	case schema.Number:
		return rapid.IntRange(-4, 4).Draw(t, "eighths")
	case schema.String:
		return rapid.String().Draw(t, "text")
	case schema.Bytes:
		return rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")
	case schema.ArrayOf:
		return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) any { return draw(t, typ.Elem, depth-1) }), 0, 3).Draw(t, "list")
	case schema.ObjectOf:
		return rapid.MapOfN(rapid.String(), rapid.Custom(func(t *rapid.T) any { return draw(t, typ.Elem, depth-1) }), 0, 3).Draw(t, "map")
	}
	return strange.Draw(t, "anything")
}

func drawObject(t *rapid.T, s *schema.Struct, depth int) any {
	object := map[string]any{}
	for _, field := range s.Fields {
		odds := rapid.IntRange(0, 19).Draw(t, "odds")
		if field.Optional && odds < 12 || odds == 0 {
			continue
		}
		object[field.Name] = draw(t, field.Type, depth)
	}
	if rapid.IntRange(0, 19).Draw(t, "more") == 7 {
		object["more"] = strange.Draw(t, "value")
	}
	return object
}
