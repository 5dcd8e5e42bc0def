package schema

import (
	"fmt"

	"github.com/telestruct/telestruct/tp/wire"
)

// Origin says where a definition, tag or field was written: in a document, or
// in Go. The zero value says nothing.
type Origin struct {
	// Document is the document's name; Path leads to the place in it, and
	// Location is that place in the text.
	Document string
	Path     wire.Path
	Location Location
	// Go is the Go type or field, such as "calculator.Add.Left", and Site the
	// file:line that gave the type to the API.
	Go   string
	Site string
}

// String returns "calc.telepact.yaml:3:5" for a document, its name alone when
// the place in it is not known, and "calculator.Add.Left" for Go.
func (o Origin) String() string {
	switch {
	case o.Go != "":
		return o.Go
	case o.Location == Location{}:
		return o.Document
	}
	return fmt.Sprintf("%s:%d:%d", o.Document, o.Location.Row, o.Location.Col)
}

// Location is a point in a document's text, both parts counted from 1 and
// columns in characters (spec section 10).
type Location struct {
	Row, Col int
}
