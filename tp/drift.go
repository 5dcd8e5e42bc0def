package tp

import (
	"fmt"
	"strings"

	"github.com/telestruct/telestruct/tp/schema"
)

// drifted reports a difference from a document in dir.
func drifted(dir string, d schema.Difference) *Problem {
	d.Written = inDir(dir, d.Written)
	return &Problem{
		Where: d.Place(),
		Site:  d.Derived.Site,
		Found: d.Contrast(),
		Fix:   drift{d}.fix(),
	}
}

// drift says how to undo a difference: what Go would need, and what the document
// would say.
type drift struct{ schema.Difference }

func (d drift) fix() string {
	switch {
	case d.DerivedField != nil || d.WrittenField != nil:
		return d.fixField()
	case len(d.Path) == 0 && (d.OnlyDerived || d.OnlyWritten):
		return d.fixDefinition()
	case d.OnlyDerived:
		return fmt.Sprintf(`add "- %s:" to the document, or remove the tag from Go`, d.last())
	case d.OnlyWritten:
		return d.declareTag() + ", or remove the tag from the document"
	case len(d.Path) == 0 && strings.HasPrefix(d.Definition, "info."):
		return fmt.Sprintf("write %q in the document, or tp.NewAPI(%q) in Go", d.Definition, withoutKind(d.WrittenText))
	}
	return d.fixCompanion()
}

func (d drift) last() string {
	if len(d.Path) == 0 {
		return ""
	}
	return d.Path[len(d.Path)-1]
}

// withoutKind returns what follows the kind in a schema key.
func withoutKind(key string) string { return key[strings.IndexByte(key, '.')+1:] }

// fixField is for fields that differ or that one side lacks.
func (d drift) fixField() string {
	switch written := d.WrittenField; {
	case written == nil:
		return fmt.Sprintf("write %s in the document, or remove the field from Go", documentField(d.DerivedField))
	case d.DerivedField == nil:
		return fmt.Sprintf("give %s a field of %s, or remove %q from the document", d.Derived.Go, goField(written), written.Name)
	default:
		return fmt.Sprintf("write %s in the document, or use %s in Go", documentField(d.DerivedField), goField(written))
	}
}

// documentField returns a field as a document has it.
func documentField(f *schema.Field) string {
	text := f.Type.String()
	if f.Type.Kind != schema.ArrayOf && f.Type.Kind != schema.ObjectOf {
		text = fmt.Sprintf("%q", text)
	}
	if strings.HasPrefix(f.Name, "@") {
		return fmt.Sprintf("%q: %s", f.Name, text)
	}
	return f.Name + ": " + text
}

// goField returns the type and tag of a field as a Go struct has it.
func goField(f *schema.Field) string {
	tag := f.Name
	if f.Type.Nullable {
		tag += "?"
	}
	return fmt.Sprintf("type %s with tag %q", fieldType(f), tag)
}

// fieldType returns a Go type that can say what the field does.
func fieldType(f *schema.Field) string {
	text := goType(f.Type)
	switch {
	case f.Optional && f.Type.Nullable:
		return "tp.Optional[" + text + "]"
	case (f.Optional || f.Type.Nullable) && needsPointer(f.Type.Kind):
		return "*" + text
	}
	return text
}

// needsPointer reports whether a Go value of the kind cannot be nil.
func needsPointer(k schema.Kind) bool {
	switch k {
	case schema.ArrayOf, schema.ObjectOf, schema.Bytes, schema.Any, schema.UnionRef, schema.Select:
		return false
	}
	return true
}

// goType returns a Go type for t as a value that is there.
func goType(t *schema.Type) string {
	switch t.Kind {
	case schema.Boolean:
		return "bool"
	case schema.Integer:
		return "int"
	case schema.Number:
		return "float64"
	case schema.String:
		return "string"
	case schema.Bytes:
		return "[]byte"
	case schema.Any:
		return "any"
	case schema.ArrayOf:
		return "[]" + elementType(t.Elem)
	case schema.ObjectOf:
		return "map[string]" + elementType(t.Elem)
	case schema.Select:
		return "tp.Selection"
	case schema.FunctionRef:
		return "tp.Link[the arguments of " + t.Name + "]"
	}
	return withoutKind(t.Name)
}

// elementType returns the Go type of an element, where a pointer says that it can
// be null.
func elementType(t *schema.Type) string {
	if t.Nullable {
		return "*" + goType(t)
	}
	return goType(t)
}

// fixDefinition is for a definition that one side lacks.
func (d drift) fixDefinition() string {
	if d.OnlyDerived {
		return fmt.Sprintf("define %s in the document, or remove it from Go", d.Definition)
	}
	return d.define() + ", or remove it from the document"
}

// define says what in Go becomes the definition.
func (d drift) define() string {
	kind, _, _ := strings.Cut(d.Definition, ".")
	switch kind {
	case "fn":
		return fmt.Sprintf("register a function with tp.RegisterOn and tp.Name(%q)", d.Definition)
	case "union":
		return fmt.Sprintf("give the API tp.Types(tp.UnionOf[%s](…))", withoutKind(d.Definition))
	case "errors":
		return fmt.Sprintf("give the API tp.ErrorSet(%q, …)", d.Definition)
	case "headers":
		return fmt.Sprintf("give the API tp.HeaderSet[…](%q)", d.Definition)
	case "info":
		return fmt.Sprintf("name the API with tp.NewAPI(%q)", withoutKind(d.Definition))
	}
	return fmt.Sprintf("use a type %s in a field of a function", withoutKind(d.Definition))
}

// declareTag says what in Go becomes the tag.
func (d drift) declareTag() string {
	variant := d.last()
	switch {
	case strings.HasPrefix(d.Definition, "union."):
		return fmt.Sprintf("list a struct type %s in tp.UnionOf", variant)
	case strings.HasPrefix(d.Definition, "errors."):
		return fmt.Sprintf("give tp.ErrorSet(%q) %s", d.Definition, errorType(variant))
	}
	return "declare it with tp.Fails and " + errorType(variant)
}

// errorType names an error type whose tag is the given one.
func errorType(tag string) string {
	if name, ok := strings.CutPrefix(tag, "Error"); ok && name != "" {
		return fmt.Sprintf("an error type %sError", name)
	}
	return fmt.Sprintf("an error type with the blank field _ struct{} `tp:%q`", tag)
}

// fixCompanion is for flags and docstrings.
func (d drift) fixCompanion() string {
	switch flag := d.last(); {
	case flag == "$authenticated" && d.DerivedText == "true":
		return `register it with tp.Public(), or remove "$authenticated" from the document`
	case flag == "$authenticated":
		return `write "$authenticated: false" in the document, or remove tp.Public()`
	case flag == "$internal" || flag == "_errors":
		return fmt.Sprintf("remove %q from the document; functions in Go never have it", flag)
	}
	return "write the same docstring on both sides"
}
