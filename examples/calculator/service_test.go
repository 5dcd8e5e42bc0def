package main

import (
	"encoding/base64"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
)

// step is one call of the guest ann and its whole answer.
type step struct{ body, want string }

func runSteps(t *testing.T, steps []step) {
	t.Helper()
	c := start(t, newService(noon, quiet()))
	for _, s := range steps {
		if got := c.guest(t, s.body); got != s.want {
			t.Errorf("%s:\nwant %s\ngot  %s", s.body, s.want, got)
		}
	}
}

func TestFunctions(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		steps []step
	}{
		{"evaluate", []step{
			{`{"fn.evaluate": {"expression": {"Add": {"left": {"Constant": {"value": 1}}, "right": {"Constant": {"value": 2.5}}}}}}`,
				`[{},{"Ok_":{"value":3.5,"save":{"fn.saveVariable":{"name":"ans","value":3.5}}}}]`},
			{`{"fn.evaluate": {"expression": {"Sub": {"left": {"Constant": {"value": 1}}, "right": {"Constant": {"value": 3}}}}}}`,
				`[{},{"Ok_":{"value":-2,"save":{"fn.saveVariable":{"name":"ans","value":-2}}}}]`},
			{`{"fn.evaluate": {"expression": {"Mul": {"left": {"Constant": {"value": 4}}, "right": {"Constant": {"value": 0.5}}}}}}`,
				`[{},{"Ok_":{"value":2,"save":{"fn.saveVariable":{"name":"ans","value":2}}}}]`},
			{`{"fn.evaluate": {"expression": {"Div": {"left": {"Constant": {"value": 1}}, "right": {"Constant": {"value": 8}}}}}}`,
				`[{},{"Ok_":{"value":0.125,"save":{"fn.saveVariable":{"name":"ans","value":0.125}}}}]`},
		}},
		{"evaluate with variables", []step{
			{`{"fn.saveVariable": {"name": "x", "value": 6}}`,
				`[{},{"Ok_":{"before":null}}]`},
			{`{"fn.evaluate": {"expression": {"Mul": {"left": {"Variable": {"name": "x"}}, "right": {"Variable": {"name": "y"}}}}, "with!": {"y": 7}}}`,
				`[{},{"Ok_":{"value":42,"save":{"fn.saveVariable":{"name":"ans","value":42}}}}]`},
			{`{"fn.evaluate": {"expression": {"Variable": {"name": "x"}}, "with!": {"x": 1}}}`,
				`[{},{"Ok_":{"value":1,"save":{"fn.saveVariable":{"name":"ans","value":1}}}}]`},
		}},
		{"readTape", []step{
			{`{"fn.readTape": {}}`,
				`[{},{"Ok_":{"calculations":[]}}]`},
			{`{"fn.evaluate": {"expression": {"Constant": {"value": 1}}}}`,
				`[{},{"Ok_":{"value":1,"save":{"fn.saveVariable":{"name":"ans","value":1}}}}]`},
			{`{"fn.evaluate": {"expression": {"Variable": {"name": "y"}}, "with!": {"y": 7}}}`,
				`[{},{"Ok_":{"value":7,"save":{"fn.saveVariable":{"name":"ans","value":7}}}}]`},
			{`{"fn.readTape": {}}`,
				`[{},{"Ok_":{"calculations":[` +
					`{"expression":{"Variable":{"name":"y"}},"with!":{"y":7},"value":7,"at":"2026-03-01T12:00:00Z"},` +
					`{"expression":{"Constant":{"value":1}},"value":1,"at":"2026-03-01T12:00:00Z"}]}}]`},
			{`{"fn.readTape": {"limit!": 1}}`,
				`[{},{"Ok_":{"calculations":[{"expression":{"Variable":{"name":"y"}},"with!":{"y":7},"value":7,"at":"2026-03-01T12:00:00Z"}]}}]`},
			{`{"fn.readTape": {"limit!": -1}}`,
				`[{},{"Ok_":{"calculations":[]}}]`},
		}},
		{"saveVariable keeps, removes and sets the note", []step{
			{`{"fn.saveVariable": {"name": "x", "value": 1, "note!": "one"}}`, `[{},{"Ok_":{"before":null}}]`},
			{`{"fn.saveVariable": {"name": "x", "value": 2}}`, `[{},{"Ok_":{"before":1}}]`},
			{`{"fn.getVariable": {"name": "x"}}`, `[{},{"Ok_":{"variable":{"name":"x","value":2,"note!":"one"}}}]`},
			{`{"fn.saveVariable": {"name": "x", "value": 3, "note!": null}}`, `[{},{"Ok_":{"before":2}}]`},
			{`{"fn.getVariable": {"name": "x"}}`, `[{},{"Ok_":{"variable":{"name":"x","value":3}}}]`},
		}},
		{"listVariables", []step{
			{`{"fn.listVariables": {"prefix": ""}}`, `[{},{"Ok_":{"variables":[]}}]`},
			{`{"fn.saveVariable": {"name": "ab", "value": 2}}`, `[{},{"Ok_":{"before":null}}]`},
			{`{"fn.saveVariable": {"name": "aa", "value": 1, "note!": "first"}}`, `[{},{"Ok_":{"before":null}}]`},
			{`{"fn.saveVariable": {"name": "b", "value": 3}}`, `[{},{"Ok_":{"before":null}}]`},
			{`{"fn.listVariables": {"prefix": "a"}}`,
				`[{},{"Ok_":{"variables":[{"name":"aa","value":1,"note!":"first"},{"name":"ab","value":2}]}}]`},
		}},
		{"deleteVariable", []step{
			{`{"fn.saveVariable": {"name": "x", "value": 1}}`, `[{},{"Ok_":{"before":null}}]`},
			{`{"fn.deleteVariable": {"name": "x"}}`, `[{},{"Ok_":{}}]`},
			{`{"fn.listVariables": {"prefix": ""}}`, `[{},{"Ok_":{"variables":[]}}]`},
		}},
		{"exportVariables and importVariables", []step{
			{`{"fn.saveVariable": {"name": "x", "value": 1, "note!": "n"}}`, `[{},{"Ok_":{"before":null}}]`},
			{`{"fn.exportVariables": {}}`,
				`[{"@base64_":{"Ok_":{"data":true}}},{"Ok_":{"data":"W3siTmFtZSI6IngiLCJWYWx1ZSI6MSwiTm90ZSI6Im4ifV0="}}]`},
			{`{"fn.saveVariable": {"name": "x", "value": 9, "note!": null}}`, `[{},{"Ok_":{"before":1}}]`},
			{`{"fn.importVariables": {"data": "W3siTmFtZSI6IngiLCJWYWx1ZSI6MSwiTm90ZSI6Im4ifV0="}}`, `[{},{"Ok_":{"count":1}}]`},
			{`{"fn.getVariable": {"name": "x"}}`, `[{},{"Ok_":{"variable":{"name":"x","value":1,"note!":"n"}}}]`},
		}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			runSteps(t, tc.steps)
		})
	}
}

func TestSelection(t *testing.T) {
	t.Parallel()
	c := start(t, newService(noon, quiet()))
	same(t, `[{},{"Ok_":{"value":1}}]`, c.send(t, `[{"@auth_": {"Guest": {"name": "ann"}}, "@select_": {"->": {"Ok_": ["value"]}}},
		{"fn.evaluate": {"expression": {"Constant": {"value": 1}}}}]`))
}

// nested is an expression of operations inside each other.
func nested(levels int) string {
	return strings.Repeat(`{"Add":{"left":{"Constant":{"value":1}},"right":`, levels) +
		`{"Constant":{"value":1}}` + strings.Repeat("}}", levels)
}

// wide is an expression of 2^levels - 1 operations.
func wide(levels int) string {
	e := `{"Constant":{"value":1}}`
	for range levels {
		e = `{"Add":{"left":` + e + `,"right":` + e + `}}`
	}
	return e
}

func TestErrors(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("n", maxName+1)
	cases := []struct {
		name, body, want string
	}{
		{"unknown variable", `{"fn.evaluate": {"expression": {"Variable": {"name": "x"}}}}`,
			`[{},{"ErrorUnknownVariable":{"name":"x"}}]`},
		{"unknown variable inside", `{"fn.evaluate": {"expression": {"Div": {"left": {"Variable": {"name": "x"}}, "right": {"Constant": {"value": 0}}}}}}`,
			`[{},{"ErrorUnknownVariable":{"name":"x"}}]`},
		{"division by zero", `{"fn.evaluate": {"expression": {"Div": {"left": {"Constant": {"value": 1}}, "right": {"Constant": {"value": 0}}}}}}`,
			`[{},{"ErrorDivideByZero":{}}]`},
		{"zero by zero", `{"fn.evaluate": {"expression": {"Div": {"left": {"Constant": {"value": 0}}, "right": {"Constant": {"value": 0}}}}}}`,
			`[{},{"ErrorDivideByZero":{}}]`},
		{"overflow", `{"fn.evaluate": {"expression": {"Mul": {"left": {"Constant": {"value": 1e300}}, "right": {"Constant": {"value": 1e300}}}}}}`,
			`[{},{"ErrorOverflow":{}}]`},
		{"deep expression", `{"fn.evaluate": {"expression": ` + nested(maxDepth+1) + `}}`,
			`[{},{"ErrorLimit":{"what":"operations inside each other","limit":20}}]`},
		{"large expression", `{"fn.evaluate": {"expression": ` + wide(7) + `}}`,
			`[{},{"ErrorLimit":{"what":"operations of an expression","limit":100}}]`},
		{"long name beside an expression", `{"fn.evaluate": {"expression": {"Constant": {"value": 1}}, "with!": {"` + long + `": 1}}}`,
			`[{},{"ErrorLimit":{"what":"bytes of a name","limit":64}}]`},
		{"long name", `{"fn.saveVariable": {"name": "` + long + `", "value": 1}}`,
			`[{},{"ErrorLimit":{"what":"bytes of a name","limit":64}}]`},
		{"long note", `{"fn.saveVariable": {"name": "x", "value": 1, "note!": "` + strings.Repeat("n", maxNote+1) + `"}}`,
			`[{},{"ErrorLimit":{"what":"bytes of a note","limit":200}}]`},
		{"get an unknown variable", `{"fn.getVariable": {"name": "x"}}`,
			`[{},{"ErrorUnknownVariable":{"name":"x"}}]`},
		{"delete an unknown variable", `{"fn.deleteVariable": {"name": "x"}}`,
			`[{},{"ErrorUnknownVariable":{"name":"x"}}]`},
		{"bad export", `{"fn.importVariables": {"data": "AAAA"}}`,
			`[{},{"ErrorBadExport":{}}]`},
		{"bytes that are no base64", `{"fn.importVariables": {"data": "AAA"}}`,
			`[{},{"ErrorInvalidRequestBody_":{"cases":[{"path":["fn.importVariables","data"],"reason":{"TypeUnexpected":{"actual":{"String":{}},"expected":{"Base64String":{}}}}}]}}]`},
		{"logout of a guest", `{"fn.logout": {}}`,
			`[{},{"ErrorUnauthorized_":{"message!":"a guest has no session to end"}}]`},
		{"unknown operation", `{"fn.evaluate": {"expression": {"Pow": {"left": {"Constant": {"value": 1}}, "right": {"Constant": {"value": 0}}}}}}`,
			`[{},{"ErrorInvalidRequestBody_":{"cases":[{"path":["fn.evaluate","expression","Pow"],"reason":{"ObjectKeyDisallowed":{}}}]}}]`},
		{"several mistakes", `{"fn.evaluate": {"expression": {"Add": {"left": {"Constant": {"value": "1"}}, "right": {}}}}}`,
			`[{},{"ErrorInvalidRequestBody_":{"cases":[` +
				`{"path":["fn.evaluate","expression","Add","left","Constant","value"],"reason":{"TypeUnexpected":{"actual":{"String":{}},"expected":{"Number":{}}}}},` +
				`{"path":["fn.evaluate","expression","Add","right"],"reason":{"ObjectSizeUnexpected":{"actual":0,"expected":1}}}]}}]`},
	}
	c := start(t, newService(noon, quiet()))
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			same(t, tc.want, c.guest(t, tc.body))
		})
	}
}

func TestDeepestExpression(t *testing.T) {
	t.Parallel()
	c := start(t, newService(noon, quiet()))
	same(t, `[{},{"Ok_":{"value":21,"save":{"fn.saveVariable":{"name":"ans","value":21}}}}]`,
		c.guest(t, `{"fn.evaluate": {"expression": `+nested(maxDepth)+`}}`))
	same(t, `[{},{"Ok_":{"calculations":[{"expression":`+nested(maxDepth)+`,"value":21,"at":"2026-03-01T12:00:00Z"}]}}]`,
		c.guest(t, `{"fn.readTape": {}}`))
}

func TestTooManyVariables(t *testing.T) {
	t.Parallel()
	c := start(t, newService(noon, quiet()))
	for i := range maxVariables {
		same(t, `[{},{"Ok_":{"before":null}}]`, c.guest(t, fmt.Sprintf(`{"fn.saveVariable": {"name": "v%d", "value": 1}}`, i)))
	}
	same(t, `[{},{"ErrorLimit":{"what":"variables","limit":100}}]`, c.guest(t, `{"fn.saveVariable": {"name": "x", "value": 1}}`))
	same(t, `[{},{"Ok_":{"before":1}}]`, c.guest(t, `{"fn.saveVariable": {"name": "v0", "value": 2}}`))

	// An import that does not fit changes nothing: v0 comes before x.
	export := base64.StdEncoding.EncodeToString([]byte(`[{"Name": "v0", "Value": 3}, {"Name": "x", "Value": 3}]`))
	same(t, `[{},{"ErrorLimit":{"what":"variables","limit":100}}]`, c.guest(t, `{"fn.importVariables": {"data": "`+export+`"}}`))
	same(t, `[{},{"Ok_":{"variable":{"name":"v0","value":2}}}]`, c.guest(t, `{"fn.getVariable": {"name": "v0"}}`))
}

func TestLongTape(t *testing.T) {
	t.Parallel()
	u := &user{}
	for i := range maxTape + 3 {
		u.record(Calculation{Value: float64(i)})
	}
	if len(u.tape) != maxTape || u.tape[0].Value != 3 || u.tape[maxTape-1].Value != maxTape+2 {
		t.Errorf("the tape has %d lines from %v to %v", len(u.tape), u.tape[0].Value, u.tape[len(u.tape)-1].Value)
	}
}

// All callers of one guest's name work on the same variables.
func TestManyCallers(t *testing.T) {
	t.Parallel()
	c := start(t, newService(time.Now, quiet()))
	var callers sync.WaitGroup
	for i := range 8 {
		callers.Go(func() {
			name := fmt.Sprintf("v%d", i)
			for range 20 {
				c.guest(t, `{"fn.saveVariable": {"name": "`+name+`", "value": 1}}`)
				c.guest(t, `{"fn.evaluate": {"expression": {"Variable": {"name": "`+name+`"}}}}`)
				c.guest(t, `{"fn.readTape": {}}`)
				c.guest(t, `{"fn.listVariables": {"prefix": "v"}}`)
				c.guest(t, `{"fn.deleteVariable": {"name": "`+name+`"}}`)
			}
		})
	}
	callers.Wait()
	same(t, `[{},{"Ok_":{"variables":[]}}]`, c.guest(t, `{"fn.listVariables": {"prefix": ""}}`))
}
