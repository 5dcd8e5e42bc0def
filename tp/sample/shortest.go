package sample

import "github.com/telestruct/telestruct/tp/schema"

// shortest returns the tag of a union of the schema by which values end soonest:
// following the shortest tags, and no field that may be absent, null or empty,
// never leads back to the union. It returns nil for unions that are no
// definitions.
func (g *Generator) shortest(u *schema.Union) *schema.Tag {
	if g.shortCache == nil {
		g.shortCache = shortestTags(g.schema)
	}
	return g.shortCache[u]
}

// shortestTags finds the shortest tag of every union. In each round, those
// definitions end that need nothing but what ended in the rounds before; every
// definition of a schema ends in some round (spec section 8.11).
func shortestTags(s *schema.Schema) map[*schema.Union]*schema.Tag {
	tags := map[*schema.Union]*schema.Tag{}
	ended := map[schema.Definition]bool{}
	for pending := s.Definitions(); ; {
		var now, later []schema.Definition
		for _, d := range pending {
			if ends(d, ended, tags) {
				now = append(now, d)
			} else {
				later = append(later, d)
			}
		}
		if len(now) == 0 {
			return tags
		}
		for _, d := range now {
			ended[d] = true
		}
		pending = later
	}
}

// ends reports whether d needs nothing but what has ended, and notes by which
// tag if d is a union.
func ends(d schema.Definition, ended map[schema.Definition]bool, tags map[*schema.Union]*schema.Tag) bool {
	switch d := d.(type) {
	case *schema.Struct:
		return fieldsEnd(d.Fields, ended)
	case *schema.Function:
		return fieldsEnd(d.Args.Fields, ended)
	case *schema.Union:
		for _, t := range ascending(d.Tags, tagName) {
			if fieldsEnd(t.Payload.Fields, ended) {
				tags[d] = t
				return true
			}
		}
		return false
	default:
		return true
	}
}

func fieldsEnd(fields []*schema.Field, ended map[schema.Definition]bool) bool {
	for _, f := range fields {
		if d := f.Requires(); d != nil && !ended[d] {
			return false
		}
	}
	return true
}
