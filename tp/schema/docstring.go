package schema

import "strings"

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

// isText reports whether the docstring is a string or an array of strings.
func (d Doc) isText() bool {
	switch v := d.Value.(type) {
	case string:
		return true
	case []any:
		for _, line := range v {
			if _, ok := line.(string); !ok {
				return false
			}
		}
		return true
	}
	return false
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
