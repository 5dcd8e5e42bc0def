package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// tab is a page in a browser.
type tab struct {
	t       *testing.T
	browser *chromium
	session string
	loads   chan string // the pages that have been loaded, by their loader

	mu       sync.Mutex
	problems []string
}

// patience is how long a test waits for what the page ought to show. It is long for
// machines that do much else at the same time.
const patience = time.Minute

// open shows url in a tab of its own, with cookies and storage of its own.
func (c *chromium) open(t *testing.T, url string) *tab {
	t.Helper()
	tb := &tab{t: t, browser: c, loads: make(chan string, 16)}
	var made struct {
		BrowserContextID string `json:"browserContextId,omitempty"`
		TargetID         string `json:"targetId,omitempty"`
		SessionID        string `json:"sessionId,omitempty"`
	}
	tb.do("Target.createBrowserContext", nil, &made)
	tb.do("Target.createTarget", map[string]any{"url": "about:blank", "browserContextId": made.BrowserContextID}, &made)
	tb.do("Target.attachToTarget", map[string]any{"targetId": made.TargetID, "flatten": true}, &made)
	c.mu.Lock()
	c.tabs[made.SessionID] = tb
	c.mu.Unlock()
	tb.session = made.SessionID
	tb.do("Runtime.enable", nil, nil)
	tb.do("Log.enable", nil, nil)
	tb.do("Page.enable", nil, nil)
	tb.do("Page.setLifecycleEventsEnabled", map[string]any{"enabled": true}, nil)
	t.Cleanup(func() {
		for _, problem := range tb.allProblems() {
			t.Errorf("the page has a problem: %s", problem)
		}
	})
	tb.load(url)
	return tb
}

// load shows url, and returns when its scripts have run.
func (tb *tab) load(url string) {
	tb.t.Helper()
	var page struct {
		LoaderID  string `json:"loaderId"`
		ErrorText string `json:"errorText"`
	}
	tb.do("Page.navigate", map[string]any{"url": url}, &page)
	if page.ErrorText != "" {
		tb.t.Fatalf("%s: %s", url, page.ErrorText)
	}
	late := time.After(patience)
	for {
		select {
		case loader := <-tb.loads:
			if loader == page.LoaderID {
				return
			}
		case <-late:
			tb.t.Fatalf("%s is not loaded", url)
		}
	}
}

// do carries out a command; the test ends when it fails.
func (tb *tab) do(method string, params, result any) {
	tb.t.Helper()
	ctx, cancel := context.WithTimeout(tb.t.Context(), patience)
	defer cancel()
	if err := tb.browser.do(ctx, tb.session, method, params, result); err != nil {
		tb.t.Fatal(err)
	}
}

// heard takes an event. It notes what has been loaded, and what should not happen: exceptions that nobody caught, and what the
// browser refuses, such as something against the page's policy. That a server cannot be
// reached is no fault of a page.
func (tb *tab) heard(f frame) {
	var event struct {
		Details struct {
			Text      string `json:"text"`
			Exception struct {
				Description string `json:"description"`
			} `json:"exception"`
		} `json:"exceptionDetails"`
		Entry          struct{ Source, Level, Text string } `json:"entry"`
		LoaderID, Name string
	}
	if err := json.Unmarshal(f.Params, &event); err != nil {
		return
	}
	tb.mu.Lock()
	defer tb.mu.Unlock()
	switch {
	case f.Method == "Runtime.exceptionThrown":
		tb.problems = append(tb.problems, event.Details.Text+" "+event.Details.Exception.Description)
	case f.Method == "Log.entryAdded" && event.Entry.Level == "error" && event.Entry.Source != "network":
		tb.problems = append(tb.problems, event.Entry.Text)
	case f.Method == "Page.lifecycleEvent" && event.Name == "load":
		tb.loads <- event.LoaderID
	}
}

// expect takes the problem that begins like that from those that fail the test.
func (tb *tab) expect(beginning string) {
	tb.t.Helper()
	beginning = strings.TrimSuffix(beginning, "…")
	tb.mu.Lock()
	defer tb.mu.Unlock()
	at := slices.IndexFunc(tb.problems, func(problem string) bool { return strings.HasPrefix(problem, beginning) })
	if at < 0 {
		tb.t.Errorf("the page has no problem %q, but %q", beginning, tb.problems)
		return
	}
	tb.problems = slices.Delete(tb.problems, at, at+1)
}

func (tb *tab) allProblems() []string {
	tb.mu.Lock()
	defer tb.mu.Unlock()
	return tb.problems
}

// run evaluates a JavaScript expression, waits for it when it is a promise, and stores
// its value in result unless that is nil.
func (tb *tab) run(expression string, result any) error {
	ctx, cancel := context.WithTimeout(tb.t.Context(), patience)
	defer cancel()
	var answer struct {
		Result struct {
			Value json.RawMessage `json:"value"`
		} `json:"result"`
		Exception *struct {
			Exception struct {
				Description string `json:"description"`
			} `json:"exception"`
		} `json:"exceptionDetails"`
	}
	err := tb.browser.do(ctx, tb.session, "Runtime.evaluate",
		map[string]any{"expression": expression, "awaitPromise": true, "returnByValue": true, "userGesture": true}, &answer)
	switch {
	case err != nil:
		return err
	case answer.Exception != nil:
		return fmt.Errorf("%s: %s", expression, answer.Exception.Exception.Description)
	case result == nil:
		return nil
	}
	return json.Unmarshal(answer.Result.Value, result)
}

// value returns what an expression is.
func (tb *tab) value(expression string) (value any) {
	tb.t.Helper()
	if err := tb.run(expression, &value); err != nil {
		tb.t.Fatal(err)
	}
	return value
}

// click clicks on the element of a CSS selector.
func (tb *tab) click(selector string) {
	tb.t.Helper()
	if err := tb.run(fmt.Sprintf("document.querySelector(%q).click()", selector), nil); err != nil {
		tb.t.Fatal(err)
	}
}

// enter writes text into a field, as somebody does who types.
func (tb *tab) enter(selector, text string) {
	tb.t.Helper()
	quoted, err := json.Marshal(text)
	if err != nil {
		tb.t.Fatal(err)
	}
	tb.click(selector)
	if err := tb.run(fmt.Sprintf("{ const e = document.querySelector(%q); e.focus(); e.select(); document.execCommand('insertText', false, %s) }",
		selector, quoted), nil); err != nil {
		tb.t.Fatal(err)
	}
}

// sees waits until the text of the element is want; "…" at its end stands for anything.
func (tb *tab) sees(selector, want string) {
	tb.t.Helper()
	quoted, err := json.Marshal(strings.TrimSuffix(want, "…"))
	if err != nil {
		tb.t.Fatal(err)
	}
	test := fmt.Sprintf("text() === %s", quoted)
	if strings.HasSuffix(want, "…") {
		test = fmt.Sprintf("text()?.startsWith(%s)", quoted)
	}
	const loop = `(async () => {
		const text = () => document.querySelector(%q)?.textContent;
		while (!(%s)) await new Promise((done) => setTimeout(done, 10));
	})()`
	if err := tb.run(fmt.Sprintf(loop, selector, test), nil); err != nil {
		shown := "nothing"
		_ = tb.run(`document.body.innerText`, &shown)
		tb.t.Fatalf("the page does not show %q in %s: %v\nIt shows:\n%s", want, selector, err, shown)
	}
}
