package schema

import (
	"regexp"
	"slices"

	"github.com/telestruct/telestruct/tp/wire"
)

var tagPattern = regexp.MustCompile(`^([A-Z][a-zA-Z0-9_]*)$`)

// tagElements returns the elements of the array of tags at p, and false if it
// is no array of objects (spec section 8.7, points 1 and 2).
func (b *builder) tagElements(p *place) ([]node, bool) {
	elements, ok := p.node.value.([]node)
	if !ok {
		b.failed.kind(p, "Array")
		return nil, false
	}
	before := b.failed.count
	for i := range elements {
		if _, ok := elements[i].value.([]member); !ok {
			b.failed.kind(p.element(elements, i), "Object")
		}
	}
	return elements, b.failed.count == before
}

// tags parses the alternatives of the union, errors definition or result at p;
// required is the tag that must be among them, if any.
func (b *builder) tags(p *place, elements []node, required string) []*Tag {
	if len(elements) == 0 {
		b.failed.at(p, emptyArrayDisallowed)
		return nil
	}
	if required != "" && !slices.ContainsFunc(elements, func(n node) bool { return hasEntry(&n, required) }) {
		b.failed.at(p.element(elements, 0), requiredObjectKeyMissing, wire.Member{Key: "key", Value: required})
	}
	var tags tagList
	for i := range elements {
		if tag := b.tag(p.element(elements, i)); tag != nil {
			tags.put(tag)
		}
	}
	return tags.list
}

// hasEntry reports whether the object n has the key itself.
func hasEntry(n *node, key string) bool {
	members, _ := n.value.([]member)
	return slices.ContainsFunc(members, func(m member) bool { return m.key == key })
}

// tag parses the alternative at p, an object of one tag and perhaps a
// docstring.
func (b *builder) tag(p *place) *Tag {
	var doc Doc
	var keys []string
	var entry *place
	members := p.node.value.([]member)
	for i := range members {
		switch key := members[i].key; {
		case key == docKey:
			doc = Doc{members[i].value.plain()}
			continue
		case tagPattern.MatchString(key):
			entry = p.entry(&members[i])
		}
		keys = append(keys, members[i].key)
	}
	if !b.oneKey(p, tagPattern, keys) {
		return nil
	}
	if len(keys) != 1 {
		b.failed.at(p, objectSizeUnexpected, counts(len(keys))...)
		return nil
	}
	return &Tag{
		Name:    keys[0],
		Doc:     doc,
		Payload: &Struct{Head: Head{Origin: entry.origin()}, Fields: b.fields(entry, fieldPattern)},
		Origin:  entry.origin(),
	}
}

// oneKey reports whether exactly one of the keys of the object at p matches
// pattern, and a failure if not.
func (b *builder) oneKey(p *place, pattern *regexp.Regexp, keys []string) bool {
	matches := 0
	for _, key := range keys {
		if pattern.MatchString(key) {
			matches++
		}
	}
	if matches == 1 {
		return true
	}
	slices.Sort(keys)
	sorted := make([]any, len(keys))
	for i, key := range keys {
		sorted[i] = key
	}
	b.failed.at(p, keyMatchCountUnexpected,
		wire.Member{Key: "regex", Value: pattern.String()},
		wire.Member{Key: "actual", Value: int64(matches)},
		wire.Member{Key: "expected", Value: int64(1)},
		wire.Member{Key: "keys", Value: sorted})
	return false
}

// tagList is a list of tags in which a name that comes again replaces the tag
// that had it (spec section 8.7).
type tagList struct {
	list  []*Tag
	index map[string]int
}

func (l *tagList) put(tag *Tag) {
	if l.index == nil {
		l.index = map[string]int{}
	}
	if i, again := l.index[tag.Name]; again {
		l.list[i] = tag
		return
	}
	l.index[tag.Name] = len(l.list)
	l.list = append(l.list, tag)
}
