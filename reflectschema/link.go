package reflectschema

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/telestruct/telestruct/internal/plan"
	"github.com/telestruct/telestruct/tp/schema"
)

// Link is a call that is ready to be made: the function whose arguments are a T,
// with these arguments (spec section 4.9). Exactly one function of the API must
// take a T, which names the function on the wire. The zero Link, without
// arguments, has no encoding.
type Link[T any] struct {
	Args *T
}

// LinkTo returns the call of the function taking T with args, which it keeps.
func LinkTo[T any](args *T) Link[T] { return Link[T]{Args: args} }

// linkValue refers to the function whose arguments are the T of a Link[T].
func (d *deriver) linkValue(where string, t reflect.Type) (value, bool) {
	args := t.Field(0).Type.Elem()
	takers := d.takers[args]
	if len(takers) == 0 && d.in.callees != nil && args.Kind() == reflect.Struct {
		if takers = d.callee(where, args); takers == nil {
			return value{}, false
		}
	}
	if !d.accept(where, checkTakers(args, takers)) {
		return value{}, false
	}
	p := plan.NewLink(t.Field(0).Offset)
	function := takers[0].Name
	d.whenComplete(func() { p.SetTarget(function, d.payload(args, bodyFields).plan) })
	return value{&schema.Type{Kind: schema.FunctionRef, Name: function}, p}, true
}

// checkTakers reports a link that does not lead to exactly one function.
func checkTakers(args reflect.Type, takers []Function) *mistake {
	switch {
	case args.Kind() == reflect.Pointer:
		return &mistake{
			found: "a link holds a pointer to its arguments already",
			fix:   fmt.Sprintf("use tp.Link[%s]", typeText(args.Elem())),
		}
	case len(takers) == 0:
		return &mistake{
			found: fmt.Sprintf("no function takes %s", typeText(args)),
			fix:   "register the function whose arguments it is",
		}
	case len(takers) > 1:
		names := make([]string, len(takers))
		for i, f := range takers {
			names[i] = f.Name
		}
		return &mistake{
			found: fmt.Sprintf("%s all take %s", strings.Join(names, ", "), typeText(args)),
			fix:   "give the function of the link an argument type of its own",
		}
	}
	return nil
}
