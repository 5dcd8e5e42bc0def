package wire

import "bytes"

// DecodeBinary returns the message that data holds in its binary [Format]. Resolve
// gets the message's headers and returns the table that its body was written with;
// its error, a *[ParseError] as a rule, is returned as it is. All other errors are
// of type *[ParseError]. Steps and failures are those of spec section 1.3: bytes
// that are not one well-formed value come first, then resolve, then the body, whose
// packed lists are unpacked.
func DecodeBinary(data []byte, resolve func(headers Object) (*Fields, error), l Limits) (*Message, error) {
	var r BinaryReader
	r.Reset(data, FormatOf(data), l)
	odd, ok := r.wellFormed()
	if !ok {
		return nil, r.parseError(ReasonNotTwoObjects)
	}
	r.Reset(data, r.format, l)
	headers, ok := r.Begin()
	if !ok {
		return nil, r.parseError(ReasonNotTwoObjects)
	}
	fields, err := resolve(headers)
	if err != nil {
		return nil, err
	}
	if packed, _ := headers.Get("@pac_"); packed == true {
		if _, ok := r.Unpack(nil); !ok {
			return nil, notUnpacked(odd)
		}
	}
	body, ok := r.Value(fields)
	switch {
	case !ok && r.problem == badKey:
		return nil, r.parseError(ReasonBinaryDecode)
	case !ok || !r.End():
		return nil, r.parseError(ReasonNotTwoObjects)
	}
	return messageFromTree([]any{headers, body})
}

// wellFormed reads a whole message and returns what is odd in its body. It fails
// on bytes that are no message whatever its fields are.
func (r *BinaryReader) wellFormed() (body oddities, ok bool) {
	var headers oddities
	ok = r.beginParts() && r.pass(&headers) && r.pass(&body) && r.End()
	return body, ok
}

// notUnpacked says why a body with these oddities has no plain form.
func notUnpacked(odd oddities) *ParseError {
	if odd.keys {
		return &ParseError{Reason: ReasonBinaryDecode}
	}
	return &ParseError{Reason: ReasonNotTwoObjects}
}

// parseError says why a method has failed.
func (r *BinaryReader) parseError(reason string) *ParseError {
	return &ParseError{Reason: reason, Cause: r.syntaxError(r.format)}
}

// Begin reads the head of a message and its headers, which are nil when there are
// none. The body follows; when the headers say that it is packed, [BinaryReader.Unpack]
// comes first. Begin fails when what it reads is not the beginning of a message;
// [DecodeBinary] says why.
func (r *BinaryReader) Begin() (headers Object, ok bool) {
	if !r.beginParts() {
		return nil, false
	}
	interned := r.interned
	r.interned = nil // headers hold credentials, which are not to stay in memory
	headers, ok = r.object(nil)
	if r.interned = interned; !ok || len(headers) == 0 {
		return nil, ok
	}
	return headers, true
}

// BeginPlain reads the beginning of a message whose headers are f.Plain() and returns
// these, without a copy, if the message begins like that. If not it reads nothing, and
// [BinaryReader.Begin] may be asked: headers can be written in many ways.
func (r *BinaryReader) BeginPlain(f *Fields) (headers Object, ok bool) {
	const depth = 3 // of what @bin_ lists
	if f == nil || r.limits.Depth < depth {
		return nil, false
	}
	begin := f.plainBegin[r.format]
	if len(begin) == 0 || !bytes.HasPrefix(r.data[r.pos:], begin) {
		return nil, false
	}
	r.pos += len(begin)
	r.depth++ // the message's array
	return f.plain, true
}

// beginParts reads the head of the message's array, which is no data of which
// [Limits] count the elements.
func (r *BinaryReader) beginParts() bool {
	// Longer forms of an array of two would not have been taken for this format.
	if r.format == JSON || FormatOf(r.data[r.pos:]) != r.format {
		return r.fail("expected an array of two in its shortest form")
	}
	if !r.enter() {
		return false
	}
	r.pos++
	return true
}

// Unpack makes r go on with the plain form of the body that is left, whose lists are
// packed, and returns it: the first bytes of b if these have room for it. It fails as
// [Format.Unpack] does.
//
// What the plain form holds may take the memory that is left of the message's:
// unpacking multiplies bytes, and is not to multiply that as well.
func (r *BinaryReader) Unpack(b []byte) (plain []byte, ok bool) {
	if plain, ok = r.format.Unpack(b[:0], r.data[r.pos:], r.limits); ok {
		r.data, r.pos = plain, 0
	}
	return plain, ok
}

// Target reads the head of the body and the target. The payload follows. It fails
// when the body does not begin as one of a message does.
func (r *BinaryReader) Target(f *Fields) (target string, ok bool) {
	if r.body, ok = r.Map(); !ok {
		return "", false
	}
	if more, ok := r.More(&r.body); !more || !ok {
		return "", r.fail("expected a target")
	}
	return r.FieldName(f)
}

// Finish reads what follows the payload, to the end of the data.
func (r *BinaryReader) Finish() bool {
	if more, ok := r.More(&r.body); more || !ok {
		return r.fail("expected the end of the body")
	}
	r.depth-- // the message's array
	return r.End()
}

// AppendHeaders appends the head of a message and its headers, which keep their
// names; the body follows. It fails as AppendValue does.
func (f Format) AppendHeaders(b []byte, headers Object) ([]byte, error) {
	const parts = 2
	b, problem := treeAppender{f, nil}.object(f.AppendArray(b, parts), headers, maxNesting)
	if problem != nil {
		return b, problem
	}
	return b, nil
}

// AppendPlain is as AppendHeaders for names.Plain().
func (f Format) AppendPlain(b []byte, names *Fields) []byte {
	return append(b, names.plainBegin[f]...)
}

// AppendTarget appends the head of a body and its target. The payload follows, and
// nothing after it. It fails when the target is not valid UTF-8.
func (f Format) AppendTarget(b []byte, target string, names *Fields) ([]byte, error) {
	if target == "Ok_" && names != nil { // as most answers have it
		return append(b, names.okBegin[f]...), nil
	}
	return f.appendTarget(b, target, names)
}

func (f Format) appendTarget(b []byte, target string, names *Fields) ([]byte, error) {
	const targets = 1
	b, ok := f.AppendKey(f.AppendMap(b, targets), target, names)
	if !ok {
		return b, &ValueError{Reason: "the target is not valid UTF-8"}
	}
	return b, nil
}
