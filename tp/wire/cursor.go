package wire

import "fmt"

// cursor is what the readers of all formats share: the data and the place in it,
// what is left of the [Limits], and scratch memory.
type cursor struct {
	data   []byte
	pos    int
	depth  int
	limits Limits
	// memory is what Spend may still spend.
	memory int

	interned *Interned
	// problem is what the first failing method expected.
	problem string

	text    []byte   // strings that are not written as one run of their bytes
	values  []any    // elements of the arrays that are open in Value
	members []Member // members of the objects that are open in Value
}

// Largest scratch memory that a reader keeps from one text to the next.
const (
	maxKeptText   = 64 << 10
	maxKeptValues = 1 << 10
)

// reset makes c read data under l. What is empty already is left alone: small
// messages would pay more for resetting it than for anything they hold.
func (c *cursor) reset(data []byte, l Limits) {
	c.data, c.pos, c.depth = data, 0, 0
	if c.problem != "" {
		c.problem = ""
	}
	if data != nil { // of nothing, nothing is read
		c.limits = l.withDefaults()
		c.memory = c.limits.memory(len(data))
	}
	if cap(c.text) > maxKeptText {
		c.text = nil
	}
	if cap(c.values) > 0 {
		c.values = recycle(c.values)
	}
	if cap(c.members) > 0 {
		c.members = recycle(c.members)
	}
}

// withRoom returns list with room for another element; at most left will come.
// The memory that append would ask for on the way to a long list is more than
// elements of one byte pay for.
func withRoom[T any](list []T, left int) []T {
	const first, factor = 16, 3
	if len(list) < cap(list) {
		return list
	}
	return append(make([]T, 0, len(list)+min(first+factor*len(list), left)), list...)
}

// recycle empties a scratch list, so that it keeps no decoded value alive, or
// drops it when one large text made it grow.
func recycle[T any](list []T) []T {
	if cap(list) > maxKeptValues {
		return nil
	}
	clear(list)
	return list[:0]
}

// Intern makes the cursor take the strings that it returns from s, where s has them, but
// for those in the headers of messages: credentials are among them.
// Nil, as it is at first, makes every string anew. It holds for all messages that are
// read from then on.
func (c *cursor) Intern(s *Interned) { c.interned = s }

// Interned returns text, which must be valid UTF-8, as a string, as the cursor's own
// methods do.
func (c *cursor) Interned(text []byte) string { return c.interned.of(text) }

// Remaining returns the number of bytes that are left, which bounds the number
// of values that can still come.
func (c *cursor) Remaining() int { return len(c.data) - c.pos }

// MaxElements returns the number of elements that one array or object may have.
func (c *cursor) MaxElements() int { return c.limits.Elements }

// Memory returns how many bytes Spend may still spend.
func (c *cursor) Memory() int { return c.memory }

// Spend notes that n bytes of memory, which must not be negative, are going to
// be taken for what the data holds. It fails beyond what [Limits] give for it;
// LimitError says so.
func (c *cursor) Spend(n int) bool {
	c.memory -= n
	return c.memory >= 0 || c.fail(overspent)
}

const overspent = "more memory than the limit"

// enter notes that an array or an object begins.
func (c *cursor) enter() bool {
	if c.depth >= c.limits.Depth {
		return c.fail("nested deeper than the limit")
	}
	c.depth++
	return true
}

// fail notes what was expected at the cursor and returns false. The first note
// stays: it is the one that tells what is wrong.
func (c *cursor) fail(expected string) bool {
	if c.problem == "" {
		c.problem = expected
	}
	return false
}

func (c *cursor) failAt(pos int, problem string) bool {
	c.pos = pos
	return c.fail(problem)
}

// Elements and members are collected in scratch lists that all open arrays and
// objects share, and copied once their number is known: a tree then costs what
// it holds, however its text is nested.

// takeValues takes all values from base on off the scratch list and returns them.
func (c *cursor) takeValues(base int) []any {
	array := make([]any, len(c.values)-base)
	copy(array, c.values[base:])
	clear(c.values[base:])
	c.values = c.values[:base]
	return array
}

// takeMembers takes all members from base on off the scratch list and returns
// them. It fails when they have a key twice.
func (c *cursor) takeMembers(base int) (Object, bool) {
	if key, repeated := Object(c.members[base:]).repeatedKey(); repeated {
		return nil, c.fail(fmt.Sprintf("the object before has the key %q twice", key))
	}
	object := make(Object, len(c.members)-base)
	copy(object, c.members[base:])
	c.dropMembers(base)
	return object, true
}

// takeGoMap is as takeMembers, and spends the memory of the map.
func (c *cursor) takeGoMap(base int) (map[string]any, bool) {
	members := c.members[base:]
	if !c.Spend(goMapSize(len(members))) {
		return nil, false
	}
	m := make(map[string]any, len(members))
	for i := range members {
		m[members[i].Key] = members[i].Value
	}
	if len(m) != len(members) {
		return nil, c.fail("the object before has a key twice")
	}
	c.dropMembers(base)
	return m, true
}

// spendGoList spends the memory of a list with n elements.
func (c *cursor) spendGoList(n int) bool {
	const header, element = 24, 16
	return c.Spend(header + element*n)
}

// goMapSize estimates how many bytes a map[string]any with n entries takes.
func goMapSize(n int) int {
	const (
		empty = 48
		group = 288 // room is made for eight entries at a time,
		spare = 3   // and for up to twice as many as there are
	)
	if n == 0 {
		return empty
	}
	return empty + group + (n-1)/8*group*spare
}

// dropMembers takes all members from base on off the scratch list.
func (c *cursor) dropMembers(base int) {
	clear(c.members[base:])
	c.members = c.members[:base]
}
