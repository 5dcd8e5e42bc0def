package validate

import (
	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/wire"
)

// ApplySelection returns the payload of a result's tag without what the
// selection leaves out (spec section 6.4). What remains keeps its order; what a
// link holds stays whole. Nulls and values that do not fit their type, which
// @unsafe_ may let pass, stay as they are.
//
// The selection must be valid for f; an empty one returns payload itself. The
// payload is not changed, and what is returned may share parts with it.
func ApplySelection(f *schema.Function, tag string, payload any, selection wire.Object) any {
	t := f.Result.Tag(tag)
	if t == nil || len(selection) == 0 {
		return payload
	}
	trim := trimmer{selection: newSelection(selection)}
	return trim.structure(t.Payload, choice{f.Result.Key, tag}, payload, 1)
}

// trimmer applies one selection. Its methods take the depth of the value, for
// trees that contain themselves.
type trimmer struct {
	selection selection
	stopped   bool
}

func (t *trimmer) value(expr *schema.Type, value any, depth int) any {
	if t.stopped = t.stopped || depth >= maxDepth; t.stopped {
		return value
	}
	switch expr.Kind {
	case schema.ArrayOf:
		return t.array(expr.Elem, value, depth)
	case schema.ObjectOf:
		return t.mapping(expr.Elem, value, depth)
	case schema.StructRef:
		return t.structure(expr.Definition.(*schema.Struct), choice{definition: expr.Name}, value, depth)
	case schema.UnionRef:
		return t.union(expr.Definition.(*schema.Union), value, depth)
	}
	return value
}

func (t *trimmer) array(elem *schema.Type, value any, depth int) any {
	list, ok := value.([]any)
	if !ok {
		return value
	}
	kept := make([]any, len(list))
	for i := range list {
		kept[i] = t.value(elem, list[i], depth+1)
	}
	return kept
}

func (t *trimmer) mapping(elem *schema.Type, value any, depth int) any {
	object, ok := value.(wire.Object)
	if !ok {
		return value
	}
	kept := make(wire.Object, len(object))
	for i, m := range object {
		kept[i] = wire.Member{Key: m.Key, Value: t.value(elem, m.Value, depth+1)}
	}
	return kept
}

func (t *trimmer) structure(s *schema.Struct, c choice, value any, depth int) any {
	object, ok := value.(wire.Object)
	if !ok {
		return value
	}
	kept := make(wire.Object, 0, len(object))
	find := newFinder(s.Fields, len(object))
	for _, m := range object {
		if !t.selection.keeps(c, m.Key) {
			continue
		}
		if field := find.field(m.Key); field >= 0 {
			m.Value = t.value(s.Fields[field].Type, m.Value, depth+1)
		}
		kept = append(kept, m)
	}
	return kept
}

func (t *trimmer) union(u *schema.Union, value any, depth int) any {
	object, ok := value.(wire.Object)
	if !ok || len(object) != 1 {
		return value
	}
	tag := u.Tag(object[0].Key)
	if tag == nil {
		return value
	}
	payload := t.structure(tag.Payload, choice{u.Key, tag.Name}, object[0].Value, depth+1)
	return wire.Object{{Key: tag.Name, Value: payload}}
}
