// Package conformance holds servers and clients of this module to the Telepact
// conformance vectors: request and response pairs that every implementation of
// the protocol must agree on. The vectors are not part of this repository; their
// README says what is sent, how answers are compared and what the servers and
// clients under test do, and this package follows it section by section.
//
// Everything runs in this process. Most suites do without a network; those whose names
// end in -http and -ws repeat others over real connections. [Run] reads vector files and runs
// each case under every suite that its file names. A suite opens
// drivers; a driver makes one message of one statement.
package conformance
