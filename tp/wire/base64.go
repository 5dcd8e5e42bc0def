package wire

import (
	"encoding/base64"
	"slices"
)

// AppendBase64 appends raw bytes as a JSON string in base64: RFC 4648, standard
// alphabet, with padding.
func AppendBase64(b, raw []byte) []byte {
	b = append(b, '"')
	b = base64.StdEncoding.AppendEncode(b, raw)
	return append(b, '"')
}

// DecodeBase64 returns the bytes that text stands for, which are not nil. It
// fails on anything that is not [IsBase64].
func DecodeBase64[T string | []byte](text T) ([]byte, bool) {
	if !IsBase64(text) {
		return nil, false
	}
	raw := make([]byte, base64.StdEncoding.DecodedLen(len(text)))
	n, err := base64.StdEncoding.Decode(raw, []byte(text))
	return raw[:n], err == nil
}

// IsBase64 reports whether text is what [AppendBase64] writes between its
// quotes: padded, without line breaks and without stray bits at the end (spec
// section 4.4). It decodes nothing, so that it costs no memory.
func IsBase64[T string | []byte](text T) bool {
	if len(text)%4 != 0 {
		return false
	}
	pad := 0
	for pad < 2 && pad < len(text) && text[len(text)-1-pad] == '=' {
		pad++
	}
	last, all := byte(0), byte(0)
	for i := range len(text) - pad {
		last = base64Digits[text[i]]
		all |= last
	}
	// Each "=" stands for six bits that are not there, of which the last
	// digit holds two.
	stray := byte(1)<<(2*pad) - 1
	return all < notBase64 && last&stray == 0
}

// notBase64 is above all digits, and in no combination of their bits.
const notBase64 = 64

// base64Digits has the value of every byte as a digit, or notBase64.
var base64Digits = func() (digits [256]byte) {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	for c := range digits {
		digits[c] = notBase64
	}
	for value, c := range []byte(alphabet) {
		digits[c] = byte(value)
	}
	return digits
}()

// BytesToBase64 returns the value tree v with the raw bytes at the places that
// the coercion tree marks (spec section 7) replaced by base64 text. Places that
// v lacks, or that hold something else, are skipped. What changes is copied:
// v itself stays as it is.
func BytesToBase64(v, tree any) any {
	return newCoercion(tree).apply(v, func(v any) any {
		if raw, ok := v.([]byte); ok {
			return base64.StdEncoding.EncodeToString(raw)
		}
		return v
	})
}

// Base64ToBytes returns the value tree v with the base64 text at the places
// that the coercion tree marks (spec section 7) replaced by the raw bytes.
// Places that v lacks, or that hold something else, are skipped. What changes
// is copied: v itself stays as it is.
func Base64ToBytes(v, tree any) any {
	return newCoercion(tree).apply(v, func(v any) any {
		if text, ok := v.(string); ok {
			if raw, ok := DecodeBase64(text); ok {
				return raw
			}
		}
		return v
	})
}

// coercion is one node of a coercion tree, put into a form that can be applied
// in a time that grows with the value only: both come from the peer.
type coercion struct {
	leaf  bool
	every *coercion            // the step "*"
	steps map[string]*coercion // all other steps
}

// newCoercion returns nil for what is not a coercion tree.
func newCoercion(tree any) *coercion {
	switch tree := tree.(type) {
	case bool:
		return &coercion{leaf: tree}
	case Object:
		c := &coercion{steps: make(map[string]*coercion, len(tree))}
		for _, m := range tree {
			if m.Key == "*" {
				c.every = newCoercion(m.Value)
			} else {
				c.steps[m.Key] = newCoercion(m.Value)
			}
		}
		return c
	}
	return nil
}

func (c *coercion) apply(v any, convert func(any) any) any {
	if c == nil {
		return v
	}
	if c.leaf {
		return convert(v)
	}
	switch v := v.(type) {
	case []any:
		return c.applyArray(v, convert)
	case Object:
		return c.applyObject(v, convert)
	}
	return v
}

func (c *coercion) applyArray(array []any, convert func(any) any) any {
	if c.every == nil {
		return array
	}
	array = slices.Clone(array)
	for i := range array {
		array[i] = c.every.apply(array[i], convert)
	}
	return array
}

func (c *coercion) applyObject(object Object, convert func(any) any) any {
	object = slices.Clone(object)
	for i := range object {
		m := &object[i]
		m.Value = c.every.apply(m.Value, convert)
		m.Value = c.steps[m.Key].apply(m.Value, convert)
	}
	return object
}
