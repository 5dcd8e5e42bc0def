package headless

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// Variable is the environment variable that says which program is the browser. With it
// tests fail where they would be skipped.
const Variable = "TELESTRUCT_CHROMIUM"

// program finds the browser, or skips the test.
func program(t *testing.T) string {
	t.Helper()
	if program := os.Getenv(Variable); program != "" {
		return program
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if program, err := exec.LookPath(name); err == nil {
			return program
		}
	}
	t.Skipf("there is no chromium here: install one, or say in %s where it is", Variable)
	return ""
}

// Browser is a running browser. Every message of the protocol is JSON and ends with a
// zero byte.
type Browser struct {
	commands io.Writer

	mu      sync.Mutex
	lastID  int
	answers map[int]chan frame
	tabs    map[string]*Tab // by session
	ended   error
}

// frame is one message of the protocol: a command, its answer, or an event.
type frame struct {
	ID      int             `json:"id,omitempty"`
	Session string          `json:"sessionId,omitempty"`
	Method  string          `json:"method,omitempty"`
	Params  json.RawMessage `json:"params,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   *struct {
		Message string `json:"message"`
	} `json:"error,omitempty"`
}

// Start starts a browser that is closed when the test ends. Where there is none the test
// is skipped, unless [Variable] asks for it.
func Start(t *testing.T) *Browser {
	t.Helper()
	name := program(t)
	profile, err := os.MkdirTemp("", "chromium-")
	if err != nil {
		t.Fatal(err)
	}
	// Processes of the browser may still write there when the test ends.
	t.Cleanup(func() { _ = os.RemoveAll(profile) })
	commandsOut, commands := pipe(t)
	events, eventsIn := pipe(t)
	stderr, err := os.Create(filepath.Join(profile, "stderr"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(name, arguments(profile)...)
	cmd.ExtraFiles = []*os.File{commandsOut, eventsIn} // descriptors 3 and 4
	cmd.Stderr = stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for _, file := range []*os.File{commandsOut, eventsIn, stderr} {
		file.Close() // the browser has its own
	}
	b := &Browser{commands: commands, answers: map[int]chan frame{}, tabs: map[string]*Tab{}}
	listening := make(chan struct{})
	go func() {
		defer close(listening)
		b.listen(events)
	}()
	t.Cleanup(func() {
		if err := b.close(cmd); err != nil {
			said, _ := os.ReadFile(stderr.Name())
			t.Errorf("the browser did not end well: %v; it said:\n%s", err, said)
		}
		events.Close()
		<-listening
	})
	return b
}

func arguments(profile string) []string {
	return []string{
		"--headless", "--remote-debugging-pipe", "--user-data-dir=" + profile,
		"--no-sandbox", // for pages of this repository; containers have no other way
		"--disable-dev-shm-usage", "--disable-gpu", "--disable-breakpad", "--disable-extensions",
		"--disable-background-networking", "--disable-component-update", "--disable-sync",
		"--no-first-run", "--no-default-browser-check", "--no-proxy-server", "about:blank",
	}
}

func pipe(t *testing.T) (r, w *os.File) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close(); w.Close() })
	return r, w
}

// close ends the browser, and kills it when it takes too long.
func (b *Browser) close(cmd *exec.Cmd) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	defer context.AfterFunc(ctx, func() { _ = cmd.Process.Kill() })()
	_ = b.do(ctx, "", "Browser.close", nil, nil) // it may be gone before it can answer
	return cmd.Wait()
}

// listen hands out what the browser says until it ends.
func (b *Browser) listen(events io.Reader) {
	r := bufio.NewReader(events)
	for {
		text, err := r.ReadBytes(0)
		if err != nil {
			b.end(err)
			return
		}
		var f frame
		if err := json.Unmarshal(text[:len(text)-1], &f); err != nil {
			b.end(err)
			return
		}
		b.mu.Lock()
		if answer := b.answers[f.ID]; answer != nil {
			delete(b.answers, f.ID)
			answer <- f
		} else if tab := b.tabs[f.Session]; tab != nil {
			tab.heard(f)
		}
		b.mu.Unlock()
	}
}

func (b *Browser) end(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ended = fmt.Errorf("the browser has ended: %w", err)
	for _, answer := range b.answers {
		close(answer)
	}
	clear(b.answers)
}

// do carries out a command of a session, or of the browser itself when session is "".
func (b *Browser) do(ctx context.Context, session, method string, params, result any) error {
	answer, err := b.send(session, method, params)
	if err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		return fmt.Errorf("%s: %w", method, ctx.Err())
	case f, ok := <-answer:
		switch {
		case !ok:
			return b.ended
		case f.Error != nil:
			return &refusedError{method, f.Error.Message}
		case result == nil:
			return nil
		}
		return json.Unmarshal(f.Result, result)
	}
}

// refusedError is what the browser says to a command that it does not carry out.
type refusedError struct{ method, message string }

func (e *refusedError) Error() string { return e.method + ": " + e.message }

func (b *Browser) send(session, method string, params any) (chan frame, error) {
	given := json.RawMessage("{}")
	if params != nil {
		var err error
		if given, err = json.Marshal(params); err != nil {
			return nil, err
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ended != nil {
		return nil, b.ended
	}
	b.lastID++
	text, err := json.Marshal(frame{ID: b.lastID, Session: session, Method: method, Params: given})
	if err != nil {
		return nil, err
	}
	if _, err := b.commands.Write(append(text, 0)); err != nil {
		return nil, err
	}
	answer := make(chan frame, 1)
	b.answers[b.lastID] = answer
	return answer, nil
}
