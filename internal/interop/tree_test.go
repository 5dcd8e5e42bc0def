package interop

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/wire"
)

// decoded returns what a JSON text has, with the digits of its numbers.
func decoded(t *testing.T, text string) any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%.200s: %v", text, err)
	}
	return v
}

// canonical returns a decoded JSON value with every number in one form, so that
// 3 and 3.0 are the same, and with docstrings as one text each.
func canonical(v any) any {
	switch v := v.(type) {
	case json.Number:
		if strings.ContainsAny(string(v), ".eE") {
			if f, err := v.Float64(); err == nil {
				return json.Number(strconv.FormatFloat(f, 'f', -1, 64))
			}
		}
	case []any:
		array := make([]any, len(v))
		for i, elem := range v {
			array[i] = canonical(elem)
		}
		return array
	case map[string]any:
		object := make(map[string]any, len(v))
		for key, value := range v {
			object[key] = canonical(value)
			if key == "///" {
				object[key] = docstring(value)
			}
		}
		return object
	}
	return v
}

// docstring returns a docstring, which may be written as its lines.
func docstring(v any) any {
	switch v := v.(type) {
	case string:
		return strings.TrimSuffix(v, "\n")
	case []any:
		lines := make([]string, len(v))
		for i := range v {
			lines[i], _ = v[i].(string)
		}
		return strings.Join(lines, "\n")
	}
	return v
}

func TestCanonical(t *testing.T) {
	t.Parallel()
	tests := []struct {
		a, b string
		same bool
	}{
		{`[3, {"a": -1.0}]`, `[3.0, {"a": -1}]`, true},
		{`1e3`, `1000`, true},
		{`9007199254740993`, `9007199254740992.0`, false},
		{`9223372036854775807`, `9223372036854775808`, false},
		{`0.1`, `0.10000000000000001`, true},
		{`"1"`, `1`, false},
	}
	for _, tc := range tests {
		diff := cmp.Diff(canonical(decoded(t, tc.a)), canonical(decoded(t, tc.b)))
		if (diff == "") != tc.same {
			t.Errorf("%s and %s are the same: %v", tc.a, tc.b, !tc.same)
		}
	}
}

// native returns the value tree of a JSON text: {"$bytes": text} are bytes.
func native(t *testing.T, text string) any {
	t.Helper()
	v, err := wire.DecodeJSON([]byte(text), wire.CallLimits())
	if err != nil {
		t.Fatalf("%.200s: %v", text, err)
	}
	return withBytes(t, v)
}

func withBytes(t *testing.T, v any) any {
	t.Helper()
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = withBytes(t, v[i])
		}
	case tp.Object:
		if len(v) == 1 && v[0].Key == "$bytes" {
			data, err := base64.StdEncoding.DecodeString(v[0].Value.(string))
			if err != nil {
				t.Fatal(err)
			}
			return data
		}
		for i := range v {
			v[i].Value = withBytes(t, v[i].Value)
		}
	}
	return v
}

// withoutBytes is the opposite of withBytes, in a copy.
func withoutBytes(v any) any {
	switch v := v.(type) {
	case []byte:
		return tp.Object{{Key: "$bytes", Value: base64.StdEncoding.EncodeToString(v)}}
	case []any:
		array := slices.Clone(v)
		for i := range array {
			array[i] = withoutBytes(array[i])
		}
		return array
	case tp.Object:
		object := slices.Clone(v)
		for i := range object {
			object[i].Value = withoutBytes(object[i].Value)
		}
		return object
	}
	return v
}

// text returns the JSON text of a value tree.
func text(t *testing.T, v any) string {
	t.Helper()
	b, err := wire.AppendValue(nil, withoutBytes(v))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
