package schema

import (
	"hash/crc32"
	"maps"
	"slices"
	"strings"
)

// FieldNames returns the names that binary messages replace by numbers, in the
// order of those numbers: functions, their arguments, the fields of Ok_, and
// the fields and tags of all types that these lead to (spec section 14.2).
func (s *Schema) FieldNames() []string {
	c := nameCollector{names: map[string]bool{}, visited: map[Definition]bool{}}
	for _, f := range s.Functions() {
		c.names[f.Key] = true
		c.fields(f.Args.Fields)
		if ok := f.Result.Tag(okTag); ok != nil {
			c.names[okTag] = true
			c.fields(ok.Payload.Fields)
		}
	}
	return slices.Sorted(maps.Keys(c.names))
}

// Checksum returns the checksum of [Schema.FieldNames] by which two sides know
// that they number names alike (spec section 14.3).
func (s *Schema) Checksum() int32 {
	return int32(crc32.ChecksumIEEE([]byte(strings.Join(s.FieldNames(), "\n"))))
}

// nameCollector gathers names, looking at each definition once.
type nameCollector struct {
	names   map[string]bool
	visited map[Definition]bool
}

func (c *nameCollector) fields(fields []*Field) {
	for _, f := range fields {
		c.names[f.Name] = true
		t := f.Type
		for t.Elem != nil {
			t = t.Elem
		}
		c.definition(t.Definition)
	}
}

// definition adds what a named type contributes. A function contributes its
// name and arguments, which are among the names anyway.
func (c *nameCollector) definition(def Definition) {
	if def == nil || c.visited[def] {
		return
	}
	c.visited[def] = true
	switch def := def.(type) {
	case *Struct:
		c.fields(def.Fields)
	case *Union:
		for _, tag := range def.Tags {
			c.names[tag.Name] = true
			c.fields(tag.Payload.Fields)
		}
	}
}
