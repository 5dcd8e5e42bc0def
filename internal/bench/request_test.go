package bench

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/telestruct/telestruct/internal/bench/shapes"
	"github.com/telestruct/telestruct/tp"
)

// request returns the message in which a client calls fn.call once it knows the
// server, and makes sure that the answer is right. It says nothing of time: a
// deadline costs a timer, which is no work of any codec.
func request[In, Out any](b *testing.B, srv *tp.Server, f form, in *In, want *Out, options ...tp.CallOption) []byte {
	b.Helper()
	var message []byte
	transport := tp.TransportFunc(func(ctx context.Context, request []byte) ([]byte, error) {
		message = request
		return srv.Serve(ctx, &tp.Inbound{Body: request, Binary: f.format}).Bytes, nil
	})
	mode := tp.BinaryAlways
	if f.format == tp.JSON {
		mode = tp.BinaryOff
	}
	client := tp.NewClient(transport, tp.Binary(mode), tp.Timeout(5*time.Second), tp.Types(shapes.Expressions()))
	options = append(append(options, f.options...), tp.Name("fn.call"))
	for range 2 { // the first request is JSON in any case
		got, err := tp.Call[Out](b.Context(), client, in, options...)
		if err != nil {
			b.Fatal(err)
		}
		checkEqual(b, got, want)
	}
	message = withoutTime(b, message)
	if got := srv.Process(b.Context(), message).Format; got != f.format {
		b.Fatalf("the answer is in %v, want %v", got, f.format)
	}
	return message
}

// withoutTime takes the five seconds out of the headers of a message in any format.
func withoutTime(b *testing.B, message []byte) []byte {
	b.Helper()
	short := []byte(strings.NewReplacer(
		`,"@time_":5000`, "", `"@time_":5000,`, "", `"@time_":5000`, "",
		"\xa6@time_\xcd\x13\x88", "", // MessagePack
		"\x66@time_\x19\x13\x88", "", // CBOR
	).Replace(string(message)))
	if len(short) == len(message) {
		b.Fatalf("no @time_ in %q", message[:min(len(message), 100)])
	}
	if short[0] != '[' {
		short[1]-- // the count of headers, right after that of the message's two parts
	}
	return short
}
