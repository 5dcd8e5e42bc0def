package mirror

import "sync/atomic"

// What things take in memory, in bytes, about.
const (
	opWeight      = 128
	segmentWeight = 48
	valueWeight   = 32
	nodeWeight    = 64
	keyWeight     = 16
)

// weightOf returns how many bytes the operations take in memory, about.
func weightOf(ops []Op) int {
	w := 0
	for i := range ops {
		op := &ops[i]
		w += opWeight + 8*len(op.Order) + op.Value.weight()
		for _, s := range op.Path {
			w += segmentWeight + len(s.key)
		}
	}
	return w
}

// weight returns what v takes. Lists and maps remember theirs, so that only what is new is counted.
func (v Value) weight() int {
	w := valueWeight + len(v.text)
	if k := v.Kind(); k == KindList || k == KindMap {
		w += v.of.contentWeight()
	}
	return w
}

func (n *node) contentWeight() int {
	if known := atomic.LoadUintptr(&n.weight); known > 0 {
		return int(known)
	}
	w := nodeWeight
	for _, key := range n.keys {
		w += keyWeight + len(key)
	}
	for _, v := range n.values {
		w += v.weight()
	}
	atomic.StoreUintptr(&n.weight, uintptr(w))
	return w
}
