package schema

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var (
	internalKeys = []string{
		"_ext.Select_", "errors.Validation_", "fn.api_", "fn.ping_", "headers.Binary_", "headers.Id_", "headers.Select_",
		"headers.Time_", "headers.Unsafe_", "headers.Warning_", "struct.ValidationFailure_", "union.ParseFailure_",
		"union.Type_", "union.ValidationFailureReason_",
	}
	mockKeys = []string{
		"_ext.Call_", "_ext.Stub_", "errors.Mock_", "fn.clearCalls_", "fn.clearStubs_", "fn.createStub_",
		"fn.setRandomSeed_", "fn.verifyNoMoreInteractions_", "fn.verify_", "union.CallCountCriteria_",
		"union.VerificationFailure_",
	}
)

func TestStandardSets(t *testing.T) {
	t.Parallel()
	sorted := func(sets ...[]string) []string {
		all := slices.Concat(sets...)
		slices.Sort(all)
		return all
	}
	auth := `{"union.Auth_": [{"Token": {"token": "string"}}]}`
	for _, tc := range []struct {
		name string
		docs []Document
		want []string
	}{
		{"nothing", nil, internalKeys},
		{"with authentication", []Document{{"a", []byte("[" + auth + "]")}},
			sorted(internalKeys, []string{"errors.Auth_", "headers.Auth_", "union.Auth_"})},
		{"for a mock server", []Document{MockDocument()}, sorted(internalKeys, mockKeys)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s, err := Parse(tc.docs...)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, keysOf(s.Definitions())); diff != "" {
				t.Errorf("definitions (-want +got):\n%s", diff)
			}
		})
	}
}

// Text that only looks like a definition of union.Auth_ brings the
// authentication set too (spec section 8.4).
func TestAuthSetGoesByTheText(t *testing.T) {
	t.Parallel()
	_, err := Parse(Document{"z", []byte(`[{"info.A": {"union.Auth_": {}}}]`)})
	checkReports(t, err, []string{`auth_:3:5 [0, "headers.Auth_", "@auth_"] {"TypeUnknown": {"name": "union.Auth_"}}`})
}

func TestSchemasThatBringTheStandardSets(t *testing.T) {
	t.Parallel()
	first := mustParse(t, `[{"union.Auth_": [{"Token": {}}]}, {"fn.a": {}, "->": [{"Ok_": {}}]}]`)
	forms := make([]any, 0, len(first.Definitions()))
	for _, def := range first.Definitions() {
		forms = append(forms, def.Common().Source)
	}
	again := mustParse(t, string(jsonText(forms)))
	if !Equal(first, again) {
		t.Error("a schema differs from the one that fn.api_ returns of it")
	}
	if got, want := len(again.Own()), len(first.Definitions()); got != want {
		t.Errorf("%d own definitions, want %d", got, want)
	}
	if _, err := Parse(Document{"z", jsonText(forms[1:])}); err == nil {
		t.Error("a part of the standard definitions is accepted")
	}
}

func TestStandardDefinitionsAreDocumented(t *testing.T) {
	t.Parallel()
	s, err := Parse(MockDocument(), Document{"a", []byte(`[{"union.Auth_": [{"Token": {}}]}]`)})
	if err != nil {
		t.Fatal(err)
	}
	for _, def := range s.Definitions() {
		head := def.Common()
		if isStandard(head.Key) && head.Doc.Text() == "" {
			t.Errorf("%s has no docstring", head.Key)
		}
		if standard := head.Key != authKey; isStandard(head.Key) != standard {
			t.Errorf("%s is standard: %v, want %v", head.Key, !standard, standard)
		}
	}
}
