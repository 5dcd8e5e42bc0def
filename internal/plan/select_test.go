package plan_test

import (
	"reflect"
	"testing"

	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/internal/plan"
)

type inventory struct {
	Owner account    `tp:"owner"`
	Items []item     `tp:"items"`
	Best  *item      `tp:"best?"`
	Shape variant    `tp:"shape"`
	Save  link       `tp:"save"`
	Inner inventory2 `tp:"inner!"`
}

type inventory2 struct {
	Item item `tp:"item"`
}

type item struct {
	Name  string  `tp:"name"`
	Price float64 `tp:"price"`
	Note  *string `tp:"note!"`
}

// variant is a union one of whose variants is also used as a plain struct.
type variant interface{ isVariant() }

func (item) isVariant()    {}
func (account) isVariant() {}

func inventoryPlan() *plan.Struct {
	u := plan.NewUnion(reflect.TypeFor[variant](), "union.Variant")
	l := plan.NewLink(0)
	b := &builder{structs: map[reflect.Type]*plan.Struct{}, special: map[reflect.Type]plan.Plan{
		reflect.TypeFor[variant](): u, reflect.TypeFor[link](): l,
	}}
	l.SetTarget("fn.save", b.structure(reflect.TypeFor[save]()))
	u.SetVariants([]plan.Variant{
		{Tag: "Item", Type: reflect.TypeFor[item](), Struct: b.structure(reflect.TypeFor[item]())},
		{Tag: "Account", Type: reflect.TypeFor[account](), Struct: b.structure(reflect.TypeFor[account]())},
	})
	return b.structure(reflect.TypeFor[inventory]())
}

func TestSelect(t *testing.T) {
	t.Parallel()
	v := inventory{
		Owner: account{ID: 1, Name: "a"},
		Items: []item{{Name: "x", Price: 1, Note: new("n")}, {Name: "y", Price: 2}},
		Shape: item{Name: "z", Price: 3},
		Save:  link{&save{Name: "s"}},
		Inner: inventory2{item{Name: "i", Price: 4}},
	}
	const everything = `{"owner":{"id":1,"name":"a","open":false},` +
		`"items":[{"name":"x","price":1,"note!":"n"},{"name":"y","price":2}],"best":null,` +
		`"shape":{"Item":{"name":"z","price":3}},"save":{"fn.save":{"name":"s"}},"inner!":{"item":{"name":"i","price":4}}}`
	for _, tc := range []struct {
		name, selection, want string
	}{
		{"null", `null`, everything},
		{"empty", `{}`, everything},
		{"another tag of the result", `{"->":{"Error_":["owner"]}}`, everything},
		{"another struct", `{"struct.other":["a"]}`, everything},
		{"fields of the result", `{"->":{"Ok_":["best","shape"]}}`,
			`{"best":null,"shape":{"Item":{"name":"z","price":3}}}`},
		{"no field of the result", `{"->":{"Ok_":[]}}`, `{}`},
		{"fields of a struct, wherever it is", `{"struct.item":["price","note!"],"struct.account":["name"],"->":{"Ok_":["owner","items","shape","inner!"]}}`,
			`{"owner":{"name":"a"},"items":[{"price":1,"note!":"n"},{"price":2}],` +
				`"shape":{"Item":{"name":"z","price":3}},"inner!":{"item":{"price":4}}}`},
		{"no field of a struct", `{"struct.item":[],"->":{"Ok_":["items"]}}`, `{"items":[{},{}]}`},
		{"fields of a variant", `{"union.Variant":{"Item":["name"]},"->":{"Ok_":["items","shape"]}}`,
			`{"items":[{"name":"x","price":1,"note!":"n"},{"name":"y","price":2}],"shape":{"Item":{"name":"z"}}}`},
		{"fields of another variant", `{"union.Variant":{"Account":["name"]},"->":{"Ok_":["shape"]}}`,
			`{"shape":{"Item":{"name":"z","price":3}}}`},
		{"a variant and a struct of the same type", `{"union.Variant":{"Item":["name"]},"struct.item":["price"],"->":{"Ok_":["inner!","shape"]}}`,
			`{"shape":{"Item":{"name":"z"}},"inner!":{"item":{"price":4}}}`},
		{"nothing inside a link", `{"struct.save":[],"->":{"Ok_":["save"]}}`, `{"save":{"fn.save":{"name":"s"}}}`},
		{"the result is no struct by its name", `{"struct.inventory":[]}`, everything},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			e := plan.Encoder{Select: plan.NewSelect(mustTree(t, tc.selection))}
			if !e.EncodeResult(inventoryPlan(), "Ok_", mem.Of(&v)) || string(e.Buf) != tc.want {
				t.Errorf("got  %s\nwant %s", e.Buf, tc.want)
			}
		})
	}
}

// What follows a link is trimmed again.
func TestSelectAfterLink(t *testing.T) {
	t.Parallel()
	type links struct {
		Save  link `tp:"save"`
		After save `tp:"after"`
	}
	p := planOf[links](map[reflect.Type]plan.Plan{reflect.TypeFor[link](): linkPlan()})
	e := plan.Encoder{Select: plan.NewSelect(mustTree(t, `{"struct.save":["raw!"]}`))}
	v := links{link{&save{Name: "s"}}, save{"a", []byte{0}}}
	const want = `{"save":{"fn.save":{"name":"s"}},"after":{"raw!":"AA=="}}`
	if !e.Encode(p, mem.Of(&v)) || string(e.Buf) != want {
		t.Errorf("got %s, want %s", e.Buf, want)
	}
}

func TestSelectIgnoresGarbage(t *testing.T) {
	t.Parallel()
	for _, selection := range []string{
		`[]`, `1`, `{"struct.item":1}`, `{"union.Variant":[]}`, `{"union.Variant":{"Item":{}}}`, `{"->":null}`,
	} {
		e := plan.Encoder{Select: plan.NewSelect(mustTree(t, selection))}
		if !e.EncodeResult(structOf[item](), "Ok_", mem.Of(&item{Name: "a"})) || string(e.Buf) != `{"name":"a","price":0}` {
			t.Errorf("%s: got %s", selection, e.Buf)
		}
	}
	e := plan.Encoder{Select: plan.NewSelect(mustTree(t, `{"->":{"Ok_":["name",1,null,"gone"]}}`))}
	if !e.EncodeResult(structOf[item](), "Ok_", mem.Of(&item{Name: "a"})) || string(e.Buf) != `{"name":"a"}` {
		t.Errorf("got %s", e.Buf)
	}
}

// Without a selection a result is written as any struct.
func TestEncodeResult(t *testing.T) {
	t.Parallel()
	var e plan.Encoder
	if !e.EncodeResult(structOf[item](), "Ok_", mem.Of(&item{Name: "a"})) || string(e.Buf) != `{"name":"a","price":0}` {
		t.Errorf("got %s", e.Buf)
	}
}
