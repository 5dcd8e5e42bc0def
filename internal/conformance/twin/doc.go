// Package twin says in Go types what the schema directory "example" of the
// conformance vectors says in a document. The cases that the vectors hold for
// functions over value trees so run through typed functions as well: decoded by
// plans into structs, and encoded from structs.
//
// What a function answers is scripted by its request. A [Script] reads the
// answer, and a [Decoder] turns it into Go values.
package twin
