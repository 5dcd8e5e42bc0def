package conformance

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/tp/wire"
)

// object makes an object of one or more keys and values.
func object(keysAndValues ...any) wire.Object {
	o := wire.Object{}
	for i := 0; i < len(keysAndValues); i += 2 {
		o = append(o, wire.Member{Key: keysAndValues[i].(string), Value: keysAndValues[i+1]})
	}
	return o
}

// tree decodes a JSON text of a test, escapes included.
func tree(t *testing.T, text string) any {
	t.Helper()
	v, err := readEscaped([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

func TestDecodeJSON(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       any
	}{
		{"null", "null", nil},
		{"boolean", " true ", true},
		{"integer beyond 64 bits", "-9223372036854775809", json.Number("-9223372036854775809")},
		{"number keeps its digits", "1.50e0", json.Number("1.50e0")},
		{"text", `"a\u00e9\"b"`, `aé"b`},
		{"array", `[[], 1]`, []any{[]any{}, json.Number("1")}},
		{"object in order", `{"b": {}, "a": [null]}`, object("b", object(), "a", []any{nil})},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := decodeJSON([]byte(tc.text))
			if diff := cmp.Diff(tc.want, got); diff != "" || err != nil {
				t.Errorf("error %v, tree (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestDecodeJSONRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "[", "{}{}", "[1,]", `{"a":1,}`, "{'a':1}", "\"\xff\"", "NaN", "01", `{"a": 1, "a": 2}`, `[{"a": {"b": 1, "b": 1}}]`,
	} {
		if got, err := decodeJSON([]byte(text)); err == nil {
			t.Errorf("%q is decoded as %v", text, got)
		}
	}
}

func TestEncodeJSON(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		tree any
		want string
	}{
		{"scalars", []any{nil, false, json.Number("1.0"), "<a>\n"}, `[null,false,1.0,"<a>\n"]`},
		{"object in order", object("b", json.Number("1"), "a", object()), `{"b":1,"a":{}}`},
		{"bytes", []byte("abc"), `{"$bytes":"YWJj"}`},
		{"extension", extension{17, nil}, `{"$ext":[17,""]}`},
		{"integer keys", intMap{10: true, 2: intMap{}}, `{"$intkeys":{"2":{"$intkeys":{}},"10":true}}`},
		{"no tree", 1, `{"$unknown":"int"}`},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := string(encodeJSON(tc.tree)); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

func FuzzDecodeJSON(f *testing.F) {
	for _, text := range []string{`[{}, {"fn.a": {"b!": [1, 1.50e0, null, "x"]}}]`, `{"a": 1, "a": 2}`, "\"\xff\"", `"\ud800"`, "-0"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		first, err := decodeJSON(text)
		if err != nil {
			return
		}
		written := encodeJSON(first)
		second, err := decodeJSON(written)
		if err != nil {
			t.Fatalf("%s is written as %s: %v", text, written, err)
		}
		if !(comparison{}).equal(first, second) || !(comparison{sets: true}).equal(second, first) {
			t.Errorf("%s is written as %s", text, written)
		}
	})
}
