package validate_test

import (
	"fmt"

	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/validate"
	"github.com/telestruct/telestruct/tp/wire"
)

const calculator = `
- fn.add:
    left: "integer"
    right: "integer"
  ->:
    - Ok_:
        sum: "integer"
        carry!: "boolean"
`

func ExampleRequest() {
	s, err := schema.Parse(schema.Document{Name: "calculator.telepact.yaml", Text: []byte(calculator)})
	if err != nil {
		panic(err)
	}
	args, err := wire.DecodeJSON([]byte(`{"left": "1", "middle": 2}`), wire.CallLimits())
	if err != nil {
		panic(err)
	}
	for _, f := range validate.Request(s, s.Function("fn.add"), args).Failures {
		fmt.Println(f)
	}
	// Output:
	// fn.add: the required key "right" is missing
	// fn.add.left: expected Integer, found String
	// fn.add.middle: the key is not allowed here
}

func ExampleApplySelection() {
	s, err := schema.Parse(schema.Document{Name: "calculator.telepact.yaml", Text: []byte(calculator)})
	if err != nil {
		panic(err)
	}
	f := s.Function("fn.add")
	result := wire.Object{{Key: "sum", Value: int64(3)}, {Key: "carry!", Value: false}}
	selection := wire.Object{{Key: "->", Value: wire.Object{{Key: "Ok_", Value: []any{"sum"}}}}}
	fmt.Println(validate.ApplySelection(f, "Ok_", result, selection))
	// Output: [{sum 3}]
}

func ExampleFailure_Case() {
	f := validate.Failure{Path: wire.Path{"fn.add", "left"}, Reason: "NumberOutOfRange"}
	text, err := wire.AppendValue(nil, f.Case())
	if err != nil {
		panic(err)
	}
	fmt.Printf("%s\n", text)
	// Output: {"path":["fn.add","left"],"reason":{"NumberOutOfRange":{}}}
}
