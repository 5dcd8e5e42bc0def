package wire_test

import (
	"fmt"
	"testing"

	"github.com/telestruct/telestruct/tp/wire"
)

// records returns a body of about 148 bytes for each of n records of eight fields,
// of which each is, once in gaps records if that is above 0, left out.
func records(f wire.Format, n, gaps int) []byte {
	b := f.AppendMap(nil, 1)
	b = f.AppendInt(b, 0)
	b = f.AppendMap(b, 1)
	b = f.AppendInt(b, 2)
	b = f.AppendArray(b, n)
	for i := range n {
		missing := -1
		if gaps > 0 && i%gaps == 0 {
			missing = i / gaps % 8
		}
		b = record(f, b, i, missing)
	}
	return b
}

func record(f wire.Format, b []byte, i, missing int) []byte {
	fields := 8
	if missing >= 0 {
		fields--
	}
	b = f.AppendMap(b, fields)
	for field := range 8 {
		if field == missing {
			continue
		}
		b = f.AppendInt(b, int64(3+field))
		switch field {
		case 0, 1:
			b = f.AppendInt(b, int64(100000*i))
		case 2:
			b, _ = f.AppendFloat(b, float64(i)/7)
		case 3:
			b = f.AppendBool(b, i%2 == 0)
		default:
			b, _ = f.AppendString(b, fmt.Sprintf("field %d of the record %5d", field, i))
		}
	}
	return b
}

func BenchmarkPack(b *testing.B) {
	for _, f := range []wire.Format{wire.MessagePack, wire.CBOR} {
		for _, gaps := range []int{0, 3} {
			b.Run(fmt.Sprintf("%v/gaps=%d", f, gaps), func(b *testing.B) {
				body := records(f, 1000, gaps)
				var packed []byte
				b.SetBytes(int64(len(body)))
				b.ReportAllocs()
				for b.Loop() {
					packed = f.Pack(packed[:0], body)
				}
			})
		}
	}
}

func BenchmarkUnpack(b *testing.B) {
	for _, f := range []wire.Format{wire.MessagePack, wire.CBOR} {
		for _, gaps := range []int{0, 3} {
			b.Run(fmt.Sprintf("%v/gaps=%d", f, gaps), func(b *testing.B) {
				packed := f.Pack(nil, records(f, 1000, gaps))
				var body []byte
				b.SetBytes(int64(len(packed)))
				b.ReportAllocs()
				for b.Loop() {
					var ok bool
					if body, ok = f.Unpack(body[:0], packed, wire.Limits{}); !ok {
						b.Fatal("not unpacked")
					}
				}
			})
		}
	}
}
