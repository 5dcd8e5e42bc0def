// Package load tests servers and clients under load, over real connections of the
// loopback interface.
//
// The load is 64 WebSockets with 32 calls in flight on each. It lasts as long as the
// flag -load says, 5 seconds by default:
//
//	go test -race ./internal/load -load 60s
//
// One test drops connections on both sides meanwhile, another replaces the server again
// and again. Both keep a ledger of which calls ran and what their callers were told, and
// want the two sides to agree. A third test sends hostile clients.
//
// Another test has many clients mirror a live model that changes all the time, and wants all of
// them to have the same in the end. It says how far they were behind, and what that took:
//
//	go test ./internal/load -run TestMirrors -v -load 60s -mirrors 1000
//
// BenchmarkNeighbours measures what hostile clients do to the others: the slowest
// hundredth of calls, in p99-ns, without and with them.
package load
