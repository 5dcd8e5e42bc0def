package schema

import (
	"fmt"
	"strings"

	"github.com/telestruct/telestruct/tp/wire"
)

// subject names what the mistake is about as its author would: "fn.greet",
// "fn.greet.subject", "fn.greet.->.Ok_.message", "tag 2 of union.Shape". Types
// have no name of their own, so that what is wrong inside of one is about the
// field.
func (f Failure) subject() string {
	if len(f.Path) == 0 {
		return "the document"
	}
	key := f.definition()
	switch {
	case key == "":
		return f.nameless()
	case len(f.Path) == 1:
		return key
	case f.Path[1] == key:
		return inside(key, hasTags(key, key), f.Path[2:])
	case f.Path[1] == resultKey:
		return inside(key+"."+resultKey, hasTags(key, resultKey), f.Path[2:])
	}
	return fmt.Sprintf("%q of %s", f.Path[1], key)
}

// inside names what path leads to from part, a list of tags or an object of
// fields.
func inside(part string, isTags bool, path wire.Path) string {
	switch {
	case isTags && len(path) == 1:
		return fmt.Sprintf("tag %d of %s", ordinal(path[0]), part)
	case isTags && len(path) > 1:
		return inside(fmt.Sprintf("%s.%v", part, path[1]), false, path[2:])
	case len(path) > 0:
		return fmt.Sprintf("%s.%v", part, path[0])
	}
	return part
}

// nameless names a place in a definition without a schema key.
func (f Failure) nameless() string {
	return fmt.Sprintf("definition %d", ordinal(f.Path[0]))
}

// ordinal counts a position from 1, as people do.
func ordinal(step any) int {
	i, _ := step.(int)
	return i + 1
}

// hasTags reports whether tags are what the definition called key has at part.
func hasTags(key string, part any) bool {
	switch kindOf(key) {
	case "union", "errors":
		return true
	case "fn":
		return part == resultKey
	}
	return false
}

// isTag reports whether the mistake is about a tag as a whole.
func (f Failure) isTag() bool {
	return len(f.Path) == 3 && hasTags(f.definition(), f.Path[1])
}

// kindOf returns the word that a schema key begins with.
func kindOf(key string) string {
	if end := strings.IndexAny(key, ".<"); end >= 0 {
		return key[:end]
	}
	return key
}

// definition returns the schema key of the definition that the mistake is in;
// empty when that has none, or several.
func (f Failure) definition() string {
	for p := f.place; p != nil; p = p.parent {
		if p.definition != "" {
			return p.definition
		}
	}
	return ""
}

// value returns what stands at the place; nil when nothing does.
func (f Failure) value() any {
	if f.place == nil || f.place.node == nil {
		return nil
	}
	return f.place.node.plain()
}

// step returns the last step of the path, the key that most mistakes are about.
func (f Failure) step() string {
	if len(f.Path) == 0 {
		return ""
	}
	return fmt.Sprint(f.Path[len(f.Path)-1])
}

// isYAML reports whether the document is YAML, where indentation says what
// belongs to what.
func (f Failure) isYAML() bool { return f.place != nil && f.place.source.isYAML() }

// written returns the text that a document would have: yaml or json.
func (f Failure) written(yaml, json string) string {
	if f.isYAML() {
		return yaml
	}
	return json
}

func (f Failure) data(key string) any {
	v, _ := f.Data.Get(key)
	return v
}

// kind returns the only key of the object at key of the data.
func (f Failure) kind(key string) string {
	if o, ok := f.data(key).(wire.Object); ok && len(o) == 1 {
		return o[0].Key
	}
	return ""
}
