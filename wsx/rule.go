package wsx

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"reflect"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// Rule is what an actor does about messages of one type while its state has one type. [On]
// makes it.
type Rule struct{ rule *rule }

type rule struct {
	message, state reflect.Type
	where          string // the function is, for people
	call           func(c *Conn, message any, state State) (State, error)
}

// On makes a rule of a function, whose parameters say what it is for: messages of type M in
// states of type S. It returns the state that the actor has next, of any type, or an
// error, as [Actor] describes.
//
// Where several rules fit, one for exactly the type of the message comes before those
// whose M is an interface that the message implements, and these before those for any.
// Among them, one for exactly the type of the state comes before those whose S is an
// interface, and these before those for [State]. What is left to decide the order of the
// rules does. A rule whose M is any gets [Connected] and [Disconnected] as well, where no
// other rule is for them.
//
// It panics when fn is nil, and when M is a type that no message has, as *Connected is.
func On[M, S, N any](fn func(c *Conn, message M, state S) (next N, err error)) Rule {
	message, state := reflect.TypeFor[M](), reflect.TypeFor[S]()
	if fn == nil {
		panic(fmt.Sprintf("wsx: On: the function for %v in state %v is nil", message, state))
	}
	r := &rule{message: message, state: state, where: placeOf(fn)}
	if message.Kind() == reflect.Pointer && isOurs(message.Elem()) {
		panic(fmt.Sprintf("wsx: On: %s is for %v, which no message is: let it take a %v", r.where, message, message.Elem()))
	}
	r.call = func(c *Conn, message any, state State) (State, error) {
		next, err := fn(c, message.(M), state.(S))
		return next, err
	}
	return Rule{r}
}

// isOurs reports whether only the layer itself makes messages of a type.
func isOurs(t reflect.Type) bool {
	return t == reflect.TypeFor[Connected]() || t == reflect.TypeFor[Disconnected]() || t == reflect.TypeFor[Message]()
}

// placeOf returns the name of a function and the line it begins at.
func placeOf(fn any) string {
	f := runtime.FuncForPC(reflect.ValueOf(fn).Pointer())
	file, line := f.FileLine(f.Entry())
	return fmt.Sprintf("%s (%s:%d)", path.Base(f.Name()), path.Base(file), line)
}

// rules are those of an actor. They are safe for concurrent use.
type rules struct {
	list []*rule // in the order in which they are tried

	// chosen is what was found before. A map that is there does not change.
	chosen atomic.Pointer[map[situation]*rule]
	adding sync.Mutex
}

// situation is what the choice of a rule depends on.
type situation struct{ message, state reflect.Type }

// maxChosen is how many situations are remembered: more than programs have types for,
// unless they make them as they go.
const maxChosen = 1024

// newRules panics when two rules are for the same.
func newRules(list []Rule) *rules {
	r := &rules{}
	taken := map[situation]*rule{}
	for i, one := range list {
		if one.rule == nil {
			panic(fmt.Sprintf("wsx: Actor: rule %d is empty: make it with On", i+1))
		}
		s := situation{one.rule.message, one.rule.state}
		if first := taken[s]; first != nil {
			panic(fmt.Sprintf("wsx: Actor: two rules are for %v in state %v: %s and %s; remove one, or give it another state",
				s.message, s.state, first.where, one.rule.where))
		}
		taken[s] = one.rule
		r.list = append(r.list, one.rule)
	}
	slices.SortStableFunc(r.list, func(a, b *rule) int {
		return cmp.Or(breadth(a.message)-breadth(b.message), breadth(a.state)-breadth(b.state))
	})
	r.chosen.Store(&map[situation]*rule{})
	return r
}

// breadth returns 0 for one type, 1 for the types with some methods, and 2 for all.
func breadth(t reflect.Type) int {
	switch {
	case t.Kind() != reflect.Interface:
		return 0
	case t.NumMethod() > 0:
		return 1
	}
	return 2
}

// choose returns the rule for a situation; nil if there is none.
func (r *rules) choose(message, state reflect.Type) *rule {
	s := situation{message, state}
	if found, ok := (*r.chosen.Load())[s]; ok {
		return found
	}
	found := r.find(s)
	r.remember(s, found)
	return found
}

func (r *rules) find(s situation) *rule {
	for _, one := range r.list {
		if fits(s.message, one.message) && fits(s.state, one.state) {
			return one
		}
	}
	return nil
}

// fits reports whether a value of type t can be had as one of type as.
func fits(t, as reflect.Type) bool {
	return t == as || as.Kind() == reflect.Interface && t.Implements(as)
}

func (r *rules) remember(s situation, found *rule) {
	r.adding.Lock()
	defer r.adding.Unlock()
	old := *r.chosen.Load()
	if len(old) >= maxChosen {
		return
	}
	chosen := maps.Clone(old)
	chosen[s] = found
	r.chosen.Store(&chosen)
}

// hear reports whether any rule takes messages of a type.
func (r *rules) hear(message reflect.Type) bool {
	return slices.ContainsFunc(r.list, func(one *rule) bool { return fits(message, one.message) })
}
