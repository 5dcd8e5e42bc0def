package wsx

import (
	"bytes"
	"encoding/json"
	"iter"
)

// span is a part of a text.
type span struct{ from, to int }

// members returns where the names and the values of a JSON object are. The text must be
// one, and nothing else but space.
func members(text []byte) iter.Seq2[span, span] {
	return func(yield func(name, value span) bool) {
		at := skipSpace(text, 0) + len("{")
		for {
			if at = skipSpace(text, at); text[at] == '}' {
				return
			}
			name := span{at, skipString(text, at)}
			at = skipSpace(text, skipSpace(text, name.to)+len(":"))
			value := span{at, skipValue(text, at)}
			if !yield(name, value) {
				return
			}
			if at = skipSpace(text, value.to); text[at] == ',' {
				at++
			}
		}
	}
}

// isNamed reports whether a JSON string says name.
func isNamed(text []byte, name string) bool {
	if bytes.IndexByte(text, '\\') < 0 {
		return string(text[1:len(text)-1]) == name
	}
	var said string
	return json.Unmarshal(text, &said) == nil && said == name
}

// skipSpace returns where after at there is no more space.
func skipSpace(text []byte, at int) int {
	for at < len(text) && (text[at] == ' ' || text[at] == '\t' || text[at] == '\n' || text[at] == '\r') {
		at++
	}
	return at
}

// skipString returns where the string that begins at at has ended.
func skipString(text []byte, at int) int {
	for at++; text[at] != '"'; at++ {
		if text[at] == '\\' {
			at++
		}
	}
	return at + 1
}

// skipValue returns where the value that begins at at has ended.
func skipValue(text []byte, at int) int {
	depth := 0
	for {
		switch text[at] {
		case '"':
			at = skipString(text, at)
		case '{', '[':
			depth++
			at++
		case '}', ']':
			depth--
			at++
		case ',', ':', ' ', '\t', '\n', '\r': // inside of objects and lists
			at++
			continue
		default:
			at = skipWord(text, at)
		}
		if depth == 0 {
			return at
		}
	}
}

// skipWord returns where a number, true, false or null has ended.
func skipWord(text []byte, at int) int {
	for at < len(text) && bytes.IndexByte([]byte(" \t\n\r,:]}"), text[at]) < 0 {
		at++
	}
	return at
}
