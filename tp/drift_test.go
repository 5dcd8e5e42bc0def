package tp

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

type driftOrder struct {
	Item   string         `tp:"item"`
	Amount *int           `tp:"amount!"`
	Tags   map[string]any `tp:"tags"`
}

type driftReceipt struct {
	Total float64 `tp:"total"`
}

type driftSoldOutError struct {
	_ struct{} `tp:"ErrorSoldOut"`
}

func (driftSoldOutError) Error() string { return "sold out" }

type driftTrace struct {
	ID *string `tp:"@trace"`
}

type driftPay interface{ pay() }

type Cash struct{}

func (Cash) pay() {}

func placeOrder(context.Context, driftOrder) (driftReceipt, error) { return driftReceipt{}, nil }

const driftYAML = `
- info.Shop: {}
- fn.placeOrder:
    item: "string"
    amount!: "integer"
    tags: {"string": "any"}
  ->:
    - Ok_:
        total: "number"
    - ErrorSoldOut: {}
- headers.Trace:
    "@trace": "string"
  ->: {}
- union.Pay:
    - Cash: {}
- errors.Shop:
    - ErrorSoldOutAll: {}
`

type driftSoldOutAllError struct {
	_ struct{} `tp:"ErrorSoldOutAll"`
}

func (driftSoldOutAllError) Error() string { return "sold out" }

// TestDriftTexts changes the document in one place and wants to be told what to
// do about it.
func TestDriftTexts(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, from, to string
		want           []string
	}{
		{"nothing", "", "", nil},
		{"name of the API", "info.Shop", "info.Store", []string{
			`info.Shop: Go has info.Shop (tp.NewAPI("Shop")), the document has info.Store (api/shop.telepact.yaml:2:3); write "info.Shop" in the document, or tp.NewAPI("Store") in Go`,
		}},
		{"no name in the document", "- info.Shop: {}\n", "", []string{
			`info.Shop: Go has the definition (tp.NewAPI("Shop")), the document has no such definition; define info.Shop in the document, or remove it from Go`,
		}},
		{"field only in the document", `item: "string"`, "item: \"string\"\n    gift!: \"boolean?\"", []string{
			`fn.placeOrder field gift!: Go has no such field (tp.driftOrder), the document has "boolean?" (api/shop.telepact.yaml:5:5); give tp.driftOrder a field of type tp.Optional[bool] with tag "gift!?", or remove "gift!" from the document`,
		}},
		{"field only in Go", "    amount!: \"integer\"\n", "", []string{
			`fn.placeOrder field amount!: Go has "integer" (tp.driftOrder.Amount), the document has no such field (api/shop.telepact.yaml:3:3); write amount!: "integer" in the document, or remove the field from Go`,
		}},
		{"result field only in the document", `total: "number"`, "total: \"number\"\n        items: [\"bytes?\"]", []string{
			`fn.placeOrder result tag Ok_ field items: Go has no such field (tp.driftReceipt), the document has ["bytes?"] (api/shop.telepact.yaml:10:9); give tp.driftReceipt a field of type []*[]byte with tag "items", or remove "items" from the document`,
		}},
		{"type", `amount!: "integer"`, `amount!: "string"`, []string{
			`fn.placeOrder field amount!: Go has "integer" (tp.driftOrder.Amount), the document has "string" (api/shop.telepact.yaml:5:5); write amount!: "integer" in the document, or use type *string with tag "amount!" in Go`,
		}},
		{"optional", "tags: {", "tags!: {", []string{
			`fn.placeOrder field tags: Go has required {"string": "any"} (tp.driftOrder.Tags), the document has optional {"string": "any"} (api/shop.telepact.yaml:6:5); write tags: {"string": "any"} in the document, or use type map[string]any with tag "tags!" in Go`,
		}},
		{"tag only in the document", "- ErrorSoldOut: {}", "- ErrorSoldOut: {}\n    - ErrorClosed: {}\n    - Waiting: {}", []string{
			"fn.placeOrder result tag ErrorClosed: Go has no such tag (tp.placeOrder), the document has the tag (api/shop.telepact.yaml:11:7); declare it with tp.Fails and an error type ClosedError, or remove the tag from the document",
			"fn.placeOrder result tag Waiting: Go has no such tag (tp.placeOrder), the document has the tag (api/shop.telepact.yaml:12:7); declare it with tp.Fails and an error type with the blank field _ struct{} `tp:\"Waiting\"`, or remove the tag from the document",
		}},
		{"tag only in Go", "    - ErrorSoldOut: {}\n", "", []string{
			`fn.placeOrder result tag ErrorSoldOut: Go has the tag (tp.driftSoldOutError), the document has no such tag (api/shop.telepact.yaml:3:3); add "- ErrorSoldOut:" to the document, or remove the tag from Go`,
		}},
		{"variant only in the document", "- Cash: {}", "- Cash: {}\n    - Card: {}", []string{
			`union.Pay tag Card: Go has no such tag (tp.driftPay), the document has the tag (api/shop.telepact.yaml:16:7); list a struct type Card in tp.UnionOf, or remove the tag from the document`,
		}},
		{"error only in the document", "- ErrorSoldOutAll: {}", "- ErrorSoldOutAll: {}\n    - ErrorClosed: {}", []string{
			`errors.Shop tag ErrorClosed: Go has no such tag (tp.ErrorSet("errors.Shop")), the document has the tag (api/shop.telepact.yaml:18:7); give tp.ErrorSet("errors.Shop") an error type ClosedError, or remove the tag from the document`,
		}},
		{"header only in the document", "  ->: {}", `  ->: {"@span": "string?"}`, []string{
			`headers.Trace response header @span: Go has no such header (tp.HeaderSet("headers.Trace")), the document has "string?" (api/shop.telepact.yaml:13:8); give tp.HeaderSet("headers.Trace") a field of type tp.Optional[string] with tag "@span?", or remove "@span" from the document`,
		}},
		{"type of a header", `"@trace": "string"`, `"@trace": ["integer"]`, []string{
			`headers.Trace request header @trace: Go has "string" (tp.driftTrace.ID), the document has ["integer"] (api/shop.telepact.yaml:12:5); write "@trace": "string" in the document, or use type []int with tag "@trace" in Go`,
		}},
		{"flag", "- fn.placeOrder:", "- $authenticated: false\n  $internal: true\n  fn.placeOrder:", []string{
			`fn.placeOrder $internal: Go has false (tp.placeOrder), the document has true (api/shop.telepact.yaml:5:3); remove "$internal" from the document; functions in Go never have it`,
			`fn.placeOrder $authenticated: Go has true (tp.placeOrder), the document has false (api/shop.telepact.yaml:5:3); register it with tp.Public(), or remove "$authenticated" from the document`,
		}},
		{"docstring", "- union.Pay:", "- ///: How to pay.\n  union.Pay:", []string{
			`union.Pay: Go has no docstring (tp.driftPay), the document has docstring "How to pay." (api/shop.telepact.yaml:15:3); write the same docstring on both sides`,
		}},
		{"definitions only in the document", "- union.Pay:", "- struct.Box: {}\n- fn.pack: {}\n  ->:\n    - Ok_: {}\n- union.Way:\n    - Air: {}\n" +
			"- errors.Pack:\n    - ErrorPack: {}\n- headers.Pack: {}\n  ->: {}\n- union.Pay:", []string{
			`errors.Pack: Go has no such definition, the document has the definition (api/shop.telepact.yaml:20:3); give the API tp.ErrorSet("errors.Pack", …), or remove it from the document`,
			`fn.pack: Go has no such definition, the document has the definition (api/shop.telepact.yaml:15:3); register a function with tp.RegisterOn and tp.Name("fn.pack"), or remove it from the document`,
			`headers.Pack: Go has no such definition, the document has the definition (api/shop.telepact.yaml:22:3); give the API tp.HeaderSet[…]("headers.Pack"), or remove it from the document`,
			`struct.Box: Go has no such definition, the document has the definition (api/shop.telepact.yaml:14:3); use a type Box in a field of a function, or remove it from the document`,
			`union.Way: Go has no such definition, the document has the definition (api/shop.telepact.yaml:18:3); give the API tp.Types(tp.UnionOf[Way](…)), or remove it from the document`,
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if tc.from != "" && strings.Count(driftYAML, tc.from) != 1 {
				t.Fatalf("%q is not in the document once", tc.from)
			}
			checkDrift(t, strings.Replace(driftYAML, tc.from, tc.to, 1), tc.want)
		})
	}
}

// checkDrift builds the shop beside a document and compares the problems, without
// the lines of this file.
func checkDrift(t *testing.T, yaml string, want []string) {
	t.Helper()
	documents := fstest.MapFS{"api/shop.telepact.yaml": {Data: []byte(yaml)}}
	api := NewAPI("Shop", NoAuth(),
		Types(UnionOf[driftPay](Cash{}).Named("union.Pay")),
		ErrorSet("errors.Shop", driftSoldOutAllError{}),
		HeaderSet[driftTrace, struct{}]("headers.Trace"),
		CheckDir(documents, "api", CheckDocs()))
	RegisterOn(api, placeOrder, Fails(driftSoldOutError{}))
	_, err := api.Build()
	var found *BuildError
	var got []string
	if errors.As(err, &found) {
		for _, p := range found.Problems {
			p.Site = ""
			got = append(got, p.Error())
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}
