package main

import (
	"errors"
	"maps"
	"sync"
)

// The bounds of what one user can make the program remember.
const (
	maxNotes = 100
	maxKey   = 100  // bytes
	maxValue = 1000 // bytes
)

var (
	errFull    = errors.New("there is no room for more notes")
	errTooLong = errors.New("the key is empty, or key or value is too long")
)

// note is what a user has written.
type note struct {
	Value    string `json:"value"`
	Revision int    `json:"revision"` // among all changes of the store
}

// store keeps the notes of all users. The actors of all connections share it: it is the
// only thing here that more than one of them changes, so it has a lock.
type store struct {
	mu       sync.Mutex
	notes    map[string]map[string]note // by user and key
	revision int
}

func newStore() *store { return &store{notes: map[string]map[string]note{}} }

// put writes a note. It fails with errFull or errTooLong for more than a user may have.
func (s *store) put(user, key, value string) (note, error) {
	if key == "" || len(key) > maxKey || len(value) > maxValue {
		return note{}, errTooLong
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	notes := s.notes[user]
	if notes == nil {
		notes = map[string]note{}
		s.notes[user] = notes
	}
	if _, known := notes[key]; !known && len(notes) >= maxNotes {
		return note{}, errFull
	}
	s.revision++
	notes[key] = note{value, s.revision}
	return notes[key], nil
}

// remove removes a note, which need not be there. It returns the revision of that.
func (s *store) remove(user, key string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.notes[user], key)
	s.revision++
	return s.revision
}

// list returns a copy of the notes of a user.
func (s *store) list(user string) map[string]note {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.notes[user])
}
