package wsx

import (
	"context"
	"fmt"
	"reflect"
)

// Step is what a handler has done with a message; see [Run].
type Step struct {
	// State is the state after it.
	State State
	// Effects are what it has asked for, in this order.
	Effects []Effect
}

// Run handles one message as an actor with these rules would, without a connection, and
// carries nothing out: it is for tests of handlers. It fails with a [*NoRuleError] when no
// rule is for the message, and with what the handler returns; the state is then unchanged,
// and there are no effects. Panics of the handler are not caught. It panics itself for rules
// that [Actor] panics for, and for a nil message or state.
//
// The message is of the type that the rule takes: an M where an endpoint has [JSONMessage] of
// it, and not its text. [Conn.ID] is number 1 on the node "test", and [Conn.Out] has ended.
//
//	step, err := wsx.Run(AwaitingName{}, "ada", wsx.On(name))
func Run(state State, message any, list ...Rule) (Step, error) {
	if state == nil || message == nil {
		panic("wsx: Run: the state and the message must not be nil")
	}
	r := newRules(list).find(situation{reflect.TypeOf(message), reflect.TypeOf(state)})
	if r == nil {
		return Step{State: state}, &NoRuleError{Message: typeName(message), State: typeName(state)}
	}
	node := NewServer(NodeName("test"))
	c := &Conn{
		id:      ID{Node: node.Node(), Number: 1},
		context: context.Background,
		out:     func() *Topic { return &Topic{name: outPrefix + "1", server: node, gone: true} },
	}
	next, effects, err := r.handle(c, message, state)
	if err != nil {
		return Step{State: state}, err
	}
	step := Step{State: next}
	for i := range effects {
		step.Effects = append(step.Effects, effects[i].Effect)
	}
	return step, nil
}

// NoRuleError says that an actor has no rule for a message in a state.
type NoRuleError struct {
	// Message and State are the types.
	Message, State string
}

// Error returns one line with the types and the remedy.
func (e *NoRuleError) Error() string {
	return fmt.Sprintf("wsx: no rule is for %s in state %s: add wsx.On with a function that takes these", e.Message, e.State)
}
