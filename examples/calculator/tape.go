package main

import (
	"context"
	"slices"
	"time"
)

// Calculation is one line of the tape.
type Calculation struct {
	_          struct{}           `doc:"One calculation of fn.evaluate that has a value."`
	Expression Expression         `tp:"expression"`
	With       map[string]float64 `tp:"with!" doc:"The values that fn.evaluate was given beside it."`
	Value      float64            `tp:"value"`
	At         time.Time          `tp:"at" doc:"When it was computed."`
}

// record writes a line on the tape and tears off the oldest one when the tape
// is too long. The user is locked.
func (u *user) record(c Calculation) {
	u.tape = append(u.tape, c)
	if over := len(u.tape) - maxTape; over > 0 {
		u.tape = slices.Delete(u.tape, 0, over)
	}
}

// ReadTape is what fn.readTape takes.
type ReadTape struct {
	Limit *int `tp:"limit!" doc:"How many calculations to read; all without it."`
}

// Tape is what fn.readTape answers.
type Tape struct {
	Calculations []Calculation `tp:"calculations"`
}

func (s *service) readTape(ctx context.Context, in *ReadTape) (*Tape, error) {
	u, err := userOf(ctx)
	if err != nil {
		return nil, err
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	latest := slices.Clone(u.tape)
	slices.Reverse(latest)
	if in.Limit != nil {
		latest = latest[:min(max(*in.Limit, 0), len(latest))]
	}
	return &Tape{Calculations: latest}, nil
}
