package wire

// BinaryReader is a strict cursor over the bytes of one value in a binary
// [Format]. It refuses what [Limits] refuse, invalid UTF-8, declared lengths that
// the bytes left cannot hold, and kinds of items that messages do not have. It
// takes every width that the format has for a number or a length.
//
// A method that fails returns false and leaves the cursor anywhere. What methods
// return as []byte is part of the data that is read, or is valid until the next
// string is read.
//
// The zero BinaryReader has nothing to read; [BinaryReader.Reset] makes it ready,
// any number of times. It must not be used concurrently.
type BinaryReader struct {
	cursor
	leads  *leadTable
	format Format
	body   Items // the body of a message, from Target to Finish
}

// Kind is what comes next in a [BinaryReader].
type Kind uint8

// The kinds of items.
const (
	KindInvalid Kind = iota // the end, or an item that messages do not have
	KindNull
	KindBool
	KindInteger
	KindFloat
	KindString
	KindBytes
	KindArray
	KindMap
	KindMarker    // begins a packed list (spec section 15.1)
	KindUndefined // a cell of a packed list without a value
)

// String returns the kind as it is called in errors.
func (k Kind) String() string {
	switch k {
	case KindNull:
		return "null"
	case KindBool:
		return "a boolean"
	case KindInteger:
		return "an integer"
	case KindFloat:
		return "a float"
	case KindString:
		return "a string"
	case KindBytes:
		return "bytes"
	case KindArray:
		return "an array"
	case KindMap:
		return "a map"
	case KindMarker:
		return "the marker of a packed list"
	case KindUndefined:
		return "an undefined cell"
	}
	return "no item of a message"
}

// Reset makes r read data, from its first byte and under l. It keeps data until
// the next Reset; Reset(nil, MessagePack, Limits{}) lets go of everything that
// was read, but for what [BinaryReader.Intern] keeps.
func (r *BinaryReader) Reset(data []byte, f Format, l Limits) {
	r.reset(data, l)
	if leads := f.leads(); r.leads != leads {
		r.leads = leads
	}
	r.format = f
}

// Format returns the format that r reads.
func (r *BinaryReader) Format() Format { return r.format }

// End reports whether nothing is left.
func (r *BinaryReader) End() bool {
	return r.pos == len(r.data) || r.fail("expected the end of the message")
}

// LimitError returns a *[ParseError] if the first failure was one of Spend, nil
// otherwise. [DecodeBinary] tells why other methods have failed, but knows nothing
// of the memory that Go values take.
func (r *BinaryReader) LimitError() error {
	if r.problem != overspent {
		return nil
	}
	return &ParseError{Reason: ReasonNotTwoObjects, Cause: r.syntaxError(r.format)}
}

// lead returns what the next byte says; nothing valid at the end.
func (r *BinaryReader) lead() lead {
	if r.pos >= len(r.data) {
		return lead{}
	}
	return r.leads[r.data[r.pos]]
}

// Kind returns what comes next, without reading it.
func (r *BinaryReader) Kind() Kind {
	l := r.lead()
	if l.form == formTagged {
		kind, _, _ := r.tagged(l)
		return kind
	}
	return l.kind
}

// expect fails on anything but what is called for.
//
//go:noinline
func (r *BinaryReader) expect(kind Kind) bool { return r.fail("expected " + kind.String()) }

// argument reads the first byte of an item and its argument.
func (r *BinaryReader) argument(l lead) (uint64, bool) {
	const most = 8
	if rest := r.data[r.pos:]; len(rest) > most && l.width > 0 {
		r.pos += 1 + int(l.width)
		return l.wideArgument(rest), true
	}
	start := r.pos + 1
	end := start + int(l.width)
	if end > len(r.data) {
		return 0, r.fail("expected more bytes than are left")
	}
	r.pos = end
	return l.argument(r.data[start:end]), true
}

// length is argument, faster for the lengths that the first byte holds.
func (r *BinaryReader) length(l lead) (uint64, bool) {
	if l.form == formDirect {
		r.pos++
		return uint64(l.small), true
	}
	return r.argument(l)
}

// Null reads null if it comes next; it does not fail on anything else.
func (r *BinaryReader) Null() bool {
	if r.lead().kind != KindNull {
		return false
	}
	r.pos++
	return true
}

// Bool reads a boolean.
func (r *BinaryReader) Bool() (v, ok bool) {
	l := r.lead()
	if l.kind != KindBool {
		return false, r.expect(KindBool)
	}
	r.pos++
	return l.small != 0, true
}

// Marker reads the marker of a packed list if it comes next; it does not fail on
// anything else.
func (r *BinaryReader) Marker() bool { return r.empty(KindMarker) }

// Undefined reads a cell without a value if it comes next; it does not fail on
// anything else.
func (r *BinaryReader) Undefined() bool { return r.empty(KindUndefined) }

// empty reads an item that holds nothing, if it is of the given kind.
func (r *BinaryReader) empty(kind Kind) bool {
	l := r.lead()
	found, last := l.kind, r.pos
	if l.form == formTagged {
		found, _, last = r.tagged(l)
	}
	if found != kind {
		return false
	}
	r.pos = last + 1
	return true
}

// Array reads the head of an array. [BinaryReader.More] goes through its elements.
func (r *BinaryReader) Array() (Items, bool) { return r.open(KindArray, 0) }

// Map reads the head of a map. [BinaryReader.More] goes through its entries.
func (r *BinaryReader) Map() (Items, bool) { return r.open(KindMap, 1) }

// Items counts what is left of an array or a map that was opened.
type Items struct {
	// left is the number of items, or -1 - n when the end of a CBOR list tells
	// and at most n can come.
	left int
}

// Left returns how many items are left, or at most how many when only the end
// of a CBOR list tells.
func (i Items) Left() int {
	if i.left < 0 {
		return -1 - i.left
	}
	return i.left
}

// Open reports whether only the end of a CBOR list tells how many items are left.
func (i Items) Open() bool { return i.left < 0 }

// open reads the head of an array or a map whose items take at least 1<<shift
// bytes.
func (r *BinaryReader) open(kind Kind, shift uint) (Items, bool) {
	l := r.lead()
	if l.kind != kind {
		return Items{}, r.expect(kind)
	}
	if !r.enter() {
		return Items{}, false
	}
	if l.form == formOpen {
		r.pos++
		return Items{-1 - min(r.Remaining()>>shift, r.limits.Elements)}, true
	}
	n, ok := r.length(l)
	switch {
	case !ok:
		return Items{}, false
	case n > uint64(r.limits.Elements):
		return Items{}, r.fail("more elements than the limit")
	case n > uint64(r.Remaining()>>shift):
		return Items{}, r.fail("expected as many items as were declared")
	}
	return Items{int(n)}, true
}

// More reports whether another element, or entry, follows; when none does, the
// array or map is closed.
func (r *BinaryReader) More(items *Items) (more, ok bool) {
	// Written so that the compiler takes it into its callers.
	more, ok = true, true
	if items.left--; items.left < 0 {
		more, ok = r.close(items)
	}
	return
}

// close is what More does when there are no items left that were declared.
//
//go:noinline
func (r *BinaryReader) close(items *Items) (more, ok bool) {
	items.left++ // More has counted already
	switch {
	case items.left == 0:
		r.depth--
		return false, true
	case r.pos < len(r.data) && r.data[r.pos] == cborBreak:
		r.pos++
		r.depth--
		return false, true
	case items.left == -1:
		return false, r.fail("more elements than the limit, or no end of them")
	}
	items.left++
	return true, true
}

// Key reads the key of a map entry: a number, or a name when id is -1.
func (r *BinaryReader) Key() (id int, name []byte, ok bool) {
	l := r.lead()
	switch {
	case l.kind == KindInteger && l.form == formDirect && l.small >= 0:
		r.pos++
		return int(l.small), nil, true
	case l.kind == KindString:
		name, ok = r.StringBytes()
		return -1, name, ok
	}
	return r.longKey()
}

// badKey is what [DecodeBinary] has a reason of its own for.
const badKey = "expected a string, or a number of the table of field names, as the key"

func (r *BinaryReader) longKey() (id int, name []byte, ok bool) {
	const most = 1<<31 - 1
	start := r.pos
	if r.Kind() == KindInteger {
		if n, ok := r.Int64(); ok && 0 <= n && n <= most {
			return int(n), nil, true
		}
	}
	// Why it is no number is of no interest.
	r.problem = ""
	return 0, nil, r.failAt(start, badKey)
}

// FieldName reads the key of a map entry and returns its name: what f has for a
// number, and a string as it is.
func (r *BinaryReader) FieldName(f *Fields) (name string, ok bool) {
	start := r.pos
	id, text, ok := r.Key()
	switch {
	case !ok:
		return "", false
	case id < 0:
		return r.interned.of(text), true
	}
	if name, ok = f.Name(id); !ok {
		return "", r.failAt(start, badKey)
	}
	return name, true
}
