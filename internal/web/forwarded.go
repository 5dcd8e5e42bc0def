package web

import "strings"

// forwardedFor returns the "for" of each element of a Forwarded header (RFC 7239
// section 4), and empty text for elements that have none, or several. From a quoted
// text that does not end, or anything else that is not of the grammar, nothing is known
// of the elements before either, so such a header is one empty text.
func forwardedFor(header string) []string {
	var nodes []string
	element := forwardedElement{}
	for header = trimBlank(header); ; {
		rest, ok := element.pair(header)
		if !ok {
			return []string{""}
		}
		rest = trimBlank(rest)
		switch {
		case rest == "":
			return append(nodes, element.node)
		case rest[0] == ',':
			nodes = append(nodes, element.node)
			element = forwardedElement{}
		case rest[0] != ';':
			return []string{""}
		}
		header = trimBlank(rest[1:])
	}
}

type forwardedElement struct {
	node string
	seen bool
}

// pair reads one name=value, or nothing where there is none, and returns what is left.
func (e *forwardedElement) pair(text string) (rest string, ok bool) {
	end := strings.IndexAny(text, "=,;")
	if end < 0 || text[end] != '=' {
		return text, strings.IndexAny(text, ",;") == 0 || text == ""
	}
	name := text[:end]
	value, rest, ok := pairValue(text[end+1:])
	if strings.EqualFold(name, "for") {
		e.node = value
		if e.seen {
			e.node = "" // whom it names is anybody's guess
		}
		e.seen = true
	}
	return rest, ok
}

// pairValue reads a token or a quoted text.
func pairValue(text string) (value, rest string, ok bool) {
	if !strings.HasPrefix(text, `"`) {
		end := strings.IndexAny(text, ",; \t")
		if end < 0 {
			end = len(text)
		}
		return text[:end], text[end:], true
	}
	var unquoted []byte
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '"':
			return string(unquoted), text[i+1:], true
		case '\\':
			if i++; i == len(text) {
				return "", "", false
			}
		}
		unquoted = append(unquoted, text[i])
	}
	return "", "", false
}

func trimBlank(text string) string { return strings.TrimLeft(text, " \t") }
