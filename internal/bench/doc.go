// Package bench measures Telestruct side by side with what a developer would
// use instead, in one run and on the same data.
//
//	go test -run '^$' -bench Process/json -cpu 1 ./internal/bench
//
// Only the ratios of one run mean anything: machines differ, and so does one
// machine from hour to hour. Command report takes medians of several runs and makes
// the tables of docs/performance.md.
package bench
