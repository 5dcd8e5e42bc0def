package httpx

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/telestruct/telestruct/tp/mirror"
)

// maxPositions is how many models the id of an event is about.
const maxPositions = 128

// eventPosition is how far a client has got, which the ids of its events say; nil says
// nothing.
type eventPosition struct {
	models []modelPosition // by their numbers
}

type modelPosition struct{ id, rev uint64 }

// newEventPosition returns the position of a client that has revisions; nil when ids are not
// wanted.
func newEventPosition(wanted bool, since map[uint64]uint64) *eventPosition {
	if !wanted {
		return nil
	}
	p := &eventPosition{}
	for id, rev := range since {
		p.set(id, rev, true)
	}
	return p
}

// note notes what is sent. A patch may be one that the client knows already.
func (p *eventPosition) note(o *mirror.Output) {
	if p != nil && !o.Reject {
		p.set(o.ID, o.Rev, o.Snapshot)
	}
}

// set sets how far the client has got with a model, which may be back where it was before.
// Models that there is no room for are left out: the client gets them whole.
func (p *eventPosition) set(id, rev uint64, back bool) {
	i, known := slices.BinarySearchFunc(p.models, id, func(m modelPosition, id uint64) int { return cmp.Compare(m.id, id) })
	switch {
	case known:
		if back || rev > p.models[i].rev {
			p.models[i].rev = rev
		}
	case len(p.models) < maxPositions:
		p.models = slices.Insert(p.models, i, modelPosition{id, rev})
	}
}

// append appends the field of an event.
func (p *eventPosition) append(b []byte) []byte {
	if p == nil || len(p.models) == 0 {
		return b
	}
	b = append(b, "id: "...)
	for i, m := range p.models {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendUint(b, m.id, 10)
		b = append(b, ':')
		b = strconv.AppendUint(b, m.rev, 10)
	}
	return append(b, '\n')
}

var errEventID = errors.New("httpx: the Last-Event-ID is none of these events, such as 1:3,2:7")

// parseEventID reads the id of an event, as the revisions that a client has.
func parseEventID(text string) (map[uint64]uint64, error) {
	since := map[uint64]uint64{}
	for item := range strings.SplitSeq(text, ",") {
		model, revision, _ := strings.Cut(item, ":")
		id, isID := plainNumber(model)
		rev, isRev := plainNumber(revision)
		if _, twice := since[id]; !isID || !isRev || twice || len(since) == maxPositions {
			return nil, errEventID
		}
		since[id] = rev
	}
	return since, nil
}

// plainNumber reads a number in the one form that it is written in.
func plainNumber(text string) (n uint64, ok bool) {
	n, err := strconv.ParseUint(text, 10, 64)
	return n, err == nil && strconv.FormatUint(n, 10) == text
}
