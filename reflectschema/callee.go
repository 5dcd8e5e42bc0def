package reflectschema

import "reflect"

// Callees lets links lead to functions that were not given to [Builder.Function],
// as clients have them: name returns the schema key of the function that takes
// args, a struct type, or why there is none. Nothing is known of what such a
// function answers; its [FunctionModel] has an empty result.
func (b *Builder) Callees(name func(args reflect.Type) (string, error)) { b.callees = name }

// callee enters the function that a link to args leads to, and returns it; nil
// when it has no name.
func (d *deriver) callee(where string, args reflect.Type) []Function {
	name, err := d.in.callees(args)
	if err != nil {
		d.problem(where, err.Error(), "")
		return nil
	}
	f := Function{Name: name, Args: args, Result: reflect.TypeFor[struct{}](), Site: d.site}
	d.takers[args] = []Function{f}
	d.deriveFunction(f)
	return d.takers[args]
}

// TypeName returns the name that a struct or interface type gives to its
// definition or tag: that of its blank field, or else its own with the first
// letter in upper case. The error is a [*Problem] that says why it has none.
func TypeName(t reflect.Type) (string, error) {
	d := newDeriver(NewBuilder())
	name := ""
	if t.Kind() == reflect.Struct {
		name = d.blank(t).name
	}
	name, problem := schemaName(t, name)
	d.accept(typeText(t), problem)
	if len(d.problems) > 0 {
		return "", d.problems[0]
	}
	return name, nil
}
