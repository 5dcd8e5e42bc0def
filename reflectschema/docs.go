package reflectschema

import (
	"slices"
	"strings"

	"github.com/telestruct/telestruct/tp/schema"
)

// docstring returns the payload's doc with that of its fields.
func (p *payload) docstring() schema.Doc { return docstring(p.doc, p.fields) }

// docstring puts the documentation of fields below text as a markdown list,
// since documents have no other place for it.
func docstring(text string, fields []*schema.Field) schema.Doc {
	var list []string
	for _, f := range fields {
		doc := strings.TrimSpace(f.Doc)
		if doc == "" {
			continue
		}
		// Two blanks keep further lines inside the list entry.
		entry := "- `" + f.Name + "`: " + strings.ReplaceAll(doc, "\n", "\n  ")
		if !slices.Contains(list, entry) { // a header both ways
			list = append(list, entry)
		}
	}
	text = strings.TrimSpace(text)
	if len(list) == 0 {
		return schema.TextDoc(text)
	}
	if text != "" {
		text += "\n\n"
	}
	return schema.TextDoc(text + strings.Join(list, "\n"))
}
