package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
)

// command runs programs.
type command struct {
	dir      string    // what directories of suites are relative to
	messages io.Writer // for people who wait
}

// run runs a program in a directory and returns what it prints. The error of a program
// that fails says what it printed.
func (c command) run(ctx context.Context, dir, program string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = filepath.Join(c.dir, dir)
	var out, messages bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &messages
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%s %s: %w\n%s%s", program, strings.Join(args, " "), err, &out, &messages)
	}
	return out.Bytes(), nil
}

// say tells how far the work is.
func (c command) say(format string, args ...any) { fmt.Fprintf(c.messages, format+"\n", args...) }
