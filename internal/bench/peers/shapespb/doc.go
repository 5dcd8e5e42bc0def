// Package shapespb has the payloads of internal/bench/shapes as messages of Protocol
// Buffers.
package shapespb

//go:generate go run github.com/bufbuild/buf/cmd/buf@v1.50.0 generate
