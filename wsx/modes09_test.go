package wsx_test

import (
	"io"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/telestruct/telestruct/wsx"
)

// TestModes09Limits holds clients to the size of messages, and pages to their origin.
func TestModes09Limits(t *testing.T) {
	t.Parallel()
	t.Run("size", func(t *testing.T) {
		t.Parallel()
		const limit = 64 << 10
		pack := func(n int) string {
			return packed(t, func(w io.Writer) { _, _ = io.WriteString(w, strings.Repeat("a", n)) })
		}
		for _, tc := range []struct {
			name    string
			op      byte
			payload string
			size    int // once unpacked
		}{
			{"as large as may be", fin | opText, strings.Repeat("a", limit), limit},
			{"larger by one", fin | opBinary, strings.Repeat("a", limit+1), limit + 1},
			{"packed", fin | rsv1 | opText, pack(limit), limit},
			{"packed, larger by one", fin | rsv1 | opText, pack(limit + 1), limit + 1},
			{"a small bomb", fin | rsv1 | opText, pack(2 << 20), 2 << 20},
		} {
			t.Run(tc.name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					srv := wsx.NewServer()
					said := srv.NewTopic("said")
					var sizes []int
					defer said.Subscribe(func(m wsx.Message) { sizes = append(sizes, len(m.Data)) })()
					p := newSite(t, srv.New(wsx.Accept(said), wsx.Compression())).dial(offersDeflate)
					go p.try(masked(tc.op, tc.payload))
					if tc.size > limit {
						p.want(fin|opClose, closing(1009, wsx.ReasonTooBig))
						p.cut()
					}
					synctest.Wait()
					if want := tc.size <= limit; (len(sizes) == 1 && sizes[0] == tc.size) != want {
						t.Errorf("messages of %v bytes came, want one: %v", sizes, want)
					}
				})
			})
		}
	})
	t.Run("of one connection", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			srv := wsx.NewServer()
			p := newSite(t, srv.New(wsx.MaxMessage(10), wsx.Actor(wsx.Start(0), wsx.On(func(c *wsx.Conn, text string, n int) (int, error) {
				c.SetMaxMessage(map[string]int64{"more": 20, "as before": 0}[text])
				c.Reply(text)
				return n, nil
			})))).dial()
			for _, text := range []string{"more", strings.Repeat("a", 20), "more", "as before"} {
				p.send(fin|opText, text)
				p.want(fin|opText, text)
			}
			p.send(fin|opText, strings.Repeat("a", 11))
			p.wantClose(1009, wsx.ReasonTooBig)
		})
	})
	t.Run("origin", func(t *testing.T) {
		t.Parallel()
		srv := wsx.NewServer()
		s := newSite(t, srv.New(wsx.Room(srv.NewTopic("room"))))
		for line, want := range map[string]int{"X: y": 101, "Origin: https://example.com": 101, "Origin: https://evil.example": 403, "Origin: null": 403} {
			if got := s.refused(line).StatusCode; got != want {
				t.Errorf("%s: status %d, want %d", line, got, want)
			}
		}
	})
}
