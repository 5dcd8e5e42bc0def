package wire_test

import (
	"fmt"
	"testing"

	"github.com/telestruct/telestruct/tp/wire"
)

// benchFields are the names of the records of eight fields that are read below.
var benchFields = wire.NewFields([]string{"id", "name", "email", "active", "score", "created", "tags", "parent"})

func benchTree() []any {
	list := make([]any, 1000)
	for i := range list {
		list[i] = wire.Object{
			{"id", int64(i)}, {"name", fmt.Sprint("user number ", i)}, {"email", fmt.Sprintf("user%d@example.com", i)},
			{"active", i%2 == 0}, {"score", float64(i) / 7}, {"created", int64(1700000000000 + i)},
			{"tags", []any{"one", "two"}}, {"parent", nil},
		}
	}
	return list
}

// BenchmarkTokens reads each record by the methods that plans use.
func BenchmarkTokens(b *testing.B) {
	for _, f := range []wire.Format{mp, cb} {
		data, err := f.AppendValue(nil, benchTree(), benchFields)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(f.String(), func(b *testing.B) {
			var r wire.BinaryReader
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				r.Reset(data, f, wire.Limits{})
				list, ok := r.Array()
				for ok {
					var more bool
					if more, ok = r.More(&list); !more {
						break
					}
					ok = readRecord(&r)
				}
				if !ok {
					b.Fatal("refused")
				}
			}
		})
	}
}

func readRecord(r *wire.BinaryReader) bool {
	fields, ok := r.Map()
	for ok {
		var more bool
		if more, ok = r.More(&fields); !more {
			return ok
		}
		if _, _, ok = r.Key(); !ok || r.Null() {
			continue
		}
		if r.Kind() == wire.KindArray {
			ok = r.Skip()
		} else {
			ok = readNext(r)
		}
	}
	return false
}

func BenchmarkBinaryValue(b *testing.B) {
	for _, f := range []wire.Format{mp, cb} {
		data, err := f.AppendValue(nil, benchTree(), benchFields)
		if err != nil {
			b.Fatal(err)
		}
		b.Run("read/"+f.String(), func(b *testing.B) {
			var r wire.BinaryReader
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				r.Reset(data, f, wire.Limits{})
				if _, ok := r.Value(benchFields); !ok {
					b.Fatal("refused")
				}
			}
		})
		b.Run("append/"+f.String(), func(b *testing.B) {
			tree := any(benchTree())
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if data, err = f.AppendValue(data[:0], tree, benchFields); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkJSONValue is what BenchmarkBinaryValue compares with.
func BenchmarkJSONValue(b *testing.B) {
	tree := any(benchTree())
	data, err := wire.AppendValue(nil, tree)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("read", func(b *testing.B) {
		var r wire.Reader
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			r.Reset(data, wire.Limits{})
			if _, ok := r.Value(); !ok {
				b.Fatal("refused")
			}
		}
	})
	b.Run("append", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			if data, err = wire.AppendValue(data[:0], tree); err != nil {
				b.Fatal(err)
			}
		}
	})
}
