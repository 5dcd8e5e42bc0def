package wsx

// ring is a queue that uses its memory again. The zero value is an empty one.
type ring[T any] struct {
	items []T // as many as a power of 2
	first int
	count int
}

const (
	// firstRing is how many items a ring has room for at first.
	firstRing = 4
	// keptRing is for how many an empty ring keeps the memory.
	keptRing = 16
)

func (r *ring[T]) len() int { return r.count }

// at returns the item that waits for longest but i.
func (r *ring[T]) at(i int) *T { return &r.items[(r.first+i)&(len(r.items)-1)] }

func (r *ring[T]) push(item T) {
	if r.count == len(r.items) {
		r.grow()
	}
	r.count++
	*r.at(r.count - 1) = item
}

// pop takes the item out that waits for longest. There must be one.
func (r *ring[T]) pop() T {
	var none T
	at := r.at(0)
	item := *at
	*at = none
	r.first = (r.first + 1) & (len(r.items) - 1)
	if r.count--; r.count == 0 && len(r.items) > keptRing {
		*r = ring[T]{}
	}
	return item
}

func (r *ring[T]) grow() {
	items := make([]T, max(firstRing, 2*len(r.items)))
	n := copy(items, r.items[r.first:])
	copy(items[n:], r.items[:r.first])
	r.items, r.first = items, 0
}
