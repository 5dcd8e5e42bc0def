package reflectschema_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"

	"github.com/telestruct/telestruct/internal/plan"
	"github.com/telestruct/telestruct/reflectschema"
	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/validate"
)

// subject is a function whose arguments and result are of one Go type, as both
// of its judges see it.
type subject struct {
	goType reflect.Type
	plan   *plan.Struct
	schema *schema.Schema
	fn     *schema.Function
}

const subjectName = "fn.subject"

func newSubject(args reflect.Type) (*subject, error) {
	b := reflectschema.NewBuilder()
	b.Union(figureUnion())
	b.Function(reflectschema.Function{Name: subjectName, Args: args, Result: args})
	b.Function(reflectschema.Function{Name: "fn.save", Args: reflect.TypeFor[Save](), Result: reflect.TypeFor[struct{}]()})
	model, err := b.Build()
	if err != nil {
		return nil, err
	}
	s, err := schema.New("", model.Definitions)
	if err != nil {
		return nil, err
	}
	return &subject{args, model.Functions[subjectName].Args, s, s.Function(subjectName)}, nil
}

func (s *subject) selectable(selection any) bool {
	return len(validate.Selection(s.schema, s.fn, selection)) == 0
}

// argsType returns the struct type of that number: one of the zoo, or one of
// random fields. Types are never forgotten by package reflect, so that there
// must not be endlessly many.
func argsType(number uint16) reflect.Type {
	if int(number) < len(zooArgs) {
		return zooArgs[number]
	}
	return typeMaker{rand.New(rand.NewPCG(uint64(number), 0))}.structure()
}

// typeMaker draws Go types that the table of the package comment allows.
type typeMaker struct{ *rand.Rand }

func (m typeMaker) structure() reflect.Type {
	const many = 70 // fields, of which plans note in a second word which they have met
	n := 1 + m.IntN(6)
	if m.IntN(16) == 0 {
		n = many
	}
	var fields []reflect.StructField
	for i := range n {
		fields = append(fields, m.field(i))
	}
	if m.IntN(4) == 0 {
		stamp := reflect.TypeFor[Stamp]()
		fields = append(fields, reflect.StructField{Name: stamp.Name(), Type: stamp, Anonymous: true})
	}
	if m.IntN(4) == 0 {
		left := reflect.StructField{Name: "Left", Type: reflect.TypeFor[bool](), Tag: `tp:"-"`}
		fields = append([]reflect.StructField{left}, fields...)
	}
	return reflect.StructOf(fields)
}

func (m typeMaker) field(i int) reflect.StructField {
	t, marks := m.fieldType()
	return reflect.StructField{
		Name: fmt.Sprintf("F%d", i),
		Type: t,
		Tag:  reflect.StructTag(fmt.Sprintf(`tp:"f%d%s"`, i, marks)),
	}
}

// fieldType draws the type of a field and marks of its tag that go with it.
func (m typeMaker) fieldType() (t reflect.Type, marks string) {
	switch m.IntN(5) {
	case 0:
		return m.oneOf(plainTypes), ""
	case 1:
		return reflect.PointerTo(m.oneOf(plainTypes)), m.marks("!", "?")
	case 2:
		return m.oneOf(nilTypes), m.marks("", "!", "?")
	case 3:
		return m.oneOf(optionalTypes), "!?"
	}
	return m.collection(3), m.marks("", "!")
}

// collection draws a list or a map with at most so many inside each other.
func (m typeMaker) collection(depth int) reflect.Type {
	elem := m.element(depth - 1)
	switch m.IntN(5) {
	case 0:
		return reflect.MapOf(reflect.TypeFor[Title](), elem)
	case 1, 2:
		return reflect.MapOf(reflect.TypeFor[string](), elem)
	}
	return reflect.SliceOf(elem)
}

func (m typeMaker) element(depth int) reflect.Type {
	kind := m.IntN(6)
	switch {
	case kind == 0 && depth > 0:
		return m.collection(depth)
	case kind == 1:
		return m.oneOf(nilTypes)
	case kind == 2:
		return reflect.PointerTo(m.oneOf(nilTypes))
	case kind == 3:
		return reflect.PointerTo(m.oneOf(plainTypes))
	case kind == 4:
		return reflect.TypeFor[Ranks]()
	}
	return m.oneOf(plainTypes)
}

func (m typeMaker) oneOf(types []reflect.Type) reflect.Type { return types[m.IntN(len(types))] }
func (m typeMaker) marks(marks ...string) string            { return marks[m.IntN(len(marks))] }
