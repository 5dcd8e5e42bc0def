// Package interop tests that Telestruct and the official Telepact library for
// Python understand each other, over HTTP: either side calls the other, in JSON,
// with binary answers, in binary, and in binary with packed lists. All these ways
// the same calls get the same answers. Over a WebSocket it sees that the official client
// and schema parser understand what is pushed between the answers.
//
// The mock servers of both are stubbed, called and verified in the same way, and make up the
// same answers from the same seed.
//
// It also tests that live models are understood by the library transports for Python: its
// clients mirror and edit what our server hosts, and our clients what its server hosts, in
// JSON and in MessagePack, while the hosts change their models at random. In the end all of
// them have the same.
//
// The libraries are not part of this repository. TELESTRUCT_PYTHON names a Python
// interpreter that has the packages of testdata/requirements.txt; without it the
// tests are skipped. The file .ci/run makes one.
//
// It contains no code for others.
package interop
