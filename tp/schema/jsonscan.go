package schema

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// scanJSON refuses a text that has more keys and values, or more of them inside
// each other, than a JSON document may have. A text that is not JSON it may
// refuse without need.
func scanJSON(text []byte) error {
	nodes, depth := 0, 0
	for i := 0; i < len(text); {
		switch text[i] {
		case ' ', '\t', '\r', '\n', ',', ':':
			i++
			continue
		case ']', '}':
			depth--
			i++
			continue
		case '[', '{':
			depth++
		}
		nodes++
		switch {
		case depth > maxDepth:
			return &LimitError{What: "levels of nesting", Max: maxDepth, Location: locationOf(text, i)}
		case nodes > maxJSONNodes:
			return &LimitError{What: "keys and values", Max: maxJSONNodes, Location: locationOf(text, i)}
		}
		i = endOfJSONToken(text, i)
	}
	return nil
}

// endOfJSONToken returns the offset behind the bracket, the string or the literal
// that begins at offset i, or more than there is if the text ends before it.
func endOfJSONToken(text []byte, i int) int {
	switch text[i] {
	case '[', '{':
	case '"':
		for i++; i < len(text) && text[i] != '"'; i++ {
			if text[i] == '\\' {
				i++
			}
		}
	default:
		for i+1 < len(text) && strings.IndexByte(" \t\r\n,:[]{}\"", text[i+1]) < 0 {
			i++
		}
	}
	return i + 1
}

// locationOf returns the location of the byte at offset.
func locationOf(text []byte, offset int) Location {
	before := text[:min(max(offset, 0), len(text))]
	line := before[bytes.LastIndexByte(before, '\n')+1:]
	return Location{Row: 1 + bytes.Count(before, []byte{'\n'}), Col: 1 + utf8.RuneCount(line)}
}
