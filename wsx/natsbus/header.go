package natsbus

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/nats-io/nats.go"
	"github.com/telestruct/telestruct/wsx"
)

// The headers of messages. Names of nodes are escaped in them as in subjects.
const (
	headerKind = "Wsx-Kind" // text or binary
	headerNode = "Wsx-Node" // that has published the message
	headerFrom = "Wsx-From" // the connection that has sent it: the name of its node, a point, and its number
)

// headerRoom is what the headers of a message take at most, unless it comes from a node
// with a very long name.
const headerRoom = 1 << 10

// newHeader returns the headers of a message.
func newHeader(m *wsx.BusMessage) nats.Header {
	return nats.Header{
		headerKind: {m.Kind.String()},
		headerNode: {escape(m.Node)},
		headerFrom: {escape(m.From.Node) + "." + strconv.FormatUint(m.From.Number, 10)},
	}
}

// headerSize returns at least the size of the headers of a message.
func headerSize(m *wsx.BusMessage) int {
	const others = 100
	return others + len(escape(m.Node)) + len(escape(m.From.Node))
}

var (
	errKind = errors.New("its " + headerKind + " is neither text nor binary")
	errNode = errors.New("its " + headerNode + " is no name")
	errFrom = errors.New("its " + headerFrom + " is no connection")
)

// parseMessage reads what newHeader has written; it fails for what others have published.
func parseMessage(prefix string, in *nats.Msg) (*wsx.BusMessage, error) {
	to, err := parseSubject(prefix, in.Subject)
	if err != nil {
		return nil, err
	}
	m := &wsx.BusMessage{To: to, Data: in.Data}
	if err := parseHeader(in.Header, m); err != nil {
		return nil, fmt.Errorf("natsbus: a message on %q was dropped: %w", in.Subject, err)
	}
	return m, nil
}

func parseHeader(h nats.Header, m *wsx.BusMessage) error {
	switch h.Get(headerKind) {
	case wsx.Text.String():
		m.Kind = wsx.Text
	case wsx.Binary.String():
		m.Kind = wsx.Binary
	default:
		return errKind
	}
	var ok bool
	if m.Node, ok = unescape(h.Get(headerNode)); !ok {
		return errNode
	}
	node, number, _ := strings.Cut(h.Get(headerFrom), ".")
	if m.From.Node, ok = unescape(node); !ok && node != "" {
		return errFrom
	}
	n, err := strconv.ParseUint(number, 10, 64)
	if m.From.Number = n; err != nil {
		return errFrom
	}
	return nil
}
