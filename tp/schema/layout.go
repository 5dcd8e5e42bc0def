package schema

import (
	"strings"

	"github.com/telestruct/telestruct/tp/wire"
)

// maxInline is the column up to which a collection may be written on one line.
const maxInline = 72

// level says what a value in a document is, which decides whether it is spread
// over lines and where docstrings are.
type level int

const (
	documentLevel   level = iota // the array of definitions
	definitionLevel              // a definition
	partLevel                    // the object of fields, or the array of tags
	tagLevel                     // a tag
	valueLevel                   // a type expression, or what nobody reads
)

// element returns the level of the elements of an array at l.
func (l level) element() level {
	switch l {
	case documentLevel:
		return definitionLevel
	case partLevel:
		return tagLevel
	}
	return valueLevel
}

// entry returns the level of the value at key of an object at l.
func (l level) entry(key string) level {
	switch {
	case l == definitionLevel && (isFlag(key) || key == errorsKey), l == partLevel, l == valueLevel:
		return valueLevel
	}
	return partLevel
}

// onOneLine reports whether v, which is text when it is written on one line,
// is written that way at column indent.
func (l level) onOneLine(v any, indent int, text string) bool {
	if isScalar(v) || isEmpty(v) {
		return true
	}
	return l == valueLevel && (isTypeShaped(v) || indent+len(text) <= maxInline)
}

// docLines returns the lines of the docstring in the entry m of an object at l,
// and false if that is no docstring.
func (l level) docLines(m wire.Member) ([]string, bool) {
	if m.Key != docKey || l != definitionLevel && l != tagLevel {
		return nil, false
	}
	doc := Doc{m.Value}
	if !doc.isText() {
		return nil, false
	}
	return strings.Split(doc.Text(), "\n"), true
}

// isTypeShaped reports whether v could be a type expression; those are written
// on one line.
func isTypeShaped(v any) bool {
	switch v := v.(type) {
	case string:
		return true
	case []any:
		return len(v) == 1 && isTypeShaped(v[0])
	case wire.Object:
		return len(v) == 1 && v[0].Key == "string" && isTypeShaped(v[0].Value)
	}
	return false
}

// isScalar reports whether v is not a collection.
func isScalar(v any) bool {
	switch v.(type) {
	case []any, wire.Object:
		return false
	}
	return true
}

// isEmpty reports whether v is a collection without members.
func isEmpty(v any) bool {
	switch v := v.(type) {
	case []any:
		return len(v) == 0
	case wire.Object:
		return len(v) == 0
	}
	return false
}
