package mirror

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func codecs() []Codec { return []Codec{JSON(), MessagePack(), CBOR()} }

func TestValuesInJSON(t *testing.T) {
	t.Parallel()
	cases := []struct {
		v    Value
		want string
	}{
		{Null(), `"Null"`},
		{Float(2), `{"Float":2.0}`},
		{Float(math.Copysign(0, -1)), `{"Float":-0.0}`},
		{Float(1e21), `{"Float":1e+21}`},
		{Submodel(math.MaxUint64), `{"Submodel":18446744073709551615}`},
		{Str("<é>\n"), `{"Str":"<é>\n"}`},
		{Map(map[string]Value{"b": Null(), "a": List(Bool(true), Int(-1))}), `{"Map":{"a":{"List":[{"Bool":true},{"Int":-1}]},"b":"Null"}}`},
	}
	for _, tc := range cases {
		t.Run(tc.want, func(t *testing.T) {
			t.Parallel()
			sameText(t, "text", tc.want, tc.v.String())
		})
	}
}

func TestReadValues(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, codec, text string
		want              Value
	}{
		{"spaces", "json", ` { "List" : [ "Null" , {"Null": null} ] } `, List(Null(), Null())},
		{"integer as float", "json", `{"Float":-3}`, Float(-3)},
		{"long integer as float", "json", `{"Float":100000000000000000000}`, Float(1e20)},
		{"negative zero", "json", `{"Float":-0}`, Float(0)},
		{"escapes", "json", `{"Str":"\u00e9\ud83d\ude00"}`, Str("é😀")},
		{"last key wins", "json", `{"Map":{"b":"Null","a":{"Int":1},"b":{"Int":2}}}`, Map(map[string]Value{"a": Int(1), "b": Int(2)})},
		{"widths", "msgpack", "81a3496e74d30000000000000001", Int(1)},
		{"unsigned float", "msgpack", "81a5466c6f6174cfffffffffffffffff", Float(1 << 64)},
		{"submodel", "msgpack", "81a85375626d6f64656ccfffffffffffffffff", Submodel(math.MaxUint64)},
		{"map 32", "msgpack", "df00000001a34d6170de0000", Map(nil)},
		{"half", "cbor", "a165466c6f6174f90001", Float(5.960464477539063e-08)},
		{"negative float", "cbor", "a165466c6f61743bffffffffffffffff", Float(-(1 << 64))},
		{"indefinite", "cbor", "bf644c6973749f644e756c6cffff", List(Null())},
		{"chunks", "cbor", "a1635374727f61616162ff", Str("ab")},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := codecNamed(tc.codec).DecodeValue(frameOf(t, tc.codec, tc.text), Limits{})
			if err != nil || !got.Equal(tc.want) {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
}

// codecNamed returns a built-in codec.
func codecNamed(name string) Codec {
	codec, err := (*Codecs)(nil).Named(name)
	if err != nil {
		panic(err)
	}
	return codec
}

// frameOf returns a frame of what is text for JSON, and hexadecimal for binary codecs.
func frameOf(t testing.TB, codec, text string) Frame {
	t.Helper()
	if codec == "json" {
		return Frame{Text: true, Data: []byte(text)}
	}
	data, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return Frame{Data: data}
}

func TestReadValuesErrors(t *testing.T) {
	t.Parallel()
	const object = "a value is an object with the kind as its only key, found "
	cases := []struct{ name, codec, text, want string }{
		{"null", "json", `null`, object + "null"},
		{"number", "json", `1`, object + "an integer"},
		{"nothing", "json", ``, object + "no item of a message"},
		{"text", "json", `"null"`, `the only value that is a plain string is "Null"`},
		{"empty", "json", `{}`, "a value has its kind as a key, and this object is empty"},
		{"kind", "json", `{"int":1}`, "a value has one of the kinds as its key: Null, Bool, Int, Float, Str, List, Map, Submodel"},
		{"two", "json", `{"Int":1,"Int":1}`, "a value has its kind as the only key"},
		{"fraction", "json", `{"Int":1.0}`, "the content of Int is an integer of 64 bits without a fraction"},
		{"overflow", "json", `{"Int":9223372036854775808}`, "the content of Int is an integer of 64 bits without a fraction"},
		{"not finite", "json", `{"Float":1e999}`, "the content of Float is a finite number"},
		{"negative", "json", `{"Submodel":-1}`, "the content of Submodel is an integer that is not negative"},
		{"content", "json", `{"Null":1}`, "the content of Null is null"},
		{"no list", "json", `{"List":{}}`, "the content of List is an array within the limits"},
		{"surrogate", "json", `{"Str":"\ud800"}`, "the content of Str is a string of valid UTF-8"},
		{"inside", "json", `{"Map":{"a":{"List":["Null",{"Bool":1}]}}}`, "a[1]: the content of Bool is a boolean"},
		{"more", "json", `"Null" 1`, "nothing may follow the value"},
		{"deep", "json", strings.Repeat(`{"List":[`, 64) + `{"Int":1}`, strings.Repeat("[0]", 64) + ": values are nested too deep"},
		{"nil", "msgpack", "c0", object + "null"},
		{"binary", "msgpack", "81a3537472c40161", "the content of Str is a string of valid UTF-8"},
		{"extension", "msgpack", "81a3496e74d40100", "the content of Int is an integer of 64 bits without a fraction"},
		{"integer key", "msgpack", "8101c0", "a value has one of the kinds as its key: Null, Bool, Int, Float, Str, List, Map, Submodel"},
		{"long array", "msgpack", "81a44c697374ddffffffff", "the content of List is an array within the limits"},
		{"bignum", "cbor", "a163496e74c24101", "the content of Int is an integer of 64 bits without a fraction"},
		{"tag", "cbor", "c1644e756c6c", object + "no item of a message"},
		{"NaN", "cbor", "a165466c6f6174f97e00", "the content of Float is a finite number"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := codecNamed(tc.codec).DecodeValue(frameOf(t, tc.codec, tc.text), Limits{})
			var e *Error
			if !errors.As(err, &e) || e.Code != BadValue {
				t.Fatalf("got %v", err)
			}
			sameText(t, "reason", tc.want, e.sentence())
		})
	}
}

func TestReadPatchErrors(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, text, want string }{
		{"no object", `[]`, "a patch is an object with the fields rev, an integer that is not negative, and ops"},
		{"negative", `{"rev":-1,"ops":[]}`, "a patch is an object with the fields rev, an integer that is not negative, and ops"},
		{"no rev", `{"ops":[]}`, "a patch has the fields rev and ops"},
		{"no ops", `{"rev":1}`, "a patch has the fields rev and ops"},
		{"ops", `{"rev":1,"ops":{}}`, "ops is an array of operations within the limits"},
		{"operation", `{"rev":1,"ops":[{"Other":{}}]}`, "an operation is an object with one key out of Set, Remove, Insert, RemoveAt, Move, Reorder"},
		{"none", `{"rev":1,"ops":[{}]}`, "an operation is an object with one key out of Set, Remove, Insert, RemoveAt, Move, Reorder"},
		{"field", `{"rev":1,"ops":[{"Move":{"path":[],"from":1}}]}`,
			"the fields of Move are from, path, to; indexes are integers that are not negative"},
		{"index", `{"rev":1,"ops":[{"RemoveAt":{"path":[],"index":0.5}}]}`,
			"the fields of RemoveAt are index, path; indexes are integers that are not negative"},
		{"order", `{"rev":1,"ops":[{"Reorder":{"path":[],"order":[-1]}}]}`,
			"the fields of Reorder are order, path; indexes are integers that are not negative"},
		{"segment", `{"rev":1,"ops":[{"Remove":{"path":["a"]}}]}`,
			`a path is an array of {"Key": string} and {"Index": integer that is not negative}`},
		{"value", `{"rev":1,"ops":[{"Set":{"path":[],"value":1}}]}`, "a value is an object with the kind as its only key, found an integer"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := JSON().DecodePatch(Frame{Text: true, Data: []byte(tc.text)}, Limits{})
			var e *Error
			if !errors.As(err, &e) || e.Code != BadPatch {
				t.Fatalf("got %v", err)
			}
			sameText(t, "reason", tc.want, e.Reason)
		})
	}
}

func TestReadPatchesThatLackParts(t *testing.T) {
	t.Parallel()
	s := newSource([]byte(`{"more":[{"x":null},1.5,true]}`), JSON().format, serverLimits().wire())
	if p, err := s.patch(true); err != nil || p.Rev != 0 || len(p.Ops) > 0 {
		t.Errorf("got %v, %v", p, err)
	}
}

func TestMessages(t *testing.T) {
	t.Parallel()
	messages := []Message{
		Snapshot{ID: 1, Type: "Device", Rev: 3, Value: Map(map[string]Value{"on": Bool(true)})},
		Change{ID: 1 << 40, Patch: Patch{Rev: 4, Ops: []Op{
			Set(Path{Key("a"), Index(1)}, Float(2)), Remove(Path{Key("b")}), Insert(nil, 2, Null()), RemoveAt(nil, 0),
			Move(Path{}, 1, 2), Reorder(Path{Key("")}, []int{1, 0}),
		}}},
		Reject{ID: 7, Rev: 2, Error: "brightness: too bright"},
		Other{"drop"},
	}
	for _, codec := range codecs() {
		for _, m := range messages {
			frame, err := codec.Encode(m)
			if err != nil || frame.Text != codec.Text() {
				t.Fatalf("%s: %v, %v", codec.Name(), frame, err)
			}
			got, err := codec.Decode(frame, Limits{})
			sameError(t, "", err)
			sameText(t, codec.Name(), messageText(m), messageText(got))
		}
	}
	sameText(t, "snapshot", `{"id":1,"rev":3,"t":"snapshot","type":"Device","value":{"Map":{"on":{"Bool":true}}}}`, messageText(messages[0]))
	sameText(t, "reject", `{"error":"brightness: too bright","id":7,"rev":2,"t":"reject"}`, messageText(messages[2]))
}

// messageText returns m in JSON.
func messageText(m Message) string {
	frame, err := JSON().Encode(m)
	if err != nil {
		return err.Error()
	}
	return string(frame.Data)
}

func TestReadMessages(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, codec, text, want string }{
		{"any order, other fields", "json", `{"patch":{"ops":[],"rev":1,"x":[]},"t":"patch","x":null,"id":1}`, `{"id":1,"patch":{"ops":[],"rev":1},"t":"patch"}`},
		{"unknown type", "json", `{"id":"x","value":null,"t":"presence"}`, `{"t":"presence"}`},
		{"fields of others", "json", `{"t":"reject","id":1,"rev":2,"error":"x","value":5,"patch":[]}`, `{"error":"x","id":1,"rev":2,"t":"reject"}`},
		{"binary type", "cbor", "a1617464647261ff", "mirror: undecodable: the frame is not one document in cbor within the limits of depth and elements"},
		{"cut off", "json", `{"t":"patch"`, "mirror: undecodable: the frame is not one document in json within the limits of depth and elements"},
		{"no object", "json", `["patch"]`, "mirror: bad_message: a message is an object with the field t, a string"},
		{"no type", "json", `{"id":1}`, "mirror: bad_message: a message is an object with the field t, a string"},
		{"type", "json", `{"t":1}`, "mirror: bad_message: a message is an object with the field t, a string"},
		{"no value", "json", `{"t":"snapshot","id":1,"rev":0,"type":""}`, "mirror: bad_message: a snapshot has the fields id, type, rev, value"},
		{"no patch", "json", `{"t":"patch","id":1}`, "mirror: bad_message: a patch has the fields id, patch"},
		{"id", "json", `{"t":"reject","id":-1,"rev":0,"error":""}`, "mirror: bad_message: id and rev are integers that are not negative, type and error strings"},
		{"bad patch without id", "json", `{"t":"patch","patch":[]}`, "mirror: bad_message: a patch has the fields id, patch"},
		{"bad operation", "json", `{"t":"patch","patch":{"rev":1,"ops":[{"Remove":{"path":[]}},{}]},"id":1}`,
			"mirror: bad_patch in operation 1: an operation is an object with one key out of Set, Remove, Insert, RemoveAt, Move, Reorder"},
		{"bad value", "json", `{"t":"snapshot","id":1,"rev":0,"type":"","value":{"Int":""}}`, "mirror: bad_value: the content of Int is an integer of 64 bits without a fraction"},
		{"integer keys", "msgpack", "810102", "mirror: undecodable: the frame is not one document in msgpack within the limits of depth and elements"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			m, err := codecNamed(tc.codec).Decode(frameOf(t, tc.codec, tc.text), Limits{})
			if err != nil {
				sameText(t, "error", tc.want, err.Error())
				return
			}
			sameText(t, "message", tc.want, messageText(m))
		})
	}
}

func TestCloseStatus(t *testing.T) {
	t.Parallel()
	if s := (&Error{Code: Undecodable}).CloseStatus(); s != 1007 {
		t.Error(s)
	}
	if s := (&Error{Code: TooSlow}).CloseStatus(); s != 1013 {
		t.Error(s)
	}
	if s := (&Error{Code: BadMessage}).CloseStatus(); s != 1008 {
		t.Error(s)
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	text := Frame{Text: true, Data: []byte(`{"List":["Null","Null","Null"]}`)}
	for _, l := range []Limits{{Size: 10}, {Elements: 2}, {Depth: 1}} {
		if _, err := JSON().DecodeValue(text, l); CodeOf(err) != BadValue {
			t.Errorf("%+v: %v", l, err)
		}
	}
	if _, err := JSON().Decode(Frame{Text: true, Data: []byte(`{"t":"x"}`)}, Limits{Size: 3}); CodeOf(err) != TooLarge {
		t.Error(err)
	}
}

func TestFramesOfTheOtherKind(t *testing.T) {
	t.Parallel()
	text := []byte(`{"t":"x"}`)
	for _, frame := range []struct {
		codec Codec
		Frame
	}{{MessagePack(), Frame{Text: true, Data: text}}, {JSON(), Frame{Data: text}}} {
		if m, err := frame.codec.Decode(frame.Frame, Limits{}); err != nil || m != (Other{"x"}) {
			t.Errorf("%v, %v", m, err)
		}
	}
}

func TestEncodeErrors(t *testing.T) {
	t.Parallel()
	for _, codec := range codecs() {
		for _, v := range []Value{Float(math.NaN()), Float(math.Inf(-1)), Str("\xff"), Map(map[string]Value{"\xff": Null()})} {
			if _, err := codec.EncodeValue(List(v, Int(1))); CodeOf(err) != BadValue {
				t.Errorf("%s: %v", codec.Name(), err)
			}
		}
	}
}

// reversed is a codec whose frames are JSON backwards.
func reversed(name string) CustomCodec {
	return CustomCodec{
		ContentType: name,
		Encode: func(document any) ([]byte, error) {
			text, err := json.Marshal(document)
			slices.Reverse(text)
			return text, err
		},
		Decode: func(data []byte) (document any, err error) {
			data = slices.Clone(data)
			slices.Reverse(data)
			err = json.Unmarshal(data, &document)
			return document, err
		},
	}
}

func TestCustomCodec(t *testing.T) {
	t.Parallel()
	var codecs Codecs
	codec, err := codecs.Register(reversed("application/nosj"))
	sameError(t, "", err)
	named, err := codecs.Named("application/nosj")
	if err != nil || named != codec || codec.Text() || codec.Name() != "application/nosj" {
		t.Errorf("found %v, %v", named, err)
	}
	m := Snapshot{ID: 1, Type: "T", Value: List(Float(2), Float(0.5), Int(-3), Str("x"), Submodel(1<<64-1))}
	frame, err := codec.Encode(m)
	sameError(t, "", err)
	if !strings.HasPrefix(string(frame.Data), "}") {
		t.Errorf("frame is %s", frame.Data)
	}
	m.Value = List(m.Value.of.values[:4]...) // a float64 does not have all integers
	frame, err = codec.Encode(m)
	sameError(t, "", err)
	got, err := codec.Decode(frame, Limits{})
	sameError(t, "", err)
	sameText(t, "message", messageText(m), messageText(got))
	_, err = codec.Decode(Frame{Data: []byte("{")}, Limits{})
	sameError(t, `mirror: undecodable: the codec "application/nosj" failed: unexpected end of JSON input`, err)
}

func TestRegisterErrors(t *testing.T) {
	t.Parallel()
	var codecs Codecs
	for name, want := range map[string]string{
		"":      `mirror: "" is a built-in codec, which cannot be replaced`,
		"cbor":  `mirror: "cbor" is a built-in codec, which cannot be replaced`,
		"taken": `mirror: there is a codec "taken" already`,
	} {
		if name == "taken" {
			_, err := codecs.Register(reversed(name))
			sameError(t, "", err)
		}
		_, err := codecs.Register(reversed(name))
		sameError(t, want, err)
	}
	_, err := codecs.Register(CustomCodec{ContentType: "x"})
	sameError(t, `mirror: the codec "x" needs both Encode and Decode`, err)
	_, err = codecs.Named("y")
	sameError(t, `mirror: unknown_codec: there is no codec "y"`, err)
}

// Every codec gives back what it was given, and all give the same.
func TestCodecsAgree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		v := anyValue(3).Draw(t, "value")
		for _, codec := range codecs() {
			frame, err := codec.EncodeValue(v)
			if err != nil {
				t.Fatal(err)
			}
			got, err := codec.DecodeValue(frame, Limits{})
			if err != nil || !got.Equal(v) || got.String() != v.String() {
				t.Fatalf("%s: %v, %v", codec.Name(), got, err)
			}
		}
	})
}

func TestHalves(t *testing.T) {
	t.Parallel()
	for bits := range 1 << 16 {
		const infinite = 0x7c00
		if bits&infinite == infinite {
			continue
		}
		frame := Frame{Data: append([]byte("\xa1\x65Float\xf9"), byte(bits>>8), byte(bits))}
		v, err := CBOR().DecodeValue(frame, Limits{})
		if err != nil {
			t.Fatal(err)
		}
		back, err := CBOR().EncodeValue(v)
		if err != nil || string(back.Data) != string(frame.Data) {
			t.Fatalf("%x is %v, which is %x, %v", bits, v, back.Data, err)
		}
	}
	if _, fits := halfOf(math.Ldexp(3, -25)); fits {
		t.Error("too small for 16 bits")
	}
}
