package schema

import "github.com/telestruct/telestruct/tp/wire"

// originAt returns the Go origin of what path leads to in the form of the
// definitions, or of the nearest thing around it that has one.
func originAt(definitions []Definition, path wire.Path) Origin {
	if len(definitions) == 0 || len(path) == 0 {
		return Origin{}
	}
	def := definitions[path[0].(int)]
	o := def.Common().Origin
	if len(path) == 1 {
		return o
	}
	fields, tags := partAt(def, path[1] == resultKey)
	rest := path[2:]
	if len(rest) > 0 && len(tags) > 0 {
		tag := tags[rest[0].(int)]
		o, fields = nearer(tag.Origin, o), tag.Payload.Fields
		rest = rest[min(2, len(rest)):]
	}
	if len(rest) > 0 {
		for _, f := range fields {
			if f.Name == rest[0] {
				return nearer(f.Origin, o)
			}
		}
	}
	return o
}

// partAt returns the fields or the tags at the schema key of def, or at its
// "->".
func partAt(def Definition, result bool) ([]*Field, []*Tag) {
	switch def := def.(type) {
	case *Struct:
		return def.Fields, nil
	case *Union:
		return nil, def.Tags
	case *Errors:
		return nil, def.Tags
	case *Function:
		if result {
			return nil, def.Result.Tags
		}
		return def.Args.Fields, nil
	case *Headers:
		if result {
			return def.Response, nil
		}
		return def.Request, nil
	}
	return nil, nil
}

func nearer(o, around Origin) Origin {
	if o.Go != "" {
		return o
	}
	return around
}

// refine gives def what documents have no place for: the refinements, field
// documentation and argument type of given, the definition that it was made of.
func refine(def, given Definition) {
	if f, ok := def.(*Function); ok && f.Origin.Go != "" {
		args := nearer(given.(*Function).Args.Origin, f.Origin)
		f.Args.Origin.Go, f.Args.Origin.Site = args.Go, args.Site
	}
	for _, result := range []bool{false, true} {
		fields, tags := partAt(def, result)
		givenFields, givenTags := partAt(given, result)
		refineFields(fields, givenFields)
		refineTags(tags, givenTags)
	}
}

// refineTags pairs tags by name: a tag that comes twice counts once, and errors
// have been applied.
func refineTags(tags, given []*Tag) {
	byName := make(map[string]*Tag, len(tags))
	for _, tag := range tags {
		byName[tag.Name] = tag
	}
	for _, tag := range given {
		if own := byName[tag.Name]; own != nil {
			refineFields(own.Payload.Fields, tag.Payload.Fields)
		}
	}
}

func refineFields(fields, given []*Field) {
	byName := make(map[string]*Field, len(given))
	for _, f := range given {
		byName[f.Name] = f
	}
	for _, f := range fields {
		if from := byName[f.Name]; from != nil {
			f.Doc = from.Doc
			refineType(f.Type, from.Type)
		}
	}
}

func refineType(t, given *Type) {
	for t != nil && given != nil {
		t.Refine = given.Refine
		t, given = t.Elem, given.Elem
	}
}
