package mirror

import (
	"fmt"
	"testing"
	"time"

	"github.com/telestruct/telestruct/internal/allocs"
)

// plant is a model whose snapshot has more than 1 MB.
type plant struct {
	Name  string      `tp:"name"`
	Sites []plantSite `tp:"sites"`
}

type plantSite struct {
	Name     string             `tp:"name"`
	Text     string             `tp:"text"`
	Settings map[string]float64 `tp:"settings"`
	Machines []machine          `tp:"machines"`
}

type machine struct {
	ID      int64     `tp:"id"`
	Name    string    `tp:"name"`
	Since   time.Time `tp:"since"`
	Sensors []sensor  `tp:"sensors"`
}

type sensor struct {
	ID    int64   `tp:"id"`
	Label string  `tp:"label"`
	Unit  string  `tp:"unit"`
	Value float64 `tp:"value"`
	OK    bool    `tp:"ok"`
}

// newPlant returns a plant of 5,000 sensors.
func newPlant() *plant {
	const sites, machines, sensors = 10, 20, 25
	p := &plant{Name: "north"}
	for i := range sites {
		site := plantSite{Name: fmt.Sprint("site ", i), Text: fmt.Sprintf("%0200d", i), Settings: map[string]float64{"low": 1, "high": 2}}
		for j := range machines {
			m := machine{ID: int64(j), Name: fmt.Sprint("machine ", j), Since: time.Unix(int64(j), 0).UTC()}
			for k := range sensors {
				m.Sensors = append(m.Sensors, newSensor(i*machines*sensors+j*sensors+k))
			}
			site.Machines = append(site.Machines, m)
		}
		p.Sites = append(p.Sites, site)
	}
	return p
}

func newSensor(i int) sensor {
	return sensor{ID: int64(i), Label: fmt.Sprint("temperature of the bearing no. ", i), Unit: "°C", Value: float64(i) / 7, OK: true}
}

// board is a model that is one flat list, which costs the most for its size.
type board struct {
	Sensors []sensor `tp:"sensors"`
}

func newBoard() *board {
	b := &board{}
	for i := range 5000 {
		b.Sensors = append(b.Sensors, newSensor(i))
	}
	return b
}

// changePlant and changeBoard change one field, another one each time.
func changePlant(p *plant, i int) {
	machines := p.Sites[i%len(p.Sites)].Machines
	sensors := machines[i%len(machines)].Sensors
	sensors[i%len(sensors)].Value++
}

func changeBoard(b *board, i int) { b.Sensors[i*37%len(b.Sensors)].Value++ }

// BenchmarkMirror measures what a change costs. The first four are from one changed field to the
// patch that is ready to be encoded: found by the handle, and by building the tree of the whole model
// and comparing it with the one before.
func BenchmarkMirror(b *testing.B) {
	b.Run("update/handle", func(b *testing.B) { benchmarkUpdate(b, newPlant(), changePlant) })
	b.Run("update/rebuild", func(b *testing.B) { benchmarkRebuild(b, newPlant(), changePlant) })
	b.Run("update/handle/flat", func(b *testing.B) { benchmarkUpdate(b, newBoard(), changeBoard) })
	b.Run("update/rebuild/flat", func(b *testing.B) { benchmarkRebuild(b, newBoard(), changeBoard) })
	b.Run("submit", benchmarkSubmit)
	for _, clients := range []int{1, 1000} {
		b.Run(fmt.Sprint("encode/", clients), func(b *testing.B) { benchmarkEncode(b, clients) })
	}
	b.Run("apply", benchmarkApply)
	b.Run("diff", benchmarkDiff)
	b.Run("snapshot", benchmarkSnapshot)
}

// hostBenchmark hosts v, and reports how large it is.
func hostBenchmark[T any](b *testing.B, v *T) (*Session, *Handle[T]) {
	b.Helper()
	s := NewSession()
	h, err := Host(s, v)
	if err != nil {
		b.Fatal(err)
	}
	snapshot, err := s.Snapshot(h.ID())
	if err != nil {
		b.Fatal(err)
	}
	frame, err := JSON().Encode(snapshot)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.ResetTimer()
	b.ReportMetric(float64(len(frame.Data)), "model-bytes")
	return s, h
}

func benchmarkUpdate[T any](b *testing.B, v *T, change func(*T, int)) {
	s, h := hostBenchmark(b, v)
	for i := 0; b.Loop(); i++ {
		if err := h.Update(func(v *T) error { change(v, i); return nil }); err != nil {
			b.Fatal(err)
		}
		if changes := s.Drain(); len(changes) != 1 || len(changes[0].Patch.Ops) != 1 {
			b.Fatalf("the change is %v", changes)
		}
	}
}

func benchmarkRebuild[T any](b *testing.B, v *T, change func(*T, int)) {
	_, h := hostBenchmark(b, v)
	before, of := h.host.tree, h.host.of
	for i := 0; b.Loop(); i++ {
		change(h.work, i)
		after, err := of.value(h.host.work)
		if err != nil {
			b.Fatal(err)
		}
		if ops := Diff(before, after); len(ops) != 1 {
			b.Fatalf("the change is %v", ops)
		}
		before = after
	}
}

// benchmarkSubmit measures what a proposal costs, until its patch is ready.
func benchmarkSubmit(b *testing.B) {
	s, h := hostBenchmark(b, newPlant())
	path := Path{Key("sites"), Index(3), Key("machines"), Index(4), Key("sensors"), Index(5), Key("value")}
	for i := 0; b.Loop(); i++ {
		if _, err := s.Submit(h.ID(), []Op{Set(path, Float(float64(i)))}); err != nil {
			b.Fatal(err)
		}
		s.Drain()
	}
}

// benchmarkEncode measures a change until it is given to all connections.
func benchmarkEncode(b *testing.B, clients int) {
	s, h := hostBenchmark(b, newPlant())
	server := NewServer(s, nil)
	sent := 0
	for range clients {
		server.Open(Opening{Send: func(out []Output) { sent += len(out) }})
	}
	b.ResetTimer()
	for i := 0; b.Loop(); i++ {
		if err := h.Update(func(p *plant) error { changePlant(p, i); return nil }); err != nil {
			b.Fatal(err)
		}
		server.Flush()
	}
}

// benchmarkApply measures a patch at a client.
func benchmarkApply(b *testing.B) {
	s, h := hostBenchmark(b, newPlant())
	snapshot, err := s.Snapshot(h.ID())
	if err != nil {
		b.Fatal(err)
	}
	v := snapshot.Value
	ops := []Op{Set(Path{Key("sites"), Index(3), Key("machines"), Index(4), Key("sensors"), Index(5), Key("value")}, Float(1))}
	for b.Loop() {
		if v, err = Apply(v, ops); err != nil {
			b.Fatal(err)
		}
	}
}

// benchmarkDiff measures the comparison of trees that share nothing.
func benchmarkDiff(b *testing.B) {
	_, h := hostBenchmark(b, newPlant())
	old := h.host.tree
	changePlant(h.work, 0)
	new, err := h.host.of.value(h.host.work)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if ops := Diff(old, new); len(ops) != 1 {
			b.Fatalf("the difference is %v", ops)
		}
	}
}

// benchmarkSnapshot measures the encoding of a whole model.
func benchmarkSnapshot(b *testing.B) {
	s, h := hostBenchmark(b, newPlant())
	snapshot, err := s.Snapshot(h.ID())
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := JSON().Encode(snapshot); err != nil {
			b.Fatal(err)
		}
	}
}

// An update of a large model costs what changed: about as many allocations as the path has steps.
func TestUpdateAllocations(t *testing.T) { //nolint:paralleltest // it counts
	s := NewSession()
	h, err := Host(s, newPlant())
	if err != nil {
		t.Fatal(err)
	}
	i := 0
	const most = 60
	got := allocs.Objects(most, func() {
		i++
		_ = h.Update(func(p *plant) error { changePlant(p, i); return nil })
		s.Drain()
	})
	if got > most {
		t.Errorf("an update allocates %v times", got)
	}
}
