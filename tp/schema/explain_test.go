package schema

import (
	"errors"
	"strings"
	"testing"
)

// mistakes are documents as somebody writes them who has not read the manual;
// testdata/mistakes.txt has what each is told.
var mistakes = []string{
	// Definitions.
	"- struct.A",
	"- function.greet:\n    name: string\n  ->:\n    - Ok_: {}",
	"- Struct.Item: {}",
	"- greet: {}",
	"- greet: {}\n  name: string",
	"- greet: {}\n  ->:\n    - Ok_: {}",
	"- ///: Nothing more.",
	"- struct.A: {}\n  struct.B: {}",
	"- struct.A: {}\n- struct.A: {}",
	"- info.A: {}\n- info.B: {}",
	"- struct.ValidationFailure_: {}",
	"- _ext.Money_: {}",

	// What stands beside.
	"- struct.A:\n  a: integer",
	"- struct.A:\n    a: integer\n  ->:\n    - Ok_: {}",
	"- struct.A: {}\n  Note: x",
	"- union.A:\n    - B: {}\n  $internal: true",
	"- union.A:\n    - B: {}\n  C: {}",
	"- fn.a: {}\n  ->:\n    - Ok_: {}\n  _errors: ^errors",

	// Functions.
	"- fn.a: {}",
	"- fn.a:\n  ->:\n    - Ok_: {}",
	"- fn.a:\n    b: integer\n    ->:\n      - Ok_: {}",
	"- fn.a:\n    ///: Says a.\n  ->:\n    - Ok_: {}",
	"- fn.a: {}\n  ->:\n    Ok_: {}",
	"- fn.a: {}\n  ->: []",
	"- fn.a: {}\n  ->:\n    - Ok: {}",
	"- fn.a: {}\n  ->:\n    - ok_: {}",
	"- fn.a: {}\n  ->:\n    - Ok_",
	"- fn.a: {}\n  ->:\n    - Ok_:",
	"- fn.a: {}\n  ->:\n    - Ok_: {}\n    - ErrorUnknown_: {}",
	"- fn.a: {}\n  ->:\n    - Ok_: {}\n    - ErrorX: {}\n- errors.A:\n    - ErrorX: {}",
	"- fn.a_: {}\n  ->:\n    - Ok_: {}\n  _errors: (",
	"- fn.a_: {}\n  ->:\n    - Ok_: {}\n  _errors: 1",

	// Tags.
	"- union.A: {}",
	"- union.A: []",
	"- union.A:\n    - 1",
	"- union.A:\n    - {}",
	"- union.A:\n    - B: {}\n      C: {}",
	"- union.A:\n    - B: {}\n      c: integer",
	"- union.A:\n    - too-low: {}",
	"- union.A:\n    - B:\n        c: union.A",
	"- errors.A:\n    - ErrorB",

	// Fields.
	"- struct.A:\n    a?: integer",
	"- struct.A:\n    a!?: integer?",
	"- struct.A:\n    a!!: [integer]",
	"- struct.A:\n    Name: string",
	"- struct.A:\n    ID: string",
	"- struct.A:\n    first-name: string",
	"- struct.A:\n    \"@trace\": string",
	"- struct.A:\n    a: integer\n    a!: integer",
	"- struct.A:\n    a: struct.A",

	// Types.
	"- struct.A:\n    a:",
	"- struct.A:\n    a: Item\n- struct.Item: {}",
	"- struct.A:\n    a: Item?\n- union.Item:\n    - B: {}",
	"- struct.A:\n    a: Integer",
	"- struct.A:\n    a: int?",
	"- struct.A:\n    a: integer!",
	"- struct.A:\n    a!: integer!?",
	"- struct.A:\n    a: [integer!]",
	"- struct.A:\n    a: string[]",
	"- struct.A:\n    a: list",
	"- struct.A:\n    a: [list[]]",
	"- struct.A:\n    a: struct.Invoce\n- struct.Invoice: {}",
	"- struct.A:\n    a: struct.Item?\n- union.Item:\n    - B: {}",
	"- struct.A:\n    a: struct.Nothing",
	"- struct.A:\n    a: [string, integer]",
	"- struct.A:\n    a: []",
	"- struct.A:\n    a: {}",
	"- struct.A:\n    a:\n      b: integer",
	"- struct.A:\n    a:\n      b: integer\n      c: integer",
	"- struct.A:\n    a: {integer: string}",

	// Headers.
	"- headers.A: {}",
	"- headers.A:\n    trace: string\n  ->: {}",
	"- headers.A:\n    \"@trace!\": string\n  ->: {}",
	"- headers.A:\n    \"@trace?\": string\n  ->: {}",
	"- headers.A:\n    \"@Trace\": string\n  ->: {}",
	"- headers.A:\n    \"@a\": string\n  ->:\n    b: string",
	"- headers.A:\n    \"@a\": string\n  ->: {}\n- headers.B:\n    \"@a\": string\n  ->: {}",
	"- headers.A:\n    \"@a\": string!\n  ->: {}",

	// YAML itself.
	"- struct.A:\n\ta: integer",
	"- struct.A:\n    a: integer\n   b: string",
	"- ///: Note: more.\n  struct.A: {}",
	"- struct.A: {}\n  struct.A: {}",

	// JSON.
	`[{"x": {}}]`,
	`[{"fn.a": {"->": []}}]`,
	`[{"fn.a": {}}]`,
	`[{"struct.A": {"a?": "integer", "b": "int", "c": "string!"}, "d": "any"}]`,
	`[{"union.A": ["B"]}, {"union.C": [{"D": {}, "E": {}}]}]`,
	`[{"struct.A": {}, "struct.B": {}}]`,
	`[{"headers.A": {}}]`,
}

func TestMistakes(t *testing.T) {
	t.Parallel()
	var report strings.Builder
	for _, text := range mistakes {
		name := "api.telepact.yaml"
		if strings.HasPrefix(text, "[") {
			name = "api.telepact.json"
		}
		_, err := Parse(Document{name, []byte(text + "\n")})
		var parse *ParseError
		if !errors.As(err, &parse) {
			t.Errorf("%s\nerror is %v", text, err)
			continue
		}
		report.WriteString(text + "\n")
		for _, f := range parse.Failures {
			report.WriteString("    # " + f.Error() + "\n")
		}
		report.WriteByte('\n')
	}
	golden(t, "mistakes.txt", []byte(report.String()))
}
