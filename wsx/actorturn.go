package wsx

import (
	"net/http"
	"reflect"
	"time"
)

// work handles messages until there are none. It goes on, on another goroutine, when a
// handler has ended this one.
func (a *actor) work() {
	goesOn := false
	defer func() {
		if !goesOn { // see runtime.Goexit
			defer func() { go a.work() }() // also when a hook ends the goroutine as well
			a.panicked(errEnded)
		}
	}()
	for {
		l, ok := a.next()
		if !ok {
			break
		}
		a.handle(&l)
	}
	goesOn = true
}

// next returns what is to be handled. It reports false when there is nothing, and no
// goroutine is needed any more.
func (a *actor) next() (l letter, ok bool) {
	a.mu.Lock()
	a.watch.message = nil
	l, ok = a.box.take()
	if !ok && a.stopping && !a.stopped {
		a.stopped = true
		l, ok = letter{from: fromEnd}, true
	}
	var drained func()
	if !ok {
		a.running = false
		drained, a.drained = a.drained, nil
	}
	missed := a.missed
	a.missed = 0
	a.changed.Broadcast()
	a.mu.Unlock()
	if missed > 0 { // told here: those who gave these messages have a topic locked
		a.conn.lost(DropMailbox, missed)
	}
	if drained != nil {
		drained()
	}
	return l, ok
}

// handle handles one message. Its effects happen when all went well.
func (a *actor) handle(l *letter) {
	defer func() {
		if p := recover(); p != nil {
			a.panicked(p)
		}
	}()
	m := a.open(l)
	if m == nil {
		return
	}
	r := a.rules.choose(reflect.TypeOf(m), reflect.TypeOf(a.state))
	if r == nil {
		a.unhandled(l, m)
		return
	}
	start := a.watched(m)
	c := &Conn{id: a.conn.id(), context: a.context, out: a.conn.output}
	next, effects, err := r.handle(c, m, a.state)
	a.conn.observer.handled(time.Since(start))
	if err != nil {
		a.failed(m, err)
		return
	}
	a.enter(next)
	for i := range effects {
		a.carryOut(&effects[i], m)
	}
}

// handle calls the rule's function. It returns what the function has made of the message.
func (r *rule) handle(c *Conn, message any, state State) (next State, effects []effect, err error) {
	defer c.end()
	next, err = r.call(c, message, state)
	effects, fault := c.end()
	switch {
	case err != nil:
	case fault != nil:
		err = fault
	case next == nil:
		err = errNoState
	}
	return next, effects, err
}

// enter makes next the state.
func (a *actor) enter(next State) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.login != nil && reflect.TypeOf(next) != reflect.TypeOf(a.state) {
		a.login.Stop()
		a.login = nil
	}
	a.state = next
}

// unhandled is called for a message that no rule is for.
func (a *actor) unhandled(l *letter, m any) {
	if l.from == fromStart || l.from == fromEnd {
		return
	}
	a.conn.actors.tellUnhandled(Unhandled{Conn: a.conn.id(), Message: m, State: a.state})
	if l.from == fromClient {
		a.conn.unheard()
		return
	}
	a.conn.lost(DropUnheard, 1)
}

// failed is called when a handler has returned an error.
func (a *actor) failed(m any, err error) {
	end, goesOn, isExpected := verdictOn(err)
	a.report(m, err, isExpected)
	if !goesOn {
		a.close(CauseError, end)
	}
}

// report tells the program of an error.
func (a *actor) report(m any, err error, isExpected bool) {
	a.conn.actors.tell(&HandlerError{
		Conn: a.conn.id(), Message: typeName(m), State: typeName(a.state), Err: err, IsExpected: isExpected,
	})
}

// panicked is called when a handler has panicked.
func (a *actor) panicked(p any) {
	defer a.close(CausePanic, ending{code: CodeInternalError})
	if p != http.ErrAbortHandler {
		a.mu.Lock()
		message := a.watch.message
		a.mu.Unlock()
		a.conn.report(&HandlerPanic{Conn: a.conn.id(), Message: typeText(message), State: typeName(a.state), Value: p})
	}
}

// typeText returns the name of a type; a word where there is none, as when a message panics
// that decodes itself.
func typeText(t reflect.Type) string {
	if t == nil {
		return "a message"
	}
	return t.String()
}
