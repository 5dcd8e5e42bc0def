package mirror

// What things take in memory, in bytes, about.
const (
	opWeight      = 128
	segmentWeight = 48
	valueWeight   = 32
	nodeWeight    = 64
	keyWeight     = 16
)

// weightOf returns how many bytes the operations take in memory, about. It stops counting where
// there are more than most.
func weightOf(ops []Op, most int) int {
	w := 0
	for i := range ops {
		op := &ops[i]
		w += opWeight + 8*len(op.Order)
		for _, s := range op.Path {
			w += segmentWeight + len(s.key)
		}
		if w = op.Value.addWeight(w, most); w > most {
			break
		}
	}
	return w
}

// addWeight adds to w what v takes, unless w is more than most.
func (v Value) addWeight(w, most int) int {
	w += valueWeight + len(v.text)
	if k := v.Kind(); k != KindList && k != KindMap {
		return w
	}
	w += nodeWeight
	for i, inner := range v.of.values {
		if w > most {
			break
		}
		if v.of.kind == KindMap {
			w += keyWeight + len(v.of.keys[i])
		}
		w = inner.addWeight(w, most)
	}
	return w
}
