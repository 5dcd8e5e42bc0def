package tp_test

import (
	"context"
	"fmt"
	"os"

	"github.com/telestruct/telestruct/tp"
)

func ExampleRegisterOn() {
	type Add struct {
		Left  int64 `tp:"left" doc:"The first number."`
		Right int64 `tp:"right" doc:"The second number."`
	}
	type Sum struct {
		Sum int64 `tp:"sum"`
	}
	add := func(_ context.Context, in Add) (Sum, error) {
		return Sum{Sum: in.Left + in.Right}, nil
	}

	api := tp.NewAPI("Adder")
	tp.RegisterOn(api, add, tp.Name("fn.add"), tp.Doc("Adds two numbers."))
	srv, err := api.Build(tp.NoAuth())
	if err != nil {
		fmt.Println(err)
		return
	}
	reply := srv.Process(context.Background(), []byte(`[{}, {"fn.add": {"left": 1, "right": 2}}]`))
	defer reply.Release()
	fmt.Println(string(reply.Bytes))
	// Output: [{},{"Ok_":{"sum":3}}]
}

func ExampleServer_Schema() {
	api := tp.NewAPI("Hello")
	tp.RegisterOn(api, greet, tp.Doc("Says hello."))
	srv := api.MustBuild(tp.NoAuth())
	if err := srv.Schema().WriteYAML(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// - info.Hello: {}
	//
	// - ///: Says hello.
	//   fn.greet:
	//     subject: "string"
	//   ->:
	//     - Ok_:
	//         message: "string"
}

type Shape interface{ shape() }

type Circle struct {
	Radius float64 `tp:"radius"`
}

type Square struct {
	Side float64 `tp:"side"`
}

func (Circle) shape() {}
func (Square) shape() {}

type Measure struct {
	Shape Shape `tp:"shape"`
}

type Area struct {
	Area float64 `tp:"area"`
}

func measure(_ context.Context, in Measure) (Area, error) {
	switch s := in.Shape.(type) {
	case Circle:
		return Area{Area: 3 * s.Radius * s.Radius}, nil
	case Square:
		return Area{Area: s.Side * s.Side}, nil
	}
	return Area{}, fmt.Errorf("no area of %T", in.Shape)
}

func ExampleUnionOf() {
	api := tp.NewAPI("", tp.Types(tp.UnionOf[Shape](Circle{}, Square{})))
	tp.RegisterOn(api, measure)
	srv := api.MustBuild(tp.NoAuth())
	reply := srv.Process(context.Background(), []byte(`[{}, {"fn.measure": {"shape": {"Square": {"side": 4}}}}]`))
	fmt.Println(string(reply.Bytes))
	// Output: [{},{"Ok_":{"area":16}}]
}

func ExampleFails() {
	api := tp.NewAPI("")
	tp.RegisterOn(api, func(context.Context, struct{}) (struct{}, error) {
		return struct{}{}, fmt.Errorf("while counting: %w", &QuotaError{Left: 2})
	}, tp.Name("fn.count"), tp.Fails(&QuotaError{}))
	srv := api.MustBuild(tp.NoAuth())
	reply := srv.Process(context.Background(), []byte(`[{}, {"fn.count": {}}]`))
	fmt.Println(string(reply.Bytes))
	// Output: [{},{"ErrorQuota":{"left":2}}]
}
