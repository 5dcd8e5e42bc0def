package main

import (
	"time"

	"github.com/telestruct/telestruct/tp"
)

// News is what listeners get: union.News in the schema.
type News interface{ isNews() }

// Story is something that has happened.
type Story struct {
	_        struct{}  `doc:"Something has happened."`
	Number   int       `tp:"number" doc:"Counts the stories from 1."`
	Headline string    `tp:"headline"`
	At       time.Time `tp:"at" doc:"When it was published: each later than the one before."`
}

// Applause is how many readers liked a story.
type Applause struct {
	_      struct{} `doc:"One more reader liked a story."`
	Number int      `tp:"number" doc:"Which story."`
	Total  int      `tp:"total" doc:"How many have liked it."`
}

func (Story) isNews()    {}
func (Applause) isNews() {}

// newsUnion lists what News can be.
func newsUnion() tp.Union {
	return tp.UnionOf[News](Story{}, Applause{}).Doc("What the feed sends.")
}
