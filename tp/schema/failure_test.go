package schema

import (
	"errors"
	"fmt"
	"regexp/syntax"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/telestruct/telestruct/tp/wire"
)

func TestFailureTexts(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{`:                                   `auto_:1:1: the document cannot be read: unexpected end of JSON input`,
		`{}`:                                  `auto_:1:1: the document is an object, expected an array; put the definitions into an array: [{"struct.Name": {…}}]`,
		`[null]`:                              `auto_:1:2: definition 1 is null, expected an object; write an object such as {"struct.Name": {…}}`,
		`[{"x": 1}]`:                          `auto_:1:2: "x" begins with none of fn., struct., union., errors., headers., info.; write a key such as struct.Name or fn.name`,
		`[{"union.A": [{"X": {}}], "$a": 1}]`: `auto_:1:27: "$a" cannot stand beside union.A; remove it`,
		`[{"struct.A": {"B": 1}}]`:            `auto_:1:16: "B" in struct.A is not the name of a field, which is a lower-case letter, then letters, digits and "_"; write "b"`,
		`[{"struct.A": {"b": ["c"]}}]`:        `auto_:1:22: struct.A.b: "c" is not a type; write boolean, integer, number, string, any, bytes, or a name that begins with struct., union., fn. or _ext.`,
		`[{"struct.A": {"b": 1}}]`:            `auto_:1:16: struct.A.b is a number, expected a type; write a type such as "integer", ["integer"] or {"string": "integer"}`,
		`[{"struct.A": {"b": []}}]`:           `auto_:1:16: struct.A.b has an array type of 0 elements, expected 1; write the type of the array's elements alone: ["integer"]`,
		`[{"struct.A": {"b": {}}}]`:           `auto_:1:16: struct.A.b is an object without a key, and an object type has the one key "string"; write {"string": "integer"} with the type of the values, or define a struct and write its name`,
		`[{"struct.A": {"b": "fn.x"}}]`:       `auto_:1:16: struct.A.b refers to "fn.x", which is not defined; define it or correct the name`,
		`[{"struct.A": {"b": "any", "b!": "any"}}]`:            `auto_:1:3: struct.A has the field "b" twice, with or without "!"; keep one`,
		`[{"struct.A": {}}, {"struct.A": {}}]`:                 `auto_:1:21: struct.A is defined already (auto_:1:3); rename or remove one of them`,
		`[{"_ext.A": {}}]`:                                     `auto_:1:2: "_ext.A" is not an extension; there are _ext.Select_, _ext.Call_ and _ext.Stub_`,
		`[{"fn.a": {}}]`:                                       `auto_:1:2: fn.a lacks the key "->"; add "->": [{"Ok_": {…}}]`,
		`[{"union.A": []}]`:                                    `auto_:1:3: union.A is empty; add a tag such as {"Name": {}}`,
		`[{"union.A": [{"X": {"a": "union.A"}}]}]`:             `auto_:1:3: union.A has no finite value; make a field that leads back to it optional ("!"), nullable ("?"), an array or an object`,
		`[{"fn.a_": {}, "->": [{"Ok_": {}}], "_errors": "("}]`: `auto_:1:37: "_errors" of fn.a_ is not a regular expression: error parsing regexp: missing closing ): ` + "`(`",
	} {
		_, err := Parse(Document{Text: []byte(text)})
		if err == nil || err.Error() != "schema: "+want {
			t.Errorf("%s\n got %v\nwant schema: %s", text, err, want)
		}
	}
}

func TestFoundAndFix(t *testing.T) {
	t.Parallel()
	_, err := Parse(Document{Text: []byte(`[{"union.A": []}, {"_ext.B": 1}, {"fn.c_": {}, "->": [{"Ok_": {}}], "_errors": "("}]`)})
	var parse *ParseError
	if !errors.As(err, &parse) {
		t.Fatal(err)
	}
	var got [][3]string
	for _, f := range parse.Failures {
		got = append(got, [3]string{f.Found(), f.Fix(), f.Explain()})
	}
	want := [][3]string{
		{"union.A is empty", `add a tag such as {"Name": {}}`, `union.A is empty; add a tag such as {"Name": {}}`},
		{
			`"_ext.B" is not an extension`, "there are _ext.Select_, _ext.Call_ and _ext.Stub_",
			`"_ext.B" is not an extension; there are _ext.Select_, _ext.Call_ and _ext.Stub_`,
		},
		{
			"\"_errors\" of fn.c_ is not a regular expression: error parsing regexp: missing closing ): `(`", "",
			"\"_errors\" of fn.c_ is not a regular expression: error parsing regexp: missing closing ): `(`",
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("texts (-want +got):\n%s", diff)
	}
}

func TestTextFailuresPointIntoTheText(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		doc  Document
		want string
	}{
		{Document{"a.telepact.yaml", []byte("- a: b\n  a: c\n")},
			`schema: a.telepact.yaml:2:3: the document cannot be read: second key "a" in one mapping is not allowed`},
		{Document{"a", []byte("[\n" + strings.Repeat("[", 64))},
			`schema: a:2:64: the document cannot be read: more than 64 levels of nesting`},
	} {
		_, err := Parse(tc.doc)
		if err == nil || err.Error() != tc.want {
			t.Errorf("error is %v, want %s", err, tc.want)
		}
		var f Failure
		if errors.As(err, &f); f.Location != start {
			t.Errorf("location is %v, want %v", f.Location, start)
		}
	}
}

func TestDirectoryFailureTexts(t *testing.T) {
	t.Parallel()
	for reason, want := range map[string]string{
		"FileNamePatternInvalid": "a:1:1: the file name does not match *.x; rename or move the file",
		"DirectoryDisallowed":    "a:1:1: a directory is not allowed among schema documents; move it",
		"Unheard":                "a:1:1: Unheard",
	} {
		f := Failure{Reason: reason, Data: wire.Object{{Key: "expected", Value: "*.x"}}, Origin: Origin{Document: "a", Location: start}}
		if got := f.Error(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestFailureTree(t *testing.T) {
	t.Parallel()
	_, err := Parse(Document{"b", []byte(`[{"union.U": [{"A": {"x": []}}]}]`)})
	var parse *ParseError
	if !errors.As(err, &parse) {
		t.Fatal(err)
	}
	want := []any{wire.Object{
		{Key: "document", Value: "b"},
		{Key: "location", Value: wire.Object{{Key: "row", Value: int64(1)}, {Key: "col", Value: int64(22)}}},
		{Key: "path", Value: []any{int64(0), "union.U", int64(0), "A", "x"}},
		{Key: "reason", Value: wire.Object{{Key: "ArrayLengthUnexpected", Value: wire.Object{
			{Key: "actual", Value: int64(0)}, {Key: "expected", Value: int64(1)},
		}}}},
	}}
	if diff := cmp.Diff(want, parse.Tree()); diff != "" {
		t.Errorf("tree (-want +got):\n%s", diff)
	}
}

func TestParseErrorUnwraps(t *testing.T) {
	t.Parallel()
	_, err := Parse(Document{Text: []byte(`[{"fn.a_": {}, "->": [{"Ok_": {}}], "_errors": "("}, {"struct.A": 1}]`)})
	var f Failure
	var cause *syntax.Error
	if !errors.As(err, &f) || f.Reason != "StringRegexMatchFailed" || !errors.As(err, &cause) {
		t.Errorf("error is %v", err)
	}
	if got := strings.Count(err.Error(), "\nschema: "); got != 1 {
		t.Errorf("error has %d lines more than one, want 1:\n%v", got, err)
	}
}

func TestFailuresAreCapped(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"definitions": "[" + strings.Repeat("0,", 5000) + "0]",
		"fields":      `[{"struct.A": {` + manyFields(5000) + `}}]`,
	} {
		_, err := Parse(Document{Text: []byte(text)})
		var parse *ParseError
		if !errors.As(err, &parse) || len(parse.Failures) != maxFailures {
			t.Errorf("%s: %d failures, want %d", name, len(parse.Failures), maxFailures)
		}
	}
}

// manyFields returns n fields that have no type.
func manyFields(n int) string {
	fields := make([]string, n)
	for i := range fields {
		fields[i] = fmt.Sprintf(`"a%d": 0`, i)
	}
	return strings.Join(fields, ", ")
}
