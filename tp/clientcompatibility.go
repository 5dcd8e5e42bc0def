package tp

import (
	"fmt"
	"slices"
	"strings"

	"github.com/telestruct/telestruct/tp/schema"
)

// incompatibilities lists how calls of what is used would fail on a server.
func incompatibilities(u *called, served *schema.Schema) []*Problem {
	c := compatibility{seen: map[meeting]bool{}}
	for _, name := range u.names {
		c.functions(u.schema.Function(name), served.Function(name))
	}
	return c.problems
}

// compatibility compares what Go has with what a server has, in the direction in
// which values go.
type compatibility struct {
	problems []*Problem
	seen     map[meeting]bool
}

// direction is where values go: arguments are sent, results received.
type direction bool

const (
	sent     direction = true
	received direction = false
)

// meeting is a pair of definitions that values of one direction meet.
type meeting struct {
	here, there schema.Definition
	way         direction
}

// problem reports a difference at the place in Go that origin names, unless values of
// the other direction have met it.
func (c *compatibility) problem(at schema.Origin, found, fix string) {
	p := &Problem{Where: at.Go, Site: at.Site, Found: found, Fix: fix}
	if !slices.ContainsFunc(c.problems, func(other *Problem) bool { return *other == *p }) {
		c.problems = append(c.problems, p)
	}
}

func (c *compatibility) functions(here, there *schema.Function) {
	if there == nil {
		c.problem(here.Origin, fmt.Sprintf("the server has no function %s", here.Key), `give its name with tp.Name("fn.…")`)
		return
	}
	c.fields(here.Key, here.Args, there.Args, sent)
	for _, tag := range here.Result.Tags[:here.OwnTags] {
		what := here.Key + " -> " + tag.Name
		if other := there.Result.Tag(tag.Name); other != nil {
			c.fields(what, tag.Payload, other.Payload, received)
		} else {
			c.problem(tag.Origin, fmt.Sprintf("on the server %s has no %s", here.Key, tag.Name), "remove it from tp.Fails")
		}
	}
}

// fields compares two structs; what names them.
func (c *compatibility) fields(what string, here, there *schema.Struct, way direction) {
	for _, f := range here.Fields {
		other := find(there, f.Name)
		switch {
		case other != nil:
			c.field(what, f, other, way)
		case way == sent || !f.Optional:
			c.problem(f.Origin, fmt.Sprintf("on the server %s has no field %q", what, f.Name), "remove the field")
		}
	}
	for _, other := range there.Fields {
		if way == sent && !other.Optional && find(here, other.Name) == nil {
			c.problem(here.Origin, fmt.Sprintf("on the server %s requires the field %q", what, other.Name),
				fmt.Sprintf("add a field of %s", goField(other)))
		}
	}
}

// find returns the field with a name, whether it is optional or not.
func find(s *schema.Struct, name string) *schema.Field {
	for _, f := range s.Fields {
		if strings.TrimSuffix(f.Name, "!") == strings.TrimSuffix(name, "!") {
			return f
		}
	}
	return nil
}

func (c *compatibility) field(what string, here, there *schema.Field, way direction) {
	from, to := here.Type, there.Type
	if way == received {
		from, to = to, from
	}
	if here.Name != there.Name || !fits(from, to) {
		c.problem(here.Origin,
			fmt.Sprintf("on the server %s has %s, not %s", what, documentField(there), documentField(here)),
			fmt.Sprintf("use %s", goField(there)))
		return
	}
	c.types(here.Type, there.Type, way)
}

// fits reports whether every value of one type expression is one of the other, as far
// as the expressions say: what named types hold is compared once for all uses.
func fits(from, to *schema.Type) bool {
	switch {
	case from.Nullable && !to.Nullable:
		return false
	case to.Kind == schema.Any, to.Kind == schema.Number && from.Kind == schema.Integer:
		return true
	case from.Kind != to.Kind || from.Name != to.Name:
		return false
	}
	return from.Elem == nil || fits(from.Elem, to.Elem)
}

// types compares the definitions that two type expressions refer to.
func (c *compatibility) types(here, there *schema.Type, way direction) {
	for here.Elem != nil && there.Elem != nil {
		here, there = here.Elem, there.Elem
	}
	at := meeting{here.Definition, there.Definition, way}
	if here.Kind != there.Kind || here.Definition == nil || c.seen[at] {
		return
	}
	c.seen[at] = true
	switch here := here.Definition.(type) {
	case *schema.Struct:
		c.fields(here.Key, here, there.Definition.(*schema.Struct), way)
	case *schema.Union:
		c.unions(here, there.Definition.(*schema.Union), way)
	case *schema.Function:
		// A link is received, and its arguments are sent when it is followed.
		other := there.Definition.(*schema.Function)
		c.fields(here.Key, here.Args, other.Args, way)
		c.fields(here.Key, here.Args, other.Args, sent)
	}
}

func (c *compatibility) unions(here, there *schema.Union, way direction) {
	for _, tag := range here.Tags {
		what := here.Key + " " + tag.Name
		if other := there.Tag(tag.Name); other != nil {
			c.fields(what, tag.Payload, other.Payload, way)
		} else if way == sent {
			c.problem(tag.Origin, fmt.Sprintf("on the server %s has no tag %s", here.Key, tag.Name),
				"remove the variant from tp.UnionOf")
		}
	}
	for _, other := range there.Tags {
		if way == received && here.Tag(other.Name) == nil {
			c.problem(here.Origin, fmt.Sprintf("on the server %s has a tag %s, which a result may hold", here.Key, other.Name),
				fmt.Sprintf("add a variant %s to tp.UnionOf", other.Name))
		}
	}
}
