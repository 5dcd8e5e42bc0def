package plan_test

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/internal/plan"
	"github.com/telestruct/telestruct/tp/wire"
)

type (
	truth bool
	grade int8
	word  string
	image []byte
	value any
)

// colour is a string on the wire: "red" or "green". Other numbers have no text.
type colour int

func (c colour) MarshalText() ([]byte, error) {
	switch c {
	case 0:
		return []byte("red"), nil
	case 1:
		return []byte("green"), nil
	case 2:
		return []byte("\xff"), nil
	}
	return nil, &json.UnsupportedValueError{Str: "colour"}
}

func (c *colour) UnmarshalText(text []byte) error {
	switch string(text) {
	case "red":
		*c = 0
	case "green":
		*c = 1
	default:
		return &json.UnsupportedValueError{Str: "colour"}
	}
	return nil
}

// valueCase is a Go value and its JSON. The zero want means that the text is
// refused.
type valueCase struct {
	text string
	want any
}

// checkDecode decodes the texts into values of type t.
func checkDecode(t *testing.T, p plan.Plan, typ reflect.Type, cases []valueCase) {
	t.Helper()
	for _, tc := range cases {
		to := reflect.New(typ)
		ok := decode(p, tc.text, to.UnsafePointer())
		if ok != (tc.want != nil) {
			t.Errorf("%v: %s: got %v", typ, tc.text, ok)
		} else if ok {
			if diff := cmp.Diff(tc.want, to.Elem().Interface()); diff != "" {
				t.Errorf("%v: %s: value differs (-want +got):\n%s", typ, tc.text, diff)
			}
		}
	}
}

func TestScalarDecode(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		typ   reflect.Type
		plan  func(reflect.Type) plan.Plan
		cases []valueCase
	}{
		{reflect.TypeFor[bool](), plan.Bool, []valueCase{
			{"true", true}, {"false", false}, {"null", nil}, {"0", nil}, {`"true"`, nil}, {"tru", nil},
		}},
		{reflect.TypeFor[truth](), plan.Bool, []valueCase{{"true", truth(true)}}},
		{reflect.TypeFor[int8](), plan.Int, []valueCase{
			{"127", int8(127)}, {"-128", int8(-128)}, {"128", nil}, {"-129", nil}, {"1.0", nil}, {"1e1", nil}, {"null", nil},
		}},
		{reflect.TypeFor[grade](), plan.Int, []valueCase{{"7", grade(7)}}},
		{reflect.TypeFor[int16](), plan.Int, []valueCase{{"32767", int16(32767)}, {"32768", nil}, {"-32769", nil}}},
		{reflect.TypeFor[int32](), plan.Int, []valueCase{{"-2147483648", int32(math.MinInt32)}, {"2147483648", nil}}},
		{reflect.TypeFor[int64](), plan.Int, []valueCase{
			{"9223372036854775807", int64(math.MaxInt64)}, {"-9223372036854775808", int64(math.MinInt64)},
			{"9223372036854775808", nil}, {"-9223372036854775809", nil},
		}},
		{reflect.TypeFor[int](), plan.Int, []valueCase{{"-1", -1}}},
		{reflect.TypeFor[uint8](), plan.Int, []valueCase{{"255", uint8(255)}, {"256", nil}, {"-1", nil}}},
		{reflect.TypeFor[uint16](), plan.Int, []valueCase{{"65535", uint16(65535)}, {"65536", nil}, {"-1", nil}}},
		{reflect.TypeFor[uint32](), plan.Int, []valueCase{{"4294967295", uint32(math.MaxUint32)}, {"4294967296", nil}, {"-1", nil}}},
		{reflect.TypeFor[uint64](), plan.Int, []valueCase{
			{"9223372036854775807", uint64(math.MaxInt64)}, {"9223372036854775808", nil}, {"-1", nil}, {"-9223372036854775808", nil},
		}},
		{reflect.TypeFor[uint](), plan.Int, []valueCase{{"1", uint(1)}, {"-1", nil}}},
		{reflect.TypeFor[float64](), plan.Float, []valueCase{
			{"1.5", 1.5}, {"2", 2.0}, {"1e300", 1e300}, {"1e400", nil}, {"9223372036854775808", nil}, {`"1"`, nil}, {"null", nil},
		}},
		{reflect.TypeFor[float32](), plan.Float, []valueCase{
			{"1.5", float32(1.5)}, {"0.1", float32(0.1)}, {"3e38", float32(3e38)}, {"4e38", nil}, {"-4e38", nil}, {"1e-60", float32(0)},
		}},
		{reflect.TypeFor[string](), plan.String, []valueCase{
			{`"a\u00e9"`, "aé"}, {`""`, ""}, {`"\ud800"`, nil}, {"1", nil}, {"null", nil},
		}},
		{reflect.TypeFor[word](), plan.String, []valueCase{{`"a"`, word("a")}}},
		{reflect.TypeFor[[]byte](), plan.Bytes, []valueCase{
			{`"AAE="`, []byte{0, 1}}, {`""`, []byte{}}, {`"\u0041AE="`, []byte{0, 1}}, {`"AAE"`, nil}, {`"not_base64"`, nil}, {"[0,1]", nil},
		}},
		{reflect.TypeFor[image](), plan.Bytes, []valueCase{{`"AAE="`, image{0, 1}}}},
		{reflect.TypeFor[colour](), plan.Text, []valueCase{
			{`"green"`, colour(1)}, {`"\u0067reen"`, colour(1)}, {`"blue"`, nil}, {"1", nil}, {"null", nil},
		}},
		{reflect.TypeFor[time.Time](), plan.Text, []valueCase{
			{`"2026-01-02T03:04:05Z"`, time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}, {`"yesterday"`, nil},
		}},
	} {
		checkDecode(t, tc.plan(tc.typ), tc.typ, tc.cases)
	}
}

func TestAnyDecode(t *testing.T) {
	t.Parallel()
	for _, typ := range []reflect.Type{reflect.TypeFor[any](), reflect.TypeFor[value]()} {
		checkDecode(t, plan.Any(), typ, []valueCase{
			{"true", true}, {"1", int64(1)}, {"1.0", 1.0}, {`"a"`, "a"},
			{"9223372036854775808", wire.Number("9223372036854775808")},
			{`{"a":[1,{"b":null}]}`, map[string]any{"a": []any{int64(1), map[string]any{"b": nil}}}},
			{"null", nil}, {"[1,", nil}, {`{"a":1,"a":2}`, nil},
		})
	}
}

func TestScalarEncode(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		plan plan.Plan
		from mem.Ptr
		want string
		ok   bool
		tree any
	}{
		{"bool", plan.Bool(nil), mem.Of(new(true)), "true", true, true},
		{"int8", plan.Int(reflect.TypeFor[int8]()), mem.Of(new(int8(-128))), "-128", true, int64(-128)},
		{"uint8", plan.Int(reflect.TypeFor[uint8]()), mem.Of(new(uint8(255))), "255", true, int64(255)},
		{"int64", plan.Int(reflect.TypeFor[int64]()), mem.Of(new(int64(math.MinInt64))), "-9223372036854775808", true, int64(math.MinInt64)},
		{"uint64", plan.Int(reflect.TypeFor[uint64]()), mem.Of(new(uint64(math.MaxInt64))), "9223372036854775807", true, int64(math.MaxInt64)},
		{"uint64 out of range", plan.Int(reflect.TypeFor[uint64]()), mem.Of(new(uint64(1 << 63))), "", false, wire.Number("9223372036854775808")},
		{"float64", plan.Float(reflect.TypeFor[float64]()), mem.Of(new(0.1)), "0.1", true, 0.1},
		{"float32", plan.Float(reflect.TypeFor[float32]()), mem.Of(new(float32(0.1))), "0.1", true, float64(float32(0.1))},
		{"infinity", plan.Float(reflect.TypeFor[float64]()), mem.Of(new(math.Inf(1))), "", false, math.Inf(1)},
		{"float32 infinity", plan.Float(reflect.TypeFor[float32]()), mem.Of(new(float32(math.Inf(-1)))), "", false, math.Inf(-1)},
		{"string", plan.String(nil), mem.Of(new("a\"é")), `"a\"é"`, true, "a\"é"},
		{"bad UTF-8", plan.String(nil), mem.Of(new("\xff")), "", false, "\xff"},
		{"bytes", plan.Bytes(nil), mem.Of(&[]byte{0, 1}), `"AAE="`, true, []byte{0, 1}},
		{"nil bytes", plan.Bytes(nil), mem.Of(new([]byte)), `""`, true, []byte{}},
		{"text", plan.Text(reflect.TypeFor[colour]()), mem.Of(new(colour(1))), `"green"`, true, "green"},
		{"text without a value", plan.Text(reflect.TypeFor[colour]()), mem.Of(new(colour(9))), "", false, colour(9)},
		{"text in bad UTF-8", plan.Text(reflect.TypeFor[colour]()), mem.Of(new(colour(2))), "", false, "\xff"},
		{"any", plan.Any(), mem.Of(new(any(map[string]any{"b": 1, "a": []string{"x"}}))), `{"a":["x"],"b":1}`, true,
			wire.Object{{Key: "a", Value: []any{"x"}}, {Key: "b", Value: int64(1)}}},
		{"nil any", plan.Any(), mem.Of(new(any)), "", false, nil},
		{"any with bytes", plan.Any(), mem.Of(new(any([]byte{0, 1}))), `"AAE="`, true, []byte{0, 1}},
		{"any without a place", plan.Any(), mem.Of(new(any([]any{1i}))), "", false, []any{1i}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, ok := encode(tc.plan, tc.from)
			if ok != tc.ok || ok && got != tc.want {
				t.Errorf("got %s, %v; want %s, %v", got, ok, tc.want, tc.ok)
			}
			if diff := cmp.Diff(tc.tree, plan.Tree(tc.plan, tc.from)); diff != "" {
				t.Errorf("tree differs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAnyThatContainsItself(t *testing.T) {
	t.Parallel()
	list := []any{nil}
	list[0] = list
	v := any(list)
	if got, ok := encode(plan.Any(), mem.Of(&v)); ok {
		t.Errorf("was written, %d bytes", len(got))
	}
	if _, err := wire.AppendValue(nil, plan.Tree(plan.Any(), mem.Of(&v))); err == nil {
		t.Error("has a tree")
	}
}

func TestSelection(t *testing.T) {
	t.Parallel()
	p := plan.Selection(reflect.TypeFor[map[string]any]())
	onlyOk := func(tree any) bool {
		object, ok := tree.(wire.Object)
		return ok && (len(object) == 0 || object[0].Key == "->")
	}
	for _, tc := range []struct {
		text       string
		selectable func(any) bool
		want       map[string]any
	}{
		{`{"->":{"Ok_":["a"]}}`, onlyOk, map[string]any{"->": map[string]any{"Ok_": []any{"a"}}}},
		{`{}`, onlyOk, map[string]any{}},
		{`{"fn.a":{}}`, onlyOk, nil},
		{`{}`, nil, nil},
		{`null`, onlyOk, nil},
		{`[]`, onlyOk, nil},
		{`{"->":1,"->":1}`, onlyOk, nil},
	} {
		d := plan.Decoder{Selectable: tc.selectable}
		d.Reset([]byte(tc.text), wire.Limits{})
		var got map[string]any
		if ok := p.Decode(&d, mem.Of(&got)); ok != (tc.want != nil) || ok && !cmp.Equal(got, tc.want) {
			t.Errorf("%s: got %v, %v; want %v", tc.text, got, ok, tc.want)
		}
		if tc.want == nil {
			continue
		}
		e := plan.Encoder{Selectable: tc.selectable}
		if !e.Encode(p, mem.Of(&tc.want)) || strings.TrimSpace(string(e.Buf)) != tc.text {
			t.Errorf("%s: was written as %s", tc.text, e.Buf)
		}
	}
	if _, ok := encode(p, mem.Of(&map[string]any{})); ok {
		t.Error("a selection was written where none is allowed")
	}
}
