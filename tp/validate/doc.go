// Package validate checks value trees against a schema, and says of everything
// that is wrong where it is, what was found and what would do.
//
// Every function lists its failures in one fixed order: missing keys in the
// order of declaration before present keys in the order of the document, array
// elements by position, headers by name (spec sections 3.1, 4, 5 and 6.2).
//
// Trees come from a decoder or from users' code. Of the latter nothing is taken
// on trust: a Go value that is no part of a tree, NaN, text that is not UTF-8, a
// key that an object holds twice and a tree that contains itself are failures.
//
// The work is linear in the size of the value, valid values cost few
// allocations, and what comes out is bounded by [MaxFailures].
//
// All functions are safe for concurrent use and change none of their arguments.
package validate
