package load

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"math"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/telestruct/telestruct/tp/mirror"
	"github.com/telestruct/telestruct/wsx"
)

var (
	mirrorClients = flag.Int("mirrors", 20, "how many clients mirror a model")
	mirrorsWhole  = flag.Int("mirrorswhole", math.MaxInt, "how many of them take what they are sent for more than bytes to compare")
	mirrorChanges = flag.Int("mirrorchanges", 100, "how often the host changes that model in a second")
	mirrorFlush   = flag.Duration("mirrorflush", 10*time.Millisecond, "how long the server waits for more changes before it sends them")
	mirrorsOf     = flag.String("mirrorsof", "", "the address of the model: makes this process its clients, and run no test")
)

// Many clients mirror a model that is changed all the time. In the end all have what the host
// has, and none was sent the whole of it again.
func TestMirrors(t *testing.T) {
	host := newPlantHost(t)
	clients := startMirrors(t, host.address, *mirrorClients)
	before := cpuTime()
	host.run(t, *duration)
	report, theirs := clients.stop(t, host.value(t))
	ours := cpuTime() - before
	host.stop(t)
	if report.Equal != *mirrorClients || report.Snapshots != 0 {
		t.Errorf("%d of %d mirrors equal the model; they were sent the whole of it %d times after the first",
			report.Equal, report.Clients, report.Snapshots)
	}
	if want := int64(report.Whole) * host.changes; report.Seen != want {
		t.Errorf("the clients have seen %d changes; want %d", report.Seen, want)
	}
	seconds := duration.Seconds()
	t.Logf("%d clients, %d of them whole, %.0f changes/s, flushed every %v, %v: %d frames, %.1f MB, %.0f frames/s, %.0f B each",
		report.Clients, report.Whole, float64(host.changes)/seconds, *mirrorFlush, *duration, report.Frames, float64(report.Bytes)/1e6,
		float64(report.Frames)/seconds, float64(report.Bytes)/float64(report.Frames))
	t.Logf("lag p50 %v, p99 %v, p99.9 %v, max %v; processors: server %.2f, clients %.2f",
		report.Lags[0], report.Lags[1], report.Lags[2], report.Lags[3], ours.Seconds()/seconds, theirs.Seconds()/seconds)
}

// plantHost serves a plant, and changes it.
type plantHost struct {
	session  *mirror.Session
	plant    *mirror.Handle[Plant]
	endpoint *wsx.Endpoint
	server   *http.Server
	address  string
	ended    chan error
	changes  int64
}

func newPlantHost(t *testing.T) *plantHost {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h := &plantHost{session: mirror.NewSession(), address: l.Addr().String(), ended: make(chan error, 1)}
	if h.plant, err = mirror.Host(h.session, newPlant()); err != nil {
		t.Fatal(err)
	}
	h.endpoint = wsx.Mirror(mirror.NewServer(h.session, nil), wsx.FlushEvery(*mirrorFlush),
		wsx.Heartbeat(patience+time.Second, patience)) // who has no time to read what comes before a ping is late, and not gone
	mux := http.NewServeMux()
	mux.Handle("/ws", h.endpoint)
	h.server = &http.Server{Handler: mux, ReadHeaderTimeout: patience}
	go func() { h.ended <- h.server.Serve(l) }()
	return h
}

// run changes the plant at the rate, and closes it at last.
func (h *plantHost) run(t *testing.T, during time.Duration) {
	t.Helper()
	every := time.Second / time.Duration(*mirrorChanges)
	h.changes = int64(during / every)
	begun := time.Now()
	h.update(t, func(p *Plant) { p.begin(begun, every) })
	for n := range h.changes {
		<-time.After(time.Until(begun.Add(time.Duration(n+1) * every)))
		h.update(t, (*Plant).change)
	}
	h.update(t, func(p *Plant) { p.Closed = true })
}

func (h *plantHost) update(t *testing.T, change func(*Plant)) {
	t.Helper()
	err := h.plant.Update(func(p *Plant) error {
		change(p)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// value returns what all mirrors should have.
func (h *plantHost) value(t *testing.T) mirror.Value {
	t.Helper()
	s, err := h.session.Snapshot(h.plant.ID())
	if err != nil {
		t.Fatal(err)
	}
	return s.Value
}

func (h *plantHost) stop(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := errors.Join(h.endpoint.Shutdown(ctx), h.server.Shutdown(ctx)); err != nil {
		t.Errorf("the server does not stop: %v", err)
	}
	if err := <-h.ended; !errors.Is(err, http.ErrServerClosed) {
		t.Error(err)
	}
}

// mirrorsProcess is the process of the clients.
type mirrorsProcess struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

// startMirrors returns when all clients have the model.
func startMirrors(t *testing.T, address string, clients int) *mirrorsProcess {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, "-mirrorsof", address, "-mirrors", strconv.Itoa(clients), "-mirrorswhole", strconv.Itoa(*mirrorsWhole))
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &mirrorsProcess{cmd: cmd, in: in, out: bufio.NewReader(out)}
	if _, err := p.out.ReadString('\n'); err != nil {
		t.Fatalf("the clients do not open: %v", errors.Join(err, cmd.Wait()))
	}
	return p
}

// stop waits until the clients have seen that the plant is closed, and have compared what they
// have with the value. It returns how much time of processors they have taken, too.
func (p *mirrorsProcess) stop(t *testing.T, want mirror.Value) (report mirrorsReport, cpu time.Duration) {
	t.Helper()
	err := json.NewEncoder(p.in).Encode(want)
	if err == nil {
		err = json.NewDecoder(p.out).Decode(&report)
	}
	if err = errors.Join(err, p.cmd.Wait()); err != nil {
		t.Fatalf("the clients have failed: %v", err)
	}
	return report, p.cmd.ProcessState.UserTime() + p.cmd.ProcessState.SystemTime()
}
