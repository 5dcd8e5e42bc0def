package mirror

// logSize is how many patches of a model are kept for clients that come back.
const logSize = 512

// patchLog has the newest patches of one model.
type patchLog struct {
	size    int
	patches []*encoded
}

// add appends a patch, and lets go of the oldest when there are too many.
func (l *patchLog) add(p *encoded) {
	if l.size <= 0 {
		return
	}
	if len(l.patches) >= 2*l.size {
		// Half of them are in nobody's reach by now.
		kept := copy(l.patches, l.patches[len(l.patches)-l.size:])
		clear(l.patches[kept:])
		l.patches = l.patches[:kept]
	}
	l.patches = append(l.patches, p)
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
