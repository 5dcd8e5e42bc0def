package wsx

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"sync"
	"time"

	"github.com/telestruct/telestruct/internal/web"
)

// State is what an actor knows between two messages: a value of any Go type. As the type
// of a rule's state it stands for all.
type State = any

// Actor gives every connection of an endpoint an actor of its own: a state, and rules for
// what to do with messages in it. Initial returns the state that the actor of a request
// begins with; see [Start]. With [Credentials] and the API of [Calls], [tp.Identity] finds in the
// request's context who the client is. An error of it refuses the connection: with the status of
// [Refuse], with that of an error that has a method StatusCode() int, else with 403.
//
// The rules are functions, which [On] turns into rules by the types of their parameters. One
// gets the message and the state, and returns the state after it. What it asks for with its
// [Conn] happens when it has returned without an error. The messages are
//
//   - [Connected] first, and [Disconnected] last, always and once
//   - a string or a []byte, which are the handler's to keep, for what the client says, or
//     what [JSONMessage] makes of it
//   - anything else that was posted, with [Conn.Post], [Conn.PostTo], [Conn.After], or
//     [Remote.Post]
//   - a [Message] of a topic that was subscribed to with [ToActor].
//
// The messages of one connection are handled one after the other, in the order in which
// they came; a handler may take its time, and slows down only its own client. Where no
// rule is for a message it is dropped, see [RefuseMessages] and [OnUnhandled].
//
// With an error the state stays and nothing that was asked for happens. It is reported to
// the hook of [OnError], and the connection is closed with [CodeInternalError] and without a
// reason, or as [CloseWith] says, or goes on, see [Recoverable]. A panic does the same as an
// error and is reported to the hook of [OnPanic], as a [*HandlerPanic]; [http.ErrAbortHandler]
// is not reported. To return nil in place of a state is an error.
//
// States are copied by assignment: what they point to is the program's to protect.
//
// It panics when initial is nil, for a rule that is empty, and for two rules that are for
// the same types.
func Actor(initial func(*http.Request) (State, error), list ...Rule) Option {
	if initial == nil {
		panic("wsx: Actor: no function for the state to begin with: use Start")
	}
	m := &actorMode{initial: initial, rules: newRules(list)}
	return func(s *settings) { s.actor = m }
}

// Start returns a function for [Actor] that lets every connection in, and lets its actor
// begin with a copy of s. It panics for nil.
func Start[S any](s S) func(*http.Request) (State, error) {
	if State(s) == nil {
		panic(fmt.Sprintf("wsx: Start[%v]: nil is no state", reflect.TypeFor[S]()))
	}
	return func(*http.Request) (State, error) { return s, nil }
}

// actorMode is what all actors of an endpoint have in common.
type actorMode struct {
	initial func(*http.Request) (State, error)
	rules   *rules
}

// actor is the service of a connection that has private state. Messages for it wait in its
// mailbox, and a goroutine runs while there are any.
type actor struct {
	conn   *connection
	rules  *rules
	values context.Context // of the request; it does not end
	state  State           // is changed by the goroutine, under mu

	mu       sync.Mutex
	changed  sync.Cond // there is room, or the goroutine has ended
	box      mailbox
	missed   int    // messages of topics, since that was told
	begun    bool   // messages are handled
	running  bool   // there is the goroutine
	refuses  bool   // messages of others are dropped
	over     bool   // all are but the last one
	stopping bool   // that one is due
	stopped  bool   // it was handled
	drained  func() // to be called when nothing waits any more
	ctx      context.Context
	cancel   context.CancelFunc // nil before a handler has asked for ctx
	timers   map[reflect.Type]*timer
	login    *time.Timer // of LoginTimeout, while it counts
	watch    watch
}

// newActor returns the actor of a connection that r has asked for.
func (m *actorMode) newActor(c *connection, r *http.Request, state State) *actor {
	a := &actor{conn: c, rules: m.rules, values: web.Detach(r), state: state}
	a.changed.L = &a.mu
	if m.rules.hear(reflect.TypeFor[Connected]()) {
		copied := r.Clone(a.values)
		copied.Body = http.NoBody
		a.box.put(letter{fromStart, copied})
	}
	return a
}

// actor returns the actor of the connection; nil if there is none.
func (c *connection) actor() *actor {
	s := c.service
	if x, ok := s.(*mixed); ok {
		s = x.others
	}
	a, _ := s.(*actor)
	return a
}

// begin begins to handle messages.
func (a *actor) begin() {
	a.mu.Lock()
	a.begun = true
	if d := a.conn.actors.loginTimeout; d > 0 {
		a.login = time.AfterFunc(d, a.expelled)
	}
	mustWork := a.box.len() > 0
	a.running = mustWork
	a.mu.Unlock()
	if mustWork {
		go a.work()
	}
}

func (a *actor) receive(m *message) (room bool) {
	a.mu.Lock()
	if a.refuses {
		a.mu.Unlock()
		m.release()
		return true
	}
	mustWork := a.put(letter{fromClient, m})
	room = a.box.hasRoom()
	a.mu.Unlock()
	if mustWork {
		go a.work()
	}
	return room
}

func (a *actor) awaitRoom() {
	a.mu.Lock()
	defer a.mu.Unlock()
	for !a.box.hasRoom() && !a.refuses {
		a.changed.Wait()
	}
}

func (a *actor) tick() {}

func (a *actor) refuse() {
	_, cause := a.conn.whyEnded()
	a.mu.Lock()
	defer a.mu.Unlock()
	a.refuses = true
	if !cause.leavesRest() {
		a.giveUp()
	}
	a.changed.Broadcast()
}

// giveUp drops all that waits.
func (a *actor) giveUp() {
	a.refuses, a.over = true, true
	a.box.drop()
	a.stopTimers()
}

// drain lets what waits be handled. Timers that have not expired are not waited for.
func (a *actor) drain(drained func()) {
	a.mu.Lock()
	a.refuses = true
	if a.running {
		a.drained, drained = drained, nil
	}
	a.changed.Broadcast()
	a.mu.Unlock()
	if drained != nil {
		drained()
	}
}

// stop lets the last message be handled, and waits for that.
func (a *actor) stop() {
	a.mu.Lock()
	a.refuses, a.begun, a.stopping = true, true, true
	a.stopTimers()
	a.stopContext()
	mustWork := !a.running
	a.running = true
	a.mu.Unlock()
	if mustWork {
		go a.work()
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for a.running {
		a.changed.Wait()
	}
	a.stopContext()
	a.watch.stop()
}

// close closes the connection because of what a handler did.
func (a *actor) close(cause Cause, why ending) {
	a.mu.Lock()
	a.giveUp()
	a.changed.Broadcast()
	a.mu.Unlock()
	a.conn.closeFor(cause, why)
}

// context returns the context of the connection, which is made when it is asked for.
func (a *actor) context() context.Context {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.cancel == nil {
		a.ctx, a.cancel = context.WithCancel(a.values)
	}
	return a.ctx
}

// stopContext ends it. The last handler gets another one.
func (a *actor) stopContext() {
	if a.cancel != nil {
		a.cancel()
		a.ctx, a.cancel = nil, nil
	}
}

// describe adds to info what is known of the actor.
func (a *actor) describe(info *ClientInfo) {
	a.mu.Lock()
	state, waiting := reflect.TypeOf(a.state), a.box.len()
	a.mu.Unlock()
	info.State, info.Pending = state.String(), waiting
}
