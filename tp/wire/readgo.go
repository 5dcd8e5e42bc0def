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
	list, ok := r.array((*Reader).GoValue, r.limits.Elements)
	return list, ok && r.spendGoList(len(list))
}

func (r *Reader) goMap() (map[string]any, bool) {
	base := len(r.members)
	if !r.collectMembers((*Reader).GoValue) {
		return nil, false
	}
	return r.takeGoMap(base)
}
