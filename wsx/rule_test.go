package wsx_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/telestruct/telestruct/wsx"
)

// Types for the selection of rules. A Fruit is a Plant, and a Cherry is Red as well.
type (
	Plant interface{ plant() }
	Red   interface{ red() }

	Apple  struct{}
	Cherry struct{}
	Stone  struct{}
)

func (Apple) plant()  {}
func (Cherry) plant() {}
func (Cherry) red()   {}

// named returns a rule whose next state is its name.
func named[M, S any](name string) wsx.Rule {
	return wsx.On(func(*wsx.Conn, M, S) (string, error) { return name, nil })
}

func TestRuleChoice(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name    string
		state   any
		message any
		rules   []wsx.Rule
		want    string
	}{
		{"exact", Apple{}, "m", []wsx.Rule{named[string, Apple]("apple"), named[string, Cherry]("cherry")}, "apple"},
		{"exact state before interface", Apple{}, "m", []wsx.Rule{named[string, Plant]("plant"), named[string, Apple]("apple")}, "apple"},
		{"interface before wildcard", Apple{}, "m", []wsx.Rule{named[string, wsx.State]("any"), named[string, Plant]("plant")}, "plant"},
		{"first interface", Cherry{}, "m", []wsx.Rule{named[string, Red]("red"), named[string, Plant]("plant")}, "red"},
		{"first interface, other order", Cherry{}, "m", []wsx.Rule{named[string, Plant]("plant"), named[string, Red]("red")}, "plant"},
		{"interface that does not fit", Apple{}, "m", []wsx.Rule{named[string, Red]("red"), named[string, wsx.State]("any")}, "any"},
		{"wildcard", Stone{}, "m", []wsx.Rule{named[string, wsx.State]("any")}, "any"},
		{"exact message before interface", Apple{}, Cherry{}, []wsx.Rule{named[Plant, Apple]("plant"), named[Cherry, Apple]("cherry")}, "cherry"},
		{"message interface before any", Apple{}, Cherry{}, []wsx.Rule{named[any, Apple]("any"), named[Red, Apple]("red")}, "red"},
		{"message decides before state", Apple{}, "m", []wsx.Rule{named[any, Apple]("apple"), named[string, wsx.State]("string")}, "string"},
		{"any message", Apple{}, []byte("m"), []wsx.Rule{named[string, Apple]("string"), named[any, wsx.State]("any")}, "any"},
		{"pointers are other types", &Apple{}, "m", []wsx.Rule{named[string, Apple]("apple"), named[string, Plant]("plant")}, "plant"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			step, err := wsx.Run(tc.state, tc.message, tc.rules...)
			if step.State != tc.want || err != nil {
				t.Errorf("rule = %v, %v, want %v", step.State, err, tc.want)
			}
		})
	}
}

func TestNoRule(t *testing.T) {
	t.Parallel()
	step, err := wsx.Run(Apple{}, 5, named[string, Apple]("apple"), named[int, Red]("red"))
	want := &wsx.NoRuleError{Message: "int", State: "wsx_test.Apple"}
	if got, ok := errors.AsType[*wsx.NoRuleError](err); !ok || *got != *want || step.State != (Apple{}) {
		t.Errorf("Run() = %v, %v, want the state and %v", step, err, want)
	}
	const text = "wsx: no rule is for int in state wsx_test.Apple: add wsx.On with a function that takes these"
	if err.Error() != text {
		t.Errorf("error = %q, want %q", err, text)
	}
}

func TestRuleMistakes(t *testing.T) {
	t.Parallel()
	start := wsx.Start(Guest{})
	cases := []struct {
		name string
		make func()
		want []string // parts of the text
	}{
		{"duplicate", func() { wsx.Actor(start, wsx.On(duplicateOne), named[int, Apple]("a"), wsx.On(duplicateTwo)) },
			[]string{"two rules are for string in state wsx_test.Guest", "duplicateOne (rule_test.go:", "duplicateTwo (rule_test.go:", "remove one"}},
		{"nil function", func() { wsx.On[string, Guest, Guest](nil) }, []string{"the function for string in state wsx_test.Guest is nil"}},
		{"empty rule", func() { wsx.Actor(start, named[int, Apple]("a"), wsx.Rule{}) }, []string{"rule 2 is empty: make it with On"}},
		{"pointer to lifecycle", func() { named[*wsx.Connected, Guest]("a") }, []string{"*wsx.Connected, which no message is: let it take a wsx.Connected"}},
		{"pointer to topic message", func() { named[*wsx.Message, Guest]("a") }, []string{"let it take a wsx.Message"}},
		{"no initial", func() { wsx.Actor(nil) }, []string{"no function for the state to begin with: use Start"}},
		{"nil start", func() { wsx.Start[error](nil) }, []string{"wsx: Start[error]: nil is no state"}},
		{"run with nil", func() { _, _ = wsx.Run(nil, "m") }, []string{"must not be nil"}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				text := fmt.Sprint(recover())
				for _, part := range tc.want {
					if !strings.Contains(text, part) {
						t.Errorf("panic = %q, want %q in it", text, part)
					}
				}
			}()
			tc.make()
		})
	}
}

func duplicateOne(*wsx.Conn, string, Guest) (Guest, error)     { return Guest{}, nil }
func duplicateTwo(*wsx.Conn, string, Guest) (wsx.State, error) { return Guest{}, nil }

// kindOfRule is one of the rules that the model below chooses from.
type kindOfRule struct {
	message, state reflect.Type
	make           func(name string) wsx.Rule
}

func kindOf[M, S any]() kindOfRule {
	return kindOfRule{reflect.TypeFor[M](), reflect.TypeFor[S](), named[M, S]}
}

func forMessage[M any]() []kindOfRule {
	return []kindOfRule{kindOf[M, Apple](), kindOf[M, Cherry](), kindOf[M, Stone](), kindOf[M, Plant](), kindOf[M, Red](), kindOf[M, any]()}
}

// TestRuleChoiceModel compares the choice with its description, read from the end: it goes
// through all rules and keeps the best.
func TestRuleChoiceModel(t *testing.T) {
	t.Parallel()
	var all []kindOfRule
	for _, some := range [][]kindOfRule{forMessage[Apple](), forMessage[Cherry](), forMessage[Stone](), forMessage[Plant](), forMessage[Red](), forMessage[any]()} {
		all = append(all, some...)
	}
	values := []any{Apple{}, Cherry{}, Stone{}}
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.SliceOfNDistinct(rapid.IntRange(0, len(all)-1), 0, 12, rapid.ID[int]).Draw(t, "rules")
		message, state := rapid.SampledFrom(values).Draw(t, "message"), rapid.SampledFrom(values).Draw(t, "state")
		want, best := "", 1<<30
		var rules []wsx.Rule
		for i, at := range some {
			name := fmt.Sprint(i)
			rules = append(rules, all[at].make(name))
			m, s := distance(message, all[at].message), distance(state, all[at].state)
			if rank := m*10000 + s*100 + i; m >= 0 && s >= 0 && rank < best {
				want, best = name, rank
			}
		}
		step, err := wsx.Run(state, message, rules...)
		if want == "" {
			if err == nil {
				t.Fatalf("rule %v, want none", step.State)
			}
			return
		}
		if step.State != want {
			t.Fatalf("rule %v, want %v", step.State, want)
		}
	})
}

// distance says how exactly a type is what a value is: 0 is best, and negative not at all.
func distance(v any, t reflect.Type) int {
	switch {
	case reflect.TypeOf(v) == t:
		return 0
	case t.Kind() != reflect.Interface || !reflect.TypeOf(v).Implements(t):
		return -1
	case t.NumMethod() > 0:
		return 1
	}
	return 2
}
