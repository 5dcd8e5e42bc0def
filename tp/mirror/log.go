package mirror

// logSize is how many patches of a model are kept for clients that come back.
const logSize = 512

// maxLogWeight is how many bytes the patches that are kept may take, about, beside their frames.
// A client could otherwise fill the memory by turning a long list over, again and again.
const maxLogWeight = 8 << 20

// patchLog has the newest patches of one model.
type patchLog struct {
	size    int
	patches []*encoded
	// weight is that of all patches.
	weight int
}

// add appends a patch, and lets go of the oldest when there are too many. Where the patch alone
// is too heavy, that leaves none: nobody gets past it but by a snapshot.
func (l *patchLog) add(p *encoded) {
	if l.size <= 0 {
		return
	}
	if len(l.patches) >= 2*l.size {
		l.drop(len(l.patches) - l.size) // which are in nobody's reach by now
	}
	p.weight = weightOf(p.Patch.Ops)
	l.weight += p.weight
	l.patches = append(l.patches, p)
	heavy, weight := 0, l.weight
	for ; weight > maxLogWeight; heavy++ {
		weight -= l.patches[heavy].weight
	}
	if heavy > 0 {
		l.drop(heavy)
	}
}

// drop lets go of the n oldest patches.
func (l *patchLog) drop(n int) {
	for _, p := range l.patches[:n] {
		l.weight -= p.weight
	}
	kept := copy(l.patches, l.patches[n:])
	clear(l.patches[kept:])
	l.patches = l.patches[:kept]
}

// reach returns the patches that are kept.
func (l *patchLog) reach() []*encoded { return l.patches[max(0, len(l.patches)-l.size):] }

// since returns the patches that lead from a revision to the current one; ok is false when
// only a snapshot does (section 7).
func (l *patchLog) since(current, rev uint64) (patches []*encoded, ok bool) {
	if rev == current {
		return nil, true
	}
	if rev > current {
		return nil, false
	}
	kept := l.reach()
	for i := range kept {
		if kept[i].Patch.Rev == rev+1 {
			return append([]*encoded(nil), kept[i:]...), true
		}
	}
	return nil, false
}
