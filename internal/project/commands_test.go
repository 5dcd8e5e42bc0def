package project

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Each command of the documentation's sh blocks is held to the truth in one of
// four ways:
//
//   - go run of a program with arguments runs it to its end; without any, or
//     with a curl command next on the page, the program is a server, which must
//     take -addr, and which runs until the page has been read;
//   - curl is replayed against that server;
//   - go get and go install must name this module;
//   - everything else must be a step of .ci/run.
//
// Where the page shows the output right after the block, it must be so.
func TestDocumentedCommands(t *testing.T) {
	t.Parallel()
	shown, err := pages(repository(t))
	if err != nil {
		t.Fatal(err)
	}
	for page, blocks := range shown {
		t.Run(page, func(t *testing.T) {
			t.Parallel()
			list, err := commands(blocks)
			if err != nil {
				t.Fatal(err)
			}
			for _, problem := range carryOut(t, list) {
				t.Error(problem)
			}
		})
	}
}

// carryOut runs or checks the commands of one page and says what is wrong.
func carryOut(t *testing.T, list []command) []string {
	t.Helper()
	var problems []string
	address := ""
	for i, c := range list {
		var out []byte
		var err error
		switch {
		case c.is("go", "run") && (len(c.Words) == 3 || i+1 < len(list) && list[i+1].is("curl")):
			address, err = serve(t, c.Words[2:])
		case c.is("go", "run"):
			out, err = runProgram(t, c.Words[2:])
		case c.is("curl"):
			out, err = replay(t, address, c.Words[1:], c.Output != nil)
		case c.is("go", "get"), c.is("go", "install"):
			err = ofThisModule(c.Words[2:])
		default:
			err = inCI(os.DirFS(root(t)), c.Text)
		}
		if err == nil && c.Output != nil {
			err = sameOutput(c.Output, out)
		}
		if err != nil {
			problems = append(problems, fmt.Sprintf("%s: %s: %v", c.At, c.Text, err))
		}
	}
	return problems
}

func (c command) is(words ...string) bool {
	return len(c.Words) > len(words) && slices.Equal(c.Words[:len(words)], words)
}

// patience is how long anything may take that a command does.
const patience = 5 * time.Minute

// run runs a command in the module's root, and returns what it prints.
func run(t *testing.T, name string, args ...string) ([]byte, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = root(t)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%w\n%s", errors.Join(err, ctx.Err()), &stderr)
	}
	return out, nil
}

// build compiles a program. The go command's own "run" would leave the program
// behind when it is stopped.
func build(t *testing.T, pkg string) (program string, err error) {
	t.Helper()
	program = filepath.Join(t.TempDir(), "program.exe")
	_, err = run(t, "go", "build", "-o", program, pkg)
	return program, err
}

// runProgram runs the program that args[0] names to its end.
func runProgram(t *testing.T, args []string) ([]byte, error) {
	t.Helper()
	program, err := build(t, args[0])
	if err != nil {
		return nil, err
	}
	return run(t, program, args[1:]...)
}

// serve starts the program that args[0] names on a free port until the test
// ends.
func serve(t *testing.T, args []string) (address string, err error) {
	t.Helper()
	program, err := build(t, args[0])
	if err != nil {
		return "", err
	}
	if address, err = freeAddress(); err != nil {
		return "", err
	}
	server := exec.CommandContext(t.Context(), program, append(args[1:], "-addr", address)...)
	server.Dir = root(t)
	var stderr bytes.Buffer
	server.Stderr = &stderr
	if err := server.Start(); err != nil {
		return "", err
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Wait() }()
	t.Cleanup(func() { server.Process.Kill(); <-ended })
	return address, waitFor(address, ended, &stderr)
}

// freeAddress returns one whose port is below those that systems give to whoever asks for any:
// nobody gets it before the program does.
func freeAddress() (string, error) {
	const first, last = 10_000, 32_767
	for {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", first+rand.N(last-first+1)))
		if errors.Is(err, syscall.EADDRINUSE) {
			continue
		}
		if err != nil {
			return "", err
		}
		return l.Addr().String(), l.Close()
	}
}

// waitFor returns when address accepts a connection, or the program ended.
func waitFor(address string, ended chan error, stderr *bytes.Buffer) error {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	late := time.After(patience)
	for {
		if conn, err := net.Dial("tcp", address); err == nil {
			return conn.Close()
		}
		select {
		case err := <-ended:
			ended <- err // for the clean-up
			return fmt.Errorf("the server ended: %v\n%s", err, stderr)
		case <-late:
			return errors.New("the server does not listen at the address given by -addr")
		case <-tick.C:
		}
	}
}

// replay does what a curl command does, against the server at address. A
// status that is not 2xx is an error unless the page shows the output.
func replay(t *testing.T, address string, args []string, anyStatus bool) ([]byte, error) {
	t.Helper()
	if address == "" {
		return nil, errors.New("no server was started on this page with go run")
	}
	req, err := curlRequest(args)
	if err != nil {
		return nil, err
	}
	req.URL.Host = address
	client := &http.Client{Timeout: patience}
	res, err := client.Do(req.WithContext(t.Context()))
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err == nil && res.StatusCode/100 != 2 && !anyStatus {
		err = fmt.Errorf("status %s: %s", res.Status, body)
	}
	return body, err
}

// curlRequest understands the flags that our pages use.
func curlRequest(args []string) (*http.Request, error) {
	var method, target, data string
	header := http.Header{}
	for i := 0; i < len(args); i++ {
		arg := args[i]
		if slices.Contains([]string{"-s", "-sS", "--silent"}, arg) {
			continue
		}
		if !strings.HasPrefix(arg, "-") {
			target = arg
			continue
		}
		if i++; i == len(args) {
			return nil, fmt.Errorf("%s needs a value", arg)
		}
		switch arg {
		case "-X", "--request":
			method = args[i]
		case "-d", "--data", "--data-raw", "--data-binary":
			data = args[i]
		case "-H", "--header":
			name, value, _ := strings.Cut(args[i], ":")
			header.Set(name, strings.TrimSpace(value))
		default:
			return nil, fmt.Errorf("this test does not know curl's %s", arg)
		}
	}
	if data != "" && header.Get("Content-Type") == "" {
		header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if method == "" && data != "" {
		method = http.MethodPost
	}
	if !strings.Contains(target, "://") {
		target = "http://" + target
	}
	if _, err := url.Parse(target); err != nil {
		return nil, err
	}
	req, err := http.NewRequest(method, target, strings.NewReader(data))
	if err == nil {
		req.Header = header
	}
	return req, err
}

func ofThisModule(args []string) error {
	for _, arg := range args {
		pkg, _, _ := strings.Cut(arg, "@")
		if pkg != modulePath && !strings.HasPrefix(pkg, modulePath+"/") {
			return fmt.Errorf("%s is not of %s", pkg, modulePath)
		}
	}
	return nil
}

// inCI wants the command to be what .ci/run runs, or .ci/run itself.
func inCI(fsys fs.FS, text string) error {
	script, err := fs.ReadFile(fsys, ".ci/run")
	if err != nil {
		return err
	}
	if text != "bash .ci/run" && !strings.Contains(string(script)+"\n", text+"\n") {
		return errors.New("no line of .ci/run ends with this command, and nothing else checks it")
	}
	return nil
}

func sameOutput(want *block, got []byte) error {
	if want.Lang != "json" {
		if diff := cmp.Diff(strings.TrimSpace(want.Text), strings.TrimSpace(string(got))); diff != "" {
			return fmt.Errorf("%s shows another output (-shown +real):\n%s", want.At(), diff)
		}
		return nil
	}
	var shown, real any
	if err := json.Unmarshal([]byte(want.Text), &shown); err != nil {
		return fmt.Errorf("%s: %w", want.At(), err)
	}
	if err := json.Unmarshal(got, &real); err != nil {
		return fmt.Errorf("the output is not JSON: %w: %s", err, got)
	}
	if diff := cmp.Diff(shown, real); diff != "" {
		return fmt.Errorf("%s shows another output (-shown +real):\n%s", want.At(), diff)
	}
	return nil
}
