package errtree_test

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"

	"github.com/telestruct/telestruct/internal/errtree"
)

// endless wraps itself.
type endless struct{}

func (endless) Error() string   { return "endless" }
func (e endless) Unwrap() error { return e }

// growing wraps two of itself.
type growing struct{}

func (growing) Error() string     { return "growing" }
func (g growing) Unwrap() []error { return []error{g, nil, g} }

func TestHas(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		err  error
		want []string // what is looked at
		has  bool
	}{
		{"nothing", nil, nil, false},
		{"itself", io.EOF, []string{"EOF"}, true},
		{"another one", io.ErrNoProgress, []string{io.ErrNoProgress.Error()}, false},
		{"wrapped", fmt.Errorf("a: %w", io.EOF), []string{"a: EOF", "EOF"}, true},
		{"the first is found first", fmt.Errorf("%w, %w", io.EOF, io.ErrNoProgress), nil, true},
		{"the second", errors.Join(fmt.Errorf("a: %w", io.ErrNoProgress), io.EOF), nil, true},
		{"none of them", errors.Join(io.ErrNoProgress, io.ErrShortWrite), nil, false},
	}
	for _, tc := range tests {
		var seen []string
		has := errtree.Has(tc.err, 1000, func(err error) bool {
			seen = append(seen, err.Error())
			return err == io.EOF
		})
		if has != tc.has || tc.want != nil && !slices.Equal(seen, tc.want) {
			t.Errorf("%s: %v, looked at %q; want %v, %q", tc.name, has, seen, tc.has, tc.want)
		}
	}
}

func TestHasGivesUp(t *testing.T) {
	t.Parallel()
	for _, err := range []error{endless{}, growing{}} {
		met := 0
		if errtree.Has(err, 100, func(error) bool { met++; return false }) || met > 100 {
			t.Errorf("%v: met %d errors, want 100 at most and nothing found", err, met)
		}
	}
}
