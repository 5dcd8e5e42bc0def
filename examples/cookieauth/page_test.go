package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/telestruct/telestruct/internal/headless"
)

// The page in a real browser, which has rules of its own for cookies.
func TestPageInBrowser(t *testing.T) {
	t.Parallel()
	browser := headless.Start(t)
	s := start(t, false)
	page := browser.Open(t, s.URL)
	login := func(password string) {
		page.Sees("#outside:not([hidden]) h2", "Log in")
		page.Enter("#name", "ada")
		page.Enter("#password", password)
		page.Click("#outside button")
	}
	login("wrong")
	page.Sees("#message", "Name or password is wrong.")
	login("analytical")
	page.Sees("#inside:not([hidden]) #me", "ada")
	page.Enter("#text", "<b>Buy milk</b>")
	page.Click("#add button")
	page.Sees("#inside:not([hidden]) #notes li", "<b>Buy milk</b>")
	if cookies := page.Value(`document.cookie`); cookies != "" {
		t.Errorf("the page can read the cookies %v", cookies)
	}
	page.Click("form[action='/logout'] button")
	login("analytical")
	page.Sees("#inside:not([hidden]) #notes li", "<b>Buy milk</b>")
	page.Click("#everywhere")
	page.Sees("#message", "Your session has ended.")
	if left := page.Value(`document.querySelector("#notes").textContent`); left != "" {
		t.Errorf("the notes %q are left in the page for whoever comes next", left)
	}
	login("analytical")
	page.Sees("#inside:not([hidden]) #notes li", "<b>Buy milk</b>")

	// Another port is the same site to browsers, where the cookie comes along.
	for _, host := range []string{"127.0.0.1", "localhost"} {
		foreign(page, s, host)
	}
	page.Load(s.URL)
	page.Sees("#me", "ada")
	if notes := page.Value(`document.querySelectorAll("#notes li").length`); notes != 1.0 {
		t.Errorf("there are %v notes, want the one of the page itself", notes)
	}
}

// foreign opens a page of another origin in the same browser. The page sends a form
// whose text is a message.
func foreign(page *headless.Tab, s *site, host string) {
	evil := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte(`<form method="post" enctype="text/plain" action="` + s.URL + `/api/telepact">
			<input name='[{}, {"fn.addNote": {"text": "' value='"}}]'></form>`))
	}))
	defer evil.Close()
	page.Load(strings.Replace(evil.URL, "127.0.0.1", host, 1))
	page.Leave(`document.forms[0].submit()`)
	page.Sees("body", "pages of another origin may not use this endpoint…")
}
