package mirror

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
)

// told notes what a hook for failures is told.
type told struct{ text string }

func (n *told) hook(model uint64, err error) {
	n.text += fmt.Sprintf("%d: %s", model, err)
	if p, ok := errors.AsType[*PanicError](err); ok {
		n.text += fmt.Sprintf(" (%v, with stack: %t)", p.Value, len(p.Stack) > 0)
	}
	n.text += "\n"
}

func (n *told) was(t *testing.T, want string) {
	t.Helper()
	sameText(t, "told", want, n.text)
	n.text = ""
}

// touchy is a type whose Validate method panics on some of its values.
type touchy struct {
	Level int `tp:"level"`
}

func (v *touchy) Validate() error {
	switch v.Level {
	case 13:
		panic("secret of 13")
	case 14:
		return errors.New("14 is refused")
	}
	return nil
}

func setLevel(n int64) Op { return Set(Path{Key("level")}, Int(n)) }

// What panics on a proposal refuses it. The program is told why, and the client that it is so.
func TestServerFailures(t *testing.T) {
	t.Parallel()
	var n told
	session := NewSession()
	_, err := Host(session, &touchy{})
	sameError(t, "", err)
	server := NewServer(session, &ServerOptions{OnFailure: n.hook, Authorize: func(identity any, proposal Change) error {
		if proposal.ID == 2 {
			panic(io.EOF)
		}
		return nil
	}})
	_, err = session.HostValue("Lamp", lampValue(1), nil)
	sameError(t, "", err)
	l := connect(t, server, Opening{})
	l.got = ""
	l.propose(1, setLevel(14))
	l.got = ""
	n.was(t, "") // which is no fault of the program
	l.propose(1, setLevel(13))
	l.sent(`{"id":1,"rev":0,"t":"snapshot","type":"touchy","value":{"Map":{"level":{"Int":0}}}}` + "\n" +
		`{"error":"what validates the model has panicked","id":1,"rev":0,"t":"reject"}` + "\n")
	n.was(t, "1: mirror: panicked: what validates the model has panicked (secret of 13, with stack: true)\n")
	l.propose(2, setBrightness(5))
	if strings.Contains(l.got, "EOF") {
		t.Errorf("the client is told %s", l.got)
	}
	n.was(t, "2: mirror: panicked: what authorizes proposals has panicked (EOF, with stack: true)\n")
	l.got = ""
	l.propose(1, setLevel(1))
	l.sent(`{"id":1,"patch":{"ops":[{"Set":{"path":[{"Key":"level"}],"value":{"Int":1}}}],"rev":1},"t":"patch"}` + "\n")
}

// A check that panics refuses as well, on shared models, too.
func TestHubFailures(t *testing.T) {
	t.Parallel()
	var n told
	h := NewHub(&ServerOptions{OnFailure: n.hook})
	id := shareDoc(t, h, &SharedOptions{Check: func(v Value) (Value, error) {
		if x, _ := v.Get("x"); x == Int(13) {
			panic("secret")
		}
		return v, nil
	}})
	sameError(t, "", h.Subscribe("a", id, Write))
	l := connect(t, h, Opening{Tenant: "a"})
	l.sent(docX0)
	l.propose(id, setX(13))
	l.sent(docX0 + `{"error":"what checks the model has panicked","id":1099511627776,"rev":0,"t":"reject"}` + "\n")
	n.was(t, "1099511627776: mirror: panicked: what checks the model has panicked (secret, with stack: true)\n")
	l.propose(id, setX(5))
	l.sent(docX5)
	n.was(t, "")
}

// A codec that fails is told once, however many connections have it. The hook may use the server.
func TestCodecFailures(t *testing.T) {
	t.Parallel()
	var n told
	var codecs Codecs
	codec, err := codecs.Register(CustomCodec{ContentType: "x", Decode: func([]byte) (any, error) { return nil, io.EOF },
		Encode: func(document any) ([]byte, error) {
			if document.(map[string]any)["t"] == "patch" {
				return nil, io.ErrShortBuffer
			}
			panic("secret")
		}})
	sameError(t, "", err)
	session := NewSession()
	lamp := hostLamp(t, session)
	var server *Server
	server = NewServer(session, &ServerOptions{OnFailure: func(model uint64, err error) {
		server.Flush()
		n.hook(model, err)
	}})
	broken := 0
	for range 10 {
		server.Open(Opening{Query: Query{Codec: codec}, Send: func(out []Output) {
			for i := range out {
				if out[i].Err != nil {
					broken++
				}
			}
		}})
	}
	n.was(t, `1: mirror: panicked: the codec "x" has panicked (secret, with stack: true)`+"\n")
	sameError(t, "", lamp.Replace(lampValue(5)))
	server.Flush()
	n.was(t, `1: mirror: bad_value: the codec "x" failed: short buffer`+"\n")
	if broken != 20 {
		t.Errorf("%d frames are broken, want 20", broken)
	}
}

// hooked calls a hook, and returns what is logged by then.
func hooked(t *testing.T, hook func(model uint64, err error), err *Error) string {
	t.Helper()
	var log bytes.Buffer
	before := slog.Default()
	defer slog.SetDefault(before)
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}})))
	f := newFailures(hook)
	f.note(7, err)
	f.tell()
	return log.String()
}

// The log has no word of what a client has sent. It is that of the process: no other test may run.
func TestFailuresLogged(t *testing.T) {
	theirs := Path{Key("sent")}
	outOfRange := panicOf(func() { _ = []int{}[len(theirs)] })
	tests := []struct {
		name string
		hook func(uint64, error)
		err  *Error
		want string
	}{
		{"panic", nil, &Error{Code: Panicked, Path: theirs, Reason: "a method has panicked", Cause: &PanicError{Value: "sent", Stack: []byte("main.go:1")}},
			`level=ERROR msg="mirror function panicked" model=7 reason="a method has panicked" panic=string stack=main.go:1` + "\n"},
		{"fault of the runtime", nil, &Error{Code: Panicked, Reason: "it has panicked", Cause: &PanicError{Value: outOfRange, Stack: []byte("x")}},
			`level=ERROR msg="mirror function panicked" model=7 reason="it has panicked" panic="runtime error: index out of range [1] with length 0" stack=x` + "\n"},
		{"codec", nil, &Error{Code: BadValue, Path: theirs, Reason: "sent", Cause: io.EOF},
			`level=ERROR msg="mirror codec failed" model=7 code=bad_value cause=*errors.errorString` + "\n"},
		{"hook", func(uint64, error) { panic("sent") }, &Error{Code: Panicked},
			`level=ERROR msg="mirror failure hook panicked" model=7 panic=string` + "\n"},
		{"silence", func(uint64, error) {}, &Error{Code: Panicked}, ""},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) { sameText(t, "log", tc.want, hooked(t, tc.hook, tc.err)) })
	}
}

// panicOf returns what fn panics with.
func panicOf(fn func()) (p any) {
	defer func() { p = recover() }()
	fn()
	return nil
}
