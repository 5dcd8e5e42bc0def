// Package mw has what most services put around their functions: who calls, how often,
// what is logged and counted, and what happens to panics and to calls that take too
// long. Every function returns a [tp.Option] that brings everything it needs, schema
// definitions among them, and means the same over HTTP, over WebSockets and within a
// process.
//
// Options of different kinds may be given in any order: tp says when each has its turn.
// Logging and Metrics see every request from beginning to end; then [Auth] finds out who
// calls, [RateLimit] and [Unsafe] decide, the arguments are read, and what [tp.Use] was
// given runs, [Recover] among it, the first one outermost.
package mw
