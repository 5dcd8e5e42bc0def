package initialism

import "testing"

func TestLower(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"":           "",
		"Greet":      "greet",
		"greet":      "greet",
		"G":          "g",
		"ID":         "id",
		"URLFor":     "urlFor",
		"HTTPStatus": "httpStatus",
		"HTTP2Port":  "http2Port",
		"AList":      "aList",
		"GetURL":     "getURL",
		"A_B":        "a_B",
		"Ärger":      "ärger",
		"ÄÖÜber":     "äöÜber",
		"\xffA":      "\uFFFDA", // no name, but no panic either
	} {
		if got := Lower(name); got != want {
			t.Errorf("Lower(%q) = %q, want %q", name, got, want)
		}
	}
}
