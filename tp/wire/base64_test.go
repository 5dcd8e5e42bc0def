package wire_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/tp/wire"
)

var base64Cases = []struct {
	text string
	want []byte
	ok   bool
}{
	{"", []byte{}, true},
	{"AA==", []byte{0}, true},
	{"AAE=", []byte{0, 1}, true},
	{"AAEC", []byte{0, 1, 2}, true},
	{"+/8=", []byte{0xfb, 0xff}, true},
	{"-_8=", nil, false},
	{"AA", nil, false},
	{"AA=", nil, false},
	{"AAE", nil, false},
	{"AB==", nil, false},
	{"AAF=", nil, false},
	{"AA==AA==", nil, false},
	{"AA==\n", nil, false},
	{"AA\r\n==", nil, false},
	{" AAEC", nil, false},
	{"not_base64", nil, false},
	{"=", nil, false},
	{"====", nil, false},
}

func TestDecodeBase64(t *testing.T) {
	t.Parallel()
	for _, tc := range base64Cases {
		got, ok := wire.DecodeBase64(tc.text)
		if ok != tc.ok || !cmp.Equal(got, tc.want) {
			t.Errorf("%q: got %v, %v; want %v, %v", tc.text, got, ok, tc.want, tc.ok)
		}
	}
}

func TestIsBase64(t *testing.T) {
	t.Parallel()
	for _, tc := range base64Cases {
		if got := wire.IsBase64(tc.text); got != tc.ok {
			t.Errorf("%q: got %v, want %v", tc.text, got, tc.ok)
		}
	}
	for c := range 256 {
		text := []byte{'A', byte(c), 'A', 'A'}
		_, err := base64.StdEncoding.DecodeString(string(text))
		want := err == nil && c != '\r' && c != '\n'
		if got := wire.IsBase64(text); got != want {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
}

// The text that DecodeBase64 accepts is what encoding gives, and nothing else.
func FuzzBase64(f *testing.F) {
	for _, tc := range base64Cases {
		f.Add([]byte(tc.text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if raw, ok := wire.DecodeBase64(data); ok && base64.StdEncoding.EncodeToString(raw) != string(data) {
			t.Errorf("%q was accepted as %v", data, raw)
		}
		quoted := wire.AppendBase64(nil, data)
		back, ok := wire.DecodeBase64(string(quoted[1 : len(quoted)-1]))
		if !ok || !bytes.Equal(back, data) {
			t.Errorf("%v came back as %v, %v", data, back, ok)
		}
	})
}

func TestCoercion(t *testing.T) {
	t.Parallel()
	raw, text := []byte{0, 1}, "AAE="
	object := func(key string, v any) wire.Object { return wire.Object{{key, v}} }
	for _, tc := range []struct {
		name         string
		tree         any
		binary, json any
	}{
		{"leaf", true, raw, text},
		{"field", object("a", true), wire.Object{{"a", raw}, {"b", int64(1)}}, wire.Object{{"a", text}, {"b", int64(1)}}},
		{"nested", object("Ok_", object("v!", object("b!", true))),
			object("Ok_", object("v!", object("b!", raw))), object("Ok_", object("v!", object("b!", text)))},
		{"every element", object("*", true), []any{raw, nil, raw}, []any{text, nil, text}},
		{"every value", object("*", true), wire.Object{{"x", raw}, {"y", raw}}, wire.Object{{"x", text}, {"y", text}}},
		{"every element's field", object("*", object("a", true)),
			[]any{object("a", raw), object("b", int64(1)), nil}, []any{object("a", text), object("b", int64(1)), nil}},
		{"every value and one more", wire.Object{{"*", object("a", true)}, {"x", object("b", true)}},
			wire.Object{{"x", wire.Object{{"a", raw}, {"b", raw}}}, {"y", object("a", raw)}},
			wire.Object{{"x", wire.Object{{"a", text}, {"b", text}}}, {"y", object("a", text)}}},
		{"absent entry", object("gone", true), object("a", int64(1)), object("a", int64(1))},
		{"null", object("a", true), object("a", nil), object("a", nil)},
		{"another kind at a leaf", object("a", true), object("a", int64(1)), object("a", int64(1))},
		{"another kind at a node", object("a", object("b", true)), object("a", "x"), object("a", "x")},
		{"key of an array", object("a", true), []any{int64(1)}, []any{int64(1)}},
		{"false is no leaf", object("a", false), object("a", nil), object("a", nil)},
		{"no tree", nil, object("a", nil), object("a", nil)},
		{"garbage as tree", object("a", []any{true}), object("a", nil), object("a", nil)},
	} {
		if diff := cmp.Diff(tc.json, wire.BytesToBase64(tc.binary, tc.tree)); diff != "" {
			t.Errorf("%s: BytesToBase64 differs (-want +got):\n%s", tc.name, diff)
		}
		if diff := cmp.Diff(tc.binary, wire.Base64ToBytes(tc.json, tc.tree)); diff != "" {
			t.Errorf("%s: Base64ToBytes differs (-want +got):\n%s", tc.name, diff)
		}
	}
}

func TestCoercionSkipsOtherText(t *testing.T) {
	t.Parallel()
	v := wire.Object{{"a", "not_base64"}, {"b", []any{"", []byte{1}}}}
	got := wire.Base64ToBytes(v, wire.Object{{"a", true}, {"b", wire.Object{{"*", true}}}})
	want := wire.Object{{"a", "not_base64"}, {"b", []any{[]byte{}, []byte{1}}}}
	if diff := cmp.Diff(any(want), got); diff != "" {
		t.Errorf("value differs (-want +got):\n%s", diff)
	}
}

// The value that a handler returned may be shared between requests.
func TestCoercionCopies(t *testing.T) {
	t.Parallel()
	v := wire.Object{{"a", []any{wire.Object{{"b", []byte{1}}}}}}
	tree := wire.Object{{"a", wire.Object{{"*", wire.Object{{"b", true}}}}}}
	wire.BytesToBase64(v, tree)
	want := wire.Object{{"a", []any{wire.Object{{"b", []byte{1}}}}}}
	if diff := cmp.Diff(want, v); diff != "" {
		t.Errorf("the value has changed (-want +got):\n%s", diff)
	}
}

// A hostile tree must not cost its size for every member of the value.
func BenchmarkBase64ToBytesWide(b *testing.B) {
	var v, tree wire.Object
	for i := range 50_000 {
		v = append(v, wire.Member{Key: fmt.Sprint("a", i), Value: "AA=="})
		tree = append(tree, wire.Member{Key: fmt.Sprint("b", i), Value: true})
	}
	b.ReportAllocs()
	for b.Loop() {
		wire.Base64ToBytes(v, tree)
	}
}
