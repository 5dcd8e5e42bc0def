package twin

import (
	"context"

	"github.com/telestruct/telestruct/tp"
)

// Example are the arguments of fn.example, which links lead to.
type Example struct {
	Required bool  `tp:"required"`
	Optional *bool `tp:"optional!"`
}

// ExampleResult is what fn.example answers.
type ExampleResult struct {
	Required bool  `tp:"required"`
	Optional *bool `tp:"optional!"`
}

// Test are the arguments of fn.test.
type Test struct {
	Value *Value `tp:"value!"`
}

// TestResult is what fn.test answers.
type TestResult struct {
	Value *Value `tp:"value!"`
}

// ExampleError is the error of fn.test.
type ExampleError struct {
	Property string `tp:"property"`
}

// Error returns the property.
func (e *ExampleError) Error() string { return e.Property }

// GetBigList are the arguments of fn.getBigList.
type GetBigList struct{}

// GetBigListResult is what fn.getBigList answers.
type GetBigListResult struct {
	Items []Big `tp:"items"`
}

// DeepExample are the arguments of fn.deepExample.
type DeepExample struct {
	Value *ExStruct `tp:"value!"`
}

// DeepExampleResult links back to the function that answers it.
type DeepExampleResult struct {
	Value  *ExStruct             `tp:"value!"`
	Follow *tp.Link[DeepExample] `tp:"follow!"`
}

// SelfLink are the arguments of fn.selfLink.
type SelfLink struct {
	Required bool  `tp:"required"`
	Optional *bool `tp:"optional!"`
}

// SelfLinkResult links back to the function that answers it.
type SelfLinkResult struct {
	FollowSelf tp.Link[SelfLink] `tp:"followSelf"`
}

// CircularLink1 are the arguments of fn.circularLink1.
type CircularLink1 struct {
	Field1 bool `tp:"field1"`
}

// CircularLink1Result links to fn.circularLink2.
type CircularLink1Result struct {
	Follow tp.Link[CircularLink2] `tp:"follow"`
}

// CircularLink2 are the arguments of fn.circularLink2.
type CircularLink2 struct {
	Field2 bool `tp:"field2"`
}

// CircularLink2Result links back to fn.circularLink1.
type CircularLink2Result struct {
	Follow tp.Link[CircularLink1] `tp:"follow"`
}

// Example2Error is an error of every function.
type Example2Error struct {
	Field1 string `tp:"field1"`
}

// Error returns the field.
func (e *Example2Error) Error() string { return e.Field1 }

// RequestHeaders are the headers that requests may have.
type RequestHeaders struct {
	In *bool `tp:"@in"`
}

// ResponseHeaders are the headers that responses may have.
type ResponseHeaders struct {
	Out *bool `tp:"@out"`
}

// Answer is what a function is to answer.
type Answer struct {
	// Tag is Ok_ or the tag of an error.
	Tag string
	// Payload is the JSON text of what goes with it.
	Payload []byte
	// Headers are set on the response.
	Headers tp.Object
}

// Script tells a function what to answer to the call that ctx belongs to. Its
// errors are those of the function.
type Script func(ctx context.Context) (Answer, error)

// NewAPI returns the API of the twin, with functions that answer what script
// says. It fails when the twin's own types are no API.
func NewAPI(script Script, options ...tp.Option) (*tp.API, error) {
	decoder, err := NewDecoder()
	if err != nil {
		return nil, err
	}
	api := tp.NewAPI("Example", append(options, types())...)
	register(api, answering{script, decoder})
	return api, nil
}

// types are the parts of the schema that belong to no function.
func types() tp.Option {
	return tp.Options(
		tp.Types(tp.UnionOf[ExUnion](One{}, Two{})),
		tp.HeaderSet[RequestHeaders, ResponseHeaders]("headers.ExampleHeaders"),
		tp.ErrorSet("errors.ExampleErrors", &Example2Error{}),
	)
}

// register adds the functions of the schema.
func register(api *tp.API, a answering) {
	tp.RegisterOn(api, handler[Example, ExampleResult](a), tp.Name("fn.example"))
	tp.RegisterOn(api, handler[Test, TestResult](a), tp.Name("fn.test"), tp.Fails(&ExampleError{}))
	tp.RegisterOn(api, handler[GetBigList, GetBigListResult](a), tp.Name("fn.getBigList"))
	tp.RegisterOn(api, handler[DeepExample, DeepExampleResult](a), tp.Name("fn.deepExample"))
	tp.RegisterOn(api, handler[SelfLink, SelfLinkResult](a), tp.Name("fn.selfLink"))
	tp.RegisterOn(api, handler[CircularLink1, CircularLink1Result](a), tp.Name("fn.circularLink1"))
	tp.RegisterOn(api, handler[CircularLink2, CircularLink2Result](a), tp.Name("fn.circularLink2"))
}
