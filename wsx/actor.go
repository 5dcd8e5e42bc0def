package wsx

import "net/http"

// State is what an actor knows between two messages: a value of any Go type. As the type
// of a rule's state it stands for all.
type State = any

// actorMode is what all actors of an endpoint have in common.
type actorMode struct {
	initial func(*http.Request) (State, error)
}

// actor is the service of a connection that has private state. Messages for it wait in its
// mailbox, and a goroutine runs while there are any.
type actor struct {
	conn  *connection
	state State
}

// newActor returns the actor of a connection that r has asked for.
func (a *actorMode) newActor(c *connection, _ *http.Request, state State) *actor {
	return &actor{conn: c, state: state}
}

func (a *actor) receive(m *message) (room bool) { m.release(); return true }
func (a *actor) awaitRoom()                     {}
func (a *actor) tick()                          {}
func (a *actor) refuse()                        {}
func (a *actor) drain(drained func())           { drained() }
func (a *actor) stop()                          {}
