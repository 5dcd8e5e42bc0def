package reflectschema

import (
	"fmt"
	"reflect"
)

// checkTag reports a field whose Go type cannot say what its tag promises.
func checkTag(t reflect.Type, f form, tag fieldTag) *mistake {
	switch {
	case f == formOptional:
		return checkOptionalTag(t, tag)
	case f == formPointer:
		return checkPointerTag(t, tag)
	case f.isPlain():
		return checkPlainTag(t, tag)
	case f.isCollection():
		return checkCollectionTag(f, tag)
	case f != formNone && tag.canBeAbsent() && tag.nullable:
		return needsOptional(t, t, tag)
	}
	return nil
}

// checkPlainTag is for types whose values are always there.
func checkPlainTag(t reflect.Type, tag fieldTag) *mistake {
	text := typeText(t)
	switch {
	case tag.canBeAbsent() && tag.nullable:
		return &mistake{
			found: text + " cannot be absent or null",
			fix:   fmt.Sprintf("use tp.Optional[%s] with tag %s", text, tag.with("!?")),
		}
	case tag.canBeAbsent():
		return &mistake{
			found: text + " cannot be absent",
			fix:   fmt.Sprintf("use *%s with tag %s", text, tag.with("!")),
		}
	case tag.nullable:
		return &mistake{
			found: text + " cannot be null",
			fix:   fmt.Sprintf("use *%s with tag %s", text, tag.with("?")),
		}
	}
	return nil
}

func checkPointerTag(t reflect.Type, tag fieldTag) *mistake {
	elem := t.Elem()
	switch f := formOf(elem); {
	case f == formPointer:
		return pointerToPointer(t)
	case f == formNone:
		return unsupported(elem)
	case !f.isPlain():
		return &mistake{
			found: fmt.Sprintf("%s adds nothing: %s says by itself that there is no value", typeText(t), typeText(elem)),
			fix:   fmt.Sprintf("use %s with tag %s", typeText(elem), tag.with(marksFor(f, tag))),
		}
	case tag.canBeAbsent() && tag.nullable:
		if f == formStruct { // which may contain itself
			return needsOptional(t, t, tag)
		}
		return needsOptional(t, elem, tag)
	case !tag.canBeAbsent() && !tag.nullable:
		return &mistake{
			found: fmt.Sprintf("nothing says what a nil %s means", typeText(t)),
			fix:   fmt.Sprintf("use tag %s for absent, %s for null", tag.with("!"), tag.with("?")),
		}
	}
	return nil
}

// marksFor returns the marks of a tag, as far as the form allows them.
func marksFor(f form, tag fieldTag) string {
	switch {
	case f == formOptional:
		return "!?"
	case tag.nullable && !f.isCollection():
		return "?"
	}
	return "!"
}

// checkCollectionTag is for what is empty or absent when nil, and never null.
func checkCollectionTag(f form, tag fieldTag) *mistake {
	if !tag.nullable {
		return nil
	}
	return &mistake{
		found: f.noun() + " cannot be null",
		fix:   fmt.Sprintf("use tag %s, where nil is absent", tag.with("!")),
	}
}

func checkOptionalTag(t reflect.Type, tag fieldTag) *mistake {
	elem := optionalElem(t)
	if tag.canBeAbsent() && tag.nullable {
		return checkOptionalElem(t, elem, tag)
	}
	text := typeText(t)
	plain := typeText(elem)
	pointer := plain
	if formOf(elem).isPlain() {
		pointer = "*" + plain
	}
	switch {
	case tag.canBeAbsent():
		return &mistake{
			found: fmt.Sprintf("%s can be null, which tag %s excludes", text, tag.with("!")),
			fix:   fmt.Sprintf("use %s, or tag %s", pointer, tag.with("!?")),
		}
	case tag.nullable:
		return &mistake{
			found: fmt.Sprintf("%s can be absent, which tag %s excludes", text, tag.with("?")),
			fix:   fmt.Sprintf("use %s, or tag %s", pointer, tag.with("!?")),
		}
	}
	return &mistake{
		found: fmt.Sprintf("%s can be absent and null, which tag %s excludes", text, tag.with("")),
		fix:   fmt.Sprintf("use %s, or tag %s", plain, tag.with("!?")),
	}
}

// checkOptionalElem reports an Optional of what it cannot hold.
func checkOptionalElem(t, elem reflect.Type, tag fieldTag) *mistake {
	f := formOf(elem)
	switch {
	case f == formPointer && formOf(elem.Elem()).isPlain():
		return nil
	case f == formPointer:
		return &mistake{
			found: fmt.Sprintf("%s holds a pointer to %s", typeText(t), typeText(elem.Elem())),
			fix:   fmt.Sprintf("use tp.Optional[%s]", typeText(elem.Elem())),
		}
	case f.isCollection():
		return &mistake{
			found: fmt.Sprintf("%s cannot be null", f.noun()),
			fix:   fmt.Sprintf("use %s with tag %s", typeText(elem), tag.with("!")),
		}
	case f == formOptional:
		return &mistake{
			found: fmt.Sprintf("%s is optional twice", typeText(t)),
			fix:   "use " + typeText(elem),
		}
	}
	return nil
}

func needsOptional(t, elem reflect.Type, tag fieldTag) *mistake {
	return &mistake{
		found: fmt.Sprintf("%s cannot tell absent from null", typeText(t)),
		fix:   fmt.Sprintf("use tp.Optional[%s] with tag %s", typeText(elem), tag.with("!?")),
	}
}
