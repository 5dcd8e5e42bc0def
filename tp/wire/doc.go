// Package wire turns bytes into messages and value trees, and back.
//
// It knows the encodings of a Telepact message (spec sections 1, 7 and 14) and
// nothing else: no Go types of users and no schema. Typed functions read through
// [Reader] and [BinaryReader], and write through the Append functions and those of
// [Format], without building a tree; functions served from documents, headers, and
// every explanation of invalid input work on trees.
//
// A value tree is one of
//
//	nil                 null
//	bool                boolean
//	int64               an integer of the signed 64-bit range
//	float64             a number written with a fraction or an exponent
//	Number              a number that neither of the two can hold
//	string              valid UTF-8
//	[]byte              raw bytes, which JSON cannot write
//	[]any               array
//	Object              object, members in document order
package wire
