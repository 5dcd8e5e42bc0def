package natsbus

import (
	"strings"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/telestruct/telestruct/wsx"
	"pgregory.net/rapid"
)

func TestSubject(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name    string
		address wsx.Address
		subject string
		pattern string
	}{
		{"topic", wsx.Address{Topic: "chat"}, "app.t.chat", "app.t.chat"},
		{"separators and wildcards", wsx.Address{Topic: "a.b *>"}, "app.t.a%2Eb%20%2A%3E", "app.t.a%2Eb%20%2A%3E"},
		{"escapes themselves", wsx.Address{Topic: "100%25"}, "app.t.100%2525", "app.t.100%2525"},
		{"other bytes", wsx.Address{Topic: "é\r\n"}, "app.t.%C3%A9%0D%0A", "app.t.%C3%A9%0D%0A"},
		{"reserved", wsx.Address{Topic: "_nodes"}, "app.t._nodes", "app.t._nodes"},
		{"node", wsx.Address{Node: "n-1"}, "app.c.n-1.0", "app.c.n-1.>"},
		{"turn in a topic", wsx.Address{Node: "n", Topic: "a.b"}, "app.c.n.t.a%2Eb", "app.c.n.t.a%2Eb"},
		{"client", wsx.Address{Node: "n.1", Conn: 17}, "app.c.n%2E1.17", "app.c.n%2E1.17"},
		{"actor", wsx.Address{Node: "n", Conn: 17, Input: true}, "app.c.n.17.in", "app.c.n.17.in"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := subject("app", tc.address); got != tc.subject {
				t.Errorf("subject = %q, want %q", got, tc.subject)
			}
			if got := pattern("app", tc.address); got != tc.pattern {
				t.Errorf("pattern = %q, want %q", got, tc.pattern)
			}
			if got, err := parseSubject("app", tc.subject); err != nil || got != tc.address {
				t.Errorf("parsed %+v, %v", got, err)
			}
		})
	}
}

func TestParseSubjectFails(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"", "app", "app.t", "app.t.", "other.t.chat", "appt.chat", "app.x.chat",
		"app.t.a.b", "app.t.*", "app.t.%", "app.t.%4", "app.t.%zz", "app.t.%41", "app.t.%2e", "app.t.é",
		"app.c", "app.c.n", "app.c.n.", "app.c..1", "app.c.n.x", "app.c.n.01", "app.c.n.-1", "app.c.n.+1",
		"app.c.n.18446744073709551616", "app.c.n.1.in.in", "app.c.n.1.out", "app.c.n.in", "app.c.n.1.",
		"app.c.n.t", "app.c.n.t.", "app.c.n.t.a.b", "app.c.n.t.%41", "app.c..t.x",
	} {
		if a, err := parseSubject("app", s); err == nil {
			t.Errorf("%q is %+v, want an error", s, a)
		}
	}
}

// Two names never have the same subject, and none has another token, a wildcard or
// anything that the protocol of NATS gives a meaning.
func TestEscapeIsInjective(t *testing.T) {
	t.Parallel()
	names := rapid.OneOf(rapid.String(), rapid.StringMatching(`[a.%*>2E ]{0,6}`), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }))
	rapid.Check(t, func(t *rapid.T) {
		a, b := names.Draw(t, "a"), names.Draw(t, "b")
		escaped := escape(a)
		if (escaped == escape(b)) != (a == b) {
			t.Errorf("%q and %q are %q and %q", a, b, escaped, escape(b))
		}
		if strings.ContainsFunc(escaped, func(r rune) bool { return r != '%' && (r > 0x7f || !isPlain(byte(r))) }) {
			t.Errorf("%q is %q", a, escaped)
		}
		if back, ok := unescape(escaped); back != a || ok != (a != "") {
			t.Errorf("%q came back as %q, %t", a, back, ok)
		}
	})
}

func FuzzParseSubject(f *testing.F) {
	for _, s := range []string{"app.t.chat", "app.c.n.1.in", "app.t.%2E", "app.c.%25.0", "app.c.n.t.x", "app.t.%", "app.c.n.01"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := parseSubject("app", s)
		if err != nil {
			return
		}
		if back := subject("app", a); back != s {
			t.Errorf("%q is %+v, which is %q", s, a, back)
		}
	})
}

func TestParseMessageFails(t *testing.T) {
	t.Parallel()
	valid := func() nats.Header { return newHeader(&wsx.BusMessage{Node: "n", From: wsx.ID{Node: "n", Number: 3}}) }
	cases := []struct {
		name    string
		subject string
		change  func(nats.Header)
		want    string // empty for no error
	}{
		{"nothing wrong", "app.t.x", func(nats.Header) {}, ""},
		{"from the program", "app.t.x", func(h nats.Header) { h.Set(headerFrom, ".0") }, ""},
		{"subject", "app.x.x", func(nats.Header) {}, `natsbus: "app.x.x" is no subject below "app"`},
		{"no kind", "app.t.x", func(h nats.Header) { h.Del(headerKind) }, `natsbus: a message on "app.t.x" was dropped: its Wsx-Kind is neither text nor binary`},
		{"kind", "app.t.x", func(h nats.Header) { h.Set(headerKind, "Text") }, `natsbus: a message on "app.t.x" was dropped: its Wsx-Kind is neither text nor binary`},
		{"no node", "app.t.x", func(h nats.Header) { h.Del(headerNode) }, `natsbus: a message on "app.t.x" was dropped: its Wsx-Node is no name`},
		{"node", "app.t.x", func(h nats.Header) { h.Set(headerNode, "a.b") }, `natsbus: a message on "app.t.x" was dropped: its Wsx-Node is no name`},
		{"no number", "app.t.x", func(h nats.Header) { h.Set(headerFrom, "n") }, `natsbus: a message on "app.t.x" was dropped: its Wsx-From is no connection`},
		{"node of it", "app.t.x", func(h nats.Header) { h.Set(headerFrom, "%.1") }, `natsbus: a message on "app.t.x" was dropped: its Wsx-From is no connection`},
		{"number too large", "app.t.x", func(h nats.Header) { h.Set(headerFrom, "n.18446744073709551616") }, `natsbus: a message on "app.t.x" was dropped: its Wsx-From is no connection`},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			h := valid()
			tc.change(h)
			text := ""
			if _, err := parseMessage("app", &nats.Msg{Subject: tc.subject, Header: h}); err != nil {
				text = err.Error()
			}
			if text != tc.want {
				t.Errorf("error = %s, want %s", text, tc.want)
			}
		})
	}
	if _, err := parseMessage("app", &nats.Msg{Subject: "app.t.x"}); err == nil {
		t.Error("a message without headers is one of ours")
	}
}

func FuzzParseHeader(f *testing.F) {
	f.Add("text", "n", "n.1")
	f.Add("binary", "%2E", ".0")
	f.Add("", "a.b", "n.01")
	f.Fuzz(func(t *testing.T, kind, node, from string) {
		m := wsx.BusMessage{}
		h := nats.Header{headerKind: {kind}, headerNode: {node}, headerFrom: {from}}
		if parseHeader(h, &m) != nil {
			return
		}
		again := wsx.BusMessage{}
		if err := parseHeader(newHeader(&m), &again); err != nil || again.Node != m.Node || again.From != m.From || again.Kind != m.Kind {
			t.Errorf("%+v came back as %+v, %v", m, again, err)
		}
		if size := headerSize(&m); size > headerRoom && len(node)+len(from) < 512 {
			t.Errorf("the headers of %+v take up to %d bytes", m, size)
		}
	})
}

// headerSize must not be less than what NATS counts.
func TestHeaderSize(t *testing.T) {
	t.Parallel()
	for _, node := range []string{"n", strings.Repeat(".", 100)} {
		m := &wsx.BusMessage{Node: node, Kind: wsx.Binary, From: wsx.ID{Node: node, Number: 1<<64 - 1}}
		msg := &nats.Msg{Subject: "s", Header: newHeader(m)}
		if got, most := msg.Size()-len(msg.Subject), headerSize(m); got > most {
			t.Errorf("headers of %q take %d bytes, said were %d", node, got, most)
		}
	}
}
