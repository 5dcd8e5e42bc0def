package reflectschema_test

import (
	"math"
	"slices"
	"strings"

	"github.com/telestruct/telestruct/tp/wire"
)

// choices answers every "which of n" from a text. When the text is used up the
// answer is 0, which all who ask take for the plainest choice.
type choices struct{ rest []byte }

func (c *choices) more() bool { return len(c.rest) > 0 }

func (c *choices) of(n int) int {
	answer := 0
	for scale := n - 1; scale > 0 && c.more(); scale >>= 8 {
		answer = answer<<8 | int(c.rest[0])
		c.rest = c.rest[1:]
	}
	return answer % max(n, 1)
}

func pick[T any](c *choices, list []T) T { return list[c.of(len(list))] }

// changed returns the value tree v with changes, most of which make it one that
// its type refuses. It may change v itself. Objects may get a key twice.
func changed(v any, script []byte) any {
	c := &choices{script}
	for c.more() {
		all := places(&v, nil)
		place := pick(c, all)
		*place = pick(c, changes)(c, *place, all)
	}
	return v
}

// places adds the place of a value and those of everything inside to all.
func places(v *any, all []*any) []*any {
	all = append(all, v)
	switch inside := (*v).(type) {
	case []any:
		for i := range inside {
			all = places(&inside[i], all)
		}
	case wire.Object:
		for i := range inside {
			all = places(&inside[i].Value, all)
		}
	}
	return all
}

// changes return what takes the place of v in a tree with these places.
var changes = []func(c *choices, v any, all []*any) any{
	ofSameKind, ofSameKind, ofSameKind, ofAnyKind, null, nested, grafted,
}

func null(*choices, any, []*any) any { return nil }

func ofAnyKind(c *choices, v any, all []*any) any {
	twice := wire.Object{{Key: "a", Value: nil}, {Key: "a", Value: 0.5}}
	return pick(c, []any{
		ofSameKind(c, pick(c, []any{true, int64(0), 0.5, "", []any{}, wire.Object{}}), all),
		wire.Object{}, []any{nil}, wire.Object{{Key: "a", Value: []any{nil, 0.5}}, {Key: "b", Value: nil}}, twice, []any{twice},
	})
}

func ofSameKind(c *choices, v any, _ []*any) any {
	switch v := v.(type) {
	case bool:
		return !v
	case int64, float64, wire.Number:
		return pick(c, strangeNumbers)
	case string, []byte:
		return pick(c, strangeTexts)
	case []any:
		return otherElements(c, v)
	case wire.Object:
		return otherMembers(c, v)
	}
	return v
}

var strangeNumbers = []any{
	int64(0), int64(-1), int64(1), int64(2), int64(127), int64(128), int64(-128), int64(-129), int64(255), int64(256),
	int64(math.MaxInt16), int64(math.MaxInt16 + 1), int64(math.MinInt16), int64(math.MinInt16 - 1), int64(math.MaxUint16), int64(math.MaxUint16 + 1),
	int64(math.MaxInt32), int64(math.MaxInt32 + 1), int64(math.MinInt32), int64(math.MinInt32 - 1), int64(math.MaxUint32), int64(math.MaxUint32 + 1),
	int64(math.MaxInt64), int64(math.MinInt64), int64(1<<24 + 1), int64(1<<53 + 1), int64(1<<53 - 1),
	wire.Number("9223372036854775808"), wire.Number("-9223372036854775809"), wire.Number("18446744073709551615"), wire.Number("18446744073709551616"),
	0.0, math.Copysign(0, -1), 1.0, 0.1, -2.5, 1e3, 1e18, 1e19, 9.223372036854775e18, 1e22, 1e23, 9007199254740993.0, 16777217.0, 0.30000000000000004,
	math.MaxFloat32, 3.4028235677973362e38, 3.4028235677973366e38, -3.4028235677973366e38, 1.401298464324817e-45, 7e-46, 1e-46, 1e39,
	math.MaxFloat64, math.SmallestNonzeroFloat64, 1e271, 1e-291, 2.2250738585072011e-308,
	wire.Number("1e400"), wire.Number("-1e400"), wire.Number("1.7976931348623159e308"), wire.Number("1e99999999999999999999"),
}

var strangeTexts = []any{
	"", "a", "é€😀", "\x00\x1f\x7f", "\"\\/\b\f\n\r\t", "\u2028\ufeff\ufffd", strings.Repeat("long ", 20), strings.Repeat("é", 11),
	"AA==", "AAA=", "AAAA", "AA", "AA=", "AA===", "AB==", "AAB=", "=", "====", "A\nA==", "AA==\n", "AAAA\r\n", "-_==", "+/+/", " AA==", "AAAAAA==", "QUJD\u0000",
	"2024-02-29T12:00:00Z", "2023-02-29T12:00:00Z", "2024-02-29t12:00:00z", "2024-02-29T12:00:00.123456789123+05:30", "2024-02-29T12:00:00,5Z",
	"2024-02-29T23:59:60Z", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59", "10000-01-01T00:00:00Z", "2024-02-29T12:00:00+24:00",
	"::1", "fe80::1%eth0", "192.0.2.1", "::ffff:192.0.2.1", "192.0.2.256", "0192.0.2.1", "0", "1", "2", "-2", "+4", "0x10", "1_000", "4294967296",
	"Disc", "NaN", "null",
}

func otherElements(c *choices, list []any) any {
	at := c.of(len(list) + 1)
	switch c.of(4) {
	case 0:
		return list[:at]
	case 1:
		return slices.Insert(list, at, any(nil))
	case 2:
		if len(list) > 0 {
			return append(list, copied(list[at%len(list)]))
		}
	}
	return slices.Insert(list, at, pick(c, []any{0.5, int64(7), "", true, []any{}, wire.Object{}}))
}

// strangeKeys are names of fields and tags with and without their marks.
var strangeKeys = []string{
	"f0", "f0!", "f1", "f1!", "f2", "f2!", "f3", "f4", "f5!", "at", "by!", "extra", "", "*", "é\x00\"",
	"Dot", "Disc", "Hoop", "Ring", "Group", "Stray", "Ok_", "->", "fn.save", subjectName, "radius", "next!", "next", "value", "kids",
}

func otherMembers(c *choices, object wire.Object) any {
	at := c.of(len(object))
	key := pick(c, strangeKeys)
	switch what := c.of(7); {
	case what == 0 && len(object) > 0:
		return slices.Delete(object, at, at+1)
	case what == 1 && len(object) > 0:
		object[at].Key = key
	case what == 2 && len(object) > 0:
		object[at].Key = otherMark(object[at].Key)
	case what == 3 && len(object) > 0:
		return append(object, wire.Member{Key: object[at].Key, Value: copied(object[at].Value)})
	case what == 4 && len(object) > 0:
		return append(object, wire.Member{Key: key, Value: copied(object[at].Value)})
	case what == 5:
		slices.Reverse(object)
	default:
		return append(object, wire.Member{Key: key, Value: pick(c, []any{nil, wire.Object{}, int64(1), "AA==", []any{}})})
	}
	return object
}

func otherMark(key string) string {
	if bare, marked := strings.CutSuffix(key, "!"); marked {
		return bare
	}
	return key + "!"
}

// nested puts a value inside others, up to more than any message may have.
func nested(c *choices, v any, _ []*any) any {
	key := pick(c, []string{"", "Disc", "Group", "fn.save", "next!", "f0"})
	for range 1 + c.of(70) {
		if key == "" {
			v = []any{v}
		} else {
			v = wire.Object{{Key: key, Value: v}}
		}
	}
	return v
}

// grafted copies another part of the tree to a place, unless the tree has grown
// too large for it.
func grafted(c *choices, v any, all []*any) any {
	const most = 300
	if len(all) > most {
		return v
	}
	return copied(*pick(c, all))
}

func copied(v any) any {
	switch v := v.(type) {
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = copied(v[i])
		}
		return list
	case wire.Object:
		object := make(wire.Object, len(v))
		for i, m := range v {
			object[i] = wire.Member{Key: m.Key, Value: copied(m.Value)}
		}
		return object
	}
	return v
}
