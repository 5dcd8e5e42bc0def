package headless

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Tab is a page in a browser, for one test. What its methods cannot do ends the test.
type Tab struct {
	t       *testing.T
	browser *Browser
	session string
	target  string
	loads   chan string // the pages that have been loaded, by their loader

	mu       sync.Mutex
	problems []string
	problem  chan struct{} // has something when there is one more
}

// patience is how long a test waits for what the page ought to show. It is long for
// machines that do much else at the same time.
const patience = 4 * time.Minute

// Open shows url in a tab of its own, with cookies and storage of its own.
func (b *Browser) Open(t *testing.T, url string) *Tab {
	t.Helper()
	tb := &Tab{t: t, browser: b, loads: make(chan string, 16), problem: make(chan struct{}, 1)}
	var made struct {
		BrowserContextID string `json:"browserContextId,omitempty"`
		TargetID         string `json:"targetId,omitempty"`
		SessionID        string `json:"sessionId,omitempty"`
	}
	tb.do("Target.createBrowserContext", nil, &made)
	tb.do("Target.createTarget", map[string]any{"url": "about:blank", "browserContextId": made.BrowserContextID}, &made)
	tb.do("Target.attachToTarget", map[string]any{"targetId": made.TargetID, "flatten": true}, &made)
	b.mu.Lock()
	b.tabs[made.SessionID] = tb
	b.mu.Unlock()
	tb.session, tb.target = made.SessionID, made.TargetID
	tb.do("Runtime.enable", nil, nil)
	tb.do("Log.enable", nil, nil)
	tb.do("Page.enable", nil, nil)
	tb.do("Page.setLifecycleEventsEnabled", map[string]any{"enabled": true}, nil)
	t.Cleanup(func() {
		for _, problem := range tb.allProblems() {
			t.Errorf("the page has a problem: %s", problem)
		}
	})
	tb.Load(url)
	return tb
}

// Load shows url, and returns when its scripts have run.
func (tb *Tab) Load(url string) {
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

// Close closes the tab, as somebody does who has seen enough. It is good for nothing more.
func (tb *Tab) Close() {
	tb.t.Helper()
	tb.do("Target.closeTarget", map[string]any{"targetId": tb.target}, nil)
}

// do carries out a command; the test ends when it fails.
func (tb *Tab) do(method string, params, result any) {
	tb.t.Helper()
	ctx, cancel := context.WithTimeout(tb.t.Context(), patience)
	defer cancel()
	if err := tb.browser.do(ctx, tb.session, method, params, result); err != nil {
		tb.t.Fatal(err)
	}
}

// heard takes an event. It notes what has been loaded, and what should not happen:
// exceptions that nobody caught, and what the browser refuses, such as something against
// the page's policy. That a server cannot be reached is no fault of a page.
func (tb *Tab) heard(f frame) {
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
		tb.note(event.Details.Text + " " + event.Details.Exception.Description)
	case f.Method == "Log.entryAdded" && event.Entry.Level == "error" && event.Entry.Source != "network":
		tb.note(event.Entry.Text)
	case f.Method == "Page.lifecycleEvent" && event.Name == "load":
		select {
		case tb.loads <- event.LoaderID:
		default: // nobody waits for so many
		}
	}
}

func (tb *Tab) note(problem string) {
	tb.problems = append(tb.problems, problem)
	select {
	case tb.problem <- struct{}{}:
	default: // it is known already that there are some
	}
}

// Expect waits for the problem that begins like that, and takes it from those that fail
// the test.
func (tb *Tab) Expect(beginning string) {
	tb.t.Helper()
	beginning = strings.TrimSuffix(beginning, "…")
	for late := time.After(patience); !tb.forgive(beginning); {
		select {
		case <-tb.problem:
		case <-late:
			tb.t.Fatalf("the page has no problem %q, but %q", beginning, tb.allProblems())
		}
	}
}

func (tb *Tab) forgive(beginning string) (ok bool) {
	tb.mu.Lock()
	defer tb.mu.Unlock()
	at := slices.IndexFunc(tb.problems, func(problem string) bool { return strings.HasPrefix(problem, beginning) })
	if at < 0 {
		return false
	}
	tb.problems = slices.Delete(tb.problems, at, at+1)
	return true
}

func (tb *Tab) allProblems() []string {
	tb.mu.Lock()
	defer tb.mu.Unlock()
	return tb.problems
}

// Run evaluates a JavaScript expression, and waits for it when it is a promise.
func (tb *Tab) Run(expression string) {
	tb.t.Helper()
	if err := tb.evaluate(expression, nil); err != nil {
		tb.t.Fatal(err)
	}
}

// Leave evaluates an expression that leads to another page. This one may be gone before
// it has answered.
func (tb *Tab) Leave(expression string) {
	tb.t.Helper()
	if err := tb.evaluate(expression, nil); err != nil && !isRefused(err) {
		tb.t.Fatal(err)
	}
}

// Value returns what an expression is, as JSON has it. It waits for promises.
func (tb *Tab) Value(expression string) (value any) {
	tb.t.Helper()
	if err := tb.evaluate(expression, &value); err != nil {
		tb.t.Fatal(err)
	}
	return value
}

// evaluate stores the value of an expression in result unless that is nil.
func (tb *Tab) evaluate(expression string, result any) error {
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

// Click clicks on the element of a CSS selector, which may lead to another page.
func (tb *Tab) Click(selector string) {
	tb.t.Helper()
	tb.Leave("document.querySelector(" + quote(selector) + ").click()")
}

// Enter writes text into a field in place of what is there, as somebody does who types.
func (tb *Tab) Enter(selector, text string) {
	tb.t.Helper()
	tb.Run("{ const field = document.querySelector(" + quote(selector) + "); field.focus(); field.select(); " +
		"document.execCommand('insertText', false, " + quote(text) + ") }")
}

// Screenshot returns a picture, as PNG, of the page in a window of that size.
func (tb *Tab) Screenshot(width, height int) []byte {
	tb.t.Helper()
	tb.do("Emulation.setDeviceMetricsOverride",
		map[string]any{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false}, nil)
	var picture struct{ Data []byte }
	tb.do("Page.captureScreenshot", map[string]any{"format": "png"}, &picture)
	return picture.Data
}

// Sees waits until the text of the element is want; "…" at its end stands for anything.
// The page may be another one by then. What is shown only for a moment it may miss: see
// [Tab.Watch].
func (tb *Tab) Sees(selector, want string) {
	tb.t.Helper()
	tb.await("document.querySelector("+quote(selector)+")?.textContent", selector, want)
}

// Holds waits until the value of the field is want; "…" at its end stands for anything.
func (tb *Tab) Holds(field, want string) {
	tb.t.Helper()
	tb.await("document.querySelector("+quote(field)+")?.value", field, want)
}

// Watch remembers every text of the element from now on, for [Tab.Saw].
func (tb *Tab) Watch(selector string) {
	tb.t.Helper()
	tb.Run("{ const element = document.querySelector(" + quote(selector) + "); const texts = [element.textContent]; " +
		"(globalThis.watched ??= {})[" + quote(selector) + "] = texts; " +
		"new MutationObserver(() => texts.push(element.textContent))" +
		".observe(element, { childList: true, characterData: true, subtree: true }) }")
}

// Saw waits until the text of the element is want, or has been since [Tab.Watch]; "…" at
// its end stands for anything.
func (tb *Tab) Saw(selector, want string) {
	tb.t.Helper()
	tb.await("globalThis.watched["+quote(selector)+"].findLast(wanted)", selector, want)
}

// await waits until an expression, which may call wanted, is the text want.
func (tb *Tab) await(expression, selector, want string) {
	tb.t.Helper()
	test := "text === " + quote(want)
	if beginning, ok := strings.CutSuffix(want, "…"); ok {
		test = "text?.startsWith(" + quote(beginning) + ")"
	}
	loop := "(async () => { const wanted = (text) => " + test + "; " +
		"while (!wanted(" + expression + ")) await new Promise((done) => setTimeout(done, 10)) })()"
	err := tb.evaluate(loop, nil)
	for late := time.Now().Add(patience); isRefused(err) && time.Now().Before(late); {
		err = tb.evaluate(loop, nil) // the page went away under it
	}
	if err != nil {
		shown := "nothing"
		_ = tb.evaluate("document.body.innerText", &shown)
		tb.t.Fatalf("the page does not show %q in %s: %v\nIt shows:\n%s", want, selector, err, shown)
	}
}

func isRefused(err error) bool {
	_, ok := errors.AsType[*refusedError](err)
	return ok
}

// quote writes text as JavaScript has it.
func quote(text string) string {
	quoted, err := json.Marshal(text)
	if err != nil {
		panic(err) // strings always can be marshalled
	}
	return string(quoted)
}
