// Package mirror keeps copies of live models in step (the mirror protocol).
//
// A process hosts models in a [Session]. Each has a number, a type name, a [Value] and a
// revision. A client receives one snapshot of each model and from then on patches: short
// lists of operations, which [Diff] finds and [Apply] carries out, all or none. A client
// never changes its own copy: what it edits is a proposal, and the server decides, gives
// the result the next revision and sends it to every client, the one that proposed among
// them. What it refuses, it answers with the state as it is, and why.
//
// A model is a Go value that [Host] takes, of which a [Handle] finds what has changed, or a plain
// Value ([Session.HostValue]). A proposal for a Go value is converted to its type and validated.
// A client reads it as the same type, or one that has less, by [ModelOf].
//
// A [Server] shows the models of one session to its connections. A [Hub] has a session for
// each tenant, and models that tenants share, which a [Strategy] merges. A [Client] is the
// other end of a connection.
//
// None of them does I/O, waits, or starts a goroutine: frames go in, frames come out, and
// what moves them is elsewhere. A transport has [KeepFlushing] run beside it. Frames are JSON,
// MessagePack, CBOR, or of a codec of the program's own ([Codecs]).
package mirror
