package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"sync"
	"time"
)

// Credentials say who calls. They are the @auth_ header, which httpx makes of the
// cookie; a program that has a token can send it by itself.
type Credentials interface{ isCredentials() }

// Session is a caller who has logged in.
type Session struct {
	_     struct{} `doc:"A caller who has logged in. Browsers need not send it: their cookie stands for it."`
	Token string   `tp:"token" doc:"What the cookie holds."`
}

func (Session) isCredentials() {}

// user is who calls: what authenticate makes of credentials. It is a tp.Expirer.
type user struct {
	name    string
	expires time.Time
}

// ExpiresAt returns when the user must log in again.
func (u user) ExpiresAt() time.Time { return u.expires }

const (
	sessionTime = 12 * time.Hour
	maxSessions = 10_000
)

var (
	errNoSession       = errors.New("the token belongs to no open session")
	errTooManySessions = errors.New("too many people are logged in; try again later")
)

// sessions are those who are logged in. What is kept of a token is its hash: who gets to
// see the memory cannot log in with it, and looking it up takes no time that would tell
// how much of a guess is right.
type sessions struct {
	now func() time.Time

	mu     sync.Mutex
	byHash map[tokenHash]user
}

type tokenHash [sha256.Size]byte

func newSessions(now func() time.Time) *sessions {
	return &sessions{now: now, byHash: map[tokenHash]user{}}
}

func hashOf(token string) tokenHash { return sha256.Sum256([]byte(token)) }

// begin opens a session and returns its token, which cannot be guessed.
func (s *sessions) begin(name string) (token string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.byHash) >= maxSessions {
		s.sweep()
	}
	if len(s.byHash) >= maxSessions {
		return "", errTooManySessions
	}
	token = rand.Text()
	s.byHash[hashOf(token)] = user{name: name, expires: s.now().Add(sessionTime)}
	return token, nil
}

// sweep forgets the sessions that have ended by themselves.
func (s *sessions) sweep() {
	now := s.now()
	for hash, u := range s.byHash {
		if !now.Before(u.expires) {
			delete(s.byHash, hash)
		}
	}
}

// authenticate finds the user behind credentials. Callers learn nothing of why there is
// none.
func (s *sessions) authenticate(_ context.Context, c Credentials) (user, error) {
	session, ok := c.(Session)
	if !ok {
		return user{}, errNoSession
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	u, ok := s.byHash[hashOf(session.Token)]
	if !ok || !s.now().Before(u.expires) {
		return user{}, errNoSession
	}
	return u, nil
}

// end ends the session of a token; there may be none.
func (s *sessions) end(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.byHash, hashOf(token))
}

// endAll ends all sessions of a user, and returns how many there were.
func (s *sessions) endAll(name string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for hash, u := range s.byHash {
		if u.name == name {
			delete(s.byHash, hash)
			n++
		}
	}
	return n
}
