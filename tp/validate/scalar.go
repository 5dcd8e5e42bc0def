package validate

import (
	"math"
	"strings"
	"unicode/utf8"

	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/wire"
)

func (w *walk) boolean(value any, at *place) {
	if _, ok := value.(bool); !ok {
		w.unexpected(at, value, "Boolean")
	}
}

func (w *walk) integer(r *schema.Refinement, value any, at *place) {
	switch n := value.(type) {
	case int64:
		if r != nil && (r.Min != 0 || r.Max != 0) && (n < r.Min || n > r.Max) {
			w.fail(at, numberOutOfRange, nil)
		}
	case wire.Number:
		// 1e999 has no float64, and is none of the integers all the same.
		if strings.ContainsAny(string(n), ".eE") {
			w.unexpected(at, value, "Integer")
			return
		}
		w.fail(at, numberOutOfRange, nil)
	default:
		w.unexpected(at, value, "Integer")
	}
}

func (w *walk) number(r *schema.Refinement, value any, at *place) {
	switch n := value.(type) {
	case int64:
	case float64:
		narrow := r != nil && r.Float32
		if !isFinite(n) || narrow && !isFinite(float64(float32(n))) {
			w.fail(at, numberOutOfRange, nil)
		}
	case wire.Number:
		w.fail(at, numberOutOfRange, nil)
	default:
		w.unexpected(at, value, "Number")
	}
}

func isFinite(n float64) bool { return !math.IsNaN(n) && !math.IsInf(n, 0) }

func (w *walk) text(r *schema.Refinement, value any, at *place) {
	s, ok := value.(string)
	if !ok {
		w.unexpected(at, value, "String")
		return
	}
	if !w.utf8(s, at) || r == nil || r.Text == nil {
		return
	}
	if err := r.Text(s); err != nil {
		const longest = 200
		w.refuse(at, r.GoType+": "+clip(err.Error(), longest))
	}
}

// utf8 reports whether s can be written, and records a failure if not.
func (w *walk) utf8(s string, at *place) bool {
	if utf8.ValidString(s) {
		return true
	}
	w.refuse(at, "the text is not valid UTF-8")
	return false
}

func (w *walk) bytes(value any, at *place) {
	switch b := value.(type) {
	case []byte:
		if w.direction == toJSON {
			w.coerce(at)
		}
	case string:
		if !wire.IsBase64(b) {
			w.unexpected(at, value, "Base64String")
			return
		}
		if w.direction == toHandler {
			w.coerce(at)
		}
	default:
		w.unexpected(at, value, "Bytes")
	}
}

// tree validates a value of which only is asked that it be one: not null, and
// made of nothing but the types of package wire.
func (w *walk) tree(value any, at *place) {
	switch v := value.(type) {
	case bool, int64, []byte:
	case float64:
		if !isFinite(v) {
			w.fail(at, numberOutOfRange, nil)
		}
	case string:
		w.utf8(v, at)
	case wire.Number:
		if _, ok := wire.ParseNumber(string(v)); !ok {
			w.refuse(at, "the text of the number is not a JSON number")
		}
	case []any:
		w.array(anything, v, at)
	case wire.Object:
		w.mapping(anything, v, at)
	default:
		w.unexpected(at, value, "Any")
	}
}

// anything is the type of what stands inside a value of type any.
var anything = &schema.Type{Kind: schema.Any, Nullable: true}

// clip returns the beginning of s as valid text, and marks that there was more.
func clip(s string, longest int) string {
	if len(s) <= longest {
		return strings.ToValidUTF8(s, "\uFFFD")
	}
	return strings.ToValidUTF8(s[:longest], "") + "…"
}
