// Package reflectschema derives a Telepact schema, and the plans that decode and
// encode its values, from Go types. It walks the types once, when an API is
// built; requests never come here.
//
// Most programs use package tp, which has aliases for the marker types below
// and builds APIs through a [Builder]; this package is for those that need the
// derivation without a server.
//
// # From Go to schema
//
// A struct becomes a struct.* definition named like the Go type, a sealed
// interface with a [Union] a union.* definition. The arguments and results of
// functions, the variants of unions and errors get no definition of their own.
// Every exported field carries a tag:
//
//	tag  = "-" | name [ "!" ] [ "?" ]
//	name = [ "@" ] letter { letter | digit | "_" }
//
// "!" makes the key optional and is part of it, "?" lets the value be null, "-"
// leaves the field out. The Go type has to be able to say what the tag
// promises:
//
//	field type                      "x"             "x!"          "x?"         "x!?"
//	scalar, struct, Link            required        use *T        use *T       use Optional
//	*T                              say ! or ?      nil: absent   nil: null    use Optional
//	[]T, map[string]T               nil is empty    nil: absent   refused      refused
//	[]byte, Selection               nil is empty    nil: absent   nil: null    use Optional
//	interface, any                  nil is invalid  nil: absent   nil: null    use Optional
//	Optional[T]                     refused         use *T        use *T       all three
//
// Fields of a [HeaderSet] are named "@…" and are always optional, without "!".
// Inside lists and maps a pointer element is a nullable one.
//
// # Scalars
//
// Integer kinds are integer, floats number, strings string, []byte bytes and
// the empty interface any. The kind decides: a time.Duration is an integer, its
// nanoseconds. Types that implement both encoding.TextMarshaler and
// encoding.TextUnmarshaler, such as time.Time, are a string. What a Go type
// refuses beyond its schema type is kept as a schema.Refinement.
//
// Every mistake is a [Problem] that says where, what was found, and what to
// write instead.
package reflectschema
