// Package bench measures Telestruct side by side with what a developer would
// use instead, in one run and on the same data.
//
//	go test -bench . -cpu 1 -count 6 ./internal/bench
//
// Only the ratios of one run mean anything: machines differ, and so does one
// machine from hour to hour.
package bench
