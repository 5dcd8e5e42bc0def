package schema

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/telestruct/telestruct/tp/wire"
)

// inline returns the value tree v on one line, in JSON with a blank behind
// every comma and colon. The result is YAML as well if quote returns strings
// in its double-quoted style.
func inline(v any, quote func(string) string) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return quote(v)
	case float64:
		text, _ := wire.AppendFloat(nil, v, 64)
		return string(text)
	case []any:
		elements := make([]string, len(v))
		for i := range v {
			elements[i] = inline(v[i], quote)
		}
		return "[" + strings.Join(elements, ", ") + "]"
	case wire.Object:
		entries := make([]string, len(v))
		for i, m := range v {
			entries[i] = quote(m.Key) + ": " + inline(m.Value, quote)
		}
		return "{" + strings.Join(entries, ", ") + "}"
	}
	return fmt.Sprint(v) // bool, int64 or Number
}

// quoteJSON returns s as a JSON string.
func quoteJSON(s string) string {
	text, _ := wire.AppendString(nil, s)
	return string(text)
}

// quoteYAML returns s as a double-quoted YAML scalar. The escapes of Go are a
// part of those of YAML.
func quoteYAML(s string) string { return strconv.Quote(s) }
