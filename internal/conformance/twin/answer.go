package twin

import (
	"context"
	"fmt"

	"github.com/telestruct/telestruct/tp"
)

// answering is what the functions of one API share.
type answering struct {
	script  Script
	decoder *Decoder
}

// handler returns a function that answers what the script says.
func handler[A, R any](a answering) func(context.Context, *A) (*R, error) {
	return func(ctx context.Context, _ *A) (*R, error) {
		answer, err := a.script(ctx)
		if err != nil {
			return nil, err
		}
		for _, m := range answer.Headers {
			if err := tp.SetRawHeader(ctx, m.Key, m.Value); err != nil {
				return nil, err
			}
		}
		return decode[R](ctx, a.decoder, answer)
	}
}

// decode returns the answer as a result, or as the error that it is.
func decode[R any](ctx context.Context, d *Decoder, a Answer) (*R, error) {
	if a.Tag == "Ok_" {
		return hold[R](ctx, d, a.Payload)
	}
	err, failure := d.failure(ctx, a)
	if failure != nil {
		return nil, failure
	}
	return nil, err
}

// failure returns the error that an answer stands for.
func (d *Decoder) failure(ctx context.Context, a Answer) (answer, failure error) {
	switch a.Tag {
	case "ErrorExample":
		return asError(hold[ExampleError](ctx, d, a.Payload))
	case "ErrorExample2":
		return asError(hold[Example2Error](ctx, d, a.Payload))
	}
	return nil, fmt.Errorf("twin: no Go type is the tag %q", a.Tag)
}

// asError keeps a nil pointer from becoming an error that is not nil.
func asError[E error](held E, failure error) (error, error) {
	if failure != nil {
		return nil, failure
	}
	return held, nil
}
