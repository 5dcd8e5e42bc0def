package main

import (
	"sync"
	"time"
)

// user is what the calculator remembers of one caller.
type user struct {
	name  string
	token string // "" for guests

	mu        sync.Mutex
	variables map[string]SavedVariable
	tape      []Calculation
}

// idleLimit is how long a user is remembered after the last call.
const idleLimit = time.Hour

// users are the users of one kind. There are never more than its limit: those
// who did not call for an hour are forgotten when room is needed.
type users struct {
	limit int
	now   func() time.Time

	mu    sync.Mutex
	byKey map[string]*seat
}

// seat is the place of a user among others.
type seat struct {
	user    *user
	expires time.Time
}

func newUsers(limit int, now func() time.Time) *users {
	return &users{limit: limit, now: now, byKey: map[string]*seat{}}
}

// find returns the user of that key, or nil.
func (us *users) find(key string) *user {
	us.mu.Lock()
	defer us.mu.Unlock()
	return us.use(key)
}

// findOrAdd returns the user of that key, which is newcomer when there was none.
// It fails when there are too many.
func (us *users) findOrAdd(key string, newcomer *user) (*user, error) {
	us.mu.Lock()
	defer us.mu.Unlock()
	if u := us.use(key); u != nil {
		return u, nil
	}
	if len(us.byKey) >= us.limit {
		us.sweep()
	}
	if err := within(us.limit, len(us.byKey)+1, "users at the same time"); err != nil {
		return nil, err
	}
	us.byKey[key] = &seat{newcomer, us.now().Add(idleLimit)}
	return newcomer, nil
}

// use returns the user of that key and puts off the end of its time.
func (us *users) use(key string) *user {
	s := us.byKey[key]
	if s == nil {
		return nil
	}
	now := us.now()
	if !now.Before(s.expires) {
		delete(us.byKey, key)
		return nil
	}
	s.expires = now.Add(idleLimit)
	return s.user
}

func (us *users) sweep() {
	now := us.now()
	for key, s := range us.byKey {
		if !now.Before(s.expires) {
			delete(us.byKey, key)
		}
	}
}

func (us *users) remove(key string) {
	us.mu.Lock()
	defer us.mu.Unlock()
	delete(us.byKey, key)
}
