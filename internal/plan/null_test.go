package plan_test

import (
	"reflect"
	"testing"

	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/internal/plan"
)

// Nil behind a value that is there is null where null may stand, and has no
// encoding elsewhere. The tree is null in both cases: it says what is wrong.
func TestNilBehindValue(t *testing.T) {
	t.Parallel()
	union, _ := expressionPlans()
	unions := planOf[[]*expression](map[reflect.Type]plan.Plan{reflect.TypeFor[expression](): union})
	listOfUnions := plan.List(reflect.TypeFor[[]expression](), union)
	pointers := plan.Pointer(reflect.TypeFor[*account](), structOf[account]())
	links := planOf[[]*link](map[reflect.Type]plan.Plan{reflect.TypeFor[link](): linkPlan()})
	var nilSum *sum
	for _, tc := range []struct {
		name string
		plan plan.Plan
		from mem.Ptr
		want string // empty for no encoding
		tree string
	}{
		{"pointer in an optional", maybePlan[*account](pointers), mem.Of(&maybe[*account]{nil, 2}), "null", "null"},
		{"any in an optional", maybePlan[any](plan.Any()), mem.Of(&maybe[any]{nil, 2}), "null", "null"},
		{"union in an optional", maybePlan[expression](union), mem.Of(&maybe[expression]{nil, 2}), "null", "null"},
		{"union of a nil pointer in an optional", maybePlan[expression](union), mem.Of(&maybe[expression]{nilSum, 2}), "null", "null"},
		{"bytes in an optional", maybePlan[[]byte](plan.Bytes(nil)), mem.Of(&maybe[[]byte]{nil, 2}), `""`, `""`},
		{"absent optional", maybePlan[any](plan.Any()), mem.Of(&maybe[any]{}), "", "null"},
		{"pointers to any", planOf[[]*any](nil), mem.Of(&[]*any{new(any), nil}), "[null,null]", "[null,null]"},
		{"pointers to unions", unions, mem.Of(&[]*expression{new(expression), new(expression(nilSum))}), "[null,null]", "[null,null]"},
		{"pointers to links", links, mem.Of(&[]*link{{}}), "[null]", "[null]"},
		{"nullable union", plan.Nullable(union), mem.Of(new(expression(nilSum))), "null", "null"},
		{"nullable bytes", plan.Nullable(plan.Bytes(nil)), mem.Of(new([]byte)), "null", "null"},
		{"list of unions", listOfUnions, mem.Of(&[]expression{nilSum}), "", "[null]"},
		{"union", union, mem.Of(new(expression(nilSum))), "", "null"},
		{"list of any", plan.List(reflect.TypeFor[[]any](), plan.Any()), mem.Of(&[]any{nil}), "", "[null]"},
	} {
		got, ok := encode(tc.plan, tc.from)
		if ok != (tc.want != "") || ok && got != tc.want {
			t.Errorf("%s: was written as %s, %v; want %s", tc.name, got, ok, tc.want)
		}
		if got := mustText(t, plan.Tree(tc.plan, tc.from)); got != tc.tree {
			t.Errorf("%s: got tree %s, want %s", tc.name, got, tc.tree)
		}
		if got := plan.Base64(tc.plan, tc.from); got != nil && tc.want != `""` {
			t.Errorf("%s: got coercion tree %v", tc.name, got)
		}
	}
}
