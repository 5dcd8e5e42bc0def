package mirror

import (
	"fmt"
	"testing"

	"github.com/telestruct/telestruct/internal/mem"
)

// benchModel is a model as programs have: many records, of a few kinds.
type benchModel struct {
	Title   string                 `tp:"title"`
	Devices []benchDevice          `tp:"devices"`
	Samples []benchSample          `tp:"samples"`
	Names   map[string]string      `tp:"names"`
	Rooms   map[string]*benchPlace `tp:"rooms"`
}

type benchDevice struct {
	ID    int64         `tp:"id"`
	Name  string        `tp:"name"`
	On    bool          `tp:"on"`
	Level float64       `tp:"level"`
	Place benchPlace    `tp:"place"`
	Tags  []string      `tp:"tags"`
	Log   []benchSample `tp:"log"`
}

type benchPlace struct {
	Room string `tp:"room"`
	X    int32  `tp:"x"`
	Y    int32  `tp:"y"`
}

type benchSample struct {
	At    int64   `tp:"at"`
	Value float64 `tp:"value"`
	Unit  string  `tp:"unit"`
}

// benchModels returns a model with n devices, and a copy.
func benchModels(g *goType, n int) (base, work *benchModel) {
	base, work = &benchModel{Title: "plant", Names: map[string]string{}, Rooms: map[string]*benchPlace{}}, new(benchModel)
	for i := range n {
		d := benchDevice{
			ID: int64(i), Name: fmt.Sprint("device ", i), On: i%2 == 0, Level: float64(i) / 7, Tags: []string{"a", "north", fmt.Sprint("t", i)},
			Place: benchPlace{Room: fmt.Sprint("room ", i%50), X: int32(i), Y: 7},
		}
		for k := range 3 {
			d.Log = append(d.Log, benchSample{At: int64(i * k), Value: float64(k), Unit: "°C"})
		}
		base.Devices = append(base.Devices, d)
		base.Samples = append(base.Samples, benchSample{At: int64(i), Value: 1.5, Unit: "lm"})
		if i%10 == 0 {
			base.Names[d.Name] = fmt.Sprint("name ", i)
			base.Rooms[d.Name] = &benchPlace{Room: d.Name, X: int32(i)}
		}
	}
	g.clone(mem.Of(work), mem.Of(base))
	return base, work
}

// benchDevices makes a model of about a megabyte in JSON.
const benchDevices = 2000

func BenchmarkRefreshOneField(b *testing.B) {
	g := goTypeFor[benchModel](b)
	base, work := benchModels(g, benchDevices)
	known := treeOf(b, *base)
	b.ReportAllocs()
	for b.Loop() {
		work.Devices[benchDevices/2].Level++
		next, err := g.refresh(known, mem.Of(base), mem.Of(work))
		if err != nil || len(Diff(known, next)) != 1 {
			b.Fatal(err)
		}
		known = next
	}
}

func BenchmarkRefreshNothing(b *testing.B) {
	g := goTypeFor[benchModel](b)
	base, work := benchModels(g, benchDevices)
	known := treeOf(b, *base)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := g.refresh(known, mem.Of(base), mem.Of(work)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRefreshInsert(b *testing.B) {
	g := goTypeFor[benchModel](b)
	base, work := benchModels(g, benchDevices)
	known := treeOf(b, *base)
	b.ReportAllocs()
	for b.Loop() {
		work.Devices = append(work.Devices, benchDevice{ID: int64(len(work.Devices))})
		next, err := g.refresh(known, mem.Of(base), mem.Of(work))
		if err != nil {
			b.Fatal(err)
		}
		known = next
	}
}

func BenchmarkValueAndDiff(b *testing.B) {
	g := goTypeFor[benchModel](b)
	base, _ := benchModels(g, benchDevices)
	known := treeOf(b, *base)
	b.ReportMetric(float64(len(known.String())), "bytes")
	b.ReportAllocs()
	for b.Loop() {
		base.Devices[benchDevices/2].Level++
		next := treeOf(b, *base)
		if len(Diff(known, next)) != 1 {
			b.Fatal("no difference")
		}
		known = next
	}
}

func BenchmarkReadOneField(b *testing.B) {
	g := goTypeFor[benchModel](b)
	base, _ := benchModels(g, benchDevices)
	known := treeOf(b, *base)
	path := Path{Key("devices"), Index(benchDevices / 2), Key("on")}
	b.ReportAllocs()
	on := false
	for b.Loop() {
		on = !on
		next, err := Apply(known, []Op{Set(path, Bool(on))})
		if err != nil {
			b.Fatal(err)
		}
		if err := g.read(mem.Of(base), known, next, true); err != nil {
			b.Fatal(err)
		}
		known = next
	}
}
