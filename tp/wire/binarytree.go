package wire

// Skip reads any value and drops it.
func (r *BinaryReader) Skip() bool { panic("not there yet") }

// Value reads any value and returns its value tree, which is the caller's own.
// Keys that are numbers become names by f. It fails on a map that has a key twice.
func (r *BinaryReader) Value(f *Fields) (any, bool) { panic("not there yet") }

// GoValue is Value as users read one: as [Reader.GoValue].
func (r *BinaryReader) GoValue(f *Fields) (any, bool) { panic("not there yet") }

// AppendValue appends the value tree v; keys that names has become numbers. It
// fails as the function [AppendValue] does.
func (f Format) AppendValue(b []byte, v any, names *Fields) ([]byte, error) { panic("not there yet") }

func (r *BinaryReader) syntaxError() *SyntaxError { panic("not there yet") }
