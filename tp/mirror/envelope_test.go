package mirror

import (
	"encoding/hex"
	"testing"
)

func TestEnvelope(t *testing.T) {
	t.Parallel()
	var codecs Codecs
	custom, err := codecs.Register(reversed("application/nosj"))
	sameError(t, "", err)
	v := Map(map[string]Value{"on": Bool(true)})
	patch := Patch{Rev: 4, Ops: []Op{Set(Path{Key("a"), Index(1)}, v), Remove(Path{Key("b")}), Insert(nil, 2, Null()), RemoveAt(nil, 0),
		Move(Path{}, 1, 2), Reorder(nil, []int{1, 0})}}
	for _, codec := range []Codec{JSON(), MessagePack(), CBOR(), custom} {
		var data []byte
		for _, m := range []Message{Snapshot{7, "Device", 3, v}, Change{7, patch}} {
			e, err := EnvelopeOf(m, "Device", codec)
			if err == nil {
				data, err = e.Append(data)
			}
			sameError(t, "", err)
		}
		first, rest, err := ReadEnvelope(data, Limits{})
		sameError(t, "", err)
		if got, err := first.Value(&codecs, Limits{}); err != nil || !got.Equal(v) || first.Rev != 3 || first.Target != 7 || first.ModelType != "Device" {
			t.Errorf("%s: %+v, %v, %v", codec.Name(), first, got, err)
		}
		second, rest, err := ReadEnvelope(rest, Limits{})
		sameError(t, "", err)
		if got, err := second.Patch(&codecs, Limits{}); err != nil || got.String() != patch.String() || len(rest) > 0 {
			t.Errorf("%s: %v, %v", codec.Name(), got, err)
		}
	}
}

func TestEnvelopeInMessagePack(t *testing.T) {
	t.Parallel()
	e, err := EnvelopeOf(Change{1, Patch{Rev: 2, Ops: []Op{Move(nil, 0, 1)}}}, "T", MessagePack())
	sameError(t, "", err)
	sameText(t, "payload", "92029181a44d6f7665939000"+"01", hex.EncodeToString(e.Payload))
	// A patch may have names there, too; elsewhere it must.
	named, err := MessagePack().EncodePatch(Patch{Rev: 2})
	sameError(t, "", err)
	if p, err := (Envelope{Codec: "msgpack", Payload: named.Data}).Patch(nil, Limits{}); err != nil || p.Rev != 2 {
		t.Errorf("%v, %v", p, err)
	}
	if _, err := MessagePack().DecodePatch(Frame{Data: e.Payload}, Limits{}); CodeOf(err) != BadPatch {
		t.Error(err)
	}
	for _, payload := range []string{"9102", "93029000", "92029181a44d6f766592900" + "0", "920290c0"} {
		data, err := hex.DecodeString(payload)
		sameError(t, "", err)
		if _, err := (Envelope{Codec: "msgpack", Payload: data}).Patch(nil, Limits{}); CodeOf(err) != BadPatch {
			t.Errorf("%s: %v", payload, err)
		}
	}
}

func TestEnvelopeErrors(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, data string
		want       Code
	}{
		{"nothing", "", Truncated},
		{"half a length", "\x00\x00", Truncated},
		{"half a header", "\x00\x00\x00\x03{}", Truncated},
		{"no payload", "\x00\x00\x00\x02{}", Truncated},
		{"large", "\x00\x00\x04\x00", TooLarge},
		{"no header", "\x00\x00\x00\x01{\x00\x00\x00\x00", BadMessage},
		{"kind", "\x00\x00\x00\x02{}\x00\x00\x00\x00", BadMessage},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if _, _, err := ReadEnvelope([]byte(tc.data), Limits{Size: 100}); CodeOf(err) != tc.want {
				t.Errorf("got %v", err)
			}
		})
	}
	if _, err := EnvelopeOf(Reject{}, "", JSON()); CodeOf(err) != BadMessage {
		t.Error(err)
	}
	if _, err := (Envelope{Codec: "x"}).Value(nil, Limits{}); CodeOf(err) != UnknownCodec {
		t.Error(err)
	}
	if _, err := (Envelope{Codec: "x"}).Patch(nil, Limits{}); CodeOf(err) != UnknownCodec {
		t.Error(err)
	}
	if _, err := (Envelope{Codec: "msgpack"}).Patch(nil, Limits{Size: -1}); CodeOf(err) != BadPatch {
		t.Error(err)
	}
}

func FuzzReadEnvelope(f *testing.F) {
	for _, codec := range codecs() {
		e, err := EnvelopeOf(Change{1, Patch{Rev: 2, Ops: []Op{Move(nil, 0, 1), Set(Path{Key("a")}, Int(1))}}}, "T", codec)
		if err != nil {
			f.Fatal(err)
		}
		data, err := e.Append(nil)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		e, rest, err := ReadEnvelope(data, Limits{})
		if err != nil {
			return
		}
		_, _ = e.Value(nil, Limits{})
		_, _ = e.Patch(nil, Limits{})
		written, err := e.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		again, more, err := ReadEnvelope(append(written, rest...), Limits{})
		if err != nil || string(again.Payload) != string(e.Payload) || len(more) != len(rest) {
			t.Fatalf("%+v became %+v, %v", e, again, err)
		}
	})
}
