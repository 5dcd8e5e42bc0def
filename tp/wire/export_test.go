package wire

// SyntaxError says why a method has failed.
func (r *BinaryReader) SyntaxError() error { return r.syntaxError(r.format) }
