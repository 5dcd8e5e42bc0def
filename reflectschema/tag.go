package reflectschema

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/telestruct/telestruct/internal/initialism"
)

// fieldTag is a scanned `tp` tag of a field.
type fieldTag struct {
	// name is the wire name: with "@" for a header, without "!".
	name     string
	header   bool
	optional bool
	nullable bool
}

// key returns the wire key.
func (t fieldTag) key() string {
	if t.optional && !t.header {
		return t.name + "!"
	}
	return t.name
}

// canBeAbsent reports whether the key may be missing; headers always may be.
func (t fieldTag) canBeAbsent() bool { return t.optional || t.header }

// with returns the text of the tag with the given marks, quoted, leaving out
// the "!" that headers do not write.
func (t fieldTag) with(marks string) string {
	if t.header {
		marks = strings.TrimPrefix(marks, "!")
	}
	return strconv.Quote(t.name + marks)
}

// mistake is what is wrong with a text and what to write instead: a [Problem]
// without its place.
type mistake struct{ found, fix string }

// scanFieldTag reads the tag of a field that is not left out. It stops at the first malformed part,
// and reports it with the nearest tag that is well-formed.
func scanFieldTag(text string) (fieldTag, *mistake) {
	s := scanner{text: text, nearest: nearestTag, other: "write name, name!, name? or name!?"}
	tag := fieldTag{header: s.take('@')}
	if problem := s.name(unicode.IsLower, "a lower-case letter"); problem != nil {
		return fieldTag{}, problem
	}
	tag.name = text[:s.pos]
	tag.optional = s.take('!')
	tag.nullable = s.take('?')
	switch {
	case tag.nullable && s.take('!'):
		return fieldTag{}, s.malformed(`"!" stands before "?"`)
	case s.pos < len(text):
		return fieldTag{}, s.malformed(fmt.Sprintf("unexpected %q after the name", text[s.pos:]))
	case tag.header && tag.optional:
		return fieldTag{}, s.malformed("headers are optional without a \"!\"")
	}
	return tag, nil
}

// scanName reads the name of a definition or of a union tag, as a blank field
// gives it.
func scanName(text string) *mistake {
	s := scanner{text: text, nearest: nearestName, other: "write a name such as Item"}
	if problem := s.name(unicode.IsUpper, "an upper-case letter"); problem != nil {
		return problem
	}
	if s.pos < len(text) {
		return s.malformed(fmt.Sprintf("unexpected %q in a name", text[s.pos:]))
	}
	return nil
}

// scanner walks through the text of a tag.
type scanner struct {
	text string
	pos  int
	// nearest returns the well-formed text that a malformed one was likely
	// meant to be, or "", in which case other is the fix.
	nearest func(text string) string
	other   string
}

func (s *scanner) take(c byte) bool {
	if s.pos < len(s.text) && s.text[s.pos] == c {
		s.pos++
		return true
	}
	return false
}

// name reads a letter that is as it should be, and the letters, digits and
// underscores after it, all of them ASCII.
func (s *scanner) name(first func(rune) bool, want string) *mistake {
	if s.pos == len(s.text) {
		return s.malformed("a name is missing")
	}
	if c := s.text[s.pos]; !isNameByte(c) || !first(rune(c)) {
		r, _ := utf8.DecodeRuneInString(s.text[s.pos:])
		return s.malformed(fmt.Sprintf("a name begins with %s, not %q", want, r))
	}
	for s.pos < len(s.text) && isNameByte(s.text[s.pos]) {
		s.pos++
	}
	return nil
}

func (s *scanner) malformed(found string) *mistake {
	m := &mistake{found: fmt.Sprintf("malformed tag %q: %s", s.text, found), fix: s.other}
	if near := s.nearest(s.text); near != "" {
		m.fix = fmt.Sprintf("write %q", near)
	}
	return m
}

// nearestTag keeps the name and the marks of a field tag.
func nearestTag(text string) string {
	name, _, _ := strings.Cut(text, ",") // other libraries put options after a comma
	key := initialism.Lower(nameBytes(name))
	if key == "" || !isASCII(name) {
		return ""
	}
	if strings.HasPrefix(name, "@") {
		return "@" + key + mark(name, "?")
	}
	return key + mark(name, "!") + mark(name, "?")
}

// nearestName keeps the name of a definition or tag.
func nearestName(text string) string {
	name := text[strings.LastIndexByte(text, '.')+1:] // drops "struct."
	if !isASCII(name) {
		return ""
	}
	return upperFirst(nameBytes(name))
}

// isASCII reports whether leaving out what cannot stand in a name keeps the
// meaning of text.
func isASCII(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r > unicode.MaxASCII })
}

// nameBytes joins what may stand in a name with underscores, from the first
// letter on.
func nameBytes(text string) string {
	words := strings.FieldsFunc(text, func(r rune) bool {
		return r > unicode.MaxASCII || !isNameByte(byte(r))
	})
	return strings.TrimLeft(strings.Join(words, "_"), "_0123456789")
}

func mark(text, mark string) string {
	if strings.Contains(text, mark) {
		return mark
	}
	return ""
}

func isNameByte(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// structTag is what we read of a whole struct tag.
type structTag struct {
	tp, doc string
	hasTP   bool
	hasDoc  bool
}

// scanStructTag reads a whole struct tag, `key:"value" key:"value"`. Unlike
// reflect.StructTag it reports what it cannot read, since a misspelt tag would
// otherwise look like a missing one.
func scanStructTag(tag reflect.StructTag) (structTag, *mistake) {
	var out structTag
	rest := strings.TrimLeft(string(tag), " ")
	for rest != "" {
		key, value, after, ok := cutTagPair(rest)
		if !ok {
			return structTag{}, &mistake{
				found: fmt.Sprintf("malformed struct tag at `%s`", rest),
				fix:   "write `key:\"value\"` pairs separated by blanks",
			}
		}
		switch key {
		case "tp":
			if out.hasTP {
				return structTag{}, &mistake{found: "two tp tags", fix: "keep one"}
			}
			out.tp, out.hasTP = value, true
		case "doc":
			if out.hasDoc {
				return structTag{}, &mistake{found: "two doc tags", fix: "keep one"}
			}
			out.doc, out.hasDoc = value, true
		}
		rest = strings.TrimLeft(after, " ")
	}
	return out, nil
}

// cutTagPair splits the first `key:"value"` from the rest of a struct tag.
func cutTagPair(text string) (key, value, rest string, ok bool) {
	key, rest, found := strings.Cut(text, ":")
	if !found || key == "" || strings.ContainsFunc(key, isNoKeyRune) {
		return "", "", "", false
	}
	quoted, err := strconv.QuotedPrefix(rest)
	if err != nil || quoted[0] != '"' {
		return "", "", "", false
	}
	value, err = strconv.Unquote(quoted)
	if err != nil {
		return "", "", "", false
	}
	return key, value, rest[len(quoted):], true
}

// isNoKeyRune refuses separators as well, which would hide the key after them.
func isNoKeyRune(r rune) bool { return r <= ' ' || r == 0x7f || strings.ContainsRune(`",;`, r) }
