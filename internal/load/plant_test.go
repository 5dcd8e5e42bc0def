package load

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/telestruct/telestruct/tp/mirror"
)

// Plant is the model that many clients mirror. As a snapshot, it takes about 110 kB.
type Plant struct {
	// Changes is how many there were. Change n was to be made n times Every nanoseconds after
	// Begun.
	Changes int64 `tp:"changes"`
	Begun   int64 `tp:"begun"`
	Every   int64 `tp:"every"`
	// Closed tells that there will be no change any more.
	Closed bool   `tp:"closed"`
	Halls  []Hall `tp:"halls"`
}

// Hall is a part of the plant.
type Hall struct {
	Name    string   `tp:"name"`
	Sensors []Sensor `tp:"sensors"`
}

// Sensor is in a hall.
type Sensor struct {
	ID      int64   `tp:"id"`
	Unit    string  `tp:"unit"`
	Reading float64 `tp:"reading"`
	Updates int64   `tp:"updates"`
}

const (
	halls          = 25
	sensorsPerHall = 40
)

func newPlant() *Plant {
	p := &Plant{Halls: make([]Hall, halls)}
	for i := range p.Halls {
		h := &p.Halls[i]
		h.Name, h.Sensors = fmt.Sprintf("Hall %d", i), make([]Sensor, sensorsPerHall)
		for j := range h.Sensors {
			h.Sensors[j] = Sensor{ID: int64(i*sensorsPerHall + j), Unit: "°C", Reading: 20}
		}
	}
	return p
}

// begin says when changes are to be made.
func (p *Plant) begin(now time.Time, every time.Duration) {
	p.Begun, p.Every = now.UnixNano(), int64(every)
}

// change changes a sensor.
func (p *Plant) change() {
	p.Changes++
	sensor := &p.Halls[rand.N(halls)].Sensors[rand.N(sensorsPerHall)]
	sensor.Reading = math.Round(rand.NormFloat64()*1000) / 100
	sensor.Updates++
}

// seen is what a client sees of a plant without making it a Plant.
type seen struct{ mirror.Value }

func (s seen) number(key string) int64 {
	v, _ := s.Get(key)
	n, _ := v.Int()
	return n
}

func (s seen) changes() int64 { return s.number("changes") }

func (s seen) closed() bool {
	v, _ := s.Get("closed")
	closed, _ := v.Bool()
	return closed
}

// lags calls fn with how long ago each change after the one numbered from should have been made.
func (s seen) lags(from int64, fn func(time.Duration)) {
	begun, every, now := s.number("begun"), s.number("every"), time.Now().UnixNano()
	for n := from + 1; n <= s.changes(); n++ {
		fn(time.Duration(now - begun - n*every))
	}
}
