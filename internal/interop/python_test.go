package interop

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// interpreter returns the Python interpreter that has the official library.
func interpreter(t *testing.T) string {
	t.Helper()
	const variable = "TELESTRUCT_PYTHON"
	python := os.Getenv(variable)
	if python == "" {
		t.Skipf("%s names no Python interpreter with the packages of testdata/requirements.txt; .ci/run makes one", variable)
	}
	if out, err := exec.CommandContext(t.Context(), python, "-c", "import telepact").CombinedOutput(); err != nil {
		t.Fatalf("%s=%s does not have the package telepact: %v\n%s", variable, python, err, out)
	}
	return python
}

// program is a running Python program of testdata.
type program struct {
	input  io.WriteCloser
	output *bufio.Reader
	errors *bytes.Buffer // to be read once it has ended
}

// start runs a program until the test ends; it must end when its input does.
func start(t *testing.T, name string, args ...string) *program {
	t.Helper()
	python := interpreter(t)
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	if end, ok := t.Deadline(); ok { // before which it is told what the program has said
		const moment = 10 * time.Second
		ctx, cancel = context.WithDeadline(ctx, end.Add(-moment))
	}
	cmd := exec.CommandContext(ctx, python, append([]string{filepath.Join("testdata", name)}, args...)...)
	cmd.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1", "PYTHONUTF8=1")
	p := &program{errors: new(bytes.Buffer)}
	cmd.Stderr = p.errors
	input, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.input, p.output = input, bufio.NewReader(output)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		defer cancel()
		_ = input.Close() // which tells it to end
		if err := cmd.Wait(); err != nil || t.Failed() {
			t.Logf("%s ended with %v\n%s", name, err, p.errors)
		}
	})
	return p
}

// line returns the next line of the program's output.
func (p *program) line(t *testing.T) string {
	t.Helper()
	text, err := p.output.ReadString('\n')
	if err != nil {
		t.Fatalf("the program wrote %q and no more: %v", text, err)
	}
	return strings.TrimSuffix(text, "\n")
}

// pythonClient is the client of the official library.
type pythonClient struct{ *program }

func newPythonClient(t *testing.T, url string, f form) pythonClient {
	t.Helper()
	return pythonClient{start(t, "client.py", url, f.format.String(), f.requests().String())}
}

func (c pythonClient) exchange(t *testing.T, request string) outcome {
	t.Helper()
	var line bytes.Buffer
	if err := json.Compact(&line, []byte(request)); err != nil {
		t.Fatal(err)
	}
	if _, err := line.WriteTo(c.input); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(c.input, "\n"); err != nil {
		t.Fatal(err)
	}
	var o outcome
	if err := json.Unmarshal([]byte(c.line(t)), &o); err != nil {
		t.Fatal(err)
	}
	return o
}

// startPythonServer starts a server of the official library on the schema in the
// directory, and returns its URL.
func startPythonServer(t *testing.T, schemaDir string) string {
	t.Helper()
	return start(t, "server.py", schemaDir).line(t)
}
