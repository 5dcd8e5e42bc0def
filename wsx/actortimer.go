package wsx

import (
	"reflect"
	"time"
)

// timer is a message that an actor gets when a time is over.
type timer struct {
	message any
	clock   *time.Timer
}

// after makes the actor get a message when a time is over, in place of one of the same type.
// The one that is replaced may wait in the mailbox already, so it counts only when it is
// handled that it is still in timers.
func (a *actor) after(d time.Duration, message any) {
	t := &timer{message: message}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.stopping || a.over {
		return
	}
	kind := reflect.TypeOf(message)
	if old := a.timers[kind]; old != nil {
		old.clock.Stop()
	}
	if a.timers == nil {
		a.timers = map[reflect.Type]*timer{}
	}
	a.timers[kind] = t
	t.clock = time.AfterFunc(d, func() { a.postSelf(letter{fromTimer, t}) })
}

// expire returns the message of a timer whose time is over; nil when it was replaced.
func (a *actor) expire(t *timer) any {
	a.mu.Lock()
	defer a.mu.Unlock()
	kind := reflect.TypeOf(t.message)
	if a.timers[kind] != t {
		return nil
	}
	delete(a.timers, kind)
	if len(a.timers) == 0 {
		a.timers = nil
	}
	return t.message
}

// stopTimers ends all that wait.
func (a *actor) stopTimers() {
	for _, t := range a.timers {
		t.clock.Stop()
	}
	a.timers = nil
	if a.login != nil {
		a.login.Stop()
		a.login = nil
	}
}

// expelled is what the timer of LoginTimeout does.
func (a *actor) expelled() {
	a.mu.Lock()
	counts := a.login != nil
	a.mu.Unlock()
	if counts {
		a.conn.close(ending{CodePolicy, ReasonAuthTimeout})
	}
}

// watch looks after how long a handler takes. Its timer is set again when it is over, not for
// each message, and there is none while the actor is idle. The lock of the actor guards it.
type watch struct {
	timer   *time.Timer
	message reflect.Type // that is being handled; nil if none is
	since   time.Time
	told    bool // that it takes long
}

func (w *watch) stop() {
	if w.timer != nil {
		w.timer.Stop()
	}
}

// watched notes that the handling of a message begins, now.
func (a *actor) watched(m any) time.Time {
	now := time.Now()
	a.mu.Lock()
	defer a.mu.Unlock()
	a.watch.message, a.watch.since, a.watch.told = reflect.TypeOf(m), now, false
	if a.watch.timer == nil {
		a.watch.timer = time.AfterFunc(a.conn.actors.stuckAfter, a.look)
	}
	return now
}

// look is what the timer of the watch does.
func (a *actor) look() {
	o := &a.conn.actors
	a.mu.Lock()
	w := &a.watch
	if w.message == nil {
		w.timer = nil
		a.mu.Unlock()
		return
	}
	took := time.Since(w.since)
	isStuck := took >= o.stuckAfter && !w.told
	isOver := o.cutAfter > 0 && took >= o.cutAfter
	w.told = w.told || isStuck
	w.timer.Reset(o.nextLook(took))
	e := &HandlerError{Conn: a.conn.id(), Message: w.message.String(), State: typeName(a.state), Err: ErrStuck, IsExpected: !isOver}
	a.mu.Unlock()
	if isStuck {
		o.tell(e)
	}
	if isOver {
		a.conn.closeFor(CauseStuck, ending{code: CodeInternalError})
	}
}

// nextLook returns when to look again at a handler that has taken some time.
func (o *actorOptions) nextLook(took time.Duration) time.Duration {
	switch {
	case took < o.stuckAfter:
		return o.stuckAfter - took
	case took < o.cutAfter:
		return o.cutAfter - took
	}
	return o.stuckAfter
}
