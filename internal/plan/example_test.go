package plan_test

import (
	"fmt"
	"reflect"

	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/internal/plan"
	"github.com/telestruct/telestruct/tp/wire"
)

func ExampleNewStruct() {
	type person struct {
		Name    string
		Parents []*person
	}
	t := reflect.TypeFor[person]()
	p := plan.NewStruct(t, "struct.Person")
	p.SetFields([]plan.Field{
		{Name: "name", Offset: t.Field(0).Offset, Plan: plan.String(t.Field(0).Type)},
		{
			Name:     "parents!",
			Offset:   t.Field(1).Offset,
			Plan:     plan.List(t.Field(1).Type, plan.Pointer(t.Field(1).Type.Elem(), p)),
			Optional: true,
		},
	})

	var d plan.Decoder
	d.Reset([]byte(`{"name": "Ada", "parents!": [{"name": "Anne"}]}`), wire.CallLimits())
	var v person
	fmt.Println(p.Decode(&d, mem.Of(&v)) && d.End(), v.Parents[0].Name)

	var e plan.Encoder
	fmt.Println(e.Encode(p, mem.Of(&v)), string(e.Buf))
	// Output:
	// true Anne
	// true {"name":"Ada","parents!":[{"name":"Anne"}]}
}
