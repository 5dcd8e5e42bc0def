package main

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Greenhouse is what people set. Every window shows the same one, and each may change it.
type Greenhouse struct {
	Name  string `tp:"name"`
	Vents int    `tp:"vents"` // how far they are open, in percent
	Rooms []Room `tp:"rooms"`
}

// Room is a part of a greenhouse.
type Room struct {
	Name  string  `tp:"name"`
	Heat  float64 `tp:"heat"` // °C that it is heated to
	Lamp  int     `tp:"lamp"` // percent
	Water bool    `tp:"water"`
}

const (
	maxName   = 30 // characters
	maxRooms  = 12
	lampWatts = 800 // of one lamp
	fuseWatts = 2000
	minHeat   = 5 // °C
	maxHeat   = 35
)

// Validate is asked before a change counts, whoever makes it. What it says is shown to who has
// tried.
func (g *Greenhouse) Validate() error {
	if err := validName(g.Name); err != nil {
		return err
	}
	if g.Vents < 0 || g.Vents > 100 {
		return errors.New("the vents open from 0 to 100 %")
	}
	if len(g.Rooms) > maxRooms {
		return fmt.Errorf("there is space for %d rooms", maxRooms)
	}
	watts := 0
	names := map[string]bool{}
	for _, r := range g.Rooms {
		if err := r.validate(); err != nil {
			return err
		}
		if names[r.Name] {
			return fmt.Errorf("there is a room with the name %s", r.Name)
		}
		names[r.Name] = true
		watts += r.Lamp * lampWatts / 100
	}
	if watts > fuseWatts {
		return fmt.Errorf("the lamps would take %d W, and the fuse is for %d W", watts, fuseWatts)
	}
	return nil
}

func (r *Room) validate() error {
	switch {
	case r.Heat < minHeat || r.Heat > maxHeat:
		return fmt.Errorf("%s can be heated to %d to %d °C", r.Name, minHeat, maxHeat)
	case r.Lamp < 0 || r.Lamp > 100:
		return fmt.Errorf("the lamp of %s shines from 0 to 100 %%", r.Name)
	}
	return validName(r.Name)
}

func validName(name string) error {
	if strings.TrimSpace(name) != name || name == "" || utf8.RuneCountInString(name) > maxName {
		return fmt.Errorf("a name has 1 to %d characters, and no spaces around them", maxName)
	}
	return nil
}

// planted is the greenhouse that the program begins with.
func planted() Greenhouse {
	return Greenhouse{
		Name:  "Greenhouse",
		Vents: 10,
		Rooms: []Room{
			{Name: "Tomatoes", Heat: 21, Lamp: 60},
			{Name: "Orchids", Heat: 26, Lamp: 80},
			{Name: "Lettuce", Heat: 14, Lamp: 40, Water: true},
		},
	}
}
