package reflectschema_test

import (
	"fmt"
	"reflect"

	"github.com/telestruct/telestruct/reflectschema"
)

type Greet struct {
	Subject string `tp:"subject" doc:"Who to greet."`
	Times   *int   `tp:"times!" doc:"How often; once when absent."`
}

type Greeting struct {
	Message string `tp:"message"`
}

func ExampleBuilder() {
	b := reflectschema.NewBuilder()
	b.Info("Greetings", "", "greet/main.go:12")
	b.Function(reflectschema.Function{
		Name:   "fn.greet",
		Doc:    "Greets somebody.",
		Args:   reflect.TypeFor[*Greet](),
		Result: reflect.TypeFor[*Greeting](),
	})
	model, err := b.Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, def := range model.Definitions {
		fmt.Println(def.Common().Key)
	}
	fmt.Println(model.Definitions[1].Common().Doc.Text())
	// Output:
	// info.Greetings
	// fn.greet
	// Greets somebody.
	//
	// - `subject`: Who to greet.
	// - `times!`: How often; once when absent.
}

func ExampleBuilder_Build_problems() {
	type Greet struct {
		Subject string
		Times   int `tp:"times!"`
	}
	b := reflectschema.NewBuilder()
	b.Function(reflectschema.Function{
		Name:   "fn.greet",
		Args:   reflect.TypeFor[Greet](),
		Result: reflect.TypeFor[struct{}](),
		Site:   "greet/main.go:20",
	})
	_, err := b.Build()
	for _, problem := range err.(reflectschema.Problems) {
		fmt.Println(problem.Found)
		fmt.Println("  ", problem.Fix)
	}
	// Output:
	// an exported field needs a tag
	//    add `tp:"subject"`, or `tp:"-"` to leave it out
	// int cannot be absent
	//    use *int with tag "times!"
}

// Shape is what Circle and Rectangle are.
type Shape interface{ isShape() }

type Circle struct {
	Radius float64 `tp:"radius"`
}

type Rectangle struct {
	Width  float64 `tp:"width"`
	Height float64 `tp:"height"`
}

func (Circle) isShape()    {}
func (Rectangle) isShape() {}

func ExampleUnionOf() {
	type Measure struct {
		Shape Shape `tp:"shape"`
	}
	b := reflectschema.NewBuilder()
	b.Union(reflectschema.UnionOf[Shape](Circle{}, Rectangle{}).Doc("A flat figure."))
	b.Function(reflectschema.Function{
		Name:   "fn.measure",
		Args:   reflect.TypeFor[Measure](),
		Result: reflect.TypeFor[struct{}](),
	})
	model, err := b.Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(outline(model))
	// Output:
	// fn.measure {shape: union.Shape} ->
	//   Ok_ {}
	// union.Shape
	//   Circle {radius: number}
	//   Rectangle {width: number, height: number}
}

func ExampleOptional() {
	type Patch struct {
		Nickname reflectschema.Optional[string] `tp:"nickname!?"`
	}
	for _, patch := range []Patch{
		{},
		{Nickname: reflectschema.Null[string]()},
		{Nickname: reflectschema.Some("Ada")},
	} {
		name, ok := patch.Nickname.Get()
		fmt.Printf("absent=%v null=%v %q %v\n", patch.Nickname.IsAbsent(), patch.Nickname.IsNull(), name, ok)
	}
	// Output:
	// absent=true null=false "" false
	// absent=false null=true "" false
	// absent=false null=false "Ada" true
}
