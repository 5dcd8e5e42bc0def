package main

import (
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
)

// hashRounds makes checking one password take a good part of a second.
const hashRounds = 600_000

// accounts are those who can log in. They do not change.
type accounts struct {
	rounds  int
	byName  map[string]account
	unknown account // in place of those who do not exist
}

// account is what is known of a password: not enough to find it out.
type account struct{ salt, hash []byte }

// newAccounts returns accounts with these passwords.
func newAccounts(rounds int, passwords map[string]string) (*accounts, error) {
	a := &accounts{rounds: rounds, byName: map[string]account{}}
	for name, password := range passwords {
		salt := []byte(rand.Text())
		hash, err := a.hash(password, salt)
		if err != nil {
			return nil, err
		}
		a.byName[name] = account{salt, hash}
	}
	a.unknown = account{salt: []byte(rand.Text()), hash: make([]byte, sha256.Size)}
	return a, nil
}

// check reports whether the account is there and has that password. It takes as long
// for an account that does not exist: how long it takes does not tell who does.
func (a *accounts) check(name, password string) bool {
	known, ok := a.byName[name]
	if !ok {
		known = a.unknown
	}
	hash, err := a.hash(password, known.salt)
	return err == nil && subtle.ConstantTimeCompare(hash, known.hash) == 1 && ok
}

func (a *accounts) hash(password string, salt []byte) ([]byte, error) {
	return pbkdf2.Key(sha256.New, password, salt, a.rounds, sha256.Size)
}
