package schema

import (
	"bytes"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/telestruct/telestruct/tp/wire"
)

// WriteYAML writes the caller's own definitions as one YAML document: a blank
// line between definitions, docstrings as block scalars unless they are one line
// that needs no quotes, types always quoted, keys where they need it. Members
// keep the order they were written in. The same schema always gives the same
// bytes, and [Parse] makes an [Equal] schema of them, as long as they are not
// more than a [Document] may have. Docstrings lose blanks at the ends of their
// lines. It fails when w does.
func (s *Schema) WriteYAML(w io.Writer) error {
	_, err := w.Write(yamlDocument(s.ownForms()))
	return err
}

func yamlDocument(definitions []any) []byte {
	if len(definitions) == 0 {
		return []byte("[]\n")
	}
	var w yamlWriter
	for i, def := range definitions {
		if i > 0 {
			w.WriteByte('\n')
		}
		w.element(def, 0, definitionLevel)
	}
	return w.Bytes()
}

// yamlWriter writes the value trees of documents with an indent of 2.
type yamlWriter struct {
	bytes.Buffer
	// dashes begin the next line instead of blanks when the first entry of an
	// element goes on the line of its dash.
	dashes string
}

// block writes a collection that is not written on one line.
func (w *yamlWriter) block(v any, indent int, at level) {
	switch v := v.(type) {
	case []any:
		for _, element := range v {
			w.element(element, indent, at.element())
		}
	case wire.Object:
		for _, m := range v {
			w.entry(m, indent, at)
		}
	}
}

func (w *yamlWriter) element(v any, indent int, at level) {
	w.begin(indent)
	if text := inline(v, quoteYAML); at.onOneLine(v, indent+2, text) {
		w.WriteString("- " + text + "\n")
		return
	}
	w.dashes = "- "
	w.block(v, indent+2, at)
}

func (w *yamlWriter) entry(m wire.Member, indent int, at level) {
	w.begin(indent)
	w.WriteString(yamlKey(m.Key) + ":")
	if lines, ok := at.docLines(m); ok {
		w.doc(lines, indent+2)
		return
	}
	at = at.entry(m.Key)
	if text := inline(m.Value, quoteYAML); at.onOneLine(m.Value, indent+len(m.Key), text) {
		w.WriteString(" " + text + "\n")
		return
	}
	w.WriteByte('\n')
	w.block(m.Value, indent+2, at)
}

// begin indents a line, of which an element's dash may be written already.
func (w *yamlWriter) begin(indent int) {
	if w.dashes == "" {
		w.WriteString(strings.Repeat(" ", indent))
	}
	w.WriteString(w.dashes)
	w.dashes = ""
}

func (w *yamlWriter) doc(lines []string, indent int) {
	text := strings.Join(lines, "\n")
	switch {
	case len(lines) == 1 && isPlainProse(text):
		w.WriteString(" " + text + "\n")
		return
	case text == "", !printable(lines):
		w.WriteString(" " + quoteYAML(text) + "\n")
		return
	}
	w.WriteString(" |\n")
	for _, line := range lines {
		if line != "" {
			w.WriteString(strings.Repeat(" ", indent) + line)
		}
		w.WriteByte('\n')
	}
}

// printable reports whether a block scalar can hold the lines as they are.
func printable(lines []string) bool {
	for _, line := range lines {
		for _, r := range line {
			if !strconv.IsPrint(r) && r != '\t' {
				return false
			}
		}
	}
	return true
}

var (
	plainKey = regexp.MustCompile(`^(///|->|[A-Za-z_$][A-Za-z0-9_.$!<>/-]*)$`)
	// plainProse matches the first character of a text that needs no quotes
	// for it; unsafeProse what makes it need them.
	plainProse  = regexp.MustCompile(`^[A-Za-z]`)
	unsafeProse = regexp.MustCompile(`:[ \t]|[ \t]#|:$`)
	// ambiguous are words that some readers of YAML take for other things
	// than strings.
	ambiguous = regexp.MustCompile(`^(?i:null|true|false|yes|no|on|off|y|n)$`)
)

// yamlKey returns a key, in quotes if it needs them.
func yamlKey(key string) string {
	if plainKey.MatchString(key) && !ambiguous.MatchString(key) {
		return key
	}
	return quoteYAML(key)
}

// isPlainProse reports whether a docstring of one line needs no quotes.
func isPlainProse(text string) bool {
	return plainProse.MatchString(text) && !unsafeProse.MatchString(text) && !ambiguous.MatchString(text) &&
		printable([]string{text})
}
