package main

import (
	"context"
	"maps"

	"github.com/telestruct/telestruct/tp"
)

// Evaluate is what fn.evaluate takes.
type Evaluate struct {
	Expression Expression         `tp:"expression"`
	With       map[string]float64 `tp:"with!" doc:"Values that take the place of variables for this calculation only."`
}

// Evaluation is what fn.evaluate answers.
type Evaluation struct {
	Value float64               `tp:"value"`
	Save  tp.Link[SaveVariable] `tp:"save" doc:"Call it to keep the value in the variable ans."`
}

func (s *service) evaluate(ctx context.Context, in *Evaluate) (*Evaluation, error) {
	u, err := userOf(ctx)
	if err != nil {
		return nil, err
	}
	if err := checkWith(in.With); err != nil {
		return nil, err
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	value, err := in.Expression.value(&scope{lookup: u.lookup(in.With)})
	if err != nil {
		return nil, err
	}
	u.record(Calculation{
		Expression: in.Expression,
		With:       maps.Clone(in.With),
		Value:      value,
		At:         s.now().UTC(),
	})
	return &Evaluation{
		Value: value,
		Save:  tp.LinkTo(&SaveVariable{Name: "ans", Value: value}),
	}, nil
}

// checkWith keeps the tape, which remembers what it is given, from growing without
// end.
func checkWith(with map[string]float64) error {
	for name := range with {
		if err := within(maxName, len(name), "bytes of a name"); err != nil {
			return err
		}
	}
	return within(maxVariables, len(with), "variables")
}

// lookup finds values in the given map first, then among the user's variables.
// The user is locked.
func (u *user) lookup(with map[string]float64) func(string) (float64, bool) {
	return func(name string) (float64, bool) {
		if value, ok := with[name]; ok {
			return value, true
		}
		v, ok := u.variables[name]
		return v.Value, ok
	}
}
