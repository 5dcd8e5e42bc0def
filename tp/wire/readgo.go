package wire

// GoValue reads any value and returns what [ToGo] makes of its value tree,
// without the tree. It fails where [Reader.Value] does, and spends the memory of
// lists and maps.
func (r *Reader) GoValue() (any, bool) {
	switch r.Peek() {
	case '{':
		return boxed(r.goMap())
	case '[':
		return boxed(r.goList())
	}
	return r.Value()
}

func (r *Reader) goList() ([]any, bool) {
	const header, element = 24, 16
	list, ok := r.array((*Reader).GoValue, r.limits.Elements)
	return list, ok && r.Spend(header+element*len(list))
}

func (r *Reader) goMap() (map[string]any, bool) {
	base := len(r.members)
	if !r.collectMembers((*Reader).GoValue) {
		return nil, false
	}
	members := r.members[base:]
	if !r.Spend(goMapSize(len(members))) {
		return nil, false
	}
	m := make(map[string]any, len(members))
	for i := range members {
		m[members[i].Key] = members[i].Value
	}
	if len(m) != len(members) {
		return nil, r.fail("the object before has a key twice")
	}
	r.dropMembers(base)
	return m, true
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
