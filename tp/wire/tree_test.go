package wire_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"pgregory.net/rapid"

	"github.com/telestruct/telestruct/internal/allocs"
	"github.com/telestruct/telestruct/tp/wire"
)

func TestDecodeJSON(t *testing.T) {
	t.Parallel()
	for _, tc := range validJSON {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := wire.DecodeJSON([]byte(tc.text), wire.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := difference(tc.want, got); diff != "" {
				t.Errorf("tree differs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDecodeJSONRefuses(t *testing.T) {
	t.Parallel()
	for _, tc := range invalidJSON {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			v, err := wire.DecodeJSON([]byte(tc.text), wire.Limits{})
			var syntax *wire.SyntaxError
			if !errors.As(err, &syntax) || v != nil {
				t.Fatalf("got %v, %v; want a SyntaxError", v, err)
			}
			if syntax.Offset != tc.offset || syntax.Reason != tc.reason {
				t.Errorf("got %d, %q; want %d, %q", syntax.Offset, syntax.Reason, tc.offset, tc.reason)
			}
		})
	}
}

func TestSyntaxErrorText(t *testing.T) {
	t.Parallel()
	_, err := wire.DecodeJSON([]byte(`[1,`), wire.Limits{})
	const want = "wire: not valid JSON at byte 3: expected a value, found the end of the text"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestDecodeJSONLimits(t *testing.T) {
	t.Parallel()
	limits := wire.Limits{Depth: 3, Elements: 4}
	for _, tc := range []struct {
		name string
		text string
		want string
	}{
		{"depth within", `[{"a":[]},[[1,2]]]`, ""},
		{"arrays too deep", `[[[[]]]]`, "wire: not valid JSON at byte 3: nested deeper than the limit"},
		{"objects too deep", `{"a":{"a":{"a":{}}}}`, "wire: not valid JSON at byte 15: nested deeper than the limit"},
		{"depth is what is open", `[[],[],[],[[]]]`, ""},
		{"elements within", `[1,2,3,4]`, ""},
		{"too many elements", `[1,2,3,4,5,6,7]`, "wire: not valid JSON at byte 10: more array elements than the limit"},
		{"members within", `{"a":1,"b":1,"c":1,"d":1}`, ""},
		{"too many members", `{"a":1,"b":1,"c":1,"d":1,"e":1}`, "wire: not valid JSON at byte 30: more object members than the limit"},
		{"elements are counted for each array", `[[1,2,3],[1,2,3],[1,2,3]]`, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := ""
			if _, err := wire.DecodeJSON([]byte(tc.text), limits); err != nil {
				got = err.Error()
			}
			if got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestDefaultLimits(t *testing.T) {
	t.Parallel()
	nested := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	list := func(n int) string { return "[" + strings.Repeat("0,", n-1) + "0]" }
	for _, tc := range []struct {
		name string
		text string
		ok   bool
	}{
		{"64 levels", nested(64), true},
		{"65 levels", nested(65), false},
		{"131072 elements", list(131072), true},
		{"131073 elements", list(131073), false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if _, err := wire.DecodeJSON([]byte(tc.text), wire.Limits{}); (err == nil) != tc.ok {
				t.Errorf("got error %v, want none: %v", err, tc.ok)
			}
		})
	}
}

// Hostile nesting must be given up where it passes the limit, however much of
// it follows.
func TestDeepInputEndsAtTheLimit(t *testing.T) {
	t.Parallel()
	for _, unit := range []string{"[", `{"a":`, "[[],"} {
		text := []byte(strings.Repeat(unit, 10<<20/len(unit)))
		_, err := wire.DecodeJSON(text, wire.CallLimits())
		var syntax *wire.SyntaxError
		if !errors.As(err, &syntax) || syntax.Offset > 64*len(unit) {
			t.Errorf("%s: got %v, want an error near byte %d", unit, err, 64*len(unit))
		}
	}
}

func TestRepeatedKeyInLargeObject(t *testing.T) {
	t.Parallel()
	object := func(n int, last string) []byte {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `"k%d":0,`, i)
		}
		return []byte("{" + b.String() + `"` + last + `":0}`)
	}
	for _, n := range []int{1, 15, 16, 17, 1000} {
		if _, err := wire.DecodeJSON(object(n, "last"), wire.Limits{}); err != nil {
			t.Errorf("%d different keys: %v", n, err)
		}
		if _, err := wire.DecodeJSON(object(n, "k0"), wire.Limits{}); err == nil {
			t.Errorf("%d keys and the first again: no error", n)
		}
	}
}

// TestTreeAllocation must not be parallel: it counts what the process
// allocates.
func TestTreeAllocation(t *testing.T) {
	members := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `"%x":0,`, i)
		}
		return b.String() + `"z":0`
	}
	hostile := map[string]string{
		"empty arrays":     "[" + strings.Repeat("[],", 4000) + "0]",
		"empty objects":    "[" + strings.Repeat("{},", 4000) + "0]",
		"short arrays":     "[" + strings.Repeat("[0],", 4000) + "0]",
		"short objects":    "[" + strings.Repeat(`{"":0},`, 4000) + "0]",
		"integers":         "[" + strings.Repeat("999,", 4000) + "0]",
		"floats":           "[" + strings.Repeat("0.5,", 4000) + "0]",
		"strings":          "[" + strings.Repeat(`"",`, 4000) + "0]",
		"out of range":     "[" + strings.Repeat("1e999,", 4000) + "0]",
		"one object":       "{" + members(4000) + "}",
		"objects of 17":    "[" + strings.Repeat("{"+members(16)+"},", 300) + "0]",
		"objects in one":   "[" + strings.Repeat(`{"":{}},`, 4000) + "0]",
		"nested objects":   "[" + strings.Repeat(strings.Repeat(`{"":`, 60)+"0"+strings.Repeat("}", 60)+",", 100) + "0]",
		"objects of 9":     "[" + strings.Repeat("{"+members(8)+"},", 500) + "0]",
		"nesting":          "[" + strings.Repeat(strings.Repeat("[", 60)+strings.Repeat("]", 60)+",", 100) + "0]",
		"one long string":  `"` + strings.Repeat("a", 8000) + `"`,
		"one long escape":  `"` + strings.Repeat(`\n`, 8000) + `"`,
		"cut off array":    "[" + strings.Repeat("[[0],", 60),
		"repeated members": "[" + strings.Repeat(`{"a":{},"b":[]},`, 1000) + "0]",
	}
	for name, text := range hostile {
		checkTreeAllocation(t, name, text)
	}
	rapid.Check(t, func(rt *rapid.T) {
		unit := rapid.StringMatching(`(\[|\{"a":|\{"b":1,"c":)?(0|1\.5|999|""|"x"|\[\]|\{\}|null)(\]|\})?`).Draw(rt, "unit")
		checkTreeAllocation(rt, unit, "["+strings.Repeat(unit+",", 2000/len(unit)+1)+"0]")
	})
}

func checkTreeAllocation(t interface{ Errorf(string, ...any) }, name, text string) {
	data := []byte(text)
	most := 64*uint64(len(data)) + 4096
	if spent := allocs.Bytes(most, func() { _, _ = wire.DecodeJSON(data, wire.Limits{}) }); spent > most {
		t.Errorf("%s: %d bytes for %d of input", name, spent, len(data))
	}
	// Nested maps come closer to the limit than what Reader.Spend can know.
	most = 70*uint64(len(data)) + 4096
	spent := allocs.Bytes(most, func() {
		var r wire.Reader
		r.Reset(data, wire.Limits{})
		_, _ = r.GoValue()
	})
	if spent > most {
		t.Errorf("%s: %d bytes as Go values for %d of input", name, spent, len(data))
	}
}

// FuzzDecodeJSON holds the reader to jsontext, which is as strict, and to the
// values that encoding/json reads.
func FuzzDecodeJSON(f *testing.F) {
	for _, tc := range validJSON {
		f.Add([]byte(tc.text))
	}
	for _, tc := range invalidJSON {
		f.Add([]byte(tc.text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := wire.DecodeJSON(data, wire.Limits{Depth: 10000, Elements: math.MaxInt})
		want := jsontext.Value(data).IsValid(jsontext.AllowDuplicateNames(false))
		if (err == nil) != want {
			t.Fatalf("got error %v; jsontext says valid: %v", err, want)
		}
		if err != nil {
			return
		}
		d := json.NewDecoder(bytes.NewReader(data))
		d.UseNumber()
		var std any
		if err := d.Decode(&std); err != nil {
			t.Fatal(err)
		}
		if !sameAsStd(got, std) {
			t.Fatalf("got %#v, encoding/json %#v", got, std)
		}
		checkRoundTrip(t, got)
	})
}

// checkRoundTrip checks that a tree is written as what it was.
func checkRoundTrip(t interface{ Fatalf(string, ...any) }, tree any) {
	text, err := wire.AppendValue(nil, tree)
	if err != nil {
		t.Fatalf("AppendValue(%#v): %v", tree, err)
	}
	again, err := wire.DecodeJSON(text, wire.Limits{Depth: 10000, Elements: math.MaxInt})
	if err != nil {
		t.Fatalf("DecodeJSON(%s): %v", text, err)
	}
	if diff := difference(tree, again); diff != "" {
		t.Fatalf("%s reads back as something else (-first +second):\n%s", text, diff)
	}
}

// sameAsStd reports whether a tree is what encoding/json reads with UseNumber.
func sameAsStd(tree, std any) bool {
	switch tree := tree.(type) {
	case wire.Object:
		m, ok := std.(map[string]any)
		if !ok || len(m) != len(tree) {
			return false
		}
		for _, member := range tree {
			if v, ok := m[member.Key]; !ok || !sameAsStd(member.Value, v) {
				return false
			}
		}
		return true
	case []any:
		list, ok := std.([]any)
		if !ok || len(list) != len(tree) {
			return false
		}
		for i := range tree {
			if !sameAsStd(tree[i], list[i]) {
				return false
			}
		}
		return true
	case int64:
		n, err := std.(json.Number).Int64()
		return err == nil && n == tree
	case float64:
		n, err := std.(json.Number).Float64()
		return err == nil && math.Float64bits(n) == math.Float64bits(tree)
	case wire.Number:
		return std == json.Number(tree)
	}
	return tree == std
}

func BenchmarkDecodeJSONDeep(b *testing.B) {
	text := []byte(strings.Repeat("[", 10<<20))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := wire.DecodeJSON(text, wire.CallLimits()); err == nil {
			b.Fatal("no error")
		}
	}
}
