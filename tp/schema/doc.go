// Package schema is the intermediate representation of a Telepact schema: what
// its documents define, in what order, and where each definition came from.
//
// A [Schema] is made from documents ([Parse], [ParseDir]) or from definitions
// that were derived from Go types ([New]); both roads apply the same checks and
// end in the same immutable value, which is safe for concurrent use. It can be
// written as YAML and JSON and compared with another schema.
//
// Spec sections 8 to 11.
package schema
