package peers

import (
	"context"
	"encoding/json"
	"fmt"

	"connectrpc.com/connect"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/telestruct/telestruct/internal/bench/loopback"
	"github.com/telestruct/telestruct/internal/bench/stacks"
)

// Message is a pointer to a message that protoc-gen-go generated.
type Message[T any] interface {
	*T
	proto.Message
}

// Connect is connect with its own codec for JSON, which is protojson, and generated
// messages: what a user of connect gets who calls in JSON. The request is the text
// that the other stacks read, the answer differs where protojson writes otherwise:
// integers of 64 bits as strings, and no zero values. In and want are what
// encoding/json writes like the messages.
func Connect[Req, Res any, R Message[Req], A Message[Res]](in, want any, call func(*Req) *Res) (stacks.Stack, error) {
	const procedure = "/telestruct.bench.v1.Shapes/Call"
	body, err := json.Marshal(in)
	if err != nil {
		return stacks.Stack{}, err
	}
	message := A(new(Res))
	if err := convert(want, message); err != nil {
		return stacks.Stack{}, err
	}
	return stacks.Stack{
		Name: "connect",
		Handler: connect.NewUnaryHandlerSimple(procedure, func(_ context.Context, in *Req) (*Res, error) {
			return call(in), nil
		}),
		Call: loopback.Call{
			Path: procedure,
			Body: body,
			Check: func(answer []byte) error {
				got := A(new(Res))
				if err := protojson.Unmarshal(answer, got); err != nil {
					return fmt.Errorf("%w in %.200q", err, answer)
				}
				return difference(message, got)
			},
		},
	}, nil
}

// convert makes a message of what encoding/json writes like it.
func convert(v any, message proto.Message) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return protojson.Unmarshal(text, message)
}

func difference(want, got proto.Message) error {
	if diff := cmp.Diff(want, got, protocmp.Transform()); diff != "" {
		return fmt.Errorf("the answer is another one (-want +got):\n%.2000s", diff)
	}
	return nil
}
