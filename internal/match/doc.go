// Package match compares value trees: whole, or one as a part of the other, as mock
// servers and test clients do (spec section 18.3).
//
// Values are equal when they mean the same: the order of keys is irrelevant, that of
// elements is not, 1 equals 1.0, and raw bytes equal the same bytes.
package match
