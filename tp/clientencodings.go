package tp

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/telestruct/telestruct/tp/wire"
)

// encoding is a table of field names that a server has told, and the format in
// which it did. It is immutable.
type encoding struct {
	fields *wire.Fields
	format wire.Format
}

// encodings remembers the encodings of a server: the latest, and for a while the
// one before, because servers of two versions may answer by turns while one
// replaces the other (spec section 16.5). The zero value knows none.
//
// It holds two tables at most, whatever a server sends. A call keeps those that it
// told the server of, so that no other call takes them away.
type encodings struct {
	mu        sync.Mutex
	primary   *encoding
	secondary *encoding
	age       int // of secondary
	updated   time.Time
}

// current returns the encodings that a request names, the primary first. Each call
// makes the secondary older, and faster the longer no answer has come.
func (e *encodings) current() []*encoding {
	const (
		oldest  = 5
		patient = 10 * time.Minute
	)
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.primary == nil {
		return nil
	}
	if e.secondary != nil {
		penalty := 1 + time.Since(e.updated)/patient
		e.age += int(min(penalty, oldest+1))
	}
	if e.secondary == nil || e.age > oldest {
		e.secondary = nil
		return []*encoding{e.primary}
	}
	return []*encoding{e.primary, e.secondary}
}

// update notes that the server has answered in an encoding. One that was
// secondary changes places with the primary, so that a server that goes back to
// its earlier version is understood.
func (e *encodings) update(latest *encoding) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.updated = time.Now()
	if e.primary != nil && e.primary.fields.Checksum() != latest.fields.Checksum() {
		e.secondary, e.age = e.primary, 1
	}
	e.primary = latest
}

// find returns the encoding with a checksum, preferably from known; nil if there
// is none.
func (e *encodings) find(checksum int32, known []*encoding) *encoding {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, k := range append(slices.Clip(known), e.primary, e.secondary) {
		if k != nil && k.fields.Checksum() == checksum {
			return k
		}
	}
	return nil
}

// resolve returns the names of the fields in a response in the format f with the
// given headers, and remembers them. Known is what the request named.
func (e *encodings) resolve(headers Object, f wire.Format, known []*encoding) (*wire.Fields, error) {
	checksum, ok := firstChecksum(headers)
	if !ok {
		return nil, errors.New("the response is binary and has no checksum in @bin_")
	}
	var fields *wire.Fields
	if enc, told := headers.Get("@enc_"); told {
		var err error
		if fields, err = wire.FieldsOf(objectOf(enc), checksum); err != nil {
			return nil, fmt.Errorf("the response has an @enc_ that is no table of field names: %w", err)
		}
	} else if have := e.find(checksum, known); have != nil {
		fields = have.fields
	} else {
		return nil, fmt.Errorf("the response is encoded with the names of checksum %d, which the server has not told", checksum)
	}
	e.update(&encoding{fields, f})
	return fields, nil
}

// firstChecksum returns the checksum that a response was encoded with.
func firstChecksum(headers Object) (int32, bool) {
	bin, _ := headers.Get("@bin_")
	list, _ := bin.([]any)
	if len(list) == 0 {
		return 0, false
	}
	checksum, ok := list[0].(int64)
	return int32(checksum), ok && checksum >= math.MinInt32 && checksum <= math.MaxInt32
}

func checksumsOf(known []*encoding) []any {
	list := make([]any, len(known))
	for i, e := range known {
		list[i] = int64(e.fields.Checksum())
	}
	return list
}
