package reflectschema_test

import (
	"errors"
	"reflect"
	"testing"

	"github.com/telestruct/telestruct/reflectschema"
)

type calleePage struct {
	Next *reflectschema.Link[calleePage]  `tp:"next!"`
	Save reflectschema.Link[calleeSave]   `tp:"save"`
	All  []reflectschema.Link[calleeSave] `tp:"all"`
}

type calleeSave struct {
	Back *reflectschema.Link[calleePage] `tp:"back!"`
}

func TestCallees(t *testing.T) {
	t.Parallel()
	errUnknown := errors.New("nobody takes it")
	for _, tc := range []struct {
		name string
		err  error
		want string // the problems
	}{
		{"fn.save", nil, ""},
		{"", errUnknown, "reflectschema_test.calleePage.Save: nobody takes it\nreflectschema_test.calleePage.All: nobody takes it"},
		{"save", nil, `save: "save" is not the name of a definition; write "fn.save"`},
		{"fn.page", nil, "fn.page: fn.page is taken by fn.page; give one of them another name"},
	} {
		b := reflectschema.NewBuilder()
		b.Callees(func(args reflect.Type) (string, error) {
			if args != reflect.TypeFor[calleeSave]() {
				t.Errorf("asked for %v", args)
			}
			return tc.name, tc.err
		})
		b.Function(reflectschema.Function{Name: "fn.page", Args: reflect.TypeFor[calleePage](), Result: reflect.TypeFor[struct{}]()})
		model, err := b.Build()
		if tc.want == "" {
			if err != nil || model.Functions["fn.save"].ArgsType != reflect.TypeFor[calleeSave]() {
				t.Errorf("%q: got %v, %v", tc.name, model, err)
			}
			continue
		}
		if err == nil || err.Error() != tc.want {
			t.Errorf("%q: got %v, want %s", tc.name, err, tc.want)
		}
	}
}

func TestTypeName(t *testing.T) {
	t.Parallel()
	type lower struct{}
	type renamed struct {
		_ struct{} `tp:"Other"`
	}
	type wrong struct {
		_ struct{} `tp:"other"`
	}
	type Ärger struct{}
	for _, tc := range []struct {
		t    reflect.Type
		want string // a name or the text of a problem
	}{
		{reflect.TypeFor[calleePage](), "CalleePage"},
		{reflect.TypeFor[lower](), "Lower"},
		{reflect.TypeFor[renamed](), "Other"},
		{reflect.TypeFor[error](), "Error"},
		{reflect.TypeFor[reflectschema.Optional[lower]](), "OptionalLower"},
		{reflect.TypeFor[wrong](), `reflectschema_test.wrong._: malformed tag "other": a name begins with an upper-case letter, not 'o'; write "Other"`},
		{reflect.TypeFor[Ärger](), `reflectschema_test.Ärger: "Ärger" is no name for a schema, which has ASCII letters, digits and "_" only; ` +
			"name it with a blank field such as _ struct{} `tp:\"Item\"`"},
	} {
		name, err := reflectschema.TypeName(tc.t)
		var problem *reflectschema.Problem
		if err != nil && errors.As(err, &problem) {
			name += problem.Error()
		}
		if name != tc.want {
			t.Errorf("%v: got %s, want %s", tc.t, name, tc.want)
		}
	}
}
