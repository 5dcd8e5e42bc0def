package mirror

import "testing"

// addFrames adds frames that hold the messages, values and patches of all kinds.
func addFrames(f *testing.F) {
	f.Helper()
	v := List(Null(), Bool(true), Int(-300), Float(1.5), Str("é"), Map(map[string]Value{"a": Submodel(7)}))
	patch := Patch{Rev: 1, Ops: []Op{Set(Path{Key("a"), Index(0)}, v), Move(nil, 1, 0), Reorder(nil, []int{0}), Remove(Path{Key("b")})}}
	for i, codec := range codecs() {
		for _, m := range []Message{Snapshot{1, "T", 0, v}, Change{1, patch}, Reject{1, 0, "no"}, Other{"x"}} {
			frame, err := codec.Encode(m)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(uint8(i), frame.Data)
		}
		value, err := codec.EncodeValue(v)
		if err != nil {
			f.Fatal(err)
		}
		written, err := codec.EncodePatch(patch)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(uint8(i), value.Data)
		f.Add(uint8(i), written.Data)
	}
}

func fuzzed(which uint8, data []byte) (Codec, Frame) {
	codec := codecs()[int(which)%len(codecs())]
	return codec, Frame{Text: codec.Text(), Data: data}
}

// What can be read is written so that it reads the same.
func FuzzDecodeValue(f *testing.F) {
	addFrames(f)
	f.Fuzz(func(t *testing.T, which uint8, data []byte) {
		codec, frame := fuzzed(which, data)
		v, err := codec.DecodeValue(frame, Limits{})
		if err != nil {
			return
		}
		written, err := codec.EncodeValue(v)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := codec.DecodeValue(written, Limits{}); err != nil || !back.Equal(v) {
			t.Fatalf("%v became %v, %v", v, back, err)
		}
	})
}

func FuzzDecodePatch(f *testing.F) {
	addFrames(f)
	base := Map(map[string]Value{"a": List(Int(1), Int(2)), "b": Map(nil)})
	f.Fuzz(func(t *testing.T, which uint8, data []byte) {
		codec, frame := fuzzed(which, data)
		p, err := codec.DecodePatch(frame, Limits{})
		if err != nil {
			return
		}
		written, err := codec.EncodePatch(p)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := codec.DecodePatch(written, Limits{}); err != nil || back.String() != p.String() {
			t.Fatalf("%v became %v, %v", p, back, err)
		}
		before := base.String()
		changed, err := Apply(base, p.Ops)
		if base.String() != before {
			t.Fatalf("%v changed what it was applied to", p)
		}
		if err != nil {
			return
		}
		if again, err := Apply(base, Diff(base, changed)); err != nil || !again.Equal(changed) {
			t.Fatalf("the difference gives %v, %v, not %v", again, err, changed)
		}
	})
}

func FuzzDecode(f *testing.F) {
	addFrames(f)
	f.Fuzz(func(t *testing.T, which uint8, data []byte) {
		codec, frame := fuzzed(which, data)
		m, err := codec.Decode(frame, Limits{})
		if err != nil {
			if code := CodeOf(err); (code == Undecodable) == isDocument(data, codec.format, clientLimits().wire()) {
				t.Fatalf("%s is %s", data, code)
			}
			return
		}
		written, err := codec.Encode(m)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := codec.Decode(written, Limits{}); err != nil || messageText(back) != messageText(m) {
			t.Fatalf("%s became %v, %v", messageText(m), back, err)
		}
	})
}
