package plan

import "github.com/telestruct/telestruct/tp/wire"

// Select is the value of a @select_ header, put into a form that plans ask
// while they encode (spec section 6). Nil chooses everything. It belongs to one
// message and must not be used concurrently.
type Select struct {
	tree wire.Object
	// What was chosen of the structs and variants that were met so far. A nil
	// list chooses everything.
	structs  map[*Struct][]bool
	variants map[*variant][]bool
}

// NewSelect compiles the value tree of a valid @select_ header. It returns nil,
// which chooses everything, for an empty selection and for null.
func NewSelect(tree any) *Select {
	object, _ := tree.(wire.Object)
	if len(object) == 0 {
		return nil
	}
	return &Select{tree: object, structs: map[*Struct][]bool{}, variants: map[*variant][]bool{}}
}

func (s *Select) ofStruct(p *Struct) []bool {
	if s == nil {
		return nil
	}
	chosen, known := s.structs[p]
	if !known {
		names, _ := s.tree.Get(p.name)
		chosen = chooseFields(p, names)
		s.structs[p] = chosen
	}
	return chosen
}

func (s *Select) ofVariant(u *Union, v *variant) []bool {
	if s == nil {
		return nil
	}
	chosen, known := s.variants[v]
	if !known {
		chosen = chooseFields(v.Struct, s.tag(u.name, v.Tag))
		s.variants[v] = chosen
	}
	return chosen
}

func (s *Select) ofResult(p *Struct, tag string) []bool {
	if s == nil {
		return nil
	}
	return chooseFields(p, s.tag("->", tag))
}

// tag returns the names that are chosen of a tag in the definition; nil if the
// selection says nothing about it.
func (s *Select) tag(definition, tag string) any {
	tags, _ := s.tree.Get(definition)
	object, _ := tags.(wire.Object)
	names, _ := object.Get(tag)
	return names
}

// chooseFields returns for each field of p whether names, an array, has its
// name; nil if names is none.
func chooseFields(p *Struct, names any) []bool {
	list, ok := names.([]any)
	if !ok {
		return nil
	}
	chosen := make([]bool, len(p.fields))
	for _, name := range list {
		if text, ok := name.(string); ok {
			if i, ok := p.byName[text]; ok {
				chosen[i] = true
			}
		}
	}
	return chosen
}
