package mirror

// AppendEvent appends the Server-Sent Event of a frame whose codec is JSON (section 11).
func AppendEvent(b []byte, f Frame) []byte {
	b = append(b, "data: "...)
	b = append(b, f.Data...) // has no line breaks
	return append(b, "\n\n"...)
}
