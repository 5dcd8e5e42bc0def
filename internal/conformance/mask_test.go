package conformance

import "testing"

func TestMask(t *testing.T) {
	t.Parallel()
	standard := standardNames{"fn.ping_", "union.Type_"}
	tests := []struct {
		name, answer string
		assert       assertion
		want         string
	}{
		{"nothing", `[{"@a": 1}, {"Ok_": {}}]`, assertion{}, `[{"@a": 1}, {"Ok_": {}}]`},
		{"warnings", `[{"@warn_": [], "@a": 1}, {"Ok_": {}}]`, assertion{}, `[{"@a": 1}, {"Ok_": {}}]`},
		{"case id kept", `[{}, {"ErrorUnknown_": {"caseId": "1"}}]`, assertion{}, `[{}, {"ErrorUnknown_": {"caseId": "1"}}]`},
		{"case id", `[{}, {"ErrorUnknown_": {"caseId": "1", "a": 1}}]`, assertion{AssertCaseID: true},
			`[{}, {"ErrorUnknown_": {"caseId": "<caseId>", "a": 1}}]`},
		{"docstrings",
			`[{}, {"Ok_": {"a": 1, "api": [
				{"///": "x", "fn.buy": {}},
				{"///": "x", "fn.ping_": {}, "->": [{"///": ["x"], "Ok_": {"///": "x", "a": "integer"}}]},
				"fn.ping_"]}}]`,
			assertion{},
			`[{}, {"Ok_": {"a": 1, "api": [
				{"///": "x", "fn.buy": {}},
				{"fn.ping_": {}, "->": [{"Ok_": {"a": "integer"}}]},
				"fn.ping_"]}}]`},
		{"docstrings elsewhere", `[{}, {"ErrorX": {"api": [{"///": "x", "fn.ping_": {}}]}}]`, assertion{},
			`[{}, {"ErrorX": {"api": [{"///": "x", "fn.ping_": {}}]}}]`},
		{"api that is no array", `[{}, {"Ok_": {"api": {"fn.ping_": 1}}}]`, assertion{}, `[{}, {"Ok_": {"api": {"fn.ping_": 1}}}]`},
		{"no message", `[{"@warn_": []}]`, assertion{AssertCaseID: true}, `[{"@warn_": []}]`},
		{"no objects", `[1, 2]`, assertion{}, `[1, 2]`},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			answer := tree(t, tc.answer)
			got, err := standard.mask(answer, tc.assert)
			if err != nil || !(comparison{}).equal(tree(t, tc.want), got) {
				t.Errorf("error %v, got %s", err, encodeJSON(got))
			}
			if !(comparison{}).equal(tree(t, tc.answer), answer) {
				t.Errorf("the answer itself became %s", encodeJSON(answer))
			}
		})
	}
}

func TestMaskWantsACaseID(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{
		`[{}, {"Ok_": {}}]`,
		`[{}, {"ErrorUnknown_": {}}]`,
		`[{}, {"ErrorUnknown_": {"caseId": ""}}]`,
		`[{}, {"ErrorUnknown_": {"caseId": 1}}]`,
	} {
		if got, err := standardNames(nil).mask(tree(t, answer), assertion{AssertCaseID: true}); err == nil {
			t.Errorf("%s is masked as %s", answer, encodeJSON(got))
		}
	}
}
