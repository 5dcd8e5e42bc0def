package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"
)

// chromiumVariable names the browser to test with. With it the tests fail where they
// would be skipped.
const chromiumVariable = "TELESTRUCT_CHROMIUM"

// chromiumProgram finds the browser, or skips the test.
func chromiumProgram(t *testing.T) string {
	t.Helper()
	if program := os.Getenv(chromiumVariable); program != "" {
		return program
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if program, err := exec.LookPath(name); err == nil {
			return program
		}
	}
	t.Skipf("there is no chromium here: install one, or say in %s where it is", chromiumVariable)
	return ""
}

// chromium is a running browser without a window. It is told what to do in the DevTools
// protocol, over two pipes: every message is JSON and ends with a zero byte.
type chromium struct {
	commands io.Writer

	mu      sync.Mutex
	lastID  int
	answers map[int]chan frame
	tabs    map[string]*tab // by session
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

// startChromium starts a browser that is closed when the test ends.
func startChromium(t *testing.T) *chromium {
	t.Helper()
	profile, err := os.MkdirTemp("", "chromium-")
	if err != nil {
		t.Fatal(err)
	}
	// Processes of the browser may still write there when the test ends.
	t.Cleanup(func() { _ = os.RemoveAll(profile) })
	commandsOut, commands := pipe(t)
	events, eventsIn := pipe(t)
	var stderr bytes.Buffer
	cmd := exec.Command(chromiumProgram(t),
		"--headless", "--remote-debugging-pipe", "--user-data-dir="+profile,
		"--no-sandbox", // pages of this repository only; containers allow no other
		"--disable-dev-shm-usage", "--disable-gpu", "--disable-breakpad", "--disable-extensions",
		"--disable-background-networking", "--disable-component-update", "--disable-sync",
		"--no-first-run", "--no-default-browser-check", "--no-proxy-server", "about:blank")
	cmd.ExtraFiles = []*os.File{commandsOut, eventsIn} // descriptors 3 and 4
	cmd.Stderr = &stderr
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	commandsOut.Close()
	eventsIn.Close()
	c := &chromium{commands: commands, answers: map[int]chan frame{}, tabs: map[string]*tab{}}
	listening := make(chan struct{})
	go func() {
		defer close(listening)
		c.listen(events)
	}()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		defer context.AfterFunc(ctx, func() { _ = cmd.Process.Kill() })()
		closed := c.do(ctx, "", "Browser.close", nil, nil)
		_ = cmd.Wait()
		events.Close()
		<-listening
		if closed != nil {
			t.Errorf("%v; it said:\n%s", closed, &stderr)
		}
	})
	return c
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

// listen hands out what the browser says until it ends.
func (c *chromium) listen(events io.Reader) {
	r := bufio.NewReader(events)
	for {
		text, err := r.ReadBytes(0)
		if err != nil {
			c.end(err)
			return
		}
		var f frame
		if err := json.Unmarshal(text[:len(text)-1], &f); err != nil {
			c.end(err)
			return
		}
		c.mu.Lock()
		if answer := c.answers[f.ID]; answer != nil {
			delete(c.answers, f.ID)
			answer <- f
		} else if tab := c.tabs[f.Session]; tab != nil {
			tab.heard(f)
		}
		c.mu.Unlock()
	}
}

func (c *chromium) end(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = fmt.Errorf("the browser has ended: %w", err)
	for _, answer := range c.answers {
		close(answer)
	}
	clear(c.answers)
}

// do carries out a command of a session, or of the browser itself when session is "".
func (c *chromium) do(ctx context.Context, session, method string, params, result any) error {
	answer, err := c.send(session, method, params)
	if err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		return fmt.Errorf("%s: %w", method, ctx.Err())
	case f, ok := <-answer:
		switch {
		case !ok:
			return c.ended
		case f.Error != nil:
			return errors.New(method + ": " + f.Error.Message)
		case result == nil:
			return nil
		}
		return json.Unmarshal(f.Result, result)
	}
}

func (c *chromium) send(session, method string, params any) (chan frame, error) {
	given := json.RawMessage("{}")
	if params != nil {
		var err error
		if given, err = json.Marshal(params); err != nil {
			return nil, err
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended != nil {
		return nil, c.ended
	}
	c.lastID++
	text, err := json.Marshal(frame{ID: c.lastID, Session: session, Method: method, Params: given})
	if err != nil {
		return nil, err
	}
	if _, err := c.commands.Write(append(text, 0)); err != nil {
		return nil, err
	}
	answer := make(chan frame, 1)
	c.answers[c.lastID] = answer
	return answer, nil
}
