package wire

// cursor is what the readers of all formats share: the data and the place in it,
// what is left of the [Limits], and scratch memory.
type cursor struct {
	data   []byte
	pos    int
	depth  int
	limits Limits
	// memory is what Spend may still spend.
	memory int

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

func (c *cursor) reset(data []byte, l Limits) {
	c.data, c.pos, c.depth, c.problem = data, 0, 0, ""
	c.limits = l.withDefaults()
	c.memory = c.limits.memory(len(data))
	if cap(c.text) > maxKeptText {
		c.text = nil
	}
	c.values = recycle(c.values)
	c.members = recycle(c.members)
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

// dropMembers takes all members from base on off the scratch list.
func (c *cursor) dropMembers(base int) {
	clear(c.members[base:])
	c.members = c.members[:base]
}
