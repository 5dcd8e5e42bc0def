package wire_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/telestruct/telestruct/internal/allocs"
	"github.com/telestruct/telestruct/tp/wire"
)

// Whatever was read before, a string is what the text says.
func TestInternedStrings(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var interned wire.Interned
		var r wire.Reader
		r.Intern(&interned)
		alphabet := rapid.SampledFrom([]rune("abé\x00世"))
		for _, want := range rapid.SliceOfN(rapid.StringOfN(alphabet, -1, -1, 20), 1, 200).Draw(t, "texts") {
			text, _ := wire.AppendString(nil, want)
			r.Reset(text, wire.Limits{})
			got, ok := r.String()
			clear(text) // the string must not be part of the message
			if got != want || !ok {
				t.Fatalf("got %q, %v, want %q", got, ok, want)
			}
		}
	})
}

func TestInternedTakeMemoryOnce(t *testing.T) {
	for _, tc := range []struct {
		text string
		want float64
	}{
		{"a", 0}, // Go has it at hand
		{"ab", 0},
		{"pending", 0},
		{"sixteen bytes ...", 1}, // 17
		{strings.Repeat("x", 16), 0},
		{strings.Repeat("x", 100), 1},
	} {
		var interned wire.Interned
		var json wire.Reader
		var binary wire.BinaryReader
		json.Intern(&interned)
		binary.Intern(&interned)
		text, _ := wire.AppendString(nil, tc.text)
		item, _ := wire.MessagePack.AppendString(nil, tc.text)
		got := allocs.Objects(tc.want, func() {
			json.Reset(text, wire.Limits{})
			if v, ok := json.String(); v != tc.text || !ok {
				t.Fatalf("got %q", v)
			}
		})
		gotBinary := allocs.Objects(tc.want, func() {
			binary.Reset(item, wire.MessagePack, wire.Limits{})
			if v, ok := binary.String(); v != tc.text || !ok {
				t.Fatalf("got %q", v)
			}
		})
		if got != tc.want || gotBinary != tc.want {
			t.Errorf("%q: %v and %v allocations, want %v", tc.text, got, gotBinary, tc.want)
		}
	}
}

// A text that is not valid stays that, however often and wherever it comes.
func TestInternedTextsAreValid(t *testing.T) {
	t.Parallel()
	texts := []string{"\xff\xfe", "ab\xff", "valid until \xff", strings.Repeat("\xff", 16), strings.Repeat("\xff", 17)}
	for _, format := range binaryFormats {
		for _, text := range texts {
			lead := byte(0xa0) // of a short string
			if format == wire.CBOR {
				lead = 0x60
			}
			item := append([]byte{lead | byte(len(text))}, text...)
			read := map[string]func(*wire.BinaryReader) bool{
				"string": func(r *wire.BinaryReader) bool { _, ok := r.String(); return ok },
				"key":    func(r *wire.BinaryReader) bool { _, ok := r.FieldName(nil); return ok },
				"value":  func(r *wire.BinaryReader) bool { _, ok := r.Value(nil); return ok },
			}
			for first := range read {
				for second := range read {
					var interned wire.Interned
					var r wire.BinaryReader
					r.Intern(&interned)
					for _, name := range []string{first, second} {
						r.Reset(item, format, wire.Limits{})
						if read[name](&r) {
							t.Errorf("%v: %q was read as a %s, after as a %s", format, text, name, first)
						}
					}
				}
			}
		}
	}
}
