package main

import "time"

// event is what clients are told: a JSON object. Clients themselves say plain text.
type event struct {
	Type   eventType `json:"type"`
	Name   string    `json:"name,omitempty"`
	Text   string    `json:"text,omitempty"`
	At     time.Time `json:"at,omitzero"`
	People []string  `json:"people,omitempty"`
}

type eventType string

const (
	askedForName eventType = "name"    // the next text is taken for the client's name
	welcome      eventType = "welcome" // the client is in the room; what was said before follows
	refused      eventType = "refused" // what the client has sent was not taken; text says why
	joined       eventType = "joined"
	said         eventType = "said"
	left         eventType = "left"
	whoIsThere   eventType = "people"
)
