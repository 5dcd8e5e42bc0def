package conformance

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseVectors(t *testing.T) {
	t.Parallel()
	v, err := parseVectors([]byte(`{
		"format": "telepact-conformance-vectors/1", "group": "g", "origin": "official", "suites": ["a", "b"],
		"schema": "shop", "alternateSchema": [{"struct.A": {}}],
		"cases": [{"id": "x/1", "hash": "00", "flags": ["bigNumber"], "statements": [
			{"request": {"$bytes": "e30="}, "response": [{}, {"Ok_": {}}], "assert": {"setCompare": true, "skipFieldIdCheck": true}, "transportCalls": 2},
			{"request": 1, "response": null}]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	two := 2
	want := &vectors{
		Format: format, Group: "g", Suites: []string{"a", "b"}, Schema: "shop",
		AlternateSchema: []byte(`[{"struct.A": {}}]`),
		Cases: []*testCase{{ID: "x/1", Statements: []*statement{
			{[]byte("{}"), tree(t, `[{}, {"Ok_": {}}]`), assertion{SetCompare: true, SkipFieldIDCheck: true}, &two},
			{tree(t, "1"), nil, assertion{}, nil},
		}}},
	}
	if diff := cmp.Diff(want, v); diff != "" {
		t.Errorf("vectors (-want +got):\n%s", diff)
	}
	if !v.in("b") || v.in("c") {
		t.Error("the suites are not those of the file")
	}
}

func TestParseVectorsRefuses(t *testing.T) {
	t.Parallel()
	const before = `{"format": "telepact-conformance-vectors/1", "cases": [{"statements": [`
	for _, tc := range []struct{ name, text, want string }{
		{"no JSON", "{", "unexpected end"},
		{"another format", `{"format": "x"}`, `the format is "x"`},
		{"no request", before + `{"response": 1}]}]}`, "not JSON"},
		{"request with a key twice", before + `{"request": {"a": 1, "a": 2}, "response": 1}]}]}`, `the key "a" twice`},
		{"malformed escape", before + `{"request": 1, "response": [{"$bytes": 1}]}]}]}`, "$bytes is 1"},
		{"statement that is no object", before + `1]}]}`, "cannot unmarshal"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if _, err := parseVectors([]byte(tc.text)); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("the error is %v, want %q in it", err, tc.want)
			}
		})
	}
}

func TestReadVectors(t *testing.T) {
	t.Parallel()
	files, err := readVectors("testdata/vectors")
	if err != nil {
		t.Fatal(err)
	}
	var groups []string
	for _, v := range files {
		groups = append(groups, v.Group)
	}
	if diff := cmp.Diff([]string{"answers", "bytes", "check", "clients", "mocks", "rotation", "expectations"}, groups); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
	for _, dir := range []string{"testdata/schema/shop", "testdata/none"} {
		if _, err := readVectors(dir); err == nil || !strings.Contains(err.Error(), "no vector files in "+dir) {
			t.Errorf("reading %s: %v", dir, err)
		}
	}
	if _, err := readVectors("testdata"); err == nil || !strings.Contains(err.Error(), "standard-definitions.json") {
		t.Errorf("the error does not name the file: %v", err)
	}
}
