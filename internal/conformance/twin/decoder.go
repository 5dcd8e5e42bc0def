package twin

import (
	"context"
	"fmt"
	"reflect"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/wire"
)

// Decoder turns JSON text into the twin's results and errors. It is a server of
// its own: a function whose arguments are the wanted type decodes them as any
// function does. It is immutable and safe for concurrent use.
type Decoder struct {
	srv *tp.Server
}

// NewDecoder fails when the twin's own types are no API.
func NewDecoder() (*Decoder, error) {
	api := tp.NewAPI("", types(), tp.NoAuth(), tp.OnFailure(nil))
	// Links in results lead to the functions themselves.
	register(api, answering{})
	keep[ExampleResult](api)
	keep[TestResult](api)
	keep[GetBigListResult](api)
	keep[DeepExampleResult](api)
	keep[SelfLinkResult](api)
	keep[CircularLink1Result](api)
	keep[CircularLink2Result](api)
	keep[ExampleError](api)
	keep[Example2Error](api)
	srv, err := api.Build()
	if err != nil {
		return nil, fmt.Errorf("twin: %w", err)
	}
	return &Decoder{srv}, nil
}

// Accepts returns nil when the Go type of an answer of the function can hold the
// answer, and why it cannot otherwise. Only Tag and Payload of the answer count.
func (d *Decoder) Accepts(ctx context.Context, function string, a Answer) error {
	if a.Tag != "Ok_" {
		_, failure := d.failure(ctx, a)
		return failure
	}
	switch function {
	case "fn.example":
		return refusal(hold[ExampleResult](ctx, d, a.Payload))
	case "fn.test":
		return refusal(hold[TestResult](ctx, d, a.Payload))
	case "fn.getBigList":
		return refusal(hold[GetBigListResult](ctx, d, a.Payload))
	case "fn.deepExample":
		return refusal(hold[DeepExampleResult](ctx, d, a.Payload))
	case "fn.selfLink":
		return refusal(hold[SelfLinkResult](ctx, d, a.Payload))
	case "fn.circularLink1":
		return refusal(hold[CircularLink1Result](ctx, d, a.Payload))
	case "fn.circularLink2":
		return refusal(hold[CircularLink2Result](ctx, d, a.Payload))
	}
	return fmt.Errorf("twin: there is no function %q", function)
}

func refusal[T any](_ *T, err error) error { return err }

// keptKey finds, in the context of a call of the decoder, where its function puts
// the arguments that it got.
type keptKey struct{}

// keep adds the function that decodes a T. It answers with a T as well, so that
// a selection in it may be what it may be in the result.
func keep[T any](api *tp.API) {
	tp.RegisterOn(api, func(ctx context.Context, in *T) (*T, error) {
		if kept, ok := ctx.Value(keptKey{}).(**T); ok {
			*kept = in
		}
		return in, nil
	}, tp.Name(keeper[T]()))
}

func keeper[T any]() string { return "fn.keep" + reflect.TypeFor[T]().Name() }

// hold decodes the payload, which is JSON text, into a T.
func hold[T any](ctx context.Context, d *Decoder, payload []byte) (*T, error) {
	request, err := wire.AppendBegin(nil, nil, keeper[T]())
	if err != nil {
		return nil, err
	}
	var kept *T
	reply := d.srv.Process(context.WithValue(ctx, keptKey{}, &kept), wire.AppendFinish(append(request, payload...)))
	defer reply.Release()
	if reply.Tag != "Ok_" || kept == nil {
		return nil, fmt.Errorf("twin: %T cannot hold %s: %s", kept, payload, reply.Bytes)
	}
	return kept, nil
}
