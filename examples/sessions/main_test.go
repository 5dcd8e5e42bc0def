package main

import (
	"context"
	"net"
	"testing"
	"time"
)

func TestRun(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if err := run(t.Context(), l.Addr().String(), newDirectory()); err == nil {
		t.Error("the program serves at an address that is taken")
	}
	ctx, stop := context.WithTimeout(t.Context(), time.Nanosecond)
	defer stop()
	if err := run(ctx, "127.0.0.1:0", newDirectory()); err != nil {
		t.Errorf("a program that is stopped ends with %v", err)
	}
}
