package mirror

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// rejectTo returns the error that a client is told for a proposal, or "".
func rejectTo(t *testing.T, end Endpoint, id uint64, ops ...Op) (why string) {
	t.Helper()
	codec := MessagePack() // which takes less for what JSON escapes
	c := end.Open(Opening{Query: Query{Codec: codec}, Send: func(out []Output) {
		for _, o := range out {
			m, err := codec.Decode(o.Frame, Limits{})
			sameError(t, "", errors.Join(err, o.Err))
			if reject, ok := m.(Reject); ok {
				why = reject.Error
			}
		}
	}})
	defer end.Close(c)
	f, err := codec.Encode(Change{ID: id, Patch: Patch{Ops: ops}})
	sameError(t, "", err)
	sameError(t, "", end.Receive(c, f))
	return why
}

// What a client has written comes back to it shortened: rejects are the one thing that is kept
// for who does not read.
func TestRejectsAreShort(t *testing.T) {
	t.Parallel()
	session := NewSession()
	_, err := Host(session, &struct {
		At    time.Time      `tp:"at"`
		Names map[string]int `tp:"names"`
	}{})
	sameError(t, "", err)
	_, err = session.HostValue("Any", Map(nil), &UntypedOptions{Check: func(v Value) (Value, error) {
		if v.Len() > 0 {
			return v, errors.New("\xff is no text")
		}
		return v, nil
	}})
	sameError(t, "", err)
	long := strings.Repeat("\x01é", 100_000)
	server := NewServer(session, nil)
	cases := []struct {
		name string
		id   uint64
		op   Op
		want string // is a part of it
	}{
		{"a value", 1, Set(Path{Key("at")}, Str(long)), "at: parsing time"},
		{"a key", 1, Set(Path{Key("names"), Key(long)}, Str("no")), `names["\x01é`},
		{"a key that is not there", 1, Set(Path{Key(long), Key("x")}, Null()), `…: there is no key`},
		{"what is no text", 2, Set(Path{Key("a")}, Int(1)), "\uFFFD is no text"},
	}
	for _, tc := range cases {
		why := rejectTo(t, server, tc.id, tc.op)
		if !strings.Contains(why, tc.want) || len(why) > 2*maxSentence+20 {
			t.Errorf("%s: %d bytes: %.80q", tc.name, len(why), why)
		}
	}
}
