package schema

import (
	"fmt"
	"strings"

	"github.com/telestruct/telestruct/tp/wire"
)

// Origin says where a definition, tag or field was written: in a document, or
// in Go. The zero value says nothing.
type Origin struct {
	// Document is the document's name; Path leads to the place in it, and
	// Location is that place in the text.
	Document string
	Path     wire.Path
	Location Location
	// Go is the Go type or field, such as "calculator.Add.Left", and Site the
	// file:line that gave the type to the API.
	Go   string
	Site string
}

// String returns "calc.telepact.yaml:3:5" for a document, its name alone when
// the place in it is not known, and "calculator.Add.Left" for Go.
func (o Origin) String() string {
	switch {
	case o.Go != "":
		return o.Go
	case o.Location == Location{}:
		return o.Document
	}
	return fmt.Sprintf("%s:%d:%d", o.Document, o.Location.Row, o.Location.Col)
}

// Location is a point in a document's text, both parts counted from 1 and
// columns in characters (spec section 10).
type Location struct {
	Row, Col int
}

// Doc is a docstring: the value of a "///" key, a string or an array of strings
// (neither is checked, spec section 8.5). A nil Value means no docstring.
type Doc struct {
	Value any
}

// TextDoc returns the docstring with the given markdown; empty text is none.
func TextDoc(text string) Doc {
	if text == "" {
		return Doc{}
	}
	return Doc{Value: text}
}

// Text returns the docstring as one text. An array is lines, of which the blanks
// that all of them begin with are no part; nor are blanks that end a line.
func (d Doc) Text() string {
	var lines []string
	switch v := d.Value.(type) {
	case string:
		lines = strings.Split(v, "\n")
	case []any:
		for _, line := range v {
			if text, ok := line.(string); ok {
				lines = append(lines, strings.Split(text, "\n")...)
			}
		}
		outdent(lines)
	}
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " \t")
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// outdent removes the blanks that all lines with text begin with.
func outdent(lines []string) {
	common := -1
	for _, line := range lines {
		text := strings.TrimLeft(line, " ")
		if indent := len(line) - len(text); text != "" && (common < 0 || indent < common) {
			common = indent
		}
	}
	for i, line := range lines {
		lines[i] = line[min(max(common, 0), len(line)):]
	}
}
