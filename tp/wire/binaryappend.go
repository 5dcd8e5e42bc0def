package wire

// AppendNull appends null.
func (f Format) AppendNull(b []byte) []byte { panic("not there yet") }

// AppendBool appends a boolean.
func (f Format) AppendBool(b []byte, v bool) []byte { panic("not there yet") }

// AppendInt appends an integer in its shortest form.
func (f Format) AppendInt(b []byte, v int64) []byte { panic("not there yet") }

// AppendFloat appends a float of 64 bits. It fails on NaN and infinities.
func (f Format) AppendFloat(b []byte, v float64) ([]byte, bool) { panic("not there yet") }

// AppendString appends a string. It fails when v is not valid UTF-8.
func (f Format) AppendString(b []byte, v string) ([]byte, bool) { panic("not there yet") }

// AppendBytes appends raw bytes.
func (f Format) AppendBytes(b, v []byte) []byte { panic("not there yet") }

// AppendArray appends the head of an array of n elements, which follow.
func (f Format) AppendArray(b []byte, n int) []byte { panic("not there yet") }

// AppendMap appends the head of a map of n entries, which follow.
func (f Format) AppendMap(b []byte, n int) []byte { panic("not there yet") }

// AppendKey appends a map key: the number that names has for it, or else the
// name. It fails when the name is not valid UTF-8.
func (f Format) AppendKey(b []byte, name string, names *Fields) ([]byte, bool) {
	panic("not there yet")
}

// AppendMarker appends the marker that begins a packed list.
func (f Format) AppendMarker(b []byte) []byte { panic("not there yet") }

// AppendUndefined appends a cell without a value.
func (f Format) AppendUndefined(b []byte) []byte { panic("not there yet") }

// AppendValue appends the value tree v; keys that names has become numbers. It
// fails as the function [AppendValue] does.
func (f Format) AppendValue(b []byte, v any, names *Fields) ([]byte, error) { panic("not there yet") }
