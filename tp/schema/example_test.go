package schema_test

import (
	"fmt"
	"os"
	"testing/fstest"

	"github.com/telestruct/telestruct/tp/schema"
)

func ExampleParse() {
	s, err := schema.Parse(schema.Document{Name: "greet.telepact.yaml", Text: []byte(`
- fn.greet:
    subject: "string"
  ->:
    - Ok_:
        message: "string"
`)})
	if err != nil {
		fmt.Println(err)
		return
	}
	greet := s.Function("fn.greet")
	fmt.Println(greet.Args.Field("subject").Type, greet.Origin)
	for _, tag := range greet.Result.Tags[:greet.OwnTags] {
		fmt.Println(tag.Name)
	}
	// Output:
	// string greet.telepact.yaml:2:3
	// Ok_
}

func ExampleParseDir() {
	fsys := fstest.MapFS{"api/item.telepact.yaml": {Data: []byte(`
- struct.Item:
    name: "text"
    parts: ["struct.Part"]
`)}}
	_, err := schema.ParseDir(fsys, "api")
	fmt.Println(err)
	// Output:
	// schema: item.telepact.yaml:3:5: struct.Item.name: "text" is not a type; write "string"
	// schema: item.telepact.yaml:4:13: struct.Item.parts refers to "struct.Part", which is not defined; define it or correct the name
}

func ExampleSchema_WriteYAML() {
	s, err := schema.Parse(schema.Document{Text: []byte(
		`[{"///": ["An item", "on sale."], "struct.Item": {"name": "string", "tags!": ["string"]}}, {"info.Market": {}}]`)})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := s.WriteYAML(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// - ///: |
	//     An item
	//     on sale.
	//   struct.Item:
	//     name: "string"
	//     tags!: ["string"]
	//
	// - info.Market: {}
}

func ExampleCompare() {
	derived, err := schema.New("Calculator", []schema.Definition{&schema.Struct{
		Head: schema.Head{Key: "struct.Limits", Origin: schema.Origin{Go: "calculator.Limits"}},
		Fields: []*schema.Field{{
			Name: "steps!", Optional: true, Type: &schema.Type{Kind: schema.Integer},
			Origin: schema.Origin{Go: "calculator.Limits.Steps"},
		}},
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	written, err := schema.Parse(schema.Document{Name: "calculator.telepact.yaml", Text: []byte(`
- struct.Limits:
    steps: "integer"
`)})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, d := range schema.Compare(derived, written, schema.CompareOptions{}) {
		fmt.Println(d)
	}
	// Output:
	// struct.Limits field steps!: Go has optional "integer" (calculator.Limits.Steps), the document has required "integer" (calculator.telepact.yaml:3:5)
}
