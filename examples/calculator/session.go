package main

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"github.com/telestruct/telestruct/tp"
)

// Credentials say who calls: a Guest or a Session. They are the @auth_ header.
type Credentials interface{ isCredentials() }

// Guest is a caller who only says a name. Everybody who says the same name
// shares its variables, so nothing of value should be kept there.
type Guest struct {
	_    struct{} `doc:"A caller without a session, who shares variables and tape with everybody of that name."`
	Name string   `tp:"name" doc:"Any name of up to 64 bytes."`
}

// Session is a caller who logged in.
type Session struct {
	_     struct{} `doc:"A caller who has logged in."`
	Token string   `tp:"token" doc:"The token that fn.login answered with."`
}

func (Guest) isCredentials()   {}
func (Session) isCredentials() {}

func credentials() tp.Union {
	return tp.UnionOf[Credentials](Guest{}, Session{}).Doc("Who calls.")
}

// errNoSession does not say whether the token ever existed.
var errNoSession = errors.New("the token belongs to no open session")

// authenticate finds the user behind credentials. Callers see nothing of the
// errors but that they are not authenticated.
func (s *service) authenticate(_ context.Context, c Credentials) (*user, error) {
	switch c := c.(type) {
	case Guest:
		if err := within(maxName, len(c.Name), "bytes of a name"); err != nil {
			return nil, err
		}
		return s.guests.findOrAdd(c.Name, &user{name: c.Name})
	case Session:
		if u := s.sessions.find(c.Token); u != nil {
			return u, nil
		}
	}
	return nil, errNoSession
}

// Login is what fn.login takes.
type Login struct {
	Name string `tp:"name" doc:"What the calculator's log calls the caller: up to 64 bytes."`
}

// LoggedIn is what fn.login answers.
type LoggedIn struct {
	Token   string    `tp:"token" doc:"Send it as @auth_ in a Session."`
	Expires time.Time `tp:"expires" doc:"When the session ends unless it is used before then. Every call puts it off."`
}

func (s *service) login(_ context.Context, in *Login) (*LoggedIn, error) {
	if err := within(maxName, len(in.Name), "bytes of a name"); err != nil {
		return nil, err
	}
	token := rand.Text()
	if _, err := s.sessions.findOrAdd(token, &user{name: in.Name, token: token}); err != nil {
		return nil, err
	}
	return &LoggedIn{Token: token, Expires: s.now().UTC().Add(idleLimit)}, nil
}

// Logout is what fn.logout takes.
type Logout struct{}

// LoggedOut is what fn.logout answers.
type LoggedOut struct{}

func (s *service) logout(ctx context.Context, _ *Logout) (*LoggedOut, error) {
	u, err := userOf(ctx)
	if err != nil {
		return nil, err
	}
	if u.token == "" {
		return nil, tp.Unauthorized("a guest has no session to end")
	}
	s.sessions.remove(u.token)
	return &LoggedOut{}, nil
}
