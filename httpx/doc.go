// Package httpx serves a [tp.Server] over HTTP, and calls one.
//
// One request message is the body of one POST, and the response message is the
// body of its answer. The status is 200 whenever there is a message, or 429 if the
// message says that the caller calls too often: a Telepact error is an answer, not a
// failure of HTTP.
package httpx
