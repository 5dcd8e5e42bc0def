package schema_test

import (
	"testing"

	"github.com/telestruct/telestruct/tp/schema"
)

func TestFieldRequires(t *testing.T) {
	t.Parallel()
	def := &schema.Struct{Head: schema.Head{Key: "struct.A"}}
	required := &schema.Type{Kind: schema.StructRef, Definition: def}
	cases := []struct {
		name  string
		field schema.Field
		want  bool
	}{
		{"required", schema.Field{Type: required}, true},
		{"union", schema.Field{Type: &schema.Type{Kind: schema.UnionRef, Definition: def}}, true},
		{"link", schema.Field{Type: &schema.Type{Kind: schema.FunctionRef, Definition: def}}, true},
		{"optional", schema.Field{Type: required, Optional: true}, false},
		{"nullable", schema.Field{Type: &schema.Type{Kind: schema.StructRef, Definition: def, Nullable: true}}, false},
		{"list", schema.Field{Type: &schema.Type{Kind: schema.ArrayOf, Elem: required}}, false},
		{"object", schema.Field{Type: &schema.Type{Kind: schema.ObjectOf, Elem: required}}, false},
		{"scalar", schema.Field{Type: &schema.Type{Kind: schema.String}}, false},
		{"extension", schema.Field{Type: &schema.Type{Kind: schema.Call, Definition: def}}, false},
	}
	for _, tc := range cases {
		if got := tc.field.Requires() != nil; got != tc.want {
			t.Errorf("%s: got %v, want %v", tc.name, got, tc.want)
		}
	}
}
