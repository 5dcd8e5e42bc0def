// Package sample makes values that a schema calls valid: the examples of
// fn.api_, the answers of mock servers, and what test clients expect.
//
// A [Generator] is seeded, and the same seed gives the same values everywhere:
// the draws are those of spec section 12, bit by bit. Values are the value trees
// of package wire, with raw bytes where the schema says bytes.
//
// # Go types
//
// A type expression that was derived from a Go type may accept less than its
// text says (see [schema.Refinement]). Samples keep within it and spend the same
// draws: an integer out of range is folded into it, a number loses what a
// float32 cannot hold, and a word that the Go type refuses gives way to the
// first text that it takes of a fixed list (times, identifiers, addresses and the
// like) and of what it writes for its zero value and for 1. If it takes none, the word
// stays, and the validator says so.
//
// # Recursive types
//
// Spec section 12 puts no end to a value whose type contains itself: with all
// optional fields, and lists of two, a tree grows for ever. A value is made to
// the letter of the specification whenever that ends within what a message can
// carry. Otherwise it is made anew, from the same draws, and whatever contains
// itself is cut short where it does for the first time: inside, optional fields
// are left out, nullable values are null, lists and objects are empty, and a
// union has the tag that ends soonest. Such values are valid, too.
package sample
