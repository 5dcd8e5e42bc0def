package wsx

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/telestruct/telestruct/internal/allocs"
	"github.com/telestruct/telestruct/tp/wire"
	"pgregory.net/rapid"
)

func TestSetID(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, request, want string }{
		{"no headers", `[{},{"fn.x":{}}]`, `[{"@id_":7},{"fn.x":{}}]`},
		{"space instead of headers", "[ { } , { \"fn.x\" : {} } ]", `[ {"@id_":7 } , { "fn.x" : {} } ]`},
		{"other headers", `[{"@time_":5,"@auth_":{"A":{"b":[1,"}"]}}},{"fn.x":{}}]`,
			`[{"@id_":7,"@time_":5,"@auth_":{"A":{"b":[1,"}"]}}},{"fn.x":{}}]`},
		{"text", `[{"@id_":"a\"b"},{"fn.x":{}}]`, `[{"@id_":7},{"fn.x":{}}]`},
		{"object, last", `[{"@a":1, "@id_" : {"k":[]} },{"fn.x":{}}]`, `[{"@a":1, "@id_" : 7 },{"fn.x":{}}]`},
		{"null", `[{"@id_":null,"@a":1},{"fn.x":{}}]`, `[{"@id_":7,"@a":1},{"fn.x":{}}]`},
		{"escaped key", `[{"\u0040id_":-1.5e3},{"fn.x":{}}]`, `[{"\u0040id_":7},{"fn.x":{}}]`},
		{"inside another header", `[{"@a":{"@id_":1}},{"fn.x":{"@id_":2}}]`, `[{"@id_":7,"@a":{"@id_":1}},{"fn.x":{"@id_":2}}]`},
		{"a body that is broken further on", `[{},{"fn.x":{`, `[{"@id_":7},{"fn.x":{`},
		{"MessagePack", "\x92\x80\x81\xa4fn.x\x80", "\x92\x81\xa4@id_\x07\x81\xa4fn.x\x80"},
		{"MessagePack, other headers", "\x92\x82\xa5@bin_\x91\x05\xa2@a\x81\x01\xc0\x81\x01\x80",
			"\x92\x83\xa4@id_\x07\xa5@bin_\x91\x05\xa2@a\x81\x01\xc0\x81\x01\x80"},
		{"MessagePack, text", "\x92\x81\xa4@id_\xa1x\x81\x01\x80", "\x92\x81\xa4@id_\x07\x81\x01\x80"},
		{"CBOR", "\x82\xa0\xa1\x64fn.x\xa0", "\x82\xa1\x64@id_\x07\xa1\x64fn.x\xa0"},
		{"CBOR, a break ends the headers", "\x82\xbf\x62@a\x01\xff\xbf\x01\xa0\xff", "\x82\xbf\x64@id_\x07\x62@a\x01\xff\xbf\x01\xa0\xff"},
		{"CBOR, key in parts", "\x82\xa1\x7f\x62@i\x62d_\xff\x05\xa1\x01\xa0", "\x82\xa1\x7f\x62@i\x62d_\xff\x07\xa1\x01\xa0"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			request := []byte(tc.request)
			own, ok := findID(request)
			if !ok {
				t.Fatal("no message")
			}
			got := own.set(request, 7)
			if string(got) != tc.want {
				t.Errorf("set: got %q, want %q", got, tc.want)
			}
			place, ok := findAnswerID(got)
			if !ok || place.id != int64(7) {
				t.Fatalf("id = %v, %v, want 7", place.id, ok)
			}
			if back := place.restore(got, &own, request); string(back) != tc.request {
				t.Errorf("restore: got %q, want %q", back, tc.request)
			}
		})
	}
}

// TestAnswerID sees that an answer cannot take memory with an @id_ that is none of ours.
func TestAnswerID(t *testing.T) {
	const many = 10000
	tests := []struct {
		name, answer string
		want         any
	}{
		{"number", `[{"@id_":7},{"Ok_":{}}]`, int64(7)},
		{"text", `[{"@id_":"7"},{"Ok_":{}}]`, "7"},
		{"list", `[{"@id_":[` + strings.Repeat("[],", many) + `[]]},{"Ok_":{}}]`, nil},
		{"object", `[{"@id_":{"a":[` + strings.Repeat("{},", many) + `{}]}},{"Ok_":{}}]`, nil},
		{"MessagePack, number", "\x92\x81\xa4@id_\xcd\x01\x00\x81\x00\x80", int64(256)},
		{"MessagePack, list", "\x92\x81\xa4@id_\xdc\x27\x10" + strings.Repeat("\x90", many) + "\x81\x00\x80", nil},
		{"CBOR, number", "\x82\xa1\x64@id_\x07\xa1\x00\xa0", int64(7)},
		{"CBOR, list", "\x82\xa1\x64@id_\x99\x27\x10" + strings.Repeat("\x80", many) + "\xa1\x00\xa0", nil},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			place, ok := findAnswerID([]byte(tc.answer))
			if !ok || place.id != tc.want {
				t.Errorf("id = %v, %v, want %v", place.id, ok, tc.want)
			}
			without := place.remove([]byte(tc.answer))
			if again, ok := findAnswerID(without); !ok || again.has {
				t.Errorf("it is still there in %.40q", without)
			}
			if got := allocs.Objects(8, func() { findAnswerID([]byte(tc.answer)) }); got > 8 {
				t.Errorf("%v allocations, want a few", got)
			}
		})
	}
}

func TestNoMessage(t *testing.T) {
	t.Parallel()
	const array, entry = "wire: not a message: ExpectedJsonArrayOfTwoObjects", "wire: not a message: ExpectedJsonArrayOfAnObjectAndAnObjectOfOneObject"
	tests := []struct{ name, request, want string }{
		{"nothing", "", array + ": wire: not valid JSON at byte 0: expected a value, found the end of the text"},
		{"no array", `{}`, array},
		{"no headers", `[]`, array},
		{"headers only", `[{}]`, array},
		{"headers that are none", `[[],{"fn.x":{}}]`, array},
		{"body that is none", `[{},[]]`, array},
		{"empty body", `[{},{}]`, entry},
		{"payload that is none", `[{},{"fn.x":1}]`, entry},
		{"broken header", `[{"@a":},{"fn.x":{}}]`, array + ": wire: not valid JSON at byte 7: expected a value, found '}'"},
		{"broken list", `[{"@a":[1 2]},{"fn.x":{}}]`, array + ": wire: not valid JSON at byte 10: expected ',' or ']' after an array element, found '2'"},
		{"two ids", `[{"@id_":1,"@id_":2},{"fn.x":{}}]`, array + `: wire: not valid JSON at byte 20: the object before has the key "@id_" twice`},
		{"MessagePack, one part", "\x92\x80", array + ": wire: not valid MessagePack at byte 2: expected a value, found the end of the bytes"},
		{"MessagePack, number for a key", "\x92\x81\x01\x01\x81\x01\x80", array + ": wire: not valid MessagePack at byte 2: expected a string, or a number of the table of field names, as the key, found byte 0x01"},
		{"MessagePack, two ids", "\x92\x82\xa4@id_\x01\xa4@id_\x02\x81\x01\x80", array + `: wire: not valid MessagePack at byte 14: the object before has the key "@id_" twice`},
		{"MessagePack, id that is no value", "\x92\x81\xa4@id_\xc1\x81\x01\x80", array + ": wire: not valid MessagePack at byte 7: expected a value, found byte 0xc1"},
		{"MessagePack, two targets", "\x92\x80\x82\xa1a\x80\xa1b\x80", entry},
		{"CBOR, no map", "\x82\xa0\x01", array},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := newClientCall([]byte(tc.request), 1)
			if want := "wsx: the request is no message: " + tc.want; err == nil || err.Error() != want {
				t.Errorf("error:\n got %v\nwant %s", err, want)
			}
		})
	}
}

// Answers as servers write them, which may be in another format than the request.
func TestRestoreID(t *testing.T) {
	t.Parallel()
	const messagePack, cbor = "\x92\x82\xa5@bin_\x91\x05\xa4@id_\x07\x81\x00\x80", "\x82\xbf\x64@id_\x07\x65@bin_\x81\x05\xff\xa1\x00\xa0"
	tests := []struct{ name, request, answer, want string }{
		{"first", `[{},{"fn.x":{}}]`, `[{"@id_":7,"@a":1},{"Ok_":{}}]`, `[{"@a":1},{"Ok_":{}}]`},
		{"last", `[{},{"fn.x":{}}]`, `[{"@a":1 , "@id_":7 },{"Ok_":{}}]`, `[{"@a":1  },{"Ok_":{}}]`},
		{"between", `[{},{"fn.x":{}}]`, `[{"@a":1,"@id_":7 , "@b":2},{"Ok_":{}}]`, `[{"@a":1, "@b":2},{"Ok_":{}}]`},
		{"alone", `[{},{"fn.x":{}}]`, `[{ "@id_" : 7 },{"Ok_":{}}]`, `[{  },{"Ok_":{}}]`},
		{"longer", `[{"@id_":"a long one"},{"fn.x":{}}]`, `[{"@id_":7},{"Ok_":{}}]`, `[{"@id_":"a long one"},{"Ok_":{}}]`},
		{"text in MessagePack", `[{"@id_":"x"},{"fn.x":{}}]`, messagePack, "\x92\x82\xa5@bin_\x91\x05\xa4@id_\xa1x\x81\x00\x80"},
		{"object in CBOR", `[{"@id_":{"k":null}},{"fn.x":{}}]`, cbor, "\x82\xbf\x64@id_\xa1\x61k\xf6\x65@bin_\x81\x05\xff\xa1\x00\xa0"},
		{"bytes in JSON", "\x92\x81\xa4@id_\xc4\x01\x00\x81\x01\x80", `[{"@id_":7},{"ErrorX":{}}]`, `[{"@id_":"AA=="},{"ErrorX":{}}]`},
		{"MessagePack in CBOR", "\x92\x81\xa4@id_\xd1\x03\xe8\x81\x01\x80", cbor, "\x82\xbf\x64@id_\x19\x03\xe8\x65@bin_\x81\x05\xff\xa1\x00\xa0"},
		{"none in MessagePack", `[{},{"fn.x":{}}]`, messagePack, "\x92\x81\xa5@bin_\x91\x05\x81\x00\x80"},
		{"none in CBOR", `[{},{"fn.x":{}}]`, cbor, "\x82\xbf\x65@bin_\x81\x05\xff\xa1\x00\xa0"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			call, err := newClientCall([]byte(tc.request), 7)
			if err != nil {
				t.Fatal(err)
			}
			call.answer = []byte(tc.answer)
			place, ok := findID(call.answer)
			if !ok || place.id != int64(7) {
				t.Fatalf("id = %v, %v, want 7", place.id, ok)
			}
			call.place = place
			if got, err := call.response(); string(got) != tc.want || err != nil {
				t.Errorf("got %q, %v, want %q", got, err, tc.want)
			}
		})
	}
}

// A short header map that gets one entry more has a longer head, and gets its own again.
func TestHeadGrows(t *testing.T) {
	t.Parallel()
	var headers wire.Object
	for key := range "abcdefghijklmnopqrstuvw"[:] {
		headers = append(headers, wire.Member{Key: "@" + string(rune('a'+key)), Value: nil})
		for _, f := range []wire.Format{wire.MessagePack, wire.CBOR} {
			request := clientMessage(t, f, headers)
			if got := clientThereAndBack(t, request, 1<<40); !bytes.Equal(got, request) {
				t.Errorf("%v with %d headers: got %q, want %q", f, len(headers), got, request)
			}
		}
	}
}

// clientMessage returns a message in a format.
func clientMessage(t interface{ Fatal(...any) }, f wire.Format, headers wire.Object) []byte {
	const target = "fn.x"
	payload := wire.Object{{Key: "@id_", Value: "of the payload"}}
	var b []byte
	var err error
	if f == wire.JSON {
		b, err = wire.AppendMessage(nil, &wire.Message{Headers: headers, Target: target, Payload: payload})
	} else {
		if b, err = f.AppendHeaders(nil, headers); err == nil {
			b, err = f.AppendValue(b, wire.Object{{Key: target, Value: payload}}, nil)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// clientThereAndBack gives a request an @id_ and takes it away again.
func clientThereAndBack(t interface {
	Helper()
	Fatalf(string, ...any)
}, request []byte, id int64) []byte {
	t.Helper()
	own, ok := findID(request)
	if !ok {
		t.Fatalf("%q is no message", request)
	}
	sent := own.set(request, id)
	place, ok := findID(sent)
	if !ok || place.id != id {
		t.Fatalf("%q became %q, whose id is %v, %v", request, sent, place.id, ok)
	}
	return place.restore(sent, &own, request)
}

// Giving a message an @id_ and taking it away changes nothing, and of the rest nothing is
// changed in between.
func TestIDIdentity(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := rapid.SampledFrom([]wire.Format{wire.JSON, wire.MessagePack, wire.CBOR}).Draw(t, "format")
		id := rapid.Int64Min(1).Draw(t, "id")
		keys := rapid.SliceOfDistinct(rapid.SampledFrom([]string{"@id_", "@bin_", "@time_", "@é\"", "@pac_"}), rapid.ID[string]).Draw(t, "keys")
		var headers wire.Object
		for _, key := range keys {
			headers = append(headers, wire.Member{Key: key, Value: clientTree(2).Draw(t, "value")})
		}
		request := clientMessage(t, f, headers)
		before := bytes.Clone(request)
		if got := clientThereAndBack(t, request, id); !bytes.Equal(got, before) {
			t.Fatalf("got %q, want %q", got, before)
		}
		if !bytes.Equal(request, before) {
			t.Fatalf("the request has become %q", request)
		}
		own, _ := findID(request)
		headers.Set("@id_", id)
		got, want := clientHeaders(t, own.set(request, id)), headers
		for _, m := range want {
			if value, ok := got.Get(m.Key); !ok || !cmp.Equal(value, m.Value) {
				t.Fatalf("header %s = %v, want %v", m.Key, value, m.Value)
			}
		}
	})
}

// clientHeaders reads the headers of a message.
func clientHeaders(t interface{ Fatal(...any) }, message []byte) wire.Object {
	m, err := clientDecode(message)
	if err != nil {
		t.Fatal(err)
	}
	return m.Headers
}

func clientDecode(message []byte) (*wire.Message, error) {
	if wire.FormatOf(message) == wire.JSON {
		return wire.DecodeMessage(message, wire.CallLimits())
	}
	return wire.DecodeBinary(message, noFields, wire.CallLimits())
}

// clientTree generates value trees.
func clientTree(depth int) *rapid.Generator[any] {
	scalar := rapid.OneOf(rapid.Just[any](nil), rapid.Bool().AsAny(), rapid.Int64().AsAny(), rapid.String().AsAny())
	if depth == 0 {
		return scalar
	}
	list := rapid.Custom(func(t *rapid.T) any { return rapid.SliceOfN(clientTree(depth-1), 0, 3).Draw(t, "list") })
	object := rapid.Custom(func(t *rapid.T) any {
		o := wire.Object{}
		for _, key := range rapid.SliceOfNDistinct(rapid.StringN(0, 4, -1), 0, 3, rapid.ID[string]).Draw(t, "keys") {
			o = append(o, wire.Member{Key: key, Value: clientTree(depth-1).Draw(t, "value")})
		}
		return o
	})
	return rapid.OneOf(scalar, list, object)
}

// Whatever the bytes are, they are a message with the same content as before, or refused.
func FuzzID(f *testing.F) {
	for _, seed := range []string{
		`[{},{"fn.x":{}}]`, `[ { "@id_" : [1,{"a":"\u00e9"}] , "@a":0.5 } , {"Ok_":{"x":1}} ]`, `[{"\u0040id_":"x"},{"fn.x":{}}]`,
		"\x92\x82\xa4@id_\xa1x\xa5@bin_\x91\x05\x81\x01\x80", "\x92\xde\x00\x01\xa2@a\xc0\x81\x01\x80",
		"\x82\xbf\x64@id_\x07\xff\xa1\x00\xa0", "\x82\xa1\x7f\x62@i\x62d_\xff\x05\xa1\x01\xa0",
	} {
		f.Add([]byte(seed), int64(1))
	}
	f.Fuzz(func(t *testing.T, request []byte, id int64) {
		if id <= 0 {
			return
		}
		own, ok := findID(request)
		message, err := clientDecode(request)
		if !ok {
			if err == nil {
				t.Fatalf("%q is a message", request)
			}
			return
		}
		back := clientThereAndBack(t, request, id)
		if err != nil { // the headers are well, and that is all
			return
		}
		sent, err := clientDecode(own.set(request, id))
		if err != nil {
			t.Fatalf("%q became no message: %v", request, err)
		}
		message2, err := clientDecode(back)
		if diff := cmp.Diff(message, message2); err != nil || diff != "" {
			t.Fatalf("%q there and back is %q, %v (-want +got):\n%s", request, back, err, diff)
		}
		if diff := cmp.Diff(message.Payload, sent.Payload); diff != "" || sent.Target != message.Target {
			t.Fatalf("%q has another body with an id (-want +got):\n%s", request, diff)
		}
	})
}
