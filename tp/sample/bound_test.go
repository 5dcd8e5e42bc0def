package sample_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/telestruct/telestruct/tp/sample"
	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/validate"
	"github.com/telestruct/telestruct/tp/wire"
)

// TestExamplesAreBounded makes the examples of all definitions of schemas whose
// values grow with every definition.
func TestExamplesAreBounded(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		schema string
		most   int // bytes
		valid  bool
	}{
		{"recursion", circle(200), 4 << 20, true},
		{"levels of optional fields", doubling(200, "!"), 4 << 20, true},
		{"many required fields", wide(60), 1 << 20, true},
		// Its smallest value is too large to be shown.
		{"levels of required fields", doubling(40, ""), 4 << 20, false},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := parse(t, tc.schema)
			examples := sample.NewExampler(s)
			size, valid := 0, true
			for _, d := range s.Own() {
				example := examples.Examples(d)[0].Value
				size += len(text(t, example))
				typ := &schema.Type{Kind: schema.StructRef, Definition: d}
				valid = valid && len(validate.Value(s, typ, nil, example)) == 0
			}
			if size > tc.most {
				t.Errorf("the examples have %d bytes; want no more than %d", size, tc.most)
			}
			if valid != tc.valid {
				t.Errorf("valid: %v", valid)
			}
		})
	}
}

// TestExamplesCanBeRead nests more definitions than decoders let pass.
func TestExamplesCanBeRead(t *testing.T) {
	t.Parallel()
	s := parse(t, circle(200))
	example := sample.NewExampler(s).Examples(s.Lookup("struct.S0"))
	if _, err := wire.DecodeJSON([]byte(text(t, example)), wire.CallLimits()); err != nil {
		t.Error(err)
	}
}

// circle is a schema in which each struct has the next one and lists of it, and
// the last has the first.
func circle(structs int) string {
	var b strings.Builder
	for i := range structs {
		next := (i + 1) % structs
		fmt.Fprintf(&b, "- struct.S%d:\n    a!: \"struct.S%d\"\n    b: [\"struct.S%d\"]\n", i, next, next)
	}
	return b.String()
}

// wide is a schema with a struct of structs, both with that many required
// fields.
func wide(fields int) string {
	var b strings.Builder
	b.WriteString("- struct.Outer:\n")
	for i := range fields {
		fmt.Fprintf(&b, "    f%d: \"struct.Inner\"\n", i)
	}
	b.WriteString("- struct.Inner:\n")
	for i := range fields {
		fmt.Fprintf(&b, "    f%d: \"integer\"\n", i)
	}
	return b.String()
}
