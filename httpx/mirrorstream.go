package httpx

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/telestruct/telestruct/tp/mirror"
)

// typeEvents is the content type of Server-Sent Events.
const typeEvents = "text/event-stream"

const (
	// beatEvery is how often a comment is sent, so that proxies see that the stream is alive.
	beatEvery = 15 * time.Second
	// pieceTimeout is how long a client may take for a piece of at most maxPiece bytes.
	pieceTimeout = 10 * time.Second
	maxPiece     = 64 << 10
	// keptBuffer is how large a buffer may be that a stream keeps while nothing happens.
	keptBuffer = 4 << 10
)

// comment is an event that clients take no notice of.
const comment = ":\n\n"

// stream is one answer with events. It is used by the goroutine of its request.
type stream struct {
	events  *Events
	turn    *flushing
	w       http.ResponseWriter
	control *http.ResponseController
	box     *mirror.Outbox
	buffer  []byte
}

func newStream(e *Events, turn *flushing, w http.ResponseWriter) *stream {
	return &stream{events: e, turn: turn, w: w, control: http.NewResponseController(w), box: mirror.NewOutbox(&e.settings.mirror.outbox)}
}

// begin sends the headers. It reports false where the request was answered otherwise.
func (s *stream) begin() bool {
	header := s.w.Header()
	header.Set("Content-Type", typeEvents)
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("X-Accel-Buffering", "no") // nginx would wait for more
	s.allow(pieceTimeout)
	if err := s.control.Flush(); err != nil {
		http.Error(s.w, "the server cannot send events here", http.StatusInternalServerError)
		return false
	}
	return true
}

// run shows the models until the client has gone, or is to go.
func (s *stream) run(ctx context.Context, o mirror.Opening) {
	defer s.allow(pieceTimeout) // for the end, which net/http writes
	o.Send = s.box.Send
	conn := s.events.of.Open(o)
	defer s.events.of.Close(conn)
	at := newEventPosition(s.events.settings.mirror.eventIDs, o.Query.Since)
	beat := time.NewTicker(beatEvery)
	defer beat.Stop()
	for {
		out, err := s.box.Take()
		if failed := s.send(out, at); failed != nil || err != nil {
			return
		}
		// What was sent for a stale model makes the outbox ready again.
		if id, isStale := s.box.Stale(); isStale {
			s.events.of.Resync(conn, id)
		}
		select {
		case <-s.box.Ready():
		case <-beat.C:
			if s.write([]byte(comment)) != nil {
				return
			}
		case <-ctx.Done():
			return
		case <-s.turn.broken:
			return
		case <-s.events.stopping:
			return
		}
	}
}

// send sends frames. The last one has the id of all: who has lost some of them gets those
// again that it has, which does no harm.
func (s *stream) send(out []mirror.Output, at *eventPosition) error {
	if len(out) == 0 {
		return nil
	}
	b := s.buffer[:0]
	for i := range out {
		at.note(&out[i])
		if i == len(out)-1 {
			b = at.append(b)
		}
		b = mirror.AppendEvent(b, out[i].Frame)
	}
	if s.buffer = b; cap(b) > keptBuffer {
		s.buffer = nil
	}
	return s.write(b)
}

// write sends text at once. Deadlines hold while there is something to send only: HTTP/2
// ends streams that pass one while they are quiet.
func (s *stream) write(text []byte) error {
	defer s.allow(0)
	for piece := range slices.Chunk(text, maxPiece) {
		s.allow(pieceTimeout)
		if _, err := s.w.Write(piece); err != nil {
			return err
		}
	}
	return s.control.Flush()
}

// allow sets how long writing may take from now on; 0 is for ever. Where a middleware hides
// the deadline, the ones of the server hold.
func (s *stream) allow(d time.Duration) {
	var deadline time.Time
	if d > 0 {
		deadline = time.Now().Add(d)
	}
	_ = s.control.SetWriteDeadline(deadline)
}
