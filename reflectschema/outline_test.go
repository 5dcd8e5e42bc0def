package reflectschema_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/telestruct/telestruct/reflectschema"
	"github.com/telestruct/telestruct/tp/schema"
)

// build returns the model of what fill gives to a Builder.
func build(t *testing.T, fill func(b *builder)) *reflectschema.Model {
	t.Helper()
	b := reflectschema.NewBuilder()
	fill(b)
	model, err := b.Build()
	if err != nil {
		t.Fatalf("Build fails:\n%v", err)
	}
	return model
}

// outline writes the definitions of a model in a few lines, without docs.
func outline(m *reflectschema.Model) string {
	var b strings.Builder
	for _, def := range m.Definitions {
		b.WriteString(def.Common().Key)
		for _, flag := range def.Common().Flags {
			fmt.Fprintf(&b, " %s=%v", flag.Key, flag.Value)
		}
		switch def := def.(type) {
		case *schema.Struct:
			b.WriteString(fieldsOutline(def.Fields))
		case *schema.Union:
			b.WriteString(tagsOutline(def.Tags))
		case *schema.Function:
			b.WriteString(fieldsOutline(def.Args.Fields) + " ->" + tagsOutline(def.Result.Tags))
		case *schema.Errors:
			b.WriteString(tagsOutline(def.Tags))
		case *schema.Headers:
			b.WriteString(fieldsOutline(def.Request) + " ->" + fieldsOutline(def.Response))
		}
		b.WriteString("\n")
	}
	return b.String()
}

func fieldsOutline(fields []*schema.Field) string {
	texts := make([]string, len(fields))
	for i, f := range fields {
		texts[i] = f.Name + ": " + f.Type.String()
	}
	return " {" + strings.Join(texts, ", ") + "}"
}

func tagsOutline(tags []*schema.Tag) string {
	var b strings.Builder
	for _, tag := range tags {
		b.WriteString("\n  " + tag.Name + fieldsOutline(tag.Payload.Fields))
	}
	return b.String()
}
