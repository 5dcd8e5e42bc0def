package wsx

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestFrameHeader(t *testing.T) {
	t.Parallel()
	tests := []struct {
		n    int
		want string
	}{
		{0, "\x81\x00"},
		{125, "\x81\x7d"},
		{126, "\x81\x7e\x00\x7e"},
		{65535, "\x81\x7e\xff\xff"},
		{65536, "\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00"},
	}
	for _, tc := range tests {
		f := newFrame(frameText, bytes.Repeat([]byte("x"), tc.n))
		if want := tc.want + strings.Repeat("x", tc.n); string(f.bytes) != want {
			t.Errorf("%d bytes: frame begins %q, want %q", tc.n, f.bytes[:min(len(f.bytes), maxHeader)], tc.want)
		}
		f.release()
	}
}

func TestCloseFrame(t *testing.T) {
	t.Parallel()
	tests := []struct {
		end  ending
		want string
	}{
		{ending{CodeNormal, ""}, "\x88\x02\x03\xe8"},
		{ending{CodeGoingAway, ReasonDrained}, "\x88\x09\x03\xe9drained"},
		{ending{code: CodeNoCode}, "\x88\x00"},
		{ending{CodePolicy, strings.Repeat("x", 200)}, "\x88\x7d\x03\xf0" + strings.Repeat("x", 123)},
	}
	for _, tc := range tests {
		f := newCloseFrame(tc.end)
		if string(f.bytes) != tc.want || f.kind != kindClose {
			t.Errorf("%+v: frame %q, want %q", tc.end, f.bytes, tc.want)
		}
		back, ok := parseCloseFrame(f.bytes)
		if want := (ending{tc.end.code, clipped(tc.end.reason)}); !ok || back != want {
			t.Errorf("%+v: parsed %+v, %v", tc.end, back, ok)
		}
		f.release()
	}
	for _, wrong := range []string{"", "\x88", "\x81\x00", "\x88\x01x", "\x88\x02x", "\x88\x82\x03\xe8", "\x88\x00x", "\x88\x7e\x00\x00"} {
		if end, ok := parseCloseFrame([]byte(wrong)); ok {
			t.Errorf("parsed %q as %+v", wrong, end)
		}
	}
}

func TestClipped(t *testing.T) {
	t.Parallel()
	for _, reason := range []string{"", "short", strings.Repeat("x", 123), strings.Repeat("x", 124), strings.Repeat("ä", 80), "x" + strings.Repeat("😀", 40)} {
		got := clipped(reason)
		if len(got) > 123 || !utf8.ValidString(got) || !strings.HasPrefix(reason, got) || len(reason) <= 123 && got != reason || len(reason) > 123 && len(got) < 120 {
			t.Errorf("clipped(%q) = %q", reason, got)
		}
	}
}

func FuzzCloseFrame(f *testing.F) {
	for _, seed := range []string{"\x88\x00", "\x88\x02\x03\xe8", "\x88\x09\x03\xe9drained", "\x88\x01x", "\x88\x030\xcd\x99"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		end, ok := parseCloseFrame(b)
		if !ok {
			return
		}
		if end.code == CodeNoCode && len(b) > 2 {
			return // 1005 is no code that is sent, so it is not written back
		}
		back := newCloseFrame(end)
		if utf8.ValidString(end.reason) && !bytes.Equal(back.bytes, b) {
			t.Errorf("%q is %+v, which is %q", b, end, back.bytes)
		}
	})
}
