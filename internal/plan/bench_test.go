package plan_test

import (
	"encoding/json"
	"testing"

	"github.com/telestruct/telestruct/internal/bench/shapes"
	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/internal/plan"
	"github.com/telestruct/telestruct/tp/wire"
)

// BenchmarkCodec measures a decode and an encode of each shape, against
// encoding/json. The tiny shape decodes a request and encodes a response, the
// others echo.
func BenchmarkCodec(b *testing.B) {
	benchmarkShape(b, "tiny", shapes.Tiny(), shapes.Greet)
	benchmarkShape(b, "medium", shapes.Medium(), echo[shapes.OrderMessage])
	benchmarkShape(b, "large", shapes.Large(), echo[shapes.RecordsMessage])
}

func echo[T any](v T) T { return v }

func benchmarkShape[In, Out any](b *testing.B, name string, in *In, call func(In) Out) {
	text, err := json.Marshal(in)
	if err != nil {
		b.Fatal(err)
	}
	out := call(*in)
	input, output := structOf[In](), structOf[Out]()
	b.Run(name+"/decode/plan", func(b *testing.B) { benchmarkDecode(b, input, new(In), text) })
	b.Run(name+"/encode/plan", func(b *testing.B) { benchmarkEncode(b, output, mem.Of(&out)) })
	b.Run(name+"/both/plan", func(b *testing.B) {
		var d plan.Decoder
		var e plan.Encoder
		b.ReportAllocs()
		for b.Loop() {
			v := new(In)
			d.Reset(text, wire.CallLimits())
			e.Buf = e.Buf[:0]
			if !input.Decode(&d, mem.Of(v)) {
				b.Fatal("refused")
			}
			if out := call(*v); !e.Encode(output, mem.Of(&out)) {
				b.Fatal("refused")
			}
		}
	})
	b.Run(name+"/decode/json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := json.Unmarshal(text, new(In)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run(name+"/encode/json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := json.Marshal(out); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run(name+"/both/json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			v := new(In)
			if err := json.Unmarshal(text, v); err != nil {
				b.Fatal(err)
			}
			if _, err := json.Marshal(call(*v)); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func benchmarkDecode[T any](b *testing.B, p plan.Plan, _ *T, text []byte) {
	var d plan.Decoder
	b.ReportAllocs()
	for b.Loop() {
		d.Reset(text, wire.CallLimits())
		if v := new(T); !p.Decode(&d, mem.Of(v)) {
			b.Fatal("refused")
		}
	}
}

func benchmarkEncode(b *testing.B, p plan.Plan, from mem.Ptr) {
	var e plan.Encoder
	b.ReportAllocs()
	for b.Loop() {
		e.Buf = e.Buf[:0]
		if !e.Encode(p, from) {
			b.Fatal("refused")
		}
	}
}
