package validate_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/validate"
	"github.com/telestruct/telestruct/tp/wire"
)

func TestValueOfScalars(t *testing.T) {
	t.Parallel()
	outOfRange := []validate.Failure{failure("NumberOutOfRange")}
	cases := []struct {
		name  string
		kind  schema.Kind
		value any
		want  []validate.Failure
	}{
		{"true", schema.Boolean, true, nil},
		{"boolean from number", schema.Boolean, int64(1), []validate.Failure{unexpected("Number", "Boolean")}},
		{"boolean from null", schema.Boolean, nil, []validate.Failure{unexpected("Null", "Boolean")}},

		{"integer", schema.Integer, int64(math.MinInt64), nil},
		{"integer from integral float", schema.Integer, 1.0, []validate.Failure{unexpected("Number", "Integer")}},
		{"integer from boolean", schema.Integer, false, []validate.Failure{unexpected("Boolean", "Integer")}},
		{"integer beyond int64", schema.Integer, wire.Number("9223372036854775808"), outOfRange},
		{"integer from a float beyond binary64", schema.Integer, wire.Number("1e999"), []validate.Failure{unexpected("Number", "Integer")}},
		{"integer from NaN", schema.Integer, math.NaN(), []validate.Failure{unexpected("Number", "Integer")}},
		{"integer from null", schema.Integer, nil, []validate.Failure{unexpected("Null", "Integer")}},

		{"number", schema.Number, 0.5, nil},
		{"number from integer", schema.Number, int64(7), nil},
		{"number below int64", schema.Number, wire.Number("-9223372036854775809"), outOfRange},
		{"number beyond binary64", schema.Number, wire.Number("1e999"), outOfRange},
		{"number NaN", schema.Number, math.NaN(), outOfRange},
		{"number infinite", schema.Number, math.Inf(-1), outOfRange},
		{"number from text", schema.Number, "1", []validate.Failure{unexpected("String", "Number")}},

		{"string", schema.String, "", nil},
		{"string from array", schema.String, []any{}, []validate.Failure{unexpected("Array", "String")}},
		{"string not UTF-8", schema.String, "a\xff", []validate.Failure{because("the text is not valid UTF-8")}},
		{"string from bytes", schema.String, []byte("a"), []validate.Failure{unexpected("Bytes", "String")}},

		{"bytes raw", schema.Bytes, []byte{0xff}, nil},
		{"bytes nil", schema.Bytes, []byte(nil), nil},
		{"bytes of empty text", schema.Bytes, "", nil},
		{"bytes of base64", schema.Bytes, "/+8=", nil},
		{"bytes of other text", schema.Bytes, "not base64", []validate.Failure{unexpected("String", "Base64String")}},
		{"bytes of URL alphabet", schema.Bytes, "_-8=", []validate.Failure{unexpected("String", "Base64String")}},
		{"bytes from object", schema.Bytes, wire.Object{}, []validate.Failure{unexpected("Object", "Bytes")}},
		{"bytes from null", schema.Bytes, nil, []validate.Failure{unexpected("Null", "Bytes")}},

		{"unknown Go type", schema.String, 42, []validate.Failure{unexpected("Unknown", "String")}},
		{"Go map", schema.ObjectOf, map[string]any{}, []validate.Failure{unexpected("Unknown", "Object")}},
		{"channel", schema.ArrayOf, make(chan int), []validate.Failure{unexpected("Unknown", "Array")}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			equal(t, tc.want, validate.Value(nil, &schema.Type{Kind: tc.kind}, nil, tc.value))
		})
	}
}

func TestValueOfAny(t *testing.T) {
	t.Parallel()
	type private struct{}
	cases := []struct {
		name  string
		value any
		want  []validate.Failure
	}{
		{"null", nil, []validate.Failure{unexpected("Null", "Any")}},
		{"false", false, nil},
		{"bytes", []byte{1}, nil},
		{"number that fits nothing", wire.Number("123456789012345678901234567890"), nil},
		{"nulls inside", []any{nil, wire.Object{{Key: "a", Value: nil}}}, nil},
		{"number that is none", wire.Number("1,"), []validate.Failure{because("the text of the number is not a JSON number")}},
		{"number with a blank", wire.Number("1 "), []validate.Failure{because("the text of the number is not a JSON number")}},
		{"number of no text", wire.Number(""), []validate.Failure{because("the text of the number is not a JSON number")}},
		{"constant as number", wire.Number("true"), []validate.Failure{because("the text of the number is not a JSON number")}},
		{"Go value", private{}, []validate.Failure{unexpected("Unknown", "Any")}},
		{
			"trouble inside",
			wire.Object{
				{Key: "a", Value: []any{math.Inf(1), int32(1)}},
				{Key: "b\xff", Value: "fine"},
				{Key: "c", Value: "\xc0"},
			},
			[]validate.Failure{
				failure("NumberOutOfRange", "a", 0),
				unexpected("Unknown", "Any", "a", 1),
				because("the text is not valid UTF-8", "b\uFFFD"),
				because("the text is not valid UTF-8", "c"),
			},
		},
		{"many keys", manyKeys(40), nil},
		{"a key again among many", append(manyKeys(40), wire.Member{Key: "key20", Value: nil}), []validate.Failure{disallowed("key20")}},
		{
			"a key again",
			wire.Object{{Key: "b", Value: true}, {Key: "a", Value: true}, {Key: "b", Value: true}},
			[]validate.Failure{disallowed("b")},
		},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			equal(t, tc.want, validate.Value(nil, &schema.Type{Kind: schema.Any}, nil, tc.value))
		})
	}
}

// manyKeys returns an object with keys in descending order.
func manyKeys(n int) wire.Object {
	var o wire.Object
	for i := range n {
		o = append(o, wire.Member{Key: fmt.Sprintf("key%02d", n-i), Value: nil})
	}
	return o
}

func TestValueOfRefinedTypes(t *testing.T) {
	t.Parallel()
	int8s := &schema.Refinement{GoType: "int8", Min: -128, Max: 127}
	uint64s := &schema.Refinement{GoType: "uint64", Min: 0, Max: math.MaxInt64}
	float32s := &schema.Refinement{GoType: "float32", Float32: true}
	times := &schema.Refinement{GoType: "time.Time", Text: func(text string) error {
		return new(time.Time).UnmarshalText([]byte(text))
	}}
	wordy := &schema.Refinement{GoType: "poem", Text: func(string) error {
		return errors.New(strings.Repeat("é", 1000))
	}}
	outOfRange := []validate.Failure{failure("NumberOutOfRange")}
	cases := []struct {
		name   string
		kind   schema.Kind
		refine *schema.Refinement
		value  any
		want   []validate.Failure
	}{
		{"least int8", schema.Integer, int8s, int64(-128), nil},
		{"below int8", schema.Integer, int8s, int64(-129), outOfRange},
		{"above int8", schema.Integer, int8s, int64(128), outOfRange},
		{"int8 from text", schema.Integer, int8s, "1", []validate.Failure{unexpected("String", "Integer")}},
		{"negative uint64", schema.Integer, uint64s, int64(-1), outOfRange},
		{"no bound", schema.Integer, &schema.Refinement{}, int64(-1), nil},
		{"float32", schema.Number, float32s, math.MaxFloat32, nil},
		{"beyond float32", schema.Number, float32s, 1e39, outOfRange},
		{"integer as float32", schema.Number, float32s, int64(math.MaxInt64), nil},
		{"time", schema.String, times, "2026-02-03T04:05:06Z", nil},
		{"no time", schema.String, times, "noon", []validate.Failure{
			because(`time.Time: parsing time "noon" as "2006-01-02T15:04:05Z07:00": cannot parse "noon" as "2006"`),
		}},
		{"long explanation", schema.String, wordy, "", []validate.Failure{because("poem: " + strings.Repeat("é", 100) + "…")}},
		{"nothing to ask", schema.String, &schema.Refinement{}, "x", nil},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			typ := &schema.Type{Kind: tc.kind, Refine: tc.refine}
			equal(t, tc.want, validate.Value(nil, typ, nil, tc.value))
		})
	}
}
