package reflectschema_test

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/telestruct/telestruct/tp/wire"
)

// spelled returns a message with the body as JSON, in one of the many ways to
// write it; some of them say something else, such as 1.0 for an integer.
func spelled(target string, payload any, script []byte) []byte {
	s := &speller{choices: choices{script}}
	headers := pick(&s.choices, []wire.Object{nil, {{Key: "@id_", Value: int64(7)}}, {{Key: "@id_", Value: []any{1.5}}, {Key: "@time_", Value: nil}}})
	s.value([]any{headers, wire.Object{{Key: target, Value: payload}}})
	return s.buf
}

// speller writes JSON.
type speller struct {
	choices
	buf []byte
}

func (s *speller) write(text string) { s.buf = append(s.buf, text...) }

func (s *speller) space() {
	s.write(pick(&s.choices, []string{"", "", "", "", " ", "\n", "\t ", " \r\n"}))
}

func (s *speller) value(v any) {
	s.space()
	switch v := v.(type) {
	case nil:
		s.write("null")
	case bool:
		s.write(strconv.FormatBool(v))
	case int64:
		s.write(s.integer(v))
	case float64:
		s.write(s.float(v))
	case wire.Number:
		s.write(string(v))
	case string:
		s.text(v)
	case []byte:
		s.text(base64.StdEncoding.EncodeToString(v))
	case []any:
		s.list(v)
	case wire.Object:
		s.object(v)
	}
	s.space()
}

func (s *speller) list(list []any) {
	s.write("[")
	for i, v := range list {
		if i > 0 {
			s.write(",")
		}
		s.value(v)
	}
	s.write("]")
}

func (s *speller) object(object wire.Object) {
	s.write("{")
	for i, m := range object {
		if i > 0 {
			s.write(",")
		}
		s.space()
		s.text(m.Key)
		s.space()
		s.write(":")
		s.value(m.Value)
	}
	s.write("}")
}

func (s *speller) integer(v int64) string {
	text := strconv.FormatInt(v, 10)
	switch s.of(16) {
	case 1:
		return text + ".0"
	case 2:
		return text + "e0"
	case 3:
		return text + "0E-1"
	case 4:
		if v == 0 {
			return "-0"
		}
	}
	return text
}

func (s *speller) float(v float64) string {
	switch s.of(8) {
	case 1:
		return strconv.FormatFloat(v, 'f', 30, 64)
	case 2:
		return strings.ToUpper(strconv.FormatFloat(v, 'e', 20, 64))
	case 3:
		return strconv.FormatFloat(v, 'f', -1, 64) // an integer perhaps
	case 4:
		return strconv.FormatFloat(v, 'e', 3, 64)
	}
	text := strconv.FormatFloat(v, 'g', -1, 64)
	if !strings.ContainsAny(text, ".e") {
		text += ".0"
	}
	return text
}

// text writes a string with no escapes that it could do without, or with one for
// some or all of its characters.
func (s *speller) text(text string) {
	every := pick(&s.choices, []int{0, 0, 0, 0, 0, 1, 2, 3})
	s.write(`"`)
	for i, r := range []rune(text) {
		switch {
		case every > 0 && i%every == 0:
			s.escape(r)
		case r == '"' || r == '\\':
			s.write(`\` + string(r))
		case r < ' ':
			fmt.Fprintf(s, `\u%04x`, r)
		default:
			s.write(string(r))
		}
	}
	s.write(`"`)
}

// Write makes a speller what package fmt prints to.
func (s *speller) Write(text []byte) (int, error) {
	s.buf = append(s.buf, text...)
	return len(text), nil
}

func (s *speller) escape(r rune) {
	if short := strings.IndexRune("\b\f\n\r\t/", r); short >= 0 {
		s.write(`\` + "bfnrt/"[short:short+1])
		return
	}
	for _, unit := range utf16.Encode([]rune{r}) {
		fmt.Fprintf(s, pick(&s.choices, []string{`\u%04x`, `\u%04X`}), unit)
	}
}

// damaged returns text with some of its bytes changed, without regard to what
// they mean.
func damaged(text, script []byte) []byte {
	c := &choices{script}
	for c.more() {
		at := c.of(len(text) + 1)
		until := min(at+1+c.of(16), len(text))
		switch c.of(5) {
		case 0:
			text = slices.Insert(text, at, pick(c, fragments)...)
		case 1:
			text = slices.Delete(text, at, until)
		case 2:
			text = slices.Insert(text, at, slices.Clone(text[at:until])...)
		case 3:
			text = slices.Replace(text, at, until, pick(c, fragments)...)
		default:
			text = slices.Insert(text, at, byte(c.of(256)))
		}
	}
	return text
}

var fragments = fragmentsOf(
	"{", "}", "[", "]", ",", ":", `"`, `\`, "{}", "[]", "null", "true", "nul", "-", "+", ".", "e", "E+", "0", "01", "-0", "1.", ".5", "1e", "1e400", "NaN",
	`""`, `"a":`, `,"f0":`, `"f0!":0,`, `\ud800`, `\udc00`, `\u0000`, `\x`, "\xff", "\xed\xa0\x80", "\xef\xbb\xbf", "\x00", "\n", "\u00a0", "//", "1e-400", "00",
)

func fragmentsOf(texts ...string) [][]byte {
	fragments := make([][]byte, len(texts))
	for i, text := range texts {
		fragments[i] = []byte(text)
	}
	return fragments
}
