package sample_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/telestruct/telestruct/tp/sample"
	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/validate"
	"github.com/telestruct/telestruct/tp/wire"
)

// TestSamplesAreValid draws schemas, and validates what is made of them.
func TestSamplesAreValid(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s := drawSchema(rt, append(scalars, `"any"`, `"_ext.Select_"`, `"_ext.Call_"`, `"_ext.Stub_"`))
		g := sample.NewGenerator(s, drawOptions(rt))
		o := drawOptional(rt)
		for _, f := range s.Functions() {
			validBody(rt, s, f, g.Request(f, o, sample.Blueprint{}))
			validBody(rt, s, f, g.Result(f, o, sample.Blueprint{}))
			success := sample.Given(wire.Object{{Key: "Ok_", Value: wire.Object{}}})
			validBody(rt, s, f, g.Result(f, o, success))
			for _, field := range f.Args.Fields {
				v := g.Value(field.Type, f, o, sample.Blueprint{})
				if failures := validate.Value(s, field.Type, f, v); len(failures) > 0 {
					rt.Fatalf("%s: %v\nis refused: %v", field.Type, v, failures)
				}
			}
		}
	})
}

// TestExamplesAreValid draws schemas, and validates their examples.
func TestExamplesAreValid(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s := drawSchema(rt, append(scalars, `"any"`, `"_ext.Call_"`))
		examples := sample.NewExampler(s)
		for _, d := range s.Definitions() {
			members := examples.Examples(d)
			if _, err := wire.AppendValue(nil, members); err != nil {
				rt.Fatalf("%s: %v", d.Common().Key, err)
			}
			switch d := d.(type) {
			case *schema.Function:
				validBody(rt, s, d, members[0].Value.(wire.Object))
				validBody(rt, s, d, members[1].Value.(wire.Object))
			case *schema.Struct:
				typ := &schema.Type{Kind: schema.StructRef, Definition: d}
				if failures := validate.Value(s, typ, nil, members[0].Value); len(failures) > 0 {
					rt.Fatalf("%s: %v", d.Key, failures)
				}
			}
		}
	})
}

// TestSameSeed makes everything twice.
func TestSameSeed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s := drawSchema(rt, scalars)
		options, o := drawOptions(rt), drawOptional(rt)
		a, b := sample.NewGenerator(s, options), sample.NewGenerator(s, options)
		for _, f := range s.Functions() {
			want, got := text(rt, a.Result(f, o, sample.Blueprint{})), text(rt, b.Result(f, o, sample.Blueprint{}))
			if got != want {
				rt.Fatalf("%s: got %s\nwant %s", f.Key, got, want)
			}
		}
	})
}

// TestWholeBlueprint gives values that are complete, and expects them back.
func TestWholeBlueprint(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s := drawSchema(rt, scalars)
		g := sample.NewGenerator(s, drawOptions(rt))
		f := s.Function("fn.f0")
		whole := g.Request(f, drawOptional(rt), sample.Blueprint{})
		want, got := text(rt, whole), text(rt, g.Request(f, sample.Omit, sample.Given(whole)))
		if got != want {
			rt.Fatalf("got %s\nwant %s", got, want)
		}
	})
}

func drawOptions(t *rapid.T) sample.Options {
	return sample.Options{
		Seed:      rapid.Int64().Draw(t, "seed"),
		MinLength: rapid.IntRange(0, 2).Draw(t, "min"),
		MaxLength: rapid.IntRange(0, 4).Draw(t, "max"),
	}
}

func drawOptional(t *rapid.T) sample.OptionalFields {
	return rapid.SampledFrom([]sample.OptionalFields{sample.Omit, sample.Include, sample.Randomize}).Draw(t, "optional")
}

var scalars = []string{`"boolean"`, `"integer?"`, `"number"`, `"string"`, `"string?"`, `"bytes"`}

// definitions is how many structs, unions and functions a drawn schema has each.
const definitions = 3

// drawSchema draws definitions that refer to each other in any way that leaves
// every type a finite value.
func drawSchema(t *rapid.T, leaves []string) *schema.Schema {
	var b strings.Builder
	for i := range definitions {
		fmt.Fprintf(&b, "- struct.S%d:\n%s", i, drawFields(t, leaves, i, 4))
		fmt.Fprintf(&b, "- union.U%d:\n", i)
		if rapid.Bool().Draw(t, "base") {
			b.WriteString("    - Z: {}\n    - A:\n" + drawFields(t, leaves, -1, 8))
		} else {
			b.WriteString("    - A:\n" + drawFields(t, leaves, i, 8))
		}
		fmt.Fprintf(&b, "    - M:\n%s", drawFields(t, leaves, i, 8))
		fmt.Fprintf(&b, "- fn.f%d:\n%s  ->:\n    - Ok_:\n%s", i, drawFields(t, leaves, i, 4), drawFields(t, leaves, i, 8))
		fmt.Fprintf(&b, "    - Error%d:\n%s", i, drawFields(t, leaves, i, 8))
	}
	s, err := schema.Parse(schema.Document{Name: "drawn.telepact.yaml", Text: []byte(b.String())}, schema.MockDocument())
	if err != nil {
		t.Fatalf("%v\n%s", err, b.String())
	}
	return s
}

// drawFields draws the fields of a payload, indented by some spaces. Required
// fields refer to definitions above number only, and -1 is below all of them.
func drawFields(t *rapid.T, leaves []string, number, indent int) string {
	var b strings.Builder
	margin := strings.Repeat(" ", indent)
	for i := range rapid.IntRange(1, 4).Draw(t, "fields") {
		name := fmt.Sprintf("%c%d", "qb"[i%2], i)
		switch rapid.IntRange(0, 5).Draw(t, "field") {
		case 0:
			fmt.Fprintf(&b, "%s%s!: %q\n", margin, name, drawReference(t, 0))
		case 1:
			fmt.Fprintf(&b, "%s%s: \"%s?\"\n", margin, name, drawReference(t, 0))
		case 2:
			fmt.Fprintf(&b, "%s%s: [%q]\n", margin, name, drawReference(t, 0))
		case 3:
			fmt.Fprintf(&b, "%s%s: {\"string\": [%s]}\n", margin, name, rapid.SampledFrom(leaves).Draw(t, "leaf"))
		case 4:
			if number+1 < definitions {
				fmt.Fprintf(&b, "%s%s: %q\n", margin, name, drawReference(t, number+1))
				continue
			}
			fallthrough
		default:
			fmt.Fprintf(&b, "%s%s: %s\n", margin, name, rapid.SampledFrom(leaves).Draw(t, "leaf"))
		}
	}
	return b.String()
}

// drawReference draws the key of a definition whose number is first or more.
func drawReference(t *rapid.T, first int) string {
	prefix := rapid.SampledFrom([]string{"struct.S", "union.U", "fn.f"}).Draw(t, "prefix")
	return fmt.Sprint(prefix, rapid.IntRange(first, definitions-1).Draw(t, "number"))
}
