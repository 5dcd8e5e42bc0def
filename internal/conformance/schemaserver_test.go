package conformance

import (
	"strings"
	"testing"
)

func TestSchemaServer(t *testing.T) {
	t.Parallel()
	const unknown = `[{},{"ErrorUnknown_":{"caseId":"<caseId>"}}]`
	failure := func(document, row, col, path, reason string) string {
		return `[{},{"ErrorValidationFailure":{"cases":[{"document":"` + document + `","location":{"row":` + row + `,"col":` + col +
			`},"path":` + path + `,"reason":` + reason + `}]}}]`
	}
	tests := []struct{ name, input, want string }{
		{"pseudo JSON", `{"PseudoJson": {"schema": "[{\"struct.A\": {}}]"}}`, `[{},{"Ok_":{}}]`},
		{"pseudo JSON, wrong", `{"PseudoJson": {"schema": "[0]"}}`,
			failure("auto_", "1", "2", `[0]`, `{"TypeUnexpected":{"actual":{"Number":{}},"expected":{"Object":{}}}}`)},
		{"pseudo JSON that is no text", `{"PseudoJson": {"schema": []}}`, unknown},
		{"extended", `{"PseudoJson": {"schema": "[{\"struct.A\": {}}]", "extend!": "[{\"struct.B\": {\"a\": \"struct.A\"}}]"}}`, `[{},{"Ok_":{}}]`},
		{"extended, wrong", `{"PseudoJson": {"schema": "[]", "extend!": "{"}}`, failure("extend", "1", "1", `[]`, `{"JsonInvalid":{}}`)},
		{"extended by what is no text", `{"PseudoJson": {"schema": "[]", "extend!": 1}}`, unknown},
		{"JSON", `{"Json": {"schema": "[]"}}`, `[{},{"Ok_":{}}]`},
		{"JSON, wrong", `{"Json": {"schema": "no"}}`, failure("auto_", "1", "1", `[]`, `{"JsonInvalid":{}}`)},
		{"directory", `{"Directory": {"schemaDirectory": "shop/"}}`, `[{},{"Ok_":{}}]`},
		{"directory, wrong", `{"Directory": {"schemaDirectory": "crowded"}}`,
			failure("two.telepact.json", "2", "4", `[0,"fn.buy"]`,
				`{"PathCollision":{"document":"one.telepact.yaml","path":[1,"fn.buy"],"location":{"row":5,"col":3}}}`)},
		{"directory of other files", `{"Directory": {"schemaDirectory": "wrong"}}`,
			failure("notes.txt", "1", "1", `[]`, `{"FileNamePatternInvalid":{"expected":"*.telepact.json|*.telepact.yaml"}}`)},
		{"no directory", `{"Directory": {"schemaDirectory": "nowhere"}}`, unknown},
		{"outside", `{"Directory": {"schemaDirectory": "../vectors"}}`, unknown},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d, err := openSchemaServer(ownEnvironment(), &vectors{Schema: "check"})
			if err != nil {
				t.Fatal(err)
			}
			got, problem := ask(t, d.(bytesDriver), `[{}, {"fn.validateSchema": {"input": `+tc.input+`}}]`)
			if problem != nil || !(comparison{}).equal(tree(t, tc.want), tree(t, got)) {
				t.Errorf("problem %v\n got %s\nwant %s", problem, got, strings.TrimSpace(tc.want))
			}
		})
	}
}
