package schema

import (
	"strings"
	"unicode/utf8"
)

// yamlText is a cursor over a YAML text that steps over whole lexical units.
type yamlText struct {
	text string
	pos  int
	line int // where the line of pos begins
	row  int // number of that line, counted from 1
}

func newYAMLText(text []byte) yamlText {
	return yamlText{text: strings.TrimPrefix(string(text), "\ufeff"), row: 1}
}

func (t *yamlText) end() bool { return t.pos >= len(t.text) }

// peek returns the byte at pos, and a line feed at the end of the text.
func (t *yamlText) peek() byte {
	if t.end() {
		return '\n'
	}
	return t.text[t.pos]
}

// column returns the distance of pos from the beginning of its line. Only
// columns of nodes are compared, and nothing but blanks, indicators and keys
// stands before them; bytes do as well as characters there.
func (t *yamlText) column() int { return t.pos - t.line }

// lineBreak returns the length of the line break at offset i, or 0 if there is
// none.
func (t *yamlText) lineBreak(i int) int {
	if i >= len(t.text) {
		return 0
	}
	rest := t.text[i:]
	switch rest[0] {
	case '\n':
		return 1
	case '\r':
		if strings.HasPrefix(rest, "\r\n") {
			return 2
		}
		return 1
	case "\u0085"[0], "\u2028"[0]:
		for _, lineBreak := range []string{"\u0085", "\u2028", "\u2029"} {
			if strings.HasPrefix(rest, lineBreak) {
				return len(lineBreak)
			}
		}
	}
	return 0
}

func (t *yamlText) endOfLine() bool { return t.end() || t.lineBreak(t.pos) > 0 }

// blankAfter reports whether a blank, a line break or nothing follows the byte
// at pos.
func (t *yamlText) blankAfter() bool {
	next := t.pos + 1
	return next >= len(t.text) || t.text[next] == ' ' || t.text[next] == '\t' || t.lineBreak(next) > 0
}

// atMarker reports whether pos stands at a document marker.
func (t *yamlText) atMarker() bool {
	rest := t.text[t.pos:]
	if !strings.HasPrefix(rest, "---") && !strings.HasPrefix(rest, "...") {
		return false
	}
	after := yamlText{text: rest, pos: len("---") - 1}
	return after.blankAfter()
}

// step goes one byte or one line break further.
func (t *yamlText) step() {
	if n := t.lineBreak(t.pos); n > 0 {
		t.pos += n
		t.line = t.pos
		t.row++
		return
	}
	t.pos++
}

func (t *yamlText) skipBlanks() {
	for !t.end() && (t.text[t.pos] == ' ' || t.text[t.pos] == '\t') {
		t.pos++
	}
}

// nextLine goes to the beginning of the next line.
func (t *yamlText) nextLine() {
	for !t.endOfLine() {
		t.pos++
	}
	if !t.end() {
		t.step()
	}
}

// skipText goes to the next line and reports whether this one ends with what
// is a comment behind plain text.
func (t *yamlText) skipText() (comment bool) {
	for ; !t.endOfLine(); t.pos++ {
		comment = comment || t.peek() == '#' && t.afterBlank()
	}
	t.nextLine()
	return comment
}

// skipWord goes behind a tag, an anchor or an alias.
func (t *yamlText) skipWord() {
	for !t.endOfLine() && strings.IndexByte(" \t,[]{}", t.peek()) < 0 {
		t.pos++
	}
}

// skipQuoted goes behind a quoted scalar, which may extend over lines.
func (t *yamlText) skipQuoted() {
	quote := t.peek()
	for t.pos++; !t.end(); t.step() {
		switch c := t.peek(); {
		case c == '\\' && quote == '"':
			t.pos++
		case c != quote:
		case quote == '\'' && strings.HasPrefix(t.text[t.pos:], "''"):
			t.pos++
		default:
			t.pos++
			return
		}
	}
	t.pos = len(t.text) // not behind it, when it ends with a backslash
}

// skipPlain goes to the end of a plain scalar in its line: the line break, a
// comment, or the colon that makes it a key.
func (t *yamlText) skipPlain() {
	for ; !t.endOfLine(); t.pos++ {
		c := t.peek()
		if c == ':' && t.blankAfter() || c == '#' && t.afterBlank() {
			return
		}
	}
}

func (t *yamlText) afterBlank() bool {
	return t.pos == t.line || strings.IndexByte(" \t", t.text[t.pos-1]) >= 0
}

// location returns where pos is.
func (t *yamlText) location() Location {
	return Location{Row: t.row, Col: 1 + utf8.RuneCountInString(t.text[t.line:t.pos])}
}

// fail returns an error that says what is wrong at pos.
func (t *yamlText) fail(message string) error {
	return &SyntaxError{Message: message, Location: t.location()}
}
