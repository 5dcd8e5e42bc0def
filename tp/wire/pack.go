package wire

// Pack appends body, the body of a message in the format f as this package writes
// it, with its lists of maps as tables (spec section 15.2).
func (f Format) Pack(b, body []byte) []byte { panic("not there yet") }
