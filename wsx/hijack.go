package wsx

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"time"
	"unicode/utf8"
)

// hijacker gives coder/websocket a connection of ours. An idle connection of net/http
// holds a reader and a writer of 4 KiB each; with the pair that Hijack returns here it
// holds readBuffer and closeBuffer, because that package reads and writes through what
// it gets.
type hijacker struct {
	http.ResponseWriter
	accepted func() // called before the client is told
	tap      *tap   // once hijacked
	status   int    // of the answer
}

const (
	// readBuffer holds a request of a kilobyte with its header, so that it takes one read.
	readBuffer = 5 << 8
	// closeBuffer holds a control frame, the only thing that is written through it.
	closeBuffer = 2 + 125
)

// Hijack takes the connection over, with what the client has sent already: it need not
// wait for the answer to its upgrade.
func (h *hijacker) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffered, err := http.NewResponseController(h.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	h.tap = &tap{Conn: conn, in: conn}
	if n := buffered.Reader.Buffered(); n > 0 {
		early, _ := buffered.Reader.Peek(n)
		h.tap.in = io.MultiReader(bytes.NewReader(bytes.Clone(early)), conn)
	}
	return h.tap, bufio.NewReadWriter(bufio.NewReaderSize(h.tap, readBuffer), bufio.NewWriterSize(h.tap, closeBuffer)), nil
}

// WriteHeader notes the status of the answer.
func (h *hijacker) WriteHeader(status int) {
	if h.status = status; status == http.StatusSwitchingProtocols {
		h.accepted()
	}
	h.ResponseWriter.WriteHeader(status)
}

// WriteHeaderNow sends the header on for routers that hold it back until the body.
func (h *hijacker) WriteHeaderNow() {
	if w, ok := h.ResponseWriter.(interface{ WriteHeaderNow() }); ok {
		w.WriteHeaderNow()
	}
}

// canHijack reports whether w may give its connection away: HTTP/2 does not.
func canHijack(w http.ResponseWriter) bool {
	for {
		switch under := w.(type) {
		case http.Hijacker:
			return true
		case interface{ Unwrap() http.ResponseWriter }:
			w = under.Unwrap()
		default:
			return false
		}
	}
}

// tap is what coder/websocket reads from. It never gets to write: the outbox has the
// connection, so that everything leaves in one order. All that package would send is
// a close frame, which is noted. A tap belongs to the reader of its connection.
type tap struct {
	net.Conn
	in io.Reader

	// inMessage is true from the header of a message to its end; late is called when
	// the rest does not come at once. The message then has a deadline.
	inMessage bool
	late      func()
	timeout   time.Duration
	timed     bool

	err    error  // that reading has failed with
	wishes ending // to close with; zero as long as there is none
}

// begin and end are called around the reading of a message.
func (t *tap) begin() { t.inMessage = true }

func (t *tap) end() error {
	t.inMessage = false
	if !t.timed {
		return nil
	}
	t.timed = false
	return t.SetReadDeadline(time.Time{})
}

// Read reads from the connection.
func (t *tap) Read(p []byte) (int, error) {
	if t.inMessage && !t.timed {
		t.timed = true
		t.late()
		if err := t.SetReadDeadline(time.Now().Add(t.timeout)); err != nil {
			t.err = err
			return 0, err
		}
	}
	n, err := t.in.Read(p)
	if err != nil {
		t.err = err
	}
	return n, err
}

var errForeignFrame = errors.New("only close frames come this way")

// Write notes the close frame that coder/websocket answers a client's with, or a
// violation of the protocol. It comes in one write.
func (t *tap) Write(p []byte) (int, error) {
	end, ok := parseCloseFrame(p)
	switch {
	case !ok:
		t.wishes = ending{CodeProtocolError, ReasonProtocolError}
		return 0, errForeignFrame
	case !utf8.ValidString(end.reason):
		end.code = CodeInvalidText
	}
	t.wishes = ending{end.code, reasonOf(end.code)}
	return len(p), nil
}

// Close ends the reading; the outbox may still have something to write.
func (t *tap) Close() error { return t.SetReadDeadline(time.Unix(1, 0)) }

// reasonOf returns our own words for the codes that coder/websocket closes with: its
// own repeat what the client has sent.
func reasonOf(code int) string {
	switch code {
	case CodeProtocolError:
		return ReasonProtocolError
	case CodeInvalidText:
		return ReasonInvalidText
	case CodeTooBig:
		return ReasonTooBig
	}
	return ""
}
