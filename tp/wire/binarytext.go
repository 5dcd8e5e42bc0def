package wire

import "unicode/utf8"

// String reads a string.
func (r *BinaryReader) String() (v string, ok bool) {
	text, ok := r.rawText()
	if !ok {
		return "", false
	}
	if !r.interned.takes(text) {
		return string(text), r.isUTF8(text)
	}
	code := newShortCode(text)
	if v, ok = r.interned.find(code, len(text)); ok {
		return v, true // it was looked at when it was added
	}
	if !r.isUTF8(text) {
		return "", false
	}
	return r.interned.add(code, text), true
}

// StringBytes reads a string, without copying it.
func (r *BinaryReader) StringBytes() (v []byte, ok bool) {
	v, ok = r.rawText()
	return v, ok && r.isUTF8(v)
}

// rawText reads a string, which may not be valid UTF-8.
func (r *BinaryReader) rawText() (v []byte, ok bool) {
	l := r.lead()
	start := r.pos + 1
	end := start + int(l.small)
	if l.kind == KindString && l.form == formDirect && end <= len(r.data) {
		r.pos = end
		return r.data[start:end:end], true
	}
	return r.run(KindString)
}

// isUTF8 fails unless text is valid.
func (r *BinaryReader) isUTF8(text []byte) bool {
	return isASCII(text) || utf8.Valid(text) || r.fail("a string must be valid UTF-8")
}

// Bytes reads raw bytes, without copying them.
func (r *BinaryReader) Bytes() (v []byte, ok bool) { return r.run(KindBytes) }

// run reads a string or raw bytes.
func (r *BinaryReader) run(kind Kind) ([]byte, bool) {
	l := r.lead()
	if l.kind != kind {
		return nil, r.expect(kind)
	}
	if l.form == formOpen {
		return r.chunks(l)
	}
	n, ok := r.length(l)
	if !ok {
		return nil, false
	}
	if n > uint64(r.Remaining()) {
		return nil, r.fail("expected as many bytes as were declared")
	}
	start := r.pos
	r.pos += int(n)
	return r.data[start:r.pos:r.pos], true
}

// chunks reads a string, or raw bytes, of CBOR that comes in parts.
func (r *BinaryReader) chunks(open lead) ([]byte, bool) {
	r.pos++
	text := r.text[:0]
	items := Items{-1 - r.Remaining()}
	for r.depth++; ; {
		more, ok := r.More(&items)
		if !more || !ok {
			r.text = text
			return text, ok
		}
		if r.lead().form == formOpen {
			return nil, r.fail("expected a part that has a length")
		}
		chunk, ok := r.run(open.kind)
		// Characters must not be split between the parts of a string.
		if !ok || open.kind == KindString && !utf8.Valid(chunk) {
			return nil, r.fail("expected another part in valid UTF-8, or the end of the parts")
		}
		text = append(text, chunk...)
	}
}
