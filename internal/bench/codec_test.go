package bench

import (
	"encoding/json"
	"testing"

	"github.com/fxamacker/cbor/v2"
	jsonv2 "github.com/go-json-experiment/json"
	"github.com/tinylib/msgp/msgp"
)

// codec reads and writes structs, and nothing else: no message around them, no
// function to find and no check of what they hold.
type codec struct {
	name      string
	marshal   func(v any) ([]byte, error)
	unmarshal func(text []byte, v any) error
}

func encodingJSON() codec { return codec{"encodingjson", json.Marshal, json.Unmarshal} }

func experimentalJSON() codec {
	return codec{
		name:      "jsonv2",
		marshal:   func(v any) ([]byte, error) { return jsonv2.Marshal(v) },
		unmarshal: func(text []byte, v any) error { return jsonv2.Unmarshal(text, v) },
	}
}

func fxamacker() codec { return codec{"fxamacker", cbor.Marshal, cbor.Unmarshal} }

// generated calls the methods that msgp generated for the shapes.
func generated() codec {
	return codec{
		name:    "msgp",
		marshal: func(v any) ([]byte, error) { return v.(msgp.Marshaler).MarshalMsg(nil) },
		unmarshal: func(text []byte, v any) error {
			_, err := v.(msgp.Unmarshaler).UnmarshalMsg(text)
			return err
		},
	}
}

// measureCodec measures what a handler without any framework would do with in:
// decode it, call, and encode what comes back.
func measureCodec[In, Out any](b *testing.B, c codec, in *In, call func(In) Out) {
	text, err := c.marshal(in)
	if err != nil {
		b.Fatal(err)
	}
	c.check(b, text, in, new(In))
	b.Run(c.name, func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		for b.Loop() {
			v := new(In)
			if err := c.unmarshal(text, v); err != nil {
				b.Fatal(err)
			}
			out := call(*v)
			if _, err := c.marshal(&out); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// check makes sure that the codec reads what it wrote.
func (c codec) check(b *testing.B, text []byte, want, got any) {
	b.Helper()
	if err := c.unmarshal(text, got); err != nil {
		b.Fatal(err)
	}
	checkEqual(b, got, want)
}
