package reflectschema

import (
	"fmt"
	"reflect"
)

// Mirrored is a Go type of models that clients have live copies of. It is part of the schema
// even if no function has it.
type Mirrored struct {
	// Type is a struct.
	Type reflect.Type
	// Site is the "dir/file.go:line" that says so.
	Site string
}

// Mirrored adds a type of live models.
func (b *Builder) Mirrored(m Mirrored) { b.mirrored = append(b.mirrored, m) }

// deriveMirrored makes the definitions of the types of live models.
func (d *deriver) deriveMirrored() {
	for _, m := range d.in.mirrored {
		d.at(m.Site, func() {
			where := "live model " + typeText(m.Type)
			if d.accept(where, checkMirrored(m.Type)) {
				d.value(where, m.Type)
			}
		})
	}
}

// checkMirrored reports what is no definition of its own.
func checkMirrored(t reflect.Type) *mistake {
	f := formNone
	if t != nil {
		f = formOf(t)
	}
	switch {
	case f == formStruct:
		return nil
	case f == formPointer && formOf(t.Elem()) == formStruct:
		return &mistake{"its type is the pointer " + typeText(t), "use " + typeText(t.Elem())}
	}
	return &mistake{
		found: fmt.Sprintf("its type is %s, which is no struct", typeText(t)),
		fix:   "use a struct that has it as a field",
	}
}
