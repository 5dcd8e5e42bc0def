package bench

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/internal/bench/shapes"
	"github.com/telestruct/telestruct/internal/bench/stacks"
	"github.com/telestruct/telestruct/tp"
)

// form is a way to write messages, and the codecs of structs to compare with.
type form struct {
	name    string
	format  tp.Format
	options []tp.CallOption
	codecs  []codec
}

func forms() []form {
	return []form{
		{name: "json", format: tp.JSON, codecs: []codec{encodingJSON(), experimentalJSON()}},
		{name: "binary", format: tp.MessagePack, codecs: []codec{generated()}},
		{name: "packed", format: tp.MessagePack, options: []tp.CallOption{tp.Packed()}, codecs: []codec{generated()}},
		{name: "cbor", format: tp.CBOR, codecs: []codec{fxamacker()}},
	}
}

// BenchmarkProcess measures one request, decoded and answered. Telestruct reads
// and writes the whole message, finds the function, validates both ways and
// calls the handler, which takes and returns structs, or pointers to them; the codecs
// beside it decode and encode the structs alone.
// Requests are those of a client that knows the server's field table; the codecs
// write names. Bytes are those of the request.
func BenchmarkProcess(b *testing.B) {
	for _, f := range forms() {
		b.Run(f.name, func(b *testing.B) {
			b.Run("tiny", func(b *testing.B) { process(b, f, shapes.Tiny(), shapes.Greet) })
			b.Run("medium", func(b *testing.B) { process(b, f, shapes.Medium(), echo) })
			b.Run("large", func(b *testing.B) { process(b, f, shapes.Large(), echo) })
			if f.name != "json" && f.name != "binary" {
				return
			}
			b.Run("bytes", func(b *testing.B) { process(b, f, shapes.Bytes(), echo) })
			f.codecs = nil // none of them has unions
			b.Run("union", func(b *testing.B) { process(b, f, shapes.Union(), echo) })
		})
	}
}

func echo[T any](v T) T { return v }

func process[In, Out any](b *testing.B, f form, in *In, call func(In) Out) {
	srv, want := stacks.Server(call), call(*in)
	message := request(b, srv, f, in, &want)
	b.Run("telestruct", func(b *testing.B) { measure(b, srv, message) })
	if f.format == tp.JSON {
		b.Run("pointers", func(b *testing.B) { measure(b, stacks.PointerServer(call), message) })
	}
	for _, c := range f.codecs {
		measureCodec(b, c, in, call)
	}
}

// measure has the server answer the message.
func measure(b *testing.B, srv *tp.Server, message []byte) {
	b.SetBytes(int64(len(message)))
	b.ReportAllocs()
	for b.Loop() {
		srv.Process(context.Background(), message).Release()
	}
}

func checkEqual(b *testing.B, got, want any) {
	b.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		b.Fatalf("other than expected (-want +got):\n%.2000s", diff)
	}
}
