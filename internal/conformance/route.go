package conformance

import (
	"context"
	"errors"
	"fmt"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/wire"
)

// answer is what a request tells the function that it calls to answer.
type answer struct {
	tag     string
	payload any
	headers tp.Object // of the response
}

// errThrown is what a function fails with when a request asks for it.
var errThrown = errors.New("the function was asked to fail")

// route is the handler of every function over value trees.
func route(_ context.Context, req *tp.Request) (*tp.Response, error) {
	if isTrue(req.Headers, "@echo_") {
		return &tp.Response{Result: req.Args}, nil
	}
	a, err := scripted(req.Headers)
	if err != nil {
		return nil, err
	}
	return &tp.Response{Tag: a.tag, Result: a.payload, Headers: a.headers}, nil
}

// scripted reads the answer that request headers ask for. The error is the one
// that the function is to fail with.
func scripted(headers tp.Object) (answer, error) {
	headers, err := throughJSON(headers)
	if err != nil {
		return answer{}, err
	}
	a := answer{headers: responseHeaders(headers)}
	ok, isOk := headers.Get("@ok_")
	result, isResult := headers.Get("@result")
	_, throws := headers.Get("@throw")
	_, fails := headers.Get("@error")
	transport, _ := headers.Get("@override")
	switch {
	case isOk:
		a.tag, a.payload = "Ok_", ok
	case isResult:
		body, _ := result.(tp.Object)
		if len(body) != 1 {
			return answer{}, fmt.Errorf("@result is %v; want a tag and its payload", result)
		}
		a.tag, a.payload = body[0].Key, body[0].Value
	case throws:
		return answer{}, errThrown
	case fails:
		a.tag, a.payload = "ErrorExample2", tp.Object{{Key: "field1", Value: "Boom!"}}
	case transport != "new":
		a.tag, a.payload = "ErrorUnknown_", tp.Object{}
	default:
		a.tag, a.payload = "Ok_", tp.Object{}
	}
	return a, nil
}

// throughJSON returns the headers as JSON has them: bytes become base64 text.
func throughJSON(headers tp.Object) (tp.Object, error) {
	text, err := wire.AppendValue(nil, headers)
	if err != nil {
		return nil, err
	}
	v, err := wire.DecodeJSON(text, wire.CallLimits())
	if err != nil {
		return nil, err
	}
	object, _ := v.(tp.Object)
	return object, nil
}

// responseHeaders returns the headers that a request asks for.
func responseHeaders(headers tp.Object) tp.Object {
	v, _ := headers.Get("@responseHeader")
	asked, _ := v.(tp.Object)
	if thrown, ok := headers.Get("@onResponseError_"); ok {
		asked.Set("@onResponseError_", thrown)
	}
	return asked
}
