package conformance

import (
	"context"
	"errors"
	"fmt"

	"github.com/telestruct/telestruct/internal/conformance/twin"
	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/wire"
)

// typedDriver runs cases against functions over Go types. It leaves out those
// whose answer no Go value can be.
type typedDriver struct {
	bytesDriver
	twinChooser
}

func openTyped(env *environment, v *vectors) (driver, error) {
	ts, chooser, err := newTwinServer(env, v)
	if err != nil {
		return nil, err
	}
	return &typedDriver{ts.process, chooser}, nil
}

// newTwinServer makes a test server over the Go types of package twin, whose
// schema must be that of the vector file.
func newTwinServer(env *environment, v *vectors) (*testServer, twinChooser, error) {
	ts, err := newTestServer(env, v, typedAPI, tp.NoAuth())
	if err != nil {
		return nil, twinChooser{}, err
	}
	if drift := ts.main.CompareDir(env.schemas, v.Schema); drift != nil {
		return nil, twinChooser{}, &tp.BuildError{Problems: drift}
	}
	decoder, err := twin.NewDecoder()
	return ts, twinChooser{decoder}, err
}

// typedAPI is the implementation over Go types. Additional documents are served
// over value trees beside them.
func typedAPI(_, additional []schema.Document, options ...tp.Option) (*tp.API, error) {
	if len(additional) > 0 {
		options = append(options, tp.SchemaDocuments(additional...))
	}
	api, err := twin.NewAPI(script, options...)
	if err != nil {
		return nil, err
	}
	return api, registerRoutes(api, additional)
}

// script tells the functions of the twin what to answer.
func script(ctx context.Context) (twin.Answer, error) {
	a, err := scripted(tp.Headers(ctx))
	if err != nil {
		return twin.Answer{}, err
	}
	payload, err := wire.AppendValue(nil, a.payload)
	return twin.Answer{Tag: a.tag, Payload: payload, Headers: a.headers}, err
}

// Why cases are left out.
const (
	reasonDocstrings = "fn.api_ returns docstrings as a document has them"
	reasonInvalid    = "no Go value is that result, which is not valid"
	reasonSelection  = "no Go value lacks the fields that were not selected"
)

// twinChooser tells the cases whose answer no value of the twin's types can be.
type twinChooser struct{ decoder *twin.Decoder }

// leavesOut decides by what Go can hold and by what the case expects: a valid
// result that Go refuses is left in, to fail.
func (c twinChooser) leavesOut(ctx context.Context, tc *testCase) string {
	for _, s := range tc.Statements {
		headers, function, ok := parts(s.Request)
		if !ok {
			continue
		}
		if function == "fn.api_" {
			return reasonDocstrings
		}
		answer, err := writtenAnswer(headers)
		if err != nil || c.decoder.Accepts(ctx, function, answer) == nil {
			continue
		}
		_, tag, _ := parts(s.Response)
		if _, selects := headers.Get("@select_"); selects && tag == "Ok_" {
			return reasonSelection
		}
		if _, unsafe := headers.Get("@unsafe_"); unsafe || tag == "ErrorInvalidResponseBody_" {
			return reasonInvalid
		}
	}
	return ""
}

// parts returns the headers and the target of a message.
func parts(message any) (headers wire.Object, target string, ok bool) {
	pair, _ := message.([]any)
	if len(pair) != 2 {
		return nil, "", false
	}
	headers, isHeaders := pair[0].(wire.Object)
	body, isBody := pair[1].(wire.Object)
	if !isHeaders || !isBody || len(body) != 1 {
		return nil, "", false
	}
	return headers, body[0].Key, true
}

// writtenAnswer is what the function will be told to answer to a request with
// these headers, by the same script.
func writtenAnswer(headers wire.Object) (twin.Answer, error) {
	v, err := wire.DecodeJSON(encodeJSON(headers), wire.CallLimits())
	if err != nil {
		return twin.Answer{}, err
	}
	sent, _ := v.(wire.Object)
	override(&sent)
	a, err := scripted(sent)
	if err != nil {
		return twin.Answer{}, err
	}
	payload, err := wire.AppendValue(nil, a.payload)
	return twin.Answer{Tag: a.tag, Payload: payload}, err
}

// exchange takes off the one header that answers of Go types have in addition: a
// scripted route answers base64 text, a Go type bytes, which JSON announces.
func (d *typedDriver) exchange(ctx context.Context, s *statement) (any, error) {
	came, err := d.bytesDriver.exchange(ctx, s)
	if err != nil {
		return came, err
	}
	pair, _ := came.([]any)
	headers, _, ok := parts(came)
	if !ok {
		return came, errors.New("the answer is no message")
	}
	announced, _ := headers.Get("@base64_")
	if want := announcement(pair[1]); !(comparison{}).equal(want, announced) {
		return came, fmt.Errorf("@base64_ is %s; want %s", encodeJSON(announced), encodeJSON(want))
	}
	return []any{without(headers, "@base64_"), pair[1]}, nil
}

// announcement returns what @base64_ must be for an answer of the twin, nil if it
// must be absent: the fields of Value that hold bytes are known by their names.
func announcement(body any) any {
	value := body
	for _, key := range []string{"Ok_", "value!"} {
		object, _ := value.(wire.Object)
		value, _ = object.Get(key)
	}
	var marks wire.Object
	fields, _ := value.(wire.Object)
	for _, m := range fields {
		mark := any(true)
		switch m.Key {
		case "bytes!", "nullBytes!":
		case "arrBytes!", "arrNullBytes!", "objBytes!", "objNullBytes!":
			mark = wire.Object{{Key: "*", Value: true}}
		default:
			continue
		}
		if holdsText(m.Value) {
			marks.Set(m.Key, mark)
		}
	}
	if marks == nil {
		return nil
	}
	return wire.Object{{Key: "Ok_", Value: wire.Object{{Key: "value!", Value: marks}}}}
}

// holdsText reports whether the tree is or holds a text.
func holdsText(tree any) bool {
	switch v := tree.(type) {
	case string:
		return true
	case []any:
		for _, elem := range v {
			if holdsText(elem) {
				return true
			}
		}
	case wire.Object:
		for _, m := range v {
			if holdsText(m.Value) {
				return true
			}
		}
	}
	return false
}
