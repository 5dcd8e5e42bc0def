package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"net/http"
	"strings"
	"sync"
	"time"
)

// sessionTime is how long a token is good for.
const sessionTime = 12 * time.Hour

// identity is who a token stands for; the zero value is nobody.
type identity struct {
	name    string
	expires time.Time
}

// directory knows who has which token. It keeps hashes: who gets to see them cannot use
// them, and looking one up takes no time that would tell how much of a guess is right.
type directory struct {
	mu     sync.Mutex
	byHash map[[sha256.Size]byte]identity
}

func newDirectory() *directory { return &directory{byHash: map[[sha256.Size]byte]identity{}} }

// add returns a new token of a user.
func (d *directory) add(name string, expires time.Time) (token string) {
	token = rand.Text()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.byHash[sha256.Sum256([]byte(token))] = identity{name, expires}
	return token
}

// find returns who a token stands for, and nobody for a token that is not good any more.
func (d *directory) find(token string) identity {
	d.mu.Lock()
	defer d.mu.Unlock()
	who := d.byHash[sha256.Sum256([]byte(token))]
	if !time.Now().Before(who.expires) {
		return identity{}
	}
	return who
}

// identify is middleware that finds out who sends a request. A token that is not good is
// refused; requests without any go on.
func (d *directory) identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if token := tokenOf(r); token != "" {
			who := d.find(token)
			if who == (identity{}) {
				w.Header().Set("WWW-Authenticate", "Bearer")
				http.Error(w, "the token is not good", http.StatusUnauthorized)
				return
			}
			r = r.WithContext(context.WithValue(r.Context(), identityKey{}, who))
		}
		next.ServeHTTP(w, r)
	})
}

// tokenOf returns the token that programs send in a header, and browsers in a cookie.
func tokenOf(r *http.Request) string {
	if scheme, token, ok := strings.Cut(r.Header.Get("Authorization"), " "); ok && strings.EqualFold(scheme, "Bearer") {
		return strings.TrimSpace(token)
	}
	if c, err := r.Cookie("session"); err == nil {
		return c.Value
	}
	return ""
}

type identityKey struct{}

// identityOf returns who has sent a request, as identify has found out.
func identityOf(r *http.Request) identity {
	who, _ := r.Context().Value(identityKey{}).(identity)
	return who
}
