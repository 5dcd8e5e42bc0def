package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/telestruct/telestruct/internal/leaks"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestMain(m *testing.M) { leaks.Main(m) }

// start serves a calculator of its own, whose log goes nowhere, and returns a
// caller of it.
func start(t *testing.T, s *service) *caller {
	t.Helper()
	srv, err := newAPI(s, documents).Build()
	if err != nil {
		t.Fatal(err)
	}
	router, _ := newRouter(srv)
	server := httptest.NewServer(router)
	t.Cleanup(server.Close)
	return &caller{client: server.Client(), url: server.URL + "/api/telepact"}
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// noon is when tests compute.
func noon() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

// caller sends messages as a client without any library does.
type caller struct {
	client *http.Client
	url    string
}

func (c *caller) send(t *testing.T, message string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.url, strings.NewReader(message))
	if err != nil {
		t.Fatal(err)
	}
	res, err := c.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != http.StatusOK {
		t.Fatalf("status %s: %s", res.Status, answer)
	}
	return string(answer)
}

// guest sends a body as the guest ann.
func (c *caller) guest(t *testing.T, body string) string {
	t.Helper()
	return c.send(t, `[{"@auth_": {"Guest": {"name": "ann"}}}, `+body+`]`)
}

// session sends a body with the token of a session.
func (c *caller) session(t *testing.T, token, body string) string {
	t.Helper()
	return c.send(t, `[{"@auth_": {"Session": {"token": "`+token+`"}}}, `+body+`]`)
}

func same(t *testing.T, want, got string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("answer (-want +got):\n%s", diff)
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got); run with -update if it is meant:\n%s", file, diff)
	}
}

func TestSchema(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := run(t.Context(), []string{"-schema"}, &out); err != nil {
		t.Fatal(err)
	}
	golden(t, "calculator.telepact.yaml", out.Bytes())
}

func TestSchemaRoute(t *testing.T) {
	t.Parallel()
	srv, err := newAPI(newService(noon, quiet()), documents).Build()
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	router, _ := newRouter(srv)
	router.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/api/telepact/schema.yaml", nil))
	var want bytes.Buffer
	if err := srv.Schema().WriteYAML(&want); err != nil {
		t.Fatal(err)
	}
	if w.Code != http.StatusOK || w.Body.String() != want.String() {
		t.Errorf("status %d, body %q; want the schema", w.Code, w.Body)
	}
}

// The program as it runs: on a free port, until its context ends.
func TestRun(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	out, in := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, []string{"-addr", "127.0.0.1:0"}, in)
		in.Close()
	}()
	line, err := bufio.NewReader(out).ReadString('\n')
	url, found := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	if err != nil || !found {
		t.Fatalf("the program says %q (%v), want where it listens", line, err)
	}
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	c := &caller{client: &http.Client{Transport: transport}, url: url}
	same(t, `[{},{"Ok_":{}}]`, c.send(t, `[{}, {"fn.ping_": {}}]`))
	stop()
	if err := <-ended; err != nil {
		t.Errorf("the program ended with %v", err)
	}
}

func TestRunFails(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		args []string
		want string
	}{
		{"unknown flag", []string{"-port", "1"}, "flag provided but not defined: -port"},
		{"bad address", []string{"-addr", "127.0.0.1:port"}, "lookup tcp/port: unknown port"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			err := run(t.Context(), tc.args, io.Discard)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error is %v, want %q", err, tc.want)
			}
		})
	}
	if err := run(t.Context(), []string{"-h"}, io.Discard); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("error of -h is %v, want %v", err, flag.ErrHelp)
	}
}
