package wsx

import (
	"reflect"
	"sync"
	"testing"
)

func TestRulesRemember(t *testing.T) {
	t.Parallel()
	r := newRules([]Rule{On(func(_ *Conn, _ any, s State) (State, error) { return s, nil })})
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for n := range 2 * maxChosen {
				message := reflect.ArrayOf(n, reflect.TypeFor[byte]())
				if r.choose(message, message) != r.list[0] {
					t.Errorf("no rule for %v", message)
				}
			}
		})
	}
	wg.Wait()
	if n := len(*r.chosen.Load()); n != maxChosen {
		t.Errorf("%d situations are remembered, want %d", n, maxChosen)
	}
}

func TestRulesRememberNone(t *testing.T) {
	t.Parallel()
	r := newRules([]Rule{On(func(_ *Conn, _ string, s int) (int, error) { return s, nil })})
	for range 2 {
		if found := r.choose(reflect.TypeFor[int](), reflect.TypeFor[int]()); found != nil {
			t.Errorf("rule = %v, want none", found)
		}
		if found := r.choose(reflect.TypeFor[string](), reflect.TypeFor[int]()); found != r.list[0] {
			t.Errorf("rule = %v, want the only one", found)
		}
	}
}
