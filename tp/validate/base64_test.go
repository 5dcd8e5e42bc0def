package validate_test

import (
	"encoding/base64"
	"testing"

	"pgregory.net/rapid"

	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/validate"
	"github.com/telestruct/telestruct/tp/wire"
)

func TestBase64(t *testing.T) {
	t.Parallel()
	cases := []struct {
		text string
		want bool
	}{
		{"", true},
		{"AA==", true},
		{"AAA=", true},
		{"AAAA", true},
		{"+/+/", true},
		{"AAAAAA==", true},
		{"A", false},
		{"AA", false},
		{"AA=", false},
		{"A===", false},
		{"====", false},
		{"AB==", false},
		{"AAB=", false},
		{"AA==AAAA", false},
		{"AA=A", false},
		{"AAA\n", false},
		{"AAAA\n", false},
		{"AA A", false},
		{"é==", false},
	}
	for _, tc := range cases {
		if got := isBase64(tc.text); got != tc.want {
			t.Errorf("%q: got %v, want %v", tc.text, got, tc.want)
		}
	}
}

// TestBase64AsDecoder holds validation to the decoder that reads the text later.
func TestBase64AsDecoder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := base64.StdEncoding.EncodeToString(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes"))
		if rapid.Bool().Draw(t, "broken") {
			text = rapid.StringMatching(`[AZaz09+/=\n]{0,9}`).Draw(t, "text")
		}
		_, want := wire.DecodeBase64(text)
		if got := isBase64(text); got != want {
			t.Errorf("%q: got %v, the decoder says %v", text, got, want)
		}
	})
}

func isBase64(text string) bool {
	return len(validate.Value(nil, &schema.Type{Kind: schema.Bytes}, nil, text)) == 0
}
