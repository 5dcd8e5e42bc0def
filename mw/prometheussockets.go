package mw

import (
	"io"
	"slices"
	"strconv"
	"sync/atomic"
	"time"
)

// sockets are the measurements of the connections of package wsx.
type sockets struct {
	open, opened, broken, refused atomic.Int64

	closed                  [len(closeCodes) + 1]atomic.Int64 // the last is of other codes
	received, receivedBytes [len(messageKinds)]counter
	sent, sentBytes         [len(messageKinds)]counter
	dropped                 [len(dropReasons) + 1]counter // the last is of other reasons
	handled                 histogram
	deepest                 atomic.Int64
}

// What labels there are. Others are counted as "other".
var (
	closeCodes   = [...]int{1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1011, 1012, 1013, 3000}
	messageKinds = [...]string{"text", "binary", "control"}
	dropReasons  = [...]string{"slow", "unheard", "rate", "mailbox"}
)

const otherLabel = "other"

// ConnectionOpened counts a connection that was accepted.
func (s *sockets) ConnectionOpened() {
	s.open.Add(1)
	s.opened.Add(1)
}

// ConnectionClosed counts a connection that ended with the code.
func (s *sockets) ConnectionClosed(code int) {
	s.open.Add(-1)
	s.closed[indexOr(closeCodes[:], code, len(closeCodes))].Add(1)
	const abnormal = 1006 // RFC 6455 section 7.4.1
	if code == abnormal {
		s.broken.Add(1)
	}
}

// indexOr returns where v is in list; where it is not, another index.
func indexOr[T comparable](list []T, v T, other int) int {
	if i := slices.Index(list, v); i >= 0 {
		return i
	}
	return other
}

// UpgradeRefused counts a request for a connection that was refused.
func (s *sockets) UpgradeRefused(int) { s.refused.Add(1) }

// MessageReceived counts a message that was read from a connection.
func (s *sockets) MessageReceived(kind string, bytes int) {
	i := indexOr(messageKinds[:], kind, 0)
	s.received[i].add(1)
	s.receivedBytes[i].add(bytes)
}

// MessagesSent counts messages of one kind that were written to a connection at once.
func (s *sockets) MessagesSent(kind string, messages, bytes int) {
	i := indexOr(messageKinds[:], kind, 0)
	s.sent[i].add(messages)
	s.sentBytes[i].add(bytes)
}

// MessagesDropped counts messages that were lost although their connection goes on.
func (s *sockets) MessagesDropped(reason string, messages int) {
	s.dropped[indexOr(dropReasons[:], reason, len(dropReasons))].add(messages)
}

// MessageHandled counts a message that an actor has handled.
func (s *sockets) MessageHandled(took time.Duration) { s.handled.observe(took) }

// QueueDepth notes how many messages wait to be sent on one connection.
func (s *sockets) QueueDepth(messages int) {
	for {
		deepest := s.deepest.Load()
		if int64(messages) <= deepest || s.deepest.CompareAndSwap(deepest, int64(messages)) {
			return
		}
	}
}

func (s *sockets) write(w io.Writer) {
	writeValue(w, "telepact_connections", "gauge", "Connections that are open.", s.open.Load())
	writeValue(w, "telepact_connections_opened_total", "counter", "Connections that were accepted.", s.opened.Load())
	writeValues(w, "telepact_connections_closed_total", "Connections that have ended, by code.", "code", s.closes())
	writeValue(w, "telepact_connections_broken_total", "counter", "Connections that ended without being closed.", s.broken.Load())
	writeValue(w, "telepact_upgrades_refused_total", "counter", "Requests for connections that were refused.", s.refused.Load())
	writeValues(w, "telepact_messages_received_total", "Messages that were read from connections.", "kind", byLabel(messageKinds[:], s.received[:]))
	writeValues(w, "telepact_received_bytes_total", "Bytes of messages that were read from connections.", "kind", byLabel(messageKinds[:], s.receivedBytes[:]))
	writeValues(w, "telepact_messages_sent_total", "Messages that were written to connections.", "kind", byLabel(messageKinds[:], s.sent[:]))
	writeValues(w, "telepact_sent_bytes_total", "Bytes of messages that were written to connections.", "kind", byLabel(messageKinds[:], s.sentBytes[:]))
	writeValues(w, "telepact_messages_dropped_total", "Messages that were lost on connections.", "reason", byLabel(dropReasons[:], s.dropped[:]))
	const name = "telepact_actor_duration_seconds"
	writeHead(w, name, "histogram", "How long actors took for a message.")
	s.handled.write(w, name, "")
	writeValue(w, "telepact_queue_depth_max", "gauge", "Most messages that ever waited on one connection.", s.deepest.Load())
}

func (s *sockets) closes() []labelled {
	values := make([]labelled, 0, len(s.closed))
	for i := range s.closed {
		label := otherLabel
		if i < len(closeCodes) {
			label = strconv.Itoa(closeCodes[i])
		}
		values = append(values, labelled{label, s.closed[i].Load()})
	}
	return values
}

// byLabel returns the values of counters, of which the one after the labels is of others.
func byLabel(labels []string, counters []counter) []labelled {
	values := make([]labelled, 0, len(counters))
	for i := range counters {
		label := otherLabel
		if i < len(labels) {
			label = labels[i]
		}
		values = append(values, labelled{label, counters[i].load()})
	}
	return values
}
