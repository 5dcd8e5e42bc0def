package main

import (
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/telestruct/telestruct/internal/headless"
)

var update = flag.Bool("update", false, "take the pictures that the documentation shows")

// picture takes a picture of a page for the documentation.
func picture(t *testing.T, page *headless.Tab, name string) {
	t.Helper()
	taken := page.Screenshot(720, 600)
	if !*update {
		return
	}
	if err := os.WriteFile(filepath.Join("..", "..", "docs", "images", name), taken, 0o644); err != nil {
		t.Fatal(err)
	}
}

// join is what somebody does who opens the page.
func join(page *headless.Tab, name string) {
	page.Sees("#outside:not([hidden]) button", "Join")
	page.Enter("#name", name)
	page.Click("#outside button")
}

func say(page *headless.Tab, text string) {
	page.Sees("#say:not(:disabled)", "Say")
	page.Enter("#text", text)
	page.Click("#say")
}

const (
	lastLine   = "#inside:not([hidden]) #lines li:last-child p"
	lastNotice = "#inside:not([hidden]) #lines li:last-child"
)

// Two windows chat.
func TestTwoWindows(t *testing.T) {
	browser := headless.Start(t)
	s := newSite(t)
	ada, alan := browser.Open(t, s.URL), browser.Open(t, s.URL)
	join(ada, "Ada")
	ada.Sees(lastNotice, "Ada has joined …")
	say(ada, "Is this thing on?")
	ada.Sees(lastLine, "Is this thing on?")

	join(alan, "ada") // which is taken
	alan.Sees("#why", "somebody else has that name")
	join(alan, "Alan")
	ada.Sees(lastNotice, "Alan has joined …")
	alan.Sees("#lines li p", "Is this thing on?") // said before Alan came
	say(alan, "It <em>is</em> 😀")
	for _, page := range []*headless.Tab{ada, alan} {
		page.Sees(lastLine, "It <em>is</em> 😀")
		page.Sees("#people li:nth-child(2)", "Alan")
	}
	say(ada, "Good. What about tea?")
	alan.Sees(lastLine, "Good. What about tea?")
	say(alan, "In five minutes.")
	for _, page := range []*headless.Tab{ada, alan} {
		page.Sees(lastLine, "In five minutes.")
	}
	picture(t, ada, "chat-ada.png")
	picture(t, alan, "chat-alan.png")

	alan.Close()
	ada.Sees(lastNotice, "Alan has left …")
	ada.Sees("#people", "Ada")
	if lines := ada.Value(`document.querySelectorAll("#lines .said").length`); lines != 4.0 {
		t.Errorf("Ada sees %v lines, want 4", lines)
	}
}

// A page whose connection is lost comes back under its name, and has every line once.
func TestReconnect(t *testing.T) {
	browser := headless.Start(t)
	s := newSite(t)
	page := browser.Open(t, s.URL)
	join(page, "ada")
	say(page, "before")
	page.Sees(lastLine, "before")
	clients := s.srv.Clients("/ws")
	if len(clients) != 1 || clients[0].Label != "ada" {
		t.Fatalf("clients are %+v, want ada", clients)
	}
	remote, err := s.srv.Remote(clients[0].ID.Number)
	if err != nil {
		t.Fatal(err)
	}
	page.Watch("#connection")
	remote.Close(4000, "for a test")
	page.Saw("#connection", "Not connected; trying again soon (for a test)")
	page.Sees(lastNotice, "ada has joined …")
	say(page, "after")
	page.Sees(lastLine, "after")
	if lines := page.Value(`document.querySelectorAll("#lines .said").length`); lines != 2.0 {
		t.Errorf("there are %v lines, want 2", lines)
	}
}

// Who goes to another page has left, and has come back when they go back to this one:
// browsers keep it for that, or load it again.
func TestOtherPage(t *testing.T) {
	browser := headless.Start(t)
	s := newSite(t)
	ada, alan := browser.Open(t, s.URL), browser.Open(t, s.URL)
	join(ada, "Ada")
	join(alan, "Alan")
	ada.Sees(lastNotice, "Alan has joined …")
	alan.Load(strings.Replace(s.URL, "127.0.0.1", "localhost", 1) + "/icon.svg")
	ada.Sees(lastNotice, "Alan has left …")
	alan.Leave(`history.back()`)
	alan.Sees("h1", "Chat")
	if alan.Value(`document.querySelector("#inside").hidden`) == true {
		join(alan, "Alan")
	}
	ada.Sees(lastNotice, "Alan has joined …")
	alan.Sees("#connection", "Connected")
}

// A page that the server does not want does not come back by itself.
func TestRefusedPage(t *testing.T) {
	browser := headless.Start(t)
	s := newSite(t)
	page := browser.Open(t, s.URL)
	join(page, "ada")
	say(page, "hello")
	page.Sees(lastLine, "hello")
	page.Run(`for (let i = 0; i < 100; i++) {
		document.querySelector("#text").value = "spam";
		document.querySelector("#say").click();
	}`)
	page.Sees("#connection", "Closed (too many messages)")
	page.Click("#again")
	page.Sees("#connection", "Connected")
	say(page, "sorry")
	page.Sees(lastLine, "sorry")
}

// Nothing from elsewhere gets into the page, and what people say is only text.
func TestPolicy(t *testing.T) {
	browser := headless.Start(t)
	s := newSite(t)
	page := browser.Open(t, s.URL)
	join(page, "ada")
	say(page, `<img src="/icon.svg" onload="document.title = 'injected'">`)
	page.Sees(lastLine, `<img src="/icon.svg" onload="document.title = 'injected'">`)
	page.Run(`{ const script = document.createElement("script");
		script.textContent = "document.title = 'injected'";
		document.body.append(script); }`)
	page.Expect("Executing inline script violates …")
	if title := page.Value(`document.title`); title != "Chat" {
		t.Errorf("the title is %v", title)
	}
}

// What the browser asks for is there, with the headers that make the page safe.
func TestFiles(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for path, contentType := range map[string]string{
		"/":          "text/html; charset=utf-8",
		"/room.js":   "text/javascript; charset=utf-8",
		"/page.js":   "text/javascript; charset=utf-8",
		"/style.css": "text/css; charset=utf-8",
		"/icon.svg":  "image/svg+xml",
	} {
		res, err := s.Client().Get(s.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		h := res.Header
		if res.StatusCode != http.StatusOK || h.Get("Content-Type") != contentType ||
			h.Get("Content-Security-Policy") != policy || h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: status %d, headers %v", path, res.StatusCode, h)
		}
	}
}
