package wsx

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
)

// TestHandlerLog is about the hooks that nobody has set. It does not run beside other
// tests, because there is one log.
func TestHandlerLog(t *testing.T) {
	var log bytes.Buffer
	before := slog.Default()
	defer slog.SetDefault(before)
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}})))
	id := ID{Node: "n", Number: 7}
	var o actorOptions
	o.tell(&HandlerError{Conn: id, Message: "string", State: "int", Err: errors.New("broken")})
	o.tell(&HandlerError{Conn: id, Message: "string", State: "int", Err: ErrMailboxFull, IsExpected: true})
	o.tell(&HandlerError{Err: errNoInitialState})
	o.tellUnhandled(Unhandled{Conn: id, Message: "secret", State: 5})
	logPanic(&HandlerPanic{Conn: id, Message: "string", State: "int", Value: "secret"}, []byte("stack"))
	logPanic(&HandlerPanic{Conn: id, Message: "string", State: "int", Value: errEnded}, []byte("stack"))
	want := []string{
		`level=ERROR msg="websocket handler failed" connection=n-7 message=string state=int error=broken`,
		`level=WARN msg="websocket handler failed" connection=n-7 message=string state=int error="wsx: the mailbox of the actor is full"`,
		`level=ERROR msg="websocket upgrade failed" error="the first function of the actor has returned nil in place of a state: return one, or an error"`,
		`level=DEBUG msg="websocket message dropped: no rule is for it" connection=n-7 message=string state=int`,
		`level=ERROR msg="websocket handler panicked" connection=n-7 message=string state=int panic=string stack=stack`,
		`level=ERROR msg="websocket handler panicked" connection=n-7 message=string state=int panic="the handler has ended its goroutine" stack=stack`,
	}
	if got := strings.TrimSpace(log.String()); got != strings.Join(want, "\n") {
		t.Errorf("log:\n%s\nwant:\n%s", got, strings.Join(want, "\n"))
	}
}

func TestHandlerHooksPanic(t *testing.T) {
	t.Parallel()
	o := actorOptions{onError: func(*HandlerError) { panic("hook") }, onUnhandled: func(Unhandled) { panic("hook") }}
	o.tell(&HandlerError{})
	o.tellUnhandled(Unhandled{})
}

func TestHandlerErrorText(t *testing.T) {
	t.Parallel()
	cause := errors.New("broken")
	e := &HandlerError{Conn: ID{Node: "n", Number: 7}, Message: "string", State: "int", Err: cause}
	if got := e.Error(); got != "wsx: connection n-7: string in state int: broken" || !errors.Is(e, cause) {
		t.Errorf("error = %q", got)
	}
	if got := (&HandlerError{Err: cause}).Error(); got != "wsx: broken" {
		t.Errorf("error = %q", got)
	}
	if !errors.Is(Recoverable(cause), cause) || !errors.Is(CloseWith(4000, "", cause), cause) {
		t.Error("the cause of an error is lost")
	}
}
