package schema

import (
	"bytes"
	"io"
	"strings"

	"github.com/telestruct/telestruct/tp/wire"
)

// WriteJSON writes the caller's own definitions as one JSON document, with
// members in the order they were written. The same schema always gives the same
// bytes, and [Parse] makes an [Equal] schema of them, as long as they are not
// more than a [Document] may have. Docstrings lose blanks at the ends of their
// lines; one of several lines becomes an array. It fails when w does.
func (s *Schema) WriteJSON(w io.Writer) error {
	_, err := w.Write(jsonText(s.ownForms()))
	return err
}

// ownForms returns the own definitions in the form of a document.
func (s *Schema) ownForms() []any {
	forms := make([]any, len(s.own))
	for i, def := range s.own {
		forms[i] = def.Common().Source
	}
	return forms
}

// jsonText returns the value tree of a document as JSON.
func jsonText(document any) []byte {
	var w jsonWriter
	w.value(document, 0, documentLevel)
	return append(w.Bytes(), '\n')
}

// jsonWriter writes the value trees of documents with an indent of 2.
type jsonWriter struct {
	bytes.Buffer
}

func (w *jsonWriter) value(v any, indent int, at level) {
	if text := inline(v, quoteJSON); at.onOneLine(v, indent, text) {
		w.WriteString(text)
		return
	}
	switch v := v.(type) {
	case []any:
		for i, element := range v {
			w.member('[', i, indent)
			w.value(element, indent+2, at.element())
		}
		w.end(']', indent)
	case wire.Object:
		w.object(v, indent, at)
	}
}

func (w *jsonWriter) object(o wire.Object, indent int, at level) {
	for i, m := range o {
		w.member('{', i, indent)
		w.WriteString(quoteJSON(m.Key) + ": ")
		if lines, ok := at.docLines(m); ok {
			w.doc(lines, indent+2)
		} else {
			w.value(m.Value, indent+2, at.entry(m.Key))
		}
	}
	w.end('}', indent)
}

func (w *jsonWriter) doc(lines []string, indent int) {
	if len(lines) == 1 {
		w.WriteString(quoteJSON(lines[0]))
		return
	}
	for i, line := range lines {
		w.member('[', i, indent)
		w.WriteString(quoteJSON(line))
	}
	w.end(']', indent)
}

// member begins the line of the i-th member of a collection at indent.
func (w *jsonWriter) member(bracket byte, i, indent int) {
	if i > 0 {
		bracket = ','
	}
	w.WriteByte(bracket)
	w.newLine(indent + 2)
}

func (w *jsonWriter) end(bracket byte, indent int) {
	w.newLine(indent)
	w.WriteByte(bracket)
}

func (w *jsonWriter) newLine(indent int) {
	w.WriteString("\n" + strings.Repeat(" ", indent))
}
