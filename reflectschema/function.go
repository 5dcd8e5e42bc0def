package reflectschema

import (
	"reflect"
	"slices"

	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/wire"
)

// indexFunctions notes which functions take which arguments, for links.
func (d *deriver) indexFunctions() {
	for _, f := range d.in.functions {
		if f.raw {
			continue
		}
		if t, problem := payloadType(f.Args, ""); problem == nil {
			d.takers[t] = append(d.takers[t], f)
		}
	}
}

// deriveFunctions makes the fn.* definitions.
func (d *deriver) deriveFunctions() {
	for _, f := range d.in.functions {
		d.at(f.Site, func() { d.deriveFunction(f) })
	}
}

func (d *deriver) deriveFunction(f Function) {
	where := functionText(f)
	if f.raw {
		d.claimFunction(f, where)
		return
	}
	args, problem := payloadType(f.Args, "the argument type")
	argsOK := d.accept(where, problem)
	result, problem := payloadType(f.Result, "the result type")
	resultOK := d.accept(where, problem)
	if named := d.claimFunction(f, where); !argsOK || !resultOK || !named {
		d.looseTypes(args, result)
		return
	}
	head := schema.Head{Key: f.Name, Flags: flagsOf(f), Origin: d.origin(where)}
	def := &schema.Function{Head: head}
	d.define(def)
	model := &FunctionModel{ArgsType: args, ResultType: result}
	d.model.Functions[f.Name] = model
	d.functionArgs(f, def, model)
	d.functionResult(f, def, model)
}

// claimFunction takes the name of a function, or reports why that cannot be.
func (d *deriver) claimFunction(f Function, where string) bool {
	problem := checkRawKey(f.Name)
	if !f.raw {
		problem = checkKey(f.Name, "fn.")
	}
	return d.accept(where, problem) &&
		d.claim(f.Name, where, where, "give one of them another name")
}

func (d *deriver) functionArgs(f Function, def *schema.Function, model *FunctionModel) {
	body := d.payload(model.ArgsType, bodyFields)
	model.Args = body.plan
	def.Args = d.payloadStruct(model.ArgsType, f.Name, payloadText(model.ArgsType, def.Origin.Go))
	d.whenComplete(func() {
		doc := f.Doc
		if doc == "" {
			doc = body.doc
		}
		def.Doc = docstring(doc, body.fields)
	})
}

// functionResult adds the Ok_ tag and the function's own errors to the
// definition, and these and the errors of every error set to the model.
func (d *deriver) functionResult(f Function, def *schema.Function, model *FunctionModel) {
	where := payloadText(model.ResultType, def.Origin.Go)
	model.Result = d.payload(model.ResultType, bodyFields).plan
	tags := []*schema.Tag{d.tag(model.ResultType, "Ok_", where)}
	all := d.addErrors(slices.Clone(d.common), f.Name, declaration{by: f.Name, call: failsCall}, typesOf(f.Errors))
	for _, e := range all[len(d.common):] {
		tags = append(tags, e.tag)
	}
	def.Result = &schema.Union{Head: schema.Head{Key: "->", Origin: def.Origin}, Tags: tags}
	def.OwnTags = len(tags)
	model.Errors = errorsByType(all)
}

// errorsByType finds errors by the types of their values: a V and a *V.
func errorsByType(entries []*errorEntry) map[reflect.Type]*ErrorModel {
	models := make(map[reflect.Type]*ErrorModel, 2*len(entries))
	for _, e := range entries {
		s, _ := payloadType(e.model.Type, "")
		models[s], models[reflect.PointerTo(s)] = e.model, e.model
	}
	return models
}

// looseTypes finds the mistakes in the types of a function that has mistakes
// itself.
func (d *deriver) looseTypes(types ...reflect.Type) {
	for _, t := range types {
		if t != nil {
			d.payload(t, bodyFields)
		}
	}
}

func flagsOf(f Function) wire.Object {
	if !f.Public {
		return nil
	}
	return wire.Object{{Key: "$authenticated", Value: false}}
}
