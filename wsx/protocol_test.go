package wsx_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/telestruct/telestruct/wsx"
)

const rsv1, rsv2, rsv3 = 0x40, 0x20, 0x10

// part is a frame that a client sends.
type part struct {
	op      byte
	payload string
}

// TestFrames sends frames by themselves, as RFC 6455 allows them and not. The answer of
// a server that got a message it does not understand shows that it got the message.
func TestFrames(t *testing.T) {
	t.Parallel()
	heart := strings.Repeat("x", 124)
	tests := []struct {
		name string
		send []part
		want []heard
	}{
		{"one frame", []part{{fin | opText, greetAnn}}, []heard{{fin | opText, greetedAnn}}},
		{"one frame, binary", []part{{fin | opBinary, greetAnn}}, []heard{{fin | opText, greetedAnn}}},
		{"two fragments", []part{{opText, greetAnn[:9]}, {fin | opContinuation, greetAnn[9:]}}, []heard{{fin | opText, greetedAnn}}},
		{"empty fragments", []part{{opText, ""}, {opContinuation, greetAnn}, {opContinuation, ""}, {fin | opContinuation, ""}}, []heard{{fin | opText, greetedAnn}}},
		{"every byte a fragment", bytewise(greetAnn), []heard{{fin | opText, greetedAnn}}},
		{"a ping between fragments", []part{{opText, greetAnn[:9]}, {fin | opPing, "p"}, {fin | opContinuation, greetAnn[9:]}},
			[]heard{{fin | opPong, "p"}, {fin | opText, greetedAnn}}},
		{"a pong that nobody asked for", []part{{fin | opPong, "p"}, {fin | opText, greetAnn}}, []heard{{fin | opText, greetedAnn}}},
		{"an empty message", []part{{fin | opText, ""}}, []heard{{fin | opText, garbage}}},
		{"the longest ping", []part{{fin | opPing, heart + "x"}}, []heard{{fin | opPong, heart + "x"}}},
		{"an empty ping", []part{{fin | opPing, ""}}, []heard{{fin | opPong, ""}}},

		{"a ping that is too long", []part{{fin | opPing, heart + "xx"}}, closed(1002, wsx.ReasonProtocolError)},
		{"a ping in fragments", []part{{opPing, "p"}}, closed(1002, wsx.ReasonProtocolError)},
		{"rsv1", []part{{fin | rsv1 | opText, greetAnn}}, closed(1002, wsx.ReasonProtocolError)},
		{"rsv2", []part{{fin | rsv2 | opText, greetAnn}}, closed(1002, wsx.ReasonProtocolError)},
		{"rsv3 of a ping", []part{{fin | rsv3 | opPing, ""}}, closed(1002, wsx.ReasonProtocolError)},
		{"an opcode that is reserved", []part{{fin | 0x3, ""}}, closed(1002, wsx.ReasonProtocolError)},
		{"a control opcode that is reserved", []part{{fin | 0xb, ""}}, closed(1002, wsx.ReasonProtocolError)},
		{"a continuation of nothing", []part{{fin | opContinuation, "x"}}, closed(1002, wsx.ReasonProtocolError)},
		{"a message within a message", []part{{opText, "["}, {fin | opText, greetAnn}}, closed(1002, wsx.ReasonProtocolError)},

		{"close", []part{{fin | opClose, closing(1000, "")}}, closed(1000, "")},
		{"close with a reason", []part{{fin | opClose, closing(1000, "bye")}}, closed(1000, "")},
		{"close without a code", []part{{fin | opClose, ""}}, []heard{{fin | opClose, ""}}},
		{"close with the longest reason", []part{{fin | opClose, closing(4000, heart[:123])}}, closed(4000, "")},
		{"close with half a code", []part{{fin | opClose, "x"}}, closed(1002, wsx.ReasonProtocolError)},
		{"close with a reason that is not UTF-8", []part{{fin | opClose, closing(1000, "\xce\xba\xff")}}, closed(1007, wsx.ReasonInvalidText)},
		{"close that is too long", []part{{fin | opClose, closing(1000, heart)}}, closed(1002, wsx.ReasonProtocolError)},
	}
	for _, code := range []int{1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999} {
		want := closed(code, map[int]string{1002: wsx.ReasonProtocolError, 1007: wsx.ReasonInvalidText, 1009: wsx.ReasonTooBig}[code])
		tests = append(tests, struct {
			name string
			send []part
			want []heard
		}{"close code that is valid", []part{{fin | opClose, closing(code, "")}}, want})
	}
	for _, code := range []int{0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535} {
		tests = append(tests, struct {
			name string
			send []part
			want []heard
		}{"close code that is invalid", []part{{fin | opClose, closing(code, "")}}, closed(1002, wsx.ReasonProtocolError)})
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			hearsAfter(t, tc.send, tc.want)
		})
	}
}

// closed is what the server says when it closes a connection.
func closed(code int, reason string) []heard {
	return []heard{{fin | opClose, closing(code, reason)}}
}

// bytewise cuts a text message into fragments of one byte.
func bytewise(message string) []part {
	parts := []part{{opText, message[:1]}}
	for i := 1; i < len(message); i++ {
		parts = append(parts, part{opContinuation, message[i : i+1]})
	}
	parts[len(parts)-1].op |= fin
	return parts
}

// hearsAfter sends frames and fails unless it hears what is wanted, and after a close
// frame nothing more.
func hearsAfter(t *testing.T, send []part, want []heard, options ...wsx.Option) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { hears(t, send, want, options) })
}

func hears(t *testing.T, send []part, want []heard, options []wsx.Option) {
	t.Helper()
	p := newSite(t, wsx.Handler(build(t), options...)).dial()
	sent := make(chan struct{})
	go func() { // the server may answer before it has read everything
		defer close(sent)
		for _, f := range send {
			p.try(masked(f.op, f.payload))
		}
	}()
	defer func() { p.cut(); <-sent }()
	for _, w := range want {
		p.want(w.op, w.payload)
		if w.op == fin|opClose {
			p.try(masked(w.op, w.payload))
			p.wantEnd()
		}
	}
}

// TestUTF8 sends texts whole, in fragments that cut every character, and as binary.
func TestUTF8(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		valid      bool
	}{
		{"ascii", "Ann", true},
		{"two bytes", "κόσμε", true},
		{"first and last of each length", "\x00\x7f\u0080\u07ff\u0800\uffff\U00010000\U0010ffff", true},
		{"around the surrogates", "\ud7ff\ue000\ufffd", true},
		{"noncharacters", "\ufffe\uffff\U0001fffe", true},
		{"a lone continuation", "\x80", false},
		{"a lone start", "\xc3", false},
		{"a start without its continuation", "\xc3(", false},
		{"overlong, two bytes", "\xc0\xaf", false},
		{"overlong, three bytes", "\xe0\x80\xaf", false},
		{"overlong, four bytes", "\xf0\x80\x80\xaf", false},
		{"overlong null", "\xc0\x80", false},
		{"a surrogate", "\xed\xa0\x80", false},
		{"a pair of surrogates", "\xed\xa0\x80\xed\xb0\x80", false},
		{"beyond unicode", "\xf4\x90\x80\x80", false},
		{"five bytes", "\xf8\x88\x80\x80\x80", false},
		{"impossible bytes", "\xfe\xff", false},
		{"cut in three bytes", "\xe2\x82", false},
		{"cut in four bytes", "κόσμε\xf0\x9f\x98", false},
		{"after much that is valid", strings.Repeat("κ", 5000) + "\xff", false},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			want := closed(1007, wsx.ReasonInvalidText)
			if tc.valid {
				want = []heard{{fin | opText, garbage}}
			}
			hearsAfter(t, []part{{fin | opText, tc.text}}, want)
			if len(tc.text) < 100 && len(tc.text) > 1 {
				hearsAfter(t, bytewise(tc.text), want)
				withPings := []part{}
				for _, f := range bytewise(tc.text) {
					withPings = append(withPings, f, part{fin | opPong, "\xff"})
				}
				hearsAfter(t, withPings, want)
			}
		})
	}
}

// TestRawFrames sends what no client library can be made to send.
func TestRawFrames(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		raw  string
		want []heard
	}{
		{"not masked", "\x81\x02[]", closed(1002, wsx.ReasonProtocolError)},
		{"a ping that is not masked", "\x89\x00", closed(1002, wsx.ReasonProtocolError)},
		{"a length beyond 63 bits", "\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00", closed(1002, wsx.ReasonProtocolError)},
		{"a control frame with a long length", "\x89\xfe\x00\x80\x00\x00\x00\x00", closed(1002, wsx.ReasonProtocolError)},
		{"a large length", "\x81\xff\x40\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00" + strings.Repeat("x", 300<<10), closed(1009, wsx.ReasonTooBig)},
		{"no WebSocket", "GET / HTTP/1.1\r\n\r\n", closed(1002, wsx.ReasonProtocolError)},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := newSite(t, wsx.Handler(build(t))).dial()
				sent := make(chan struct{})
				go func() { defer close(sent); p.try([]byte(tc.raw)) }()
				for _, w := range tc.want {
					p.want(w.op, w.payload)
				}
				p.wantEnd()
				<-sent
			})
		})
	}
}

func TestMaxMessage(t *testing.T) {
	t.Parallel()
	const limit = 1000
	answered := []heard{{fin | opText, garbage}}
	message := strings.Repeat("x", limit)
	hearsAfter(t, []part{{fin | opText, message}}, answered, wsx.MaxMessage(limit))
	hearsAfter(t, []part{{opText, message}, {opContinuation, ""}, {fin | opContinuation, ""}}, answered, wsx.MaxMessage(limit))
	hearsAfter(t, []part{{fin | opText, message + "x"}}, closed(1009, wsx.ReasonTooBig), wsx.MaxMessage(limit))
	hearsAfter(t, []part{{opText, message}, {fin | opContinuation, "x"}}, closed(1009, wsx.ReasonTooBig), wsx.MaxMessage(limit))
}

// TestStalledMessage begins messages and never ends them.
func TestStalledMessage(t *testing.T) {
	t.Parallel()
	message := masked(fin|opText, greetAnn)
	tests := []struct {
		name string
		send []byte
	}{
		{"in the payload", message[:20]},
		{"before the payload", message[:6]},
		{"between fragments", masked(opText, "[")},
		{"in the header of a fragment", append(masked(opText, "["), 0x80)},
		{"in a ping", masked(fin|opPing, "ping")[:7]},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := newSite(t, wsx.Handler(build(t))).dial()
				start := time.Now()
				p.write(tc.send)
				p.hearUntil(fin | opClose)
				if got := time.Since(start); got > 31*time.Second {
					t.Errorf("closed after %v, want 30s at most", got)
				}
			})
		})
	}
}

// TestByteASecond sends one byte a second of something that is never complete.
func TestByteASecond(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		byte func(i int) byte
		most time.Duration
	}{
		{"a header", func(int) byte { return 0xff }, 45 * time.Second},
		{"a message", func(i int) byte { return masked(fin|opText, strings.Repeat("x", 200))[i] }, 45 * time.Second},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := newSite(t, wsx.Handler(build(t))).dial()
				ended := make(chan time.Duration)
				start := time.Now()
				go func() {
					for {
						if _, err := p.next(); err != nil {
							ended <- time.Since(start)
							return
						}
					}
				}()
				for i := 0; ; i++ {
					if _, err := p.conn.Write([]byte{tc.byte(i)}); err != nil {
						break
					}
					time.Sleep(time.Second)
				}
				if got := <-ended; got > tc.most {
					t.Errorf("the connection lasted %v, want at most %v", got, tc.most)
				}
			})
		})
	}
}
