package wire

import "unicode/utf8"

// String reads a string.
func (r *BinaryReader) String() (v string, ok bool) {
	text, ok := r.StringBytes()
	return r.interned.of(text), ok
}

// StringBytes reads a string, without copying it.
func (r *BinaryReader) StringBytes() (v []byte, ok bool) {
	l := r.lead()
	start := r.pos + 1
	end := start + int(l.small)
	if l.kind == KindString && l.form == formDirect && end <= len(r.data) {
		v = r.data[start:end:end]
		r.pos = end
	} else if v, ok = r.run(KindString); !ok {
		return nil, false
	}
	if !isASCII(v) && !utf8.Valid(v) {
		return nil, r.fail("a string must be valid UTF-8")
	}
	return v, true
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
