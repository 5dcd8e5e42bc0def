package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"unicode/utf8"

	"github.com/telestruct/telestruct/tp/wire"
)

// readJSON parses a JSON document. Of a key that an object has twice the last
// value counts, and duplicates reports that there was one (spec section 8.3).
func readJSON(text []byte) (root node, duplicates bool, err error) {
	if len(text) > maxJSON {
		return root, false, &LimitError{What: "bytes of JSON", Max: maxJSON, Location: start}
	}
	if err := checkJSON(text); err != nil {
		return root, false, err
	}
	r := jsonReader{text: text, at: start}
	root = r.value()
	return root, r.duplicates, nil
}

// checkJSON leaves the grammar to encoding/json, so that the reader only has to
// follow a text that is known to be right. Limits come first: encoding/json has
// one of nesting of its own, and a text that exceeds ours is worth no more.
func checkJSON(text []byte) error {
	if err := scanJSON(text); err != nil {
		return err
	}
	if err := scanNumbers(text); err != nil {
		return err
	}
	err := json.Unmarshal(text, new(json.RawMessage))
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return &SyntaxError{Message: syntax.Error(), Location: locationOf(text, int(syntax.Offset)-1)}
	}
	return err
}

// jsonReader walks through a valid JSON text and keeps track of rows and
// columns, which encoding/json does not.
type jsonReader struct {
	text       []byte
	pos        int
	at         Location
	duplicates bool
}

// value reads the value that comes next.
func (r *jsonReader) value() node {
	n := node{at: r.space()}
	switch r.text[r.pos] {
	case '[':
		n.value = r.array()
	case '{':
		n.value = r.object()
	case '"':
		n.value = r.string()
	default:
		n.value = r.literal()
	}
	return n
}

func (r *jsonReader) array() []node {
	elements := []node{}
	r.skip(1)
	for r.more(']', len(elements) == 0) {
		elements = append(elements, r.value())
	}
	return elements
}

func (r *jsonReader) object() []member {
	members := []member{}
	seen := map[string]int{}
	r.skip(1)
	for r.more('}', len(members) == 0) {
		m := member{at: r.space(), key: r.string()}
		r.space()
		r.skip(1) // the colon
		m.value = r.value()
		if i, twice := seen[m.key]; twice {
			members[i], r.duplicates = m, true
			continue
		}
		seen[m.key] = len(members)
		members = append(members, m)
	}
	return members
}

// more goes to the next element of a collection that end closes; first says
// that none was read so far. It returns false behind the end.
func (r *jsonReader) more(end byte, first bool) bool {
	r.space()
	if r.text[r.pos] == end {
		r.skip(1)
		return false
	}
	if !first {
		r.skip(1) // the comma
	}
	return true
}

// space skips blanks and returns the location of what follows.
func (r *jsonReader) space() Location {
	for ; ; r.pos++ {
		switch r.text[r.pos] {
		case ' ', '\t', '\r':
			r.at.Col++
		case '\n':
			r.at = Location{Row: r.at.Row + 1, Col: 1}
		default:
			return r.at
		}
	}
}

// skip steps over n bytes of ASCII.
func (r *jsonReader) skip(n int) {
	r.pos += n
	r.at.Col += n
}

func (r *jsonReader) string() string {
	end := r.pos + 1
	for r.text[end] != '"' {
		if r.text[end] == '\\' {
			end++
		}
		end++
	}
	token := r.text[r.pos : end+1]
	r.pos = end + 1
	r.at.Col += utf8.RuneCount(token)
	if !bytes.ContainsRune(token, '\\') {
		return string(token[1 : len(token)-1])
	}
	// Go has the escapes of JSON, but for the slash and surrogates.
	if s, err := strconv.Unquote(string(token)); err == nil {
		return s
	}
	var s string
	_ = json.Unmarshal(token, &s) // the text is known to be valid
	return s
}

// literal reads null, true, false or a number.
func (r *jsonReader) literal() any {
	rest := r.text[r.pos:]
	if end := bytes.IndexAny(rest, " \t\r\n,]}"); end >= 0 {
		rest = rest[:end]
	}
	r.skip(len(rest))
	switch string(rest) {
	case "null":
		return nil
	case "true":
		return true
	case "false":
		return false
	}
	n, _ := wire.ParseNumber(string(rest)) // the text is known to be valid
	return n
}
