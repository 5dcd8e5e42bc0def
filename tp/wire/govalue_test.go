package wire_test

import (
	"encoding/json"
	"math"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"github.com/telestruct/telestruct/tp/wire"
)

type (
	named    string
	flag     bool
	celsius  float32
	ids      []int
	checksum []byte
)

func TestFromGo(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		v    any
		want any
	}{
		{"nil", nil, nil},
		{"bool", true, true},
		{"int", 1, int64(1)},
		{"int8", int8(-8), int64(-8)},
		{"int16", int16(-16), int64(-16)},
		{"int32", int32(-32), int64(-32)},
		{"int64", int64(math.MinInt64), int64(math.MinInt64)},
		{"uint", uint(1), int64(1)},
		{"uint8", uint8(8), int64(8)},
		{"uint16", uint16(16), int64(16)},
		{"uint32", uint32(32), int64(32)},
		{"uint64", uint64(math.MaxInt64), int64(math.MaxInt64)},
		{"uint64 out of range", uint64(math.MaxUint64), wire.Number("18446744073709551615")},
		{"float32", float32(0.5), 0.5},
		{"float64", 1.0, 1.0},
		{"string", "a", "a"},
		{"named kinds", []any{named("a"), flag(true), celsius(1.5)}, []any{"a", true, 1.5}},
		{"bytes", []byte{1}, []byte{1}},
		{"nil bytes", []byte(nil), []byte{}},
		{"named bytes", checksum{1}, []byte{1}},
		{"list", []any{1, nil, "a"}, []any{int64(1), nil, "a"}},
		{"nil list", []any(nil), []any{}},
		{"typed list", ids{1, 2}, []any{int64(1), int64(2)}},
		{"array", [2]string{"a", "b"}, []any{"a", "b"}},
		{"map", map[string]any{"b": 1, "a": []int{2}}, wire.Object{{"a", []any{int64(2)}}, {"b", int64(1)}}},
		{"nil map", map[string]any(nil), wire.Object{}},
		{"map of a named key", map[named]int{"x": 1}, wire.Object{{"x", int64(1)}}},
		{"object keeps its order", wire.Object{{"b", 1}, {"a", 2}}, wire.Object{{"b", int64(1)}, {"a", int64(2)}}},
		{"nil object", wire.Object(nil), wire.Object{}},
		{"json.Number integer", json.Number("12"), int64(12)},
		{"json.Number float", json.Number("1.5"), 1.5},
		{"json.Number out of range", json.Number("1e999"), wire.Number("1e999")},
		{"json.Number garbage", json.Number("x"), json.Number("x")},
		{"json.Number with more", json.Number("1 "), json.Number("1 ")},
		{"Number", wire.Number("12"), int64(12)},
		{"Number garbage", wire.Number(""), wire.Number("")},
		{"struct", struct{ X int }{1}, struct{ X int }{1}},
		{"struct inside", []any{struct{}{}}, []any{struct{}{}}},
		{"map of another key", map[int]int{1: 1}, map[int]int{1: 1}},
		{"complex", 1i, 1i},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if diff := difference(tc.want, wire.FromGo(tc.v)); diff != "" {
				t.Errorf("tree differs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFromGoKeepsWhatHasNoPlace(t *testing.T) {
	t.Parallel()
	channel := make(chan int)
	if got := wire.FromGo(channel); got != any(channel) {
		t.Errorf("channel: got %v", got)
	}
	if got, ok := wire.FromGo(math.NaN()).(float64); !ok || !math.IsNaN(got) {
		t.Errorf("NaN: got %v", got)
	}
	number := new(int)
	if got := wire.FromGo(number); got != any(number) {
		t.Errorf("pointer: got %v", got)
	}
}

func TestFromGoOfWhatContainsItself(t *testing.T) {
	t.Parallel()
	branching := map[string]any{}
	branching["left"], branching["right"] = branching, branching
	list := []any{1, nil, 2}
	list[1] = list
	object := wire.Object{{"a", nil}}
	object[0].Value = object
	for _, v := range []any{branching, list, object} {
		if got := wire.FromGo(v); reflect.TypeOf(got) != reflect.TypeOf(v) || reflect.ValueOf(got).Pointer() != reflect.ValueOf(v).Pointer() {
			t.Errorf("%T: got another value", v)
		}
		if _, err := wire.AppendValue(nil, wire.FromGo(v)); err == nil {
			t.Errorf("%T: was written", v)
		}
	}
}

func TestToGo(t *testing.T) {
	t.Parallel()
	tree := wire.Object{
		{"n", int64(1)},
		{"list", []any{wire.Object{{"x", nil}}, 1.5, wire.Number("1e999")}},
		{"raw", []byte{1}},
	}
	want := map[string]any{
		"n":    int64(1),
		"list": []any{map[string]any{"x": nil}, 1.5, wire.Number("1e999")},
		"raw":  []byte{1},
	}
	if diff := difference(any(want), wire.ToGo(tree)); diff != "" {
		t.Errorf("value differs (-want +got):\n%s", diff)
	}
}

// What users read they can send again: only the order of members is lost.
func TestToGoAndBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		v := wire.ToGo(anyTree().Draw(t, "tree"))
		if diff := difference(v, wire.ToGo(wire.FromGo(v))); diff != "" {
			t.Fatalf("value differs (-first +second):\n%s", diff)
		}
	})
}
