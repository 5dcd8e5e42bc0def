package interop

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os/exec"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/telestruct/telestruct/tp/mirror"
	"github.com/telestruct/telestruct/wsx"
)

// patience is how long anything may take that somebody waits for.
const patience = 2 * time.Minute

// fleetID is the number of the only model that is hosted.
const fleetID = 1

// needsTransports skips a test where the library transports is not to be had.
func needsTransports(t *testing.T) {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), interpreter(t), "-c", "import transports").CombinedOutput(); err != nil {
		t.Fatalf("the Python of the tests does not have the package transports: %v\n%s", err, out)
	}
}

// fleetHost hosts a fleet, and shows it to clients.
type fleetHost struct {
	session *mirror.Session
	server  *mirror.Server
	fleet   *mirror.Handle[Fleet]
	// proposed has a value for each proposal that came.
	proposed chan struct{}
	conns    *severable
	url      string
}

func hostFleet(t *testing.T) *fleetHost {
	t.Helper()
	h := &fleetHost{session: mirror.NewSession(), proposed: make(chan struct{}, 2*clientChanges+10), conns: newSeverable()}
	h.server = mirror.NewServer(h.session, &mirror.ServerOptions{Authorize: func(any, mirror.Change) error {
		h.proposed <- struct{}{} // has room for all
		return nil
	}})
	var err error
	if h.fleet, err = mirror.Host(h.session, &Fleet{}); err != nil {
		t.Fatal(err)
	}
	endpoint := wsx.Mirror(h.server, wsx.WriteTimeout(patience), wsx.Heartbeat(patience+time.Second, patience))
	site := httptest.NewUnstartedServer(endpoint)
	site.Listener = severableListener{site.Listener, h.conns}
	site.Start()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := endpoint.Shutdown(ctx); err != nil {
			t.Error(err)
		}
		site.Close()
	})
	h.url = "ws" + strings.TrimPrefix(site.URL, "http")
	return h
}

// change makes one random change, and sends it.
func (h *fleetHost) change(t *testing.T, c changes) {
	t.Helper()
	err := h.fleet.Update(func(f *Fleet) error {
		c.edit(f)
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	h.server.Flush()
}

// changeAlong makes as many changes, one whenever a proposal has come.
func (h *fleetHost) changeAlong(t *testing.T, count int, c changes) {
	t.Helper()
	for range count {
		select {
		case <-h.proposed:
			h.change(t, c)
		case <-time.After(patience):
			t.Error("no more proposals come")
			return
		}
	}
}

// now returns the fleet as all should have it.
func (h *fleetHost) now(t *testing.T) mirror.Snapshot {
	t.Helper()
	s, err := h.session.Snapshot(fleetID)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// pythonMirror is a client of the library transports.
type pythonMirror struct{ *program }

// mirrorReport is what it answers to a command.
type mirrorReport struct {
	Rev       uint64       `json:"rev"`
	Value     mirror.Value `json:"value"`
	Snapshots int          `json:"snapshots"`
	Patches   int          `json:"patches"`
	Rejects   []string     `json:"rejects"`
}

func newPythonMirror(t *testing.T, url, codec, way string) pythonMirror {
	t.Helper()
	return pythonMirror{start(t, "mirrorclient.py", url, codec, way)}
}

// obey has the client do what the command says.
func (p pythonMirror) obey(t *testing.T, command any) (r mirrorReport) {
	t.Helper()
	if err := p.order(command, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// order sends a command to a program, and reads its answer.
func (p *program) order(command, answer any) error {
	if err := json.NewEncoder(p.input).Encode(command); err != nil {
		return err
	}
	line, err := p.output.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("the program wrote %q and no more: %w", line, err)
	}
	return json.Unmarshal(line, answer)
}

// await waits until the client has the model at the revision, and compares it.
func (p pythonMirror) await(t *testing.T, want mirror.Snapshot) (r mirrorReport) {
	t.Helper()
	r = p.obey(t, map[string]any{"await": want.Rev})
	compare(t, mirror.Snapshot{Rev: r.Rev, Value: r.Value}, want)
	return r
}

// pythonMirrors are several of them.
type pythonMirrors []pythonMirror

// propose makes each of the clients propose random edits. The channel gets how many were refused,
// when all are done.
func (all pythonMirrors) propose(t *testing.T, count, seed int) <-chan int {
	reports := make([]mirrorReport, len(all))
	var proposing sync.WaitGroup
	for i, p := range all {
		proposing.Go(func() {
			if err := p.order(map[string]any{"propose": count, "seed": seed + i}, &reports[i]); err != nil {
				t.Error(err)
			}
		})
	}
	refused := make(chan int, 1)
	go func() {
		proposing.Wait()
		n := 0
		for _, r := range reports {
			n += len(r.Rejects)
		}
		refused <- n
	}()
	return refused
}

// compare wants a client to have what the server has.
func compare(t *testing.T, got, want mirror.Snapshot) {
	t.Helper()
	if got.Rev != want.Rev || !got.Value.Equal(want.Value) {
		t.Errorf("the client is at revision %d, the server at %d; this is the difference:\n%v",
			got.Rev, want.Rev, mirror.Diff(got.Value, want.Value))
	}
	if fields := reflect.TypeFor[Fleet]().NumField(); want.Value.Len() != fields {
		t.Errorf("the server has %d fields; want %d", want.Value.Len(), fields)
	}
}

// pythonHost is a server of the library transports.
type pythonHost struct {
	*program
	url string
}

func startPythonHost(t *testing.T) pythonHost {
	t.Helper()
	p := start(t, "mirrorserver.py")
	return pythonHost{p, p.line(t)}
}

// change makes the host change the fleet at random, and returns what it is then.
func (h pythonHost) change(t *testing.T, count int, seed int) (now mirror.Snapshot) {
	t.Helper()
	if err := h.order(map[string]any{"change": count, "seed": seed}, &now); err != nil {
		t.Fatal(err)
	}
	return now
}
