package schema

import (
	"fmt"
	"strings"
	"testing"
)

func TestSlips(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		a, b string
		most int
		want int
	}{
		{"item", "item", 0, 0},
		{"item", "itme", 0, 1}, // not looked at
		{"item", "itm", 1, 1},
		{"item", "items", 1, 1},
		{"item", "atem", 1, 1},
		{"item", "itme", 2, 2},
		{"kitten", "sitting", 2, 3},
		{"item", "itemised", 2, 3}, // not looked at
		{"", "a", 1, 1},
		{strings.Repeat("a", 65), strings.Repeat("a", 64), 2, 3},
	} {
		if got := slips(tc.a, tc.b, tc.most); got != tc.want {
			t.Errorf("slips(%q, %q, %d) = %d, want %d", tc.a, tc.b, tc.most, got, tc.want)
		}
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	b := &builder{byKey: map[string]Definition{}}
	for _, key := range []string{
		"struct.Item", "union.Item", "fn.order", "struct.Invoice", "struct.Invoices", "errors.Quota", "struct.Header_", "struct<1>.List",
	} {
		b.byKey[key] = nil
	}
	for name, want := range map[string]string{
		"Item":           "struct.Item",
		"item":           "struct.Item",
		"fn.Item":        "struct.Item",
		"Order":          "fn.order",
		"struct.Ordr":    "fn.order",
		"struct.Invoce":  "struct.Invoice",
		"struct.Invoics": "struct.Invoice",
		"List":           "struct<1>.List",
		"Quota":          "",
		"Header":         "",
		"It":             "",
		"":               "",
	} {
		if got := b.nearest(name); got != want {
			t.Errorf("nearest(%q) = %q, want %q", name, got, want)
		}
	}
}

// A schema of unknown names must not cost the square of its size.
func TestNearestGivesUp(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	text.WriteString(`[{"struct.Item": {}}, {"struct.A": {`)
	for i := range maxGuesses + 1 {
		fmt.Fprintf(&text, `"a%d": "Item", `, i)
	}
	text.WriteString(`"b": "any"}}]`)
	_, err := Parse(Document{Text: []byte(text.String())})
	if err == nil || strings.Count(err.Error(), "did you mean") != maxGuesses || strings.Count(err.Error(), "is not a type") != maxGuesses+1 {
		t.Errorf("error is %v", err)
	}
}
