package wire

// Unpack appends body, the body of a message in the format f, with its tables as
// lists of maps (spec section 15.4). It fails on whatever a [BinaryReader] refuses
// and on tables that are not well formed.
func (f Format) Unpack(b, body []byte, l Limits) ([]byte, bool) { panic("not there yet") }
