package headless_test

import (
	"bytes"
	"fmt"
	"image/png"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/telestruct/telestruct/internal/headless"
)

// A page, and what a test can do with it.
func TestTab(t *testing.T) {
	t.Parallel()
	browser := headless.Start(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "form-action 'self'; img-src 'none'")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<form><input name=word value=old></form><a href="/second">on</a><p>%s %q</p>`, r.URL.Path, r.FormValue("word"))
	}))
	defer server.Close()
	tab := browser.Open(t, server.URL+"/first")
	tab.Sees("p", `/first ""`)
	tab.Enter("input", `a "word" \ 世界`)
	if got, want := tab.Value(`document.querySelector("input").value`), any(`a "word" \ 世界`); got != want {
		t.Errorf("the field has %v, want %v", got, want)
	}
	tab.Holds("input", `a "word"…`)
	tab.Leave(`document.forms[0].submit()`)
	tab.Sees("p", `/first "a \"word\" \\ 世界"`)
	tab.Click("a")
	tab.Sees("p", `/second …`)
	tab.Load(server.URL + "/third")
	tab.Sees("p", `/third ""`)
	if got := tab.Value(`new Promise((done) => setTimeout(done, 1, {n: [1.5, null]}))`); fmt.Sprint(got) != "map[n:[1.5 <nil>]]" {
		t.Errorf("the promise is %v", got)
	}

	// What is shown only for a moment was seen as well.
	tab.Watch("p")
	tab.Run(`{ const p = document.querySelector("p"); p.textContent = "now";
		setTimeout(() => { p.firstChild.data = "then"; setTimeout(() => p.textContent = "at last", 0) }, 0) }`)
	tab.Sees("p", "at last")
	for _, text := range []string{"now", "then", "at…"} {
		tab.Saw("p", text)
	}

	picture, err := png.DecodeConfig(bytes.NewReader(tab.Screenshot(320, 200)))
	if err != nil || picture.Width != 320 || picture.Height != 200 {
		t.Errorf("the screenshot has %d by %d pixels: %v", picture.Width, picture.Height, err)
	}

	// What goes wrong in the page fails the test unless it is meant to.
	tab.Run(`setTimeout(() => { document.title = "thrown"; throw new Error("on purpose") }), 0`)
	tab.Sees("title", "thrown")
	tab.Expect("Uncaught Error: on purpose…")
	tab.Run(`new Promise((done) => { const img = new Image(); img.onerror = () => done(); img.src = "/x.png"; })`)
	tab.Expect("Loading the image …")
}

// Tabs do not share cookies.
func TestTabsApart(t *testing.T) {
	t.Parallel()
	browser := headless.Start(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, "<p>%v</p>", r.Cookies())
		http.SetCookie(w, &http.Cookie{Name: "seen", Value: "1"})
	}))
	defer server.Close()
	for range 2 {
		browser.Open(t, server.URL).Sees("p", "[]")
	}
}
