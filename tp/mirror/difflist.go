package mirror

// lists are the elements of an old and a new list, told by their positions.
type lists struct{ old, new []Value }

// equal compares an old with a new element, equalOld two old ones.
func (l lists) equal(old, new int) bool { return same(&l.old[old], &l.new[new]) }
func (l lists) equalOld(a, b int) bool  { return same(&l.old[a], &l.old[b]) }

// diffLists adds what makes the new list of the old one, which are at the path (section
// 4.2). Its work is bounded: a list has a budget, and when it is spent, elements are
// compared position by position.
func (d *differences) diffLists(l lists) {
	oldLength, newLength := len(l.old), len(l.new)
	const least, perElement = 64, 8
	budget := max(least, perElement*max(oldLength, newLength))
	var order []int
	if oldLength == newLength {
		differ := l.differing()
		if len(differ) == 0 {
			return
		}
		order = l.permutation(differ)
	}
	if order != nil && (len(order)-longestIncreasing(order))*oldLength > budget {
		d.add(Op{Kind: OpReorder, Order: order})
		return
	}
	w := walk{lists: l, into: d, budget: budget, first: len(d.ops)}
	if w.run() {
		return
	}
	if order != nil {
		d.ops = d.ops[:w.first]
		d.add(Op{Kind: OpReorder, Order: order})
		return
	}
	w.positional()
}

// walk goes through the new list and makes the old one like it, step B of section 4.2.
type walk struct {
	lists
	into   *differences
	budget int
	spent  int
	// rest has the old elements that are left, in the order they have by now. In front of
	// them the list is already as the new one.
	rest []int
	// first is where the operations of the walk begin.
	first int
	// pairs are the elements that were made like new ones.
	pairs []pair
}

// pair is an old element and the new one that it became, and the end of the operations for
// that.
type pair struct{ old, new, start, end int }

// run reports whether the walk came to its end within the budget.
func (w *walk) run() bool {
	oldLength, newLength := len(w.old), len(w.new)
	i := 0
	for i < min(oldLength, newLength) && w.equal(i, i) {
		i++
	}
	w.rest = make([]int, oldLength-i)
	for j := range w.rest {
		w.rest[j] = i + j
	}
	for i < newLength {
		switch {
		case len(w.rest) == 0:
			w.insert(i)
			i++
		case w.equal(w.rest[0], i):
			w.rest = w.rest[1:]
			i++
		default:
			advance, ok := w.place(i)
			if !ok {
				return false
			}
			i += advance
		}
	}
	for at := newLength + len(w.rest) - 1; at >= newLength; at-- {
		w.into.add(Op{Kind: OpRemoveAt, Index: at})
	}
	return true
}

// spend reports whether the budget had room for n.
func (w *walk) spend(n int) bool {
	w.spent += n
	return w.spent <= w.budget
}

// place makes the list right at i, where an element stands that does not belong there. It
// returns 0 when there stands another one now that is to be looked at.
func (w *walk) place(i int) (advance int, ok bool) {
	newLength := len(w.new)
	length := i + len(w.rest)
	if !w.spend(len(w.rest) - 1) {
		return 0, false
	}
	if from := w.findOld(i); from > 0 {
		moveElement(w.rest, from, 0)
		w.rest = w.rest[1:]
		w.into.add(Op{Kind: OpMove, Index: i + from, To: i})
		return 1, w.spend(length)
	}
	if !w.spend(newLength - i - 1) {
		return 0, false
	}
	if to := w.findNew(i); to > i {
		switch {
		case !w.spend(length):
			return 0, false
		case length < newLength:
			w.insert(i)
			return 1, true
		case !w.equalOld(w.rest[1], w.rest[0]):
			moveElement(w.rest, 0, to-i)
			w.into.add(Op{Kind: OpMove, Index: i, To: to})
			return 0, true
		}
	}
	w.change(i)
	return 1, true
}

// findOld returns where among the rest the element is that belongs at i; 0 if nowhere.
func (w *walk) findOld(i int) int {
	for j := 1; j < len(w.rest); j++ {
		if w.equal(w.rest[j], i) {
			return j
		}
	}
	return 0
}

// findNew returns where the element belongs that stands at i; i if nowhere behind.
func (w *walk) findNew(i int) int {
	newLength := len(w.new)
	for j := i + 1; j < newLength; j++ {
		if w.equal(w.rest[0], j) {
			return j
		}
	}
	return i
}

func (w *walk) insert(i int) { w.into.add(Op{Kind: OpInsert, Index: i, Value: w.new[i]}) }

// change makes what stands at i like what belongs there.
func (w *walk) change(i int) {
	d, start := w.into, len(w.into.ops)
	d.enter(Index(i))
	d.diff(w.old[w.rest[0]], w.new[i])
	d.leave()
	w.pairs = append(w.pairs, pair{w.rest[0], i, start, len(d.ops)})
	w.rest = w.rest[1:]
}

// positional replaces what the walk found by what makes each element like the one at its
// position, the first part of step C apart.
func (w *walk) positional() {
	d := w.into
	found := append([]Op(nil), d.ops[w.first:]...)
	d.ops = d.ops[:w.first]
	oldLength, newLength := len(w.old), len(w.new)
	for i := range min(oldLength, newLength) {
		// What the walk compared is not compared again: in nested lists, that would double
		// at each level.
		if len(w.pairs) > 0 && w.pairs[0].new == i {
			p := w.pairs[0]
			w.pairs = w.pairs[1:]
			if p.old == i {
				d.ops = append(d.ops, found[p.start-w.first:p.end-w.first]...)
				continue
			}
		}
		d.enter(Index(i))
		d.diff(w.old[i], w.new[i])
		d.leave()
	}
	for i := oldLength; i < newLength; i++ {
		w.insert(i)
	}
	for i := oldLength - 1; i >= newLength; i-- {
		d.add(Op{Kind: OpRemoveAt, Index: i})
	}
}
