package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/telestruct/telestruct/internal/bench/shapes"
	"github.com/telestruct/telestruct/tp"
)

// BenchmarkProcess measures one request, decoded and answered. Telestruct reads
// and writes the whole message, finds the function, validates both ways and
// calls the handler; encoding/json decodes and encodes the structs alone. Bytes are
// those of the request.
func BenchmarkProcess(b *testing.B) {
	b.Run("json", func(b *testing.B) {
		b.Run("tiny", func(b *testing.B) { processJSON(b, shapes.Tiny(), shapes.Greet) })
		b.Run("medium", func(b *testing.B) { processJSON(b, shapes.Medium(), echo) })
		b.Run("large", func(b *testing.B) { processJSON(b, shapes.Large(), echo) })
	})
	for _, f := range []tp.Format{tp.MessagePack, tp.CBOR} {
		b.Run(f.String(), func(b *testing.B) {
			b.Run("tiny", func(b *testing.B) { processBinary(b, shapes.Tiny(), shapes.Greet, f) })
			b.Run("medium", func(b *testing.B) { processBinary(b, shapes.Medium(), echo, f) })
			b.Run("large", func(b *testing.B) { processBinary(b, shapes.Large(), echo, f) })
			b.Run("large packed", func(b *testing.B) { processBinary(b, shapes.Large(), echo, f, tp.Packed()) })
		})
	}
}

func echo[T any](v *T) *T { return v }

func processJSON[In, Out any](b *testing.B, in *In, call func(*In) *Out) {
	args, err := json.Marshal(in)
	if err != nil {
		b.Fatal(err)
	}
	message := fmt.Appendf(nil, `[{},{"fn.call":%s}]`, args)
	srv := server(call)
	checkAnswer(b, srv, message, call(in))

	b.Run("telestruct", func(b *testing.B) {
		ctx := context.Background()
		b.SetBytes(int64(len(message)))
		b.ReportAllocs()
		for b.Loop() {
			srv.Process(ctx, message).Release()
		}
	})
	b.Run("encodingjson", func(b *testing.B) {
		b.SetBytes(int64(len(args)))
		b.ReportAllocs()
		for b.Loop() {
			v := new(In)
			if err := json.Unmarshal(args, v); err != nil {
				b.Fatal(err)
			}
			if _, err := json.Marshal(call(v)); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// processBinary measures a request as a client sends it that knows the server's
// field table.
func processBinary[In, Out any](b *testing.B, in *In, call func(*In) *Out, f tp.Format, options ...tp.CallOption) {
	ctx := context.Background()
	srv := server(call)
	var message []byte
	transport := tp.TransportFunc(func(ctx context.Context, request []byte) ([]byte, error) {
		message = request
		return srv.Serve(ctx, &tp.Inbound{Body: request, Binary: f}).Bytes, nil
	})
	client := tp.NewClient(transport, tp.Binary(tp.BinaryAlways))
	options = append(options, tp.Name("fn.call"))
	for range 2 { // the first request is JSON
		got, err := tp.Call[Out](ctx, client, in, options...)
		if err != nil {
			b.Fatal(err)
		}
		checkResult(b, got, call(in))
	}
	if got := srv.Process(ctx, message).Format; got != f {
		b.Fatalf("the answer is in %v, want %v", got, f)
	}
	b.SetBytes(int64(len(message)))
	b.ReportAllocs()
	for b.Loop() {
		srv.Process(ctx, message).Release()
	}
}

// server has the one function fn.call.
func server[In, Out any](call func(*In) *Out) *tp.Server {
	api := tp.NewAPI("")
	tp.RegisterOn(api, func(_ context.Context, in *In) (*Out, error) { return call(in), nil }, tp.Name("fn.call"))
	return api.MustBuild(tp.NoAuth())
}

// checkAnswer makes sure that what is measured is right.
func checkAnswer[Out any](b *testing.B, srv *tp.Server, message []byte, want *Out) {
	b.Helper()
	var got []map[string]Out
	reply := srv.Process(context.Background(), message)
	if err := json.Unmarshal(reply.Bytes, &got); err != nil || len(got) != 2 {
		b.Fatalf("%v: %.200s", err, reply.Bytes)
	}
	result := got[1]["Ok_"]
	checkResult(b, &result, want)
}

func checkResult[Out any](b *testing.B, got, want *Out) {
	b.Helper()
	gotText, _ := json.Marshal(got)
	wantText, _ := json.Marshal(want)
	if string(gotText) != string(wantText) {
		b.Fatalf("answered %.200s, want %.200s", gotText, wantText)
	}
}
