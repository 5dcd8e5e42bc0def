package schema

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

const shopYAML = `- union.Pay:
    - Cash: {}

- info.Shop: {}

- errors.Shop:
    - ErrorClosed: {}

- ///: Another docstring.
  struct.Item:
    sizes!: ["integer"]
    name: "string"

- fn.buy:
    item: "struct.Item"
  $authenticated: false
  $ignored: 1
  ->:
    - ErrorSoldOut:
        left: "integer"
    - Ok_: {}

- headers.Trace:
    "@trace": "string"
  ->:
    "@span": "string?"
`

func TestCompareEqualSchemas(t *testing.T) {
	t.Parallel()
	derived, err := New("Shop", shop())
	if err != nil {
		t.Fatal(err)
	}
	written, err := Parse(Document{"shop.telepact.yaml", []byte(shopYAML)})
	if err != nil {
		t.Fatal(err)
	}
	if found := Compare(derived, written, CompareOptions{}); len(found) > 0 {
		t.Errorf("differences: %v", found)
	}
	var lines []string
	for _, d := range Compare(derived, written, CompareOptions{Docs: true}) {
		lines = append(lines, d.String())
	}
	want := []string{
		`fn.buy result tag ErrorSoldOut: Go has docstring "None left." (shop.SoldOutError), the document has no docstring (shop.telepact.yaml:19:7)`,
		`struct.Item: Go has docstring "An item." (shop.Item), the document has docstring "Another docstring." (shop.telepact.yaml:10:3)`,
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("differences with docstrings (-want +got):\n%s", diff)
	}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	const api = `
- fn.evaluate:
    limit!: "integer"
    trace: "boolean"
  ->:
    - Ok_:
        result: ["number?"]
    - ErrorStop: {}
- union.Expression:
    - Constant:
        value: "number"
- headers.Trace:
    "@in": "string"
  ->: {}
- errors.Quota:
    - ErrorQuota: {}
- fn.tune_: {}
  ->:
    - Ok_: {}
`
	for _, tc := range []struct {
		name         string
		from, to     string
		want, mirror []string
	}{
		{
			"type", `limit!: "integer"`, `limit!: "string"`,
			[]string{`fn.evaluate field limit!: Go has "integer" (go:3:5), the document has "string" (doc:3:5)`}, nil,
		},
		{
			"optional", `limit!: "integer"`, `limit: "integer"`,
			[]string{`fn.evaluate field limit!: Go has optional "integer" (go:3:5), the document has required "integer" (doc:3:5)`},
			[]string{`fn.evaluate field limit: Go has required "integer" (go:3:5), the document has optional "integer" (doc:3:5)`},
		},
		{
			"nullable inside of an array", `["number?"]`, `["number"]`,
			[]string{`fn.evaluate result tag Ok_ field result: Go has ["number?"] (go:7:9), the document has ["number"] (doc:7:9)`}, nil,
		},
		{
			"name of a field", `trace: "boolean"`, `traces: "boolean"`,
			[]string{
				`fn.evaluate field trace: Go has "boolean" (go:4:5), the document has no such field (doc:2:3)`,
				`fn.evaluate field traces: Go has no such field (go:2:3), the document has "boolean" (doc:4:5)`,
			}, nil,
		},
		{
			"tag", `- Constant:`, `- Literal:`,
			[]string{
				`union.Expression tag Constant: Go has the tag (go:10:7), the document has no such tag (doc:9:3)`,
				`union.Expression tag Literal: Go has no such tag (go:9:3), the document has the tag (doc:10:7)`,
			}, nil,
		},
		{
			"field of a tag", `value: "number"`, `{}`,
			[]string{`union.Expression tag Constant field value: Go has "number" (go:11:9), the document has no such field (doc:10:7)`},
			[]string{`union.Expression tag Constant field value: Go has no such field (go:10:7), the document has "number" (doc:11:9)`},
		},
		{
			"result tag", "    - ErrorStop: {}\n", "",
			[]string{`fn.evaluate result tag ErrorStop: Go has the tag (go:8:7), the document has no such tag (doc:2:3)`},
			[]string{`fn.evaluate result tag ErrorStop: Go has no such tag (go:2:3), the document has the tag (doc:8:7)`},
		},
		{
			"errors", `ErrorQuota: {}`, `ErrorQuota: {left: integer}`,
			[]string{`errors.Quota tag ErrorQuota field left: Go has no such field (go:16:7), the document has "integer" (doc:16:20)`},
			[]string{`errors.Quota tag ErrorQuota field left: Go has "integer" (go:16:20), the document has no such field (doc:16:7)`},
		},
		{
			"request header", `"@in": "string"`, `"@out": "string"`,
			[]string{
				`headers.Trace request header @in: Go has "string" (go:13:5), the document has no such header (doc:12:3)`,
				`headers.Trace request header @out: Go has no such header (go:12:3), the document has "string" (doc:13:5)`,
			}, nil,
		},
		{
			"response header", `->: {}`, `->: {"@out": "any"}`,
			[]string{`headers.Trace response header @out: Go has no such header (go:12:3), the document has "any" (doc:14:8)`},
			[]string{`headers.Trace response header @out: Go has "any" (go:14:8), the document has no such header (doc:12:3)`},
		},
		{
			"definition", `- errors.Quota:`, `- errors.Quotas:`,
			[]string{
				`errors.Quota: Go has the definition (go:15:3), the document has no such definition`,
				`errors.Quotas: Go has no such definition, the document has the definition (doc:15:3)`,
			}, nil,
		},
		{
			"flags", "- fn.evaluate:", "- $authenticated: false\n  $internal: true\n  $x: 1\n  fn.evaluate:",
			[]string{
				`fn.evaluate $internal: Go has false (go:2:3), the document has true (doc:5:3)`,
				`fn.evaluate $authenticated: Go has true (go:2:3), the document has false (doc:5:3)`,
			},
			[]string{
				`fn.evaluate $internal: Go has true (go:5:3), the document has false (doc:2:3)`,
				`fn.evaluate $authenticated: Go has false (go:5:3), the document has true (doc:2:3)`,
			},
		},
		{
			"_errors", "- fn.tune_: {}\n", "- fn.tune_: {}\n  _errors: ^$\n",
			[]string{`fn.tune_ _errors: Go has no such key (go:17:3), the document has "^$" (doc:17:3)`},
			[]string{`fn.tune_ _errors: Go has "^$" (go:17:3), the document has no such key (doc:17:3)`},
		},
		{"flags that mean nothing", "- fn.evaluate:", "- $authenticated: true\n  $internal: false\n  fn.evaluate:", nil, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			checkCompare(t, api, replaceOnce(t, api, tc.from, tc.to), tc.want)
			if tc.mirror != nil {
				checkCompare(t, replaceOnce(t, api, tc.from, tc.to), api, tc.mirror)
			}
		})
	}
}

func checkCompare(t *testing.T, derivedText, writtenText string, want []string) {
	t.Helper()
	derived := parseYAML(t, derivedText)
	written := parseYAML(t, writtenText)
	var got []string
	for _, d := range Compare(derived, written, CompareOptions{Docs: true}) {
		for o, name := range map[*Origin]string{&d.Derived: "go", &d.Written: "doc"} {
			if o.Document != "" {
				o.Document = name
			}
		}
		got = append(got, d.String())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("differences (-want +got):\n%s", diff)
	}
}

func TestDifferenceParts(t *testing.T) {
	t.Parallel()
	derived, err := New("Shop", shop())
	if err != nil {
		t.Fatal(err)
	}
	written := parseYAML(t, replaceOnce(t, shopYAML, `left: "integer"`, `left: "any"`))
	found := Compare(derived, written, CompareOptions{})
	if len(found) != 1 {
		t.Fatalf("differences are %v, want one", found)
	}
	d := found[0]
	if diff := cmp.Diff([]string{"->", "ErrorSoldOut", "left"}, d.Path); diff != "" {
		t.Errorf("path (-want +got):\n%s", diff)
	}
	if d.Definition != "fn.buy" || d.Derived.Go != "shop.SoldOutError.Left" || d.Written.Location != (Location{20, 9}) ||
		d.DerivedText != `"integer"` || d.WrittenText != `"any"` {
		t.Errorf("difference is %+v", d)
	}
}

func TestLongDocstringsAreCutShort(t *testing.T) {
	t.Parallel()
	checkCompare(t, "- ///: aaaaaaaaa aaaaaaaaa aaaaaaaaa aaaaaaaaa aaaaaaaaa aaaaaaaaa aaaaaaaaa\n  struct.A: {}\n", "- struct.A: {}\n", []string{
		`struct.A: Go has docstring "aaaaaaaaa aaaaaaaaa aaaaaaaaa aaaaaaaaa aaaaaaaaa aaaaaaaaa …" (go:2:3), the document has no docstring (doc:1:3)`,
	})
}
