package wsx_test

import (
	"context"
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
	"github.com/google/go-cmp/cmp"
	"github.com/telestruct/telestruct/wsx"
)

// Answers come in any order, and each caller gets its own.
func TestClientAnswers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const calls = 20
		s := newClientPeer(t, func(ws *websocket.Conn, _ int64) {
			var all []clientRequest
			for range calls {
				r, _ := clientRead(t, ws)
				all = append([]clientRequest{r}, all...)
			}
			for _, r := range all {
				if r.kind != websocket.MessageText || r.function != "fn.echo" {
					t.Errorf("got %+v, want a text for fn.echo", r)
				}
				clientAnswer(ws, r)
			}
			_ = clientDrain(ws)
		})
		c := s.dial(t)
		var outcomes []<-chan clientOutcome
		for i := range calls {
			outcomes = append(outcomes, clientGo(t.Context(), c, fmt.Sprint(i)))
		}
		for i, outcome := range outcomes {
			if got, want := <-outcome, (clientOutcome{answer: clientResult(fmt.Sprint(i))}); got != want {
				t.Errorf("call %d: got %+v, want %+v", i, got, want)
			}
		}
		if got, want := c.Stats(), (wsx.ClientStats{Connections: 1}); got != want {
			t.Errorf("stats = %+v, want %+v", got, want)
		}
	})
}

// The @id_ of a caller comes back, and the server never sees it.
func TestClientOwnID(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newClientPeer(t, func(ws *websocket.Conn, _ int64) { clientEcho(t, ws) })
		c := s.dial(t)
		for _, id := range []string{`1`, `"one"`, `null`, `{"a":[1.50]}`} {
			got, err := c.RoundTrip(t.Context(), fmt.Appendf(nil, `[{"@id_":%s},{"fn.echo":{"name":"x"}}]`, id))
			if want := fmt.Sprintf(`[{"@id_":%s},{"Ok_":{"name":"x"}}]`, id); string(got) != want || err != nil {
				t.Errorf("id %s: got %q, %v, want %q", id, got, err, want)
			}
		}
	})
}

func TestClientNoMessage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newClientPeer(t, func(ws *websocket.Conn, _ int64) { clientEcho(t, ws) })
		_, err := s.dial(t).RoundTrip(t.Context(), []byte("hello"))
		if err == nil || !strings.HasPrefix(err.Error(), "wsx: the request is no message: ") {
			t.Errorf("error = %v", err)
		}
	})
}

// Answers without a number of ours belong to the only call there is, or to nobody.
func TestClientStrays(t *testing.T) {
	t.Parallel()
	const refusal = `[{},{"ErrorParseFailure_":{"reasons":[{"ExpectedJsonArrayOfTwoObjects":{}}]}}]`
	tests := []struct {
		name   string
		answer string // to the first of the calls, where %d is its number; the others get none
		calls  int
		want   string
		strays int64
	}{
		{"no id, one call", refusal, 1, refusal, 0},
		{"no id, two calls", refusal, 2, "", 1},
		{"another id", `[{"@id_":"of nobody"},{"Ok_":{}}]`, 1, `[{},{"Ok_":{}}]`, 0},
		{"another number", `[{"@id_":99},{"Ok_":{}}]`, 1, `[{},{"Ok_":{}}]`, 0},
		{"number out of range", `[{"@id_":0},{"Ok_":{}}]`, 2, "", 1},
		{"no message", `hello`, 1, `hello`, 0},
		{"of a topic", `[{"@topic":"t","@id_":%d},{"Ok_":{}}]`, 1, "", 1},
		{"of a topic, no id", `[{"@id_":"x","@\u0074opic":""},{"Ok_":{}}]`, 1, "", 1},
		{"refusal of a topic", strings.Replace(refusal, "{}", `{"@topic":"t"}`, 1), 1, "", 1},
		{"binary in a text", "\x12\x34", 2, "", 1},
		{"the id in another place", "[{\"@a\":1,\n\"@id_\":%d\n}, {\"Ok_\":{}}]", 2, "[{\"@a\":1\n}, {\"Ok_\":{}}]", 0},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newClientPeer(t, func(ws *websocket.Conn, _ int64) {
					first, _ := clientRead(t, ws)
					for range tc.calls - 1 {
						_, _ = clientRead(t, ws)
					}
					clientWrite(ws, "%s", strings.Replace(tc.answer, "%d", fmt.Sprint(first.id), 1))
					_ = clientDrain(ws)
				})
				c := s.dial(t)
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				first := clientGo(ctx, c, "first")
				for range tc.calls - 1 {
					synctest.Wait()
					clientGo(ctx, c, "other")
				}
				got := <-first
				if got.answer != tc.want || (got.err == nil) != (tc.want != "") {
					t.Errorf("got %q, %v, want %q", got.answer, got.err, tc.want)
				}
				if strays := c.Stats().Strays; strays != tc.strays {
					t.Errorf("strays = %d, want %d", strays, tc.strays)
				}
			})
		})
	}
}

// A late answer goes to nobody, also when it is the only one that could be meant.
func TestClientLateAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newClientPeer(t, func(ws *websocket.Conn, _ int64) {
			late, _ := clientRead(t, ws)
			next, _ := clientRead(t, ws)
			clientAnswer(ws, late)
			clientAnswer(ws, late) // twice
			clientAnswer(ws, next)
			_ = clientDrain(ws)
		})
		c := s.dial(t)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := c.RoundTrip(ctx, []byte(clientCall("late")))
		clientWantLost(t, err, true, context.DeadlineExceeded)
		clientWant(t.Context(), t, c, "next")
		if got, want := c.Stats(), (wsx.ClientStats{Connections: 1, Strays: 1}); got != want {
			t.Errorf("stats = %+v, want %+v", got, want)
		}
	})
}

// clientWantLost wants a [wsx.CallLostError] with a cause.
func clientWantLost(t testing.TB, err error, mayHaveRun bool, cause error) {
	t.Helper()
	var lost *wsx.CallLostError
	if !errors.As(err, &lost) || lost.MayHaveRun != mayHaveRun || !errors.Is(err, cause) {
		t.Errorf("error = %v, want a lost call that may have run: %v, because of %v", err, mayHaveRun, cause)
	}
}

// clientClosed is the code and reason that a call was lost because of.
func clientClosed(err error) (mayHaveRun bool, code int, reason string) {
	lost, _ := errors.AsType[*wsx.CallLostError](err)
	closed, _ := errors.AsType[*wsx.CloseError](err)
	if lost == nil || closed == nil {
		return false, 0, ""
	}
	return lost.MayHaveRun, closed.Code, closed.Reason
}

// What becomes of a call that the server has when the connection ends.
func TestClientDrop(t *testing.T) {
	t.Parallel()
	type outcome struct {
		Answered   bool // over the next connection
		MayHaveRun bool
		Code       int
		Reason     string
	}
	tests := []struct {
		name string
		drop func(*websocket.Conn)
		want outcome
	}{
		{"cut", func(ws *websocket.Conn) { _ = ws.CloseNow() }, outcome{MayHaveRun: true}},
		{"drained", func(ws *websocket.Conn) { _ = ws.Close(1001, "drained") }, outcome{Answered: true}},
		{"stopped", func(ws *websocket.Conn) { _ = ws.Close(1001, "stopped") }, outcome{MayHaveRun: true, Code: 1001, Reason: "stopped"}},
		{"normal", func(ws *websocket.Conn) { _ = ws.Close(1000, "drained") }, outcome{MayHaveRun: true, Code: 1000, Reason: "drained"}},
		{"policy", func(ws *websocket.Conn) { _ = ws.Close(1008, "abuse") }, outcome{MayHaveRun: true, Code: 1008, Reason: "abuse"}},
		{"bad text", func(ws *websocket.Conn) {
			clientWrite(ws, "[{},{\"Ok_\":{\"a\":\"\xff\"}}]")
			_ = clientDrain(ws)
		}, outcome{MayHaveRun: true, Code: 1007, Reason: "invalid utf-8"}},
		{"large", func(ws *websocket.Conn) {
			clientWrite(ws, `[{},{"Ok_":{"a":%q}}]`, strings.Repeat("x", 1000))
			_ = clientDrain(ws)
		}, outcome{MayHaveRun: true, Code: 1009, Reason: "message too big"}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newClientPeer(t, func(ws *websocket.Conn, n int64) {
					if n > 1 {
						clientEcho(t, ws)
						return
					}
					_, _ = clientRead(t, ws)
					_, _ = clientRead(t, ws)
					tc.drop(ws)
				})
				c := s.dial(t, func(o *wsx.DialOptions) { o.ReadLimit = 1000 })
				calls := []<-chan clientOutcome{clientGo(t.Context(), c, "1"), clientGo(t.Context(), c, "2")}
				for i, call := range calls {
					o := <-call
					var got outcome
					got.Answered = o.err == nil && o.answer == clientResult(fmt.Sprint(i+1))
					got.MayHaveRun, got.Code, got.Reason = clientClosed(o.err)
					if lost, ok := errors.AsType[*wsx.CallLostError](o.err); ok {
						got.MayHaveRun = lost.MayHaveRun
					}
					if diff := cmp.Diff(tc.want, got); diff != "" {
						t.Errorf("call %d: %v (-want +got):\n%s", i, o.err, diff)
					}
				}
				clientWant(t.Context(), t, c, "another") // also after a final close
				want := wsx.ClientStats{Connections: 2}
				if tc.want.Answered {
					want.Resent = 2
				}
				if got := c.Stats(); got != want {
					t.Errorf("stats = %+v, want %+v", got, want)
				}
			})
		})
	}
}

// Calls wait for a connection as long as their contexts do, and not too many of them.
func TestClientWaiting(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newClientPeer(t, func(ws *websocket.Conn, _ int64) { clientEcho(t, ws) })
		s.isDown.Store(true)
		c := s.dial(t, func(o *wsx.DialOptions) { o.Lazy, o.MaxWaiting = true, 2 })
		synctest.Wait()
		short, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		first, second := clientGo(short, c, "first"), clientGo(t.Context(), c, "second")
		synctest.Wait()
		_, err := c.RoundTrip(t.Context(), []byte(clientCall("third")))
		clientWantLost(t, err, false, wsx.ErrTooManyWaiting)

		err = (<-first).err
		clientWantLost(t, err, false, context.DeadlineExceeded)
		const want = "wsx: the call was not made: context deadline exceeded while there is no connection: " +
			"wsx: connect to ws://example.com/ws: nobody listens"
		if err.Error() != want {
			t.Errorf("error = %v, want %s", err, want)
		}
		third := clientGo(t.Context(), c, "third") // there is room again
		synctest.Wait()
		s.isDown.Store(false)
		for name, call := range map[string]<-chan clientOutcome{"second": second, "third": third} {
			if got, want := <-call, (clientOutcome{answer: clientResult(name)}); got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
		}
	})
}

func TestClientContextOver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newClientPeer(t, func(ws *websocket.Conn, _ int64) {
			if err := clientDrain(ws); websocket.CloseStatus(err) != 1000 {
				t.Errorf("the server got %v, want a close with 1000", err)
			}
		})
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := s.dial(t).RoundTrip(ctx, []byte(clientCall("x")))
		clientWantLost(t, err, false, context.Canceled)
	})
}

// The server has at most so many calls at a time; the others follow as these end.
func TestClientMaxInFlight(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const calls, most = 7, 3
		s := newClientPeer(t, func(ws *websocket.Conn, _ int64) {
			var held []clientRequest
			requests := make(chan clientRequest)
			go func() {
				defer close(requests)
				for r, ok := clientRead(t, ws); ok; r, ok = clientRead(t, ws) {
					requests <- r
				}
			}()
			for range calls {
				synctest.Wait()
				for more := true; more; {
					select {
					case r := <-requests:
						held = append(held, r)
						synctest.Wait()
					default:
						more = false
					}
				}
				if len(held) > most {
					t.Errorf("the server has %d calls, want at most %d", len(held), most)
				}
				clientAnswer(ws, held[0])
				held = held[1:]
			}
			for range requests {
			}
		})
		c := s.dial(t, func(o *wsx.DialOptions) { o.MaxInFlight = most })
		var outcomes []<-chan clientOutcome
		for i := range calls {
			outcomes = append(outcomes, clientGo(t.Context(), c, fmt.Sprint(i)))
		}
		for i, outcome := range outcomes {
			if got, want := <-outcome, (clientOutcome{answer: clientResult(fmt.Sprint(i))}); got != want {
				t.Errorf("call %d: got %+v, want %+v", i, got, want)
			}
		}
	})
}

// An answer of which a part is missing is none, wherever it ends.
func TestClientTruncatedAnswer(t *testing.T) {
	t.Parallel()
	const answer = `[{"@id_":1},{"Ok_":{}}]`
	frame := string([]byte{0x81, byte(len(answer))}) + answer
	for size := range len(frame) {
		synctest.Test(t, func(t *testing.T) {
			s := newClientServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				conn, both, err := http.NewResponseController(w).Hijack()
				if err != nil {
					t.Error(err)
					return
				}
				defer conn.Close()
				accept := sha1.Sum([]byte(r.Header.Get("Sec-Websocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
				fmt.Fprintf(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
					"Sec-WebSocket-Accept: %s\r\n\r\n", base64.StdEncoding.EncodeToString(accept[:]))
				if _, err := both.ReadByte(); err == nil { // the request is there
					_, _ = both.Discard(both.Reader.Buffered())
					_, _ = io.WriteString(conn, frame[:size])
				}
			}))
			got, err := s.dial(t).RoundTrip(t.Context(), []byte(clientCall("x")))
			if lost, ok := errors.AsType[*wsx.CallLostError](err); !ok || !lost.MayHaveRun {
				t.Errorf("after %d bytes: got %q, %v, want a lost call that may have run", size, got, err)
			}
		})
	}
}
