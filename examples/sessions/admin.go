package main

import (
	"context"
	"errors"
	"net/http"

	"github.com/telestruct/telestruct/mw"
	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/wsx"
)

// admin is the name of who may see and close the connections of others.
const admin = "admin"

// adminsOnly is middleware that lets nobody else through.
func adminsOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if identityOf(r).name != admin {
			http.Error(w, "this is for administrators", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// newAdminAPI lists what administrators can call, for panels and scripts.
func newAdminAPI(srv *wsx.Server, users *directory) *tp.API {
	api := tp.NewAPI("Admin",
		tp.Description("Who is connected."),
		mw.Auth(tp.UnionOf[Credentials](Token{}), users.authenticate))
	wsx.RegisterIntrospection(api, srv, func(ctx context.Context) error {
		if who, ok := mw.Identity[identity](ctx); !ok || who.name != admin {
			return tp.Unauthorized("this is for administrators")
		}
		return nil
	})
	return api
}

// Credentials are the @auth_ header, which httpx makes of a bearer token.
type Credentials interface{ isCredentials() }

// Token is one that the program has printed.
type Token struct {
	Token string `tp:"token"`
}

func (Token) isCredentials() {}

var errToken = errors.New("the token is not good")

func (d *directory) authenticate(_ context.Context, c Credentials) (identity, error) {
	t, _ := c.(Token)
	who := d.find(t.Token)
	if who == (identity{}) {
		return who, errToken
	}
	return who, nil
}
