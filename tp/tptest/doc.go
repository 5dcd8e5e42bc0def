// Package tptest helps testing programs that serve Telepact, or call what does: without
// ports, without sleeping, and without code that every test would repeat.
//
// [New] builds an API and calls its functions, within the process or over HTTP and WebSockets
// on connections in memory, in any encoding, as anybody. [Serve] and [Connect] are the same for
// handlers of any kind, rooms and actors among them; [Listen] waits for what is published on a
// topic, and [Log] keeps what a program logs. All of it works in a bubble of
// [testing/synctest], and ends with the test.
//
// [SchemaMatches] and [Compatible] compare the schema of an API with documents: what was
// agreed on, and what was released.
package tptest

import "time"

// patience is how long a test waits for what must come, however busy the machine is.
const patience = time.Minute
