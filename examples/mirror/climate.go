package main

import "math"

// Climate is what sensors measure. Nobody else changes it.
type Climate struct {
	Outside float64             `tp:"outside"` // °C
	Rooms   map[string]Measured `tp:"rooms"`   // by their names
}

// Measured is what the sensors of a room say.
type Measured struct {
	Temperature float64 `tp:"temperature"` // °C
	Moisture    int     `tp:"moisture"`    // of the soil, in percent
}

// pass makes the climate that of a second later. It is what real sensors would spare us.
func (c *Climate) pass(g *Greenhouse) {
	before := c.Rooms
	c.Rooms = map[string]Measured{}
	for _, room := range g.Rooms {
		m, known := before[room.Name]
		if !known {
			m = Measured{Temperature: c.Outside, Moisture: 50}
		}
		c.Rooms[room.Name] = m.after(room, g.Vents, c.Outside)
	}
}

// after returns what is measured a second later.
func (m Measured) after(room Room, vents int, outside float64) Measured {
	warm := room.Heat + float64(room.Lamp)/25
	goal := warm + (outside-warm)*float64(vents)/200
	m.Temperature = round(m.Temperature + (goal-m.Temperature)/8)
	if room.Water {
		m.Moisture = min(m.Moisture+2, 90)
	} else {
		m.Moisture = max(m.Moisture-1, 15)
	}
	return m
}

// round keeps tenths, which is what can be seen.
func round(degrees float64) float64 { return math.Round(degrees*10) / 10 }
