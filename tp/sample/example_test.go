package sample_test

import (
	"fmt"

	"github.com/telestruct/telestruct/tp/sample"
	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/wire"
)

const weather = `
- fn.forecast:
    place: "string"
  ->:
    - Ok_:
        sunny: "boolean"
        degrees: "integer"
        warnings!: ["string"]
    - ErrorUnknownPlace: {}
`

func newWeather() *schema.Schema {
	s, err := schema.Parse(schema.Document{Name: "weather.telepact.yaml", Text: []byte(weather)})
	if err != nil {
		panic(err)
	}
	return s
}

func show(v any) {
	text, err := wire.AppendValue(nil, v)
	if err != nil {
		panic(err)
	}
	fmt.Printf("%s\n", text)
}

func ExampleGenerator_Request() {
	s := newWeather()
	g := sample.NewGenerator(s, sample.Options{Seed: 1, MaxLength: 3})
	show(g.Request(s.Function("fn.forecast"), sample.Include, sample.Blueprint{}))
	show(g.Request(s.Function("fn.forecast"), sample.Include, sample.Blueprint{}))
	// Output:
	// {"fn.forecast":{"place":"sigma"}}
	// {"fn.forecast":{"place":"kappa"}}
}

// A blueprint decides a part of the value.
func ExampleGenerator_Result() {
	s := newWeather()
	g := sample.NewGenerator(s, sample.Options{Seed: 4, MaxLength: 3})
	sunny := wire.Object{{Key: "Ok_", Value: wire.Object{{Key: "sunny", Value: true}}}}
	show(g.Result(s.Function("fn.forecast"), sample.Omit, sample.Given(sunny)))
	show(g.Result(s.Function("fn.forecast"), sample.Include, sample.Given(sunny)))
	// Output:
	// {"Ok_":{"degrees":8654852,"sunny":true}}
	// {"Ok_":{"degrees":12714182,"sunny":true,"warnings!":["omega"]}}
}

func ExampleExampler() {
	s := newWeather()
	for _, member := range sample.NewExampler(s).Examples(s.Lookup("fn.forecast"))[:1] {
		fmt.Print(member.Key, " ")
		show(member.Value)
	}
	// Output: inputExample {"fn.forecast":{"place":"sigma"}}
}
