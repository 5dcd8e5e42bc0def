package main

import "net/http"

// login has the routes that the forms of the page are sent to. They are no functions of
// the API, because handlers have no HTTP response to set a cookie in.
type login struct {
	service *service
	cookie  cookie
}

// maxForm is how many bytes the form of a login may have.
const maxForm = 4 << 10

// begin opens a session for who knows the password. A session that the browser had
// before ends, and never goes on as somebody else's.
func (l *login) begin(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		http.Error(w, "this is no login form", http.StatusBadRequest)
		return
	}
	name := r.PostForm.Get("name")
	if !l.service.accounts.check(name, r.PostForm.Get("password")) {
		http.Redirect(w, r, "/#wrong", http.StatusSeeOther)
		return
	}
	l.service.sessions.end(l.cookie.tokenOf(r))
	token, err := l.service.sessions.begin(name)
	if err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	http.SetCookie(w, l.cookie.of(token, sessionTime))
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// end ends the session on the server: whoever has kept its token cannot use it any
// more. Only then the browser is told to forget it.
func (l *login) end(w http.ResponseWriter, r *http.Request) {
	l.service.sessions.end(l.cookie.tokenOf(r))
	http.SetCookie(w, l.cookie.of("", -1))
	http.Redirect(w, r, "/", http.StatusSeeOther)
}
