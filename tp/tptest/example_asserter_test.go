package tptest_test

import (
	"context"
	"fmt"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/tptest"
)

func ExampleAsserter() {
	api := tp.NewAPI("")
	tp.RegisterOn(api, greet)
	a := tptest.NewAsserter(tp.NewClient(api.MustBuild(tp.NoAuth())))

	request := &tp.Message{Target: "fn.greet", Payload: tp.Object{{Key: "subject", Value: "World"}}}
	expected := tp.Object{{Key: "Ok_", Value: tp.Object{{Key: "message", Value: "Hello World!"}}}}
	response, err := a.Assert(context.Background(), request, expected)
	fmt.Println(response.Target, err)

	expected = tp.Object{{Key: "Ok_", Value: tp.Object{{Key: "message", Value: "Hello, World!"}}}}
	_, err = a.Assert(context.Background(), request, expected)
	fmt.Println(err)
	// Output:
	// Ok_ <nil>
	// tptest: fn.greet does not answer as expected:
	//   want {"Ok_":{"message":"Hello, World!"}}
	//   got  {"Ok_":{"message":"Hello World!"}}
	//   at Ok_.message: want "Hello, World!", got "Hello World!"
}
