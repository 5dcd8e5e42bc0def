package wsx

import (
	"log/slog"
	"net/http"
	"runtime/debug"
)

// OnFunctionPanic sets what is done with panics of functions that subscribe to topics of
// the server. A panic ends the call that it happens in, and nothing else; that of
// [http.ErrAbortHandler] is not told. The default, and nil, write a record to
// [log/slog.Default], as [OnPanic] does.
func OnFunctionPanic(hook func(topic string, value any, stack []byte)) ServerOption {
	return func(s *Server) { s.onFunctionPanic = hook }
}

// Subscribe calls fn with each message that is published from now on, until stop is
// called. The calls come one after the other, in the order of the topic, and publishing
// does not wait for them. A function that falls behind by more than 4096 messages or
// 16 MiB misses the oldest of them, which [Message.Missed] of the next one tells.
//
// Stop may be called more than once, and by fn. It waits for nothing: a call that has
// begun goes on, and there are no others. A panic of fn ends only the call; see
// [OnFunctionPanic]. Subscribe does nothing for the output and input of a connection that
// has ended. It panics for a nil fn.
func (t *Topic) Subscribe(fn func(Message)) (stop func()) {
	f := t.newFunction("Subscribe", fn)
	if t.join(f, 0) != nil { // nothing will ever be published
		f.stop() // who has not joined must not leave
	}
	return f.leave
}

// SubscribeSince does the same, but begins with the messages after a position that the
// topic's [History] has, with no gap before what is published from now on and nothing
// twice. For the zero Position that is all it has. It fails as [Topic.Since] does, and
// with [ErrGone].
func (t *Topic) SubscribeSince(after Position, fn func(Message)) (stop func(), err error) {
	f := t.newFunction("SubscribeSince", fn)
	if err := t.joinSince(f, after); err != nil {
		return nil, err
	}
	return f.leave, nil
}

// topicFunc is a function that subscribes to a topic.
type topicFunc struct {
	listener[*delivery]
	topic *Topic
	slot  int
}

func (t *Topic) newFunction(caller string, fn func(Message)) *topicFunc {
	if fn == nil {
		panic("wsx: " + caller + ": nil function")
	}
	return &topicFunc{topic: t, listener: listener[*delivery]{
		call: func(d *delivery, missed int) {
			defer t.recovered()
			m := d.message
			m.Missed = missed
			fn(m)
		},
		size: func(d *delivery) int { return len(d.message.Data) },
	}}
}

func (f *topicFunc) deliver(d *delivery)        { f.put(d) }
func (f *topicFunc) deliverKept(ds []*delivery) { f.begin(ds) }
func (f *topicFunc) place() *int                { return &f.slot }

// leave ends the subscription.
func (f *topicFunc) leave() {
	if f.stop() {
		f.topic.leave(f)
	}
}

// recovered is deferred where a topic calls a function of the program's own.
func (t *Topic) recovered() {
	value := recover()
	if value == nil || value == http.ErrAbortHandler {
		return
	}
	defer drop()
	if hook := t.server.onFunctionPanic; hook != nil {
		hook(t.name, value, debug.Stack())
		return
	}
	slog.Error("function of a topic panicked", "topic", t.name, "panic", panicText(value), "stack", string(debug.Stack()))
}
