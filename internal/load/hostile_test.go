package load

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/telestruct/telestruct/wsx"
)

// attack is what a hostile client does until the server refuses it.
type attack struct {
	name string
	// run returns how it was refused: by a status, or by a code and a reason.
	run func(ctx context.Context, v *village) (refusal string, err error)
	// want is how it must be refused.
	want string
}

func attacks(zeros []byte) []attack {
	return []attack{
		{"never reads", neverRead, fmt.Sprint(wsx.CodeSlow)},
		{"a byte a second", trickle, "1008 message timeout"},
		{"a byte a second over HTTP", trickleHTTP, "408"},
		{"floods", flood, "1008 rate limit exceeded"},
		{"floods over HTTP", floodHTTP, "429"},
		{"packed zeros", func(ctx context.Context, v *village) (string, error) { return sendZeros(ctx, v, zeros) }, "1009 message too big"},
		{"packed zeros over HTTP", func(ctx context.Context, v *village) (string, error) { return postZeros(ctx, v, zeros) }, "413"},
		{"foreign origin", fromAbroad, "403"},
		{"foreign origin over HTTP", fromAbroadHTTP, "403"},
	}
}

// foreign is the header line of a page that has no business here.
const foreign = "Origin: https://evil.example\r\n"

// claim makes a hostile client come from an address of its own, which the village
// believes.
const claim = "203.0.113.9"

func callMessage(text string) []byte { return messageFor("fn.work", text) }

func messageFor(function, text string) []byte {
	return fmt.Appendf(nil, `[{},{%q:{"id":1,"text":"%s","pause":0}}]`, function, text)
}

// neverRead asks for large answers and leaves them lying.
func neverRead(ctx context.Context, v *village) (string, error) {
	_, before := v.closes.with(wsx.CodeSlow)
	s, _, err := openSocket(ctx, v.address, unreadPath, "")
	if err != nil {
		return "", err
	}
	defer s.Close()
	if tcp, ok := s.Conn.(*net.TCPConn); ok {
		_ = tcp.SetReadBuffer(4 << 10)
	}
	frame := maskedFrame(textFrame, callMessage(strings.Repeat("a", 100<<10)))
	ticks := time.NewTicker(pace)
	defer ticks.Stop()
	for err == nil && ctx.Err() == nil {
		<-ticks.C
		_, err = s.Write(frame)
	}
	v.closes.await(ctx, func() bool { return v.closes.codes[wsx.CodeSlow] > before })
	return fmt.Sprint(wsx.CodeSlow), ctx.Err()
}

// trickle sends a message a byte a second.
func trickle(ctx context.Context, v *village) (string, error) {
	s, _, err := openSocket(ctx, v.address, trickledPath, "")
	if err != nil {
		return "", err
	}
	defer s.Close()
	message := callMessage("slow")
	go dribble(ctx, s, maskedHeader(textFrame, len(message)), message)
	return closing(s)
}

// dribble writes head at once and the rest a byte a second.
func dribble(ctx context.Context, w io.Writer, head, rest []byte) {
	ticks := time.NewTicker(time.Second)
	defer ticks.Stop()
	_, err := w.Write(head)
	for i := 0; i < len(rest) && err == nil; i++ {
		if _, err = w.Write(rest[i : i+1]); err != nil {
			return
		}
		select {
		case <-ticks.C:
		case <-ctx.Done():
			return
		}
	}
}

// closing reads until the server closes a socket, and says how.
func closing(s *rawSocket) (string, error) {
	code, reason, err := s.readClose()
	return fmt.Sprintf("%d %s", code, reason), err
}

func trickleHTTP(ctx context.Context, v *village) (string, error) {
	message := callMessage("slow")
	return v.postRaw(ctx, trickledHTTPPath, "", len(message), func(w io.Writer, head []byte) { dribble(ctx, w, head, message) })
}

// flood sends calls as fast as they are taken.
func flood(ctx context.Context, v *village) (string, error) {
	s, _, err := openSocket(ctx, v.address, socketPath, "")
	if err != nil {
		return "", err
	}
	defer s.Close()
	calls := bytes.Repeat(maskedFrame(textFrame, messageFor("fn.flood", "flood")), 50)
	go func() {
		for ctx.Err() == nil {
			if _, err := s.Write(calls); err != nil {
				return
			}
		}
	}()
	return closing(s)
}

// floodHTTP posts calls until one is refused.
func floodHTTP(ctx context.Context, v *village) (string, error) {
	for {
		header := http.Header{"X-Forwarded-For": {claim}}
		status, response, err := v.post(ctx, header, bytes.NewReader(messageFor("fn.flood", "flood")))
		if err != nil || status == "200" {
			if err != nil {
				return "", err
			}
			continue
		}
		if response.Header.Get("Retry-After") == "" {
			err = errors.New("it does not say when to come back")
		}
		return status, err
	}
}

// sendZeros sends 1 GiB of packed zeros as one message.
func sendZeros(ctx context.Context, v *village, zeros []byte) (string, error) {
	s, _, err := openSocket(ctx, v.address, socketPath, "Sec-WebSocket-Extensions: permessage-deflate\r\n")
	if err != nil {
		return "", err
	}
	defer s.Close()
	go func() { _, _ = s.Write(maskedFrame(packedTextFrame, zeros)) }()
	return closing(s)
}

// postZeros posts them. The answer comes before all of them are taken.
func postZeros(ctx context.Context, v *village, zeros []byte) (string, error) {
	body := append([]byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff}, zeros...) // of gzip (RFC 1952 section 2.3)
	return v.postRaw(ctx, httpPath, "Content-Encoding: gzip\r\n", len(body), func(w io.Writer, head []byte) {
		_, _ = w.Write(append(head, body...))
	})
}

func fromAbroad(ctx context.Context, v *village) (string, error) {
	s, status, err := openSocket(ctx, v.address, socketPath, foreign)
	if s != nil {
		_ = s.Close()
	}
	return fmt.Sprint(status), err
}

func fromAbroadHTTP(ctx context.Context, v *village) (string, error) {
	status, _, err := v.post(ctx, http.Header{"Origin": {"https://evil.example"}}, bytes.NewReader(callMessage("abroad")))
	return status, err
}
