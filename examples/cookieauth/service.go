package main

import (
	"context"
	"slices"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/telestruct/telestruct/mw"
	"github.com/telestruct/telestruct/tp"
)

// service keeps notes, for every user their own.
type service struct {
	accounts *accounts
	sessions *sessions

	mu    sync.Mutex
	notes map[string][]string // by user
}

func newService(a *accounts, s *sessions) *service {
	return &service{accounts: a, sessions: s, notes: map[string][]string{}}
}

// newAPI lists what users can call. None of it is public: without a session a call is
// answered ErrorUnauthenticated_.
func newAPI(s *service) *tp.API {
	api := tp.NewAPI("Notes",
		tp.Description("Notes that only their writer can read."),
		mw.Auth(tp.UnionOf[Credentials](Session{}).Doc("Who calls."), s.sessions.authenticate,
			mw.MaxFailures(0)), // nobody guesses a token, and old cookies are no attack
		tp.ErrorSet("errors.Limit", &LimitError{}),
	)
	tp.RegisterOn(api, s.whoAmI, tp.Doc("Say who is logged in."))
	tp.RegisterOn(api, s.addNote, tp.Doc("Write a note."))
	tp.RegisterOn(api, s.listNotes, tp.Doc("Read all notes, the latest one first."))
	tp.RegisterOn(api, s.endSessions, tp.Doc("Log out everywhere: end every session of the caller, this one as well."))
	return api
}

// WhoAmI is what fn.whoAmI takes.
type WhoAmI struct{}

// Me is what fn.whoAmI answers.
type Me struct {
	Name    string    `tp:"name"`
	Expires time.Time `tp:"expires" doc:"When the session ends."`
}

func (s *service) whoAmI(ctx context.Context, _ WhoAmI) (Me, error) {
	u, err := userOf(ctx)
	return Me{Name: u.name, Expires: u.expires.UTC()}, err
}

// AddNote is what fn.addNote takes.
type AddNote struct {
	Text string `tp:"text" doc:"Up to 200 characters."`
}

// NoteAdded is what fn.addNote answers.
type NoteAdded struct{}

// The bounds of what one user can make the program remember.
const (
	maxNote  = 200 // characters
	maxNotes = 100
)

// LimitError is a request for more than a user may have.
type LimitError struct {
	_     struct{} `doc:"The request takes more than one user may have."`
	What  string   `tp:"what" doc:"What there is too much of."`
	Limit int      `tp:"limit" doc:"How much there may be."`
}

func (e *LimitError) Error() string { return "too many " + e.What }

func (s *service) addNote(ctx context.Context, in AddNote) (NoteAdded, error) {
	u, err := userOf(ctx)
	if err != nil {
		return NoteAdded{}, err
	}
	if utf8.RuneCountInString(in.Text) > maxNote {
		return NoteAdded{}, &LimitError{What: "characters of a note", Limit: maxNote}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.notes[u.name]) >= maxNotes {
		return NoteAdded{}, &LimitError{What: "notes", Limit: maxNotes}
	}
	s.notes[u.name] = append(s.notes[u.name], in.Text)
	return NoteAdded{}, nil
}

// ListNotes is what fn.listNotes takes.
type ListNotes struct{}

// Notes is what fn.listNotes answers.
type Notes struct {
	Notes []string `tp:"notes"`
}

func (s *service) listNotes(ctx context.Context, _ ListNotes) (Notes, error) {
	u, err := userOf(ctx)
	if err != nil {
		return Notes{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	notes := slices.Clone(s.notes[u.name])
	slices.Reverse(notes)
	return Notes{Notes: notes}, nil
}

// EndSessions is what fn.endSessions takes.
type EndSessions struct{}

// SessionsEnded is what fn.endSessions answers.
type SessionsEnded struct {
	Ended int `tp:"ended" doc:"How many sessions there were."`
}

func (s *service) endSessions(ctx context.Context, _ EndSessions) (SessionsEnded, error) {
	u, err := userOf(ctx)
	if err != nil {
		return SessionsEnded{}, err
	}
	return SessionsEnded{Ended: s.sessions.endAll(u.name)}, nil
}

// userOf returns the caller, who is known in every function that is not public.
func userOf(ctx context.Context) (user, error) {
	if u, ok := mw.Identity[user](ctx); ok {
		return u, nil
	}
	return user{}, tp.Unauthorized("nobody is known here")
}
