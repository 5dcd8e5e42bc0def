package wire

// DecodeBinary returns the message that data holds in its binary [Format]. Resolve
// gets the message's headers and returns the table that its body was written with;
// its error, a *[ParseError] as a rule, is returned as it is. Steps and failures are
// those of spec section 1.3: bytes that are not one well-formed value come first,
// then resolve, then the body.
func DecodeBinary(data []byte, resolve func(headers Object) (*Fields, error), l Limits) (*Message, error) {
	panic("not there yet")
}

// Begin reads the head of a message and its headers. It fails when what it reads
// is not the beginning of a message; [DecodeBinary] says why.
func (r *BinaryReader) Begin() (headers Object, ok bool) { panic("not there yet") }

// Target reads the head of the body and the target. The payload follows.
func (r *BinaryReader) Target(f *Fields) (target string, ok bool) { panic("not there yet") }

// Finish reads what follows the payload, to the end of the data.
func (r *BinaryReader) Finish() bool { panic("not there yet") }

// AppendBegin appends a message up to its payload, which the caller appends next;
// nothing follows it. Headers keep their names. It fails as AppendValue does.
func (f Format) AppendBegin(b []byte, headers Object, target string, names *Fields) ([]byte, error) {
	panic("not there yet")
}
