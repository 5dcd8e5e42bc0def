package wire_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/telestruct/telestruct/tp/wire"
)

// checkGoValue checks that GoValue reads what ToGo makes of the tree.
func checkGoValue(t interface{ Fatalf(string, ...any) }, text string, limits wire.Limits) {
	tree, err := wire.DecodeJSON([]byte(text), limits)
	var r wire.Reader
	r.Reset([]byte(text), limits)
	got, ok := r.GoValue()
	if ok = ok && r.End(); ok != (err == nil) {
		t.Fatalf("%s: got %v, %v; DecodeJSON says %v", text, got, ok, err)
	}
	if !ok {
		return
	}
	if diff := difference(wire.ToGo(tree), got); diff != "" {
		t.Fatalf("%s: value differs (-tree +GoValue):\n%s", text, diff)
	}
}

func TestGoValue(t *testing.T) {
	t.Parallel()
	for _, tc := range validJSON {
		checkGoValue(t, tc.text, wire.Limits{})
	}
	for _, tc := range invalidJSON {
		checkGoValue(t, tc.text, wire.Limits{})
	}
	for _, text := range []string{`[1,2,3]`, `{"a":1,"b":2,"c":3}`, `[[1,2],{"a":[]}]`, `[[[[]]]]`} {
		checkGoValue(t, text, wire.Limits{Depth: 3, Elements: 2})
	}
}

func FuzzGoValue(f *testing.F) {
	for _, tc := range validJSON {
		f.Add(tc.text)
	}
	for _, tc := range invalidJSON {
		f.Add(tc.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		// The tree knows nothing of the memory that maps take.
		checkGoValue(t, text, wire.Limits{Expansion: 1 << 20})
	})
}

func TestSpend(t *testing.T) {
	t.Parallel()
	// An eighth of what may be spent is the allocator's.
	const all = (256<<10 + 64*100) / 9 * 8
	text := strings.Repeat(" ", 100)
	for _, tc := range []struct {
		name   string
		limits wire.Limits
		spend  []int
		ok     bool
	}{
		{"nothing", wire.Limits{}, []int{0}, true},
		{"all", wire.Limits{}, []int{all}, true},
		{"all in parts", wire.Limits{}, []int{all - 1000, 1000}, true},
		{"one more", wire.Limits{}, []int{all - 1000, 1000, 1}, false},
		{"of another limit", wire.Limits{Expansion: 2}, []int{256<<10 + 200}, false},
		{"of no limit", wire.Limits{Expansion: 1 << 62}, []int{1 << 62}, true},
	} {
		var r wire.Reader
		r.Reset([]byte(text), tc.limits)
		ok := true
		for _, n := range tc.spend {
			ok = r.Spend(n)
		}
		var parse *wire.ParseError
		err := r.LimitError()
		if ok != tc.ok || errors.As(err, &parse) == tc.ok {
			t.Errorf("%s: got %v, %v", tc.name, ok, err)
		}
	}
}

func TestLimitError(t *testing.T) {
	t.Parallel()
	r := readerOf(`[]`)
	r.Bool()
	r.Spend(1 << 40)
	if err := r.LimitError(); err != nil {
		t.Errorf("after another failure: %v", err)
	}
	r = readerOf(`[]`)
	r.Spend(1 << 40)
	const want = "wire: not a message: ExpectedJsonArrayOfTwoObjects: wire: not valid JSON at byte 0: more memory than the limit"
	if err := r.LimitError(); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if r.Reset([]byte(`[]`), wire.Limits{}); r.LimitError() != nil || !r.Spend(1) {
		t.Error("the reader cannot be used again")
	}
}

func TestGoValueSpendsMemory(t *testing.T) {
	t.Parallel()
	text := strings.Repeat(`{"":`, 50) + "0" + strings.Repeat("}", 50)
	r := readerOf("[" + strings.Repeat(text+",", 60) + "0]")
	before := r.Memory()
	if _, ok := r.GoValue(); !ok {
		t.Fatal(r.LimitError())
	}
	if spent := before - r.Memory(); spent < 60*50*300 {
		t.Errorf("%d bytes were spent", spent)
	}
	r = readerOf("[" + strings.Repeat(text+",", 2000) + "0]")
	if _, ok := r.GoValue(); ok || r.LimitError() == nil {
		t.Error("more than the limit was accepted")
	}
}
