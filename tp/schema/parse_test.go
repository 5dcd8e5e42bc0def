package schema

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// reasonTexts abbreviates the reasons that the tables below repeat.
var reasonTexts = strings.NewReplacer(
	"<schema key>", `^(((fn|errors|headers|info)|((struct|union|_ext)(<[0-2]>)?))\\..*)`,
	"<field>", `{"KeyRegexMatchFailed": {"regex": "^([a-z][a-zA-Z0-9_]*)(!)?$"}}`,
	"<header>", `{"KeyRegexMatchFailed": {"regex": "^@[a-z][a-zA-Z0-9_]*$"}}`,
	"<tag>", `^([A-Z][a-zA-Z0-9_]*)$`,
	"<type>", `{"StringRegexMatchFailed": {"regex": "^(boolean|integer|number|string|any|bytes)|((fn|(union|struct|_ext))\\.([a-zA-Z_]\\w*))$"}}`,
	"<disallowed>", `{"ObjectKeyDisallowed": {}}`,
	"<endless>", `{"RecursiveTypeUnterminated": {}}`,
)

// checkReports compares the failures in err with what is wanted, which may
// abbreviate reasons.
func checkReports(t *testing.T, err error, want []string) {
	t.Helper()
	var lines []string
	for _, line := range want {
		lines = append(lines, reasonTexts.Replace(line))
	}
	if diff := cmp.Diff(lines, reports(err)); diff != "" {
		t.Errorf("failures (-want +got):\n%s", diff)
	}
}

// unexpected is a reason in the notation of the tables below.
func unexpected(actual, expected string) string {
	return fmt.Sprintf(`{"TypeUnexpected": {"actual": {%q: {}}, "expected": {%q: {}}}}`, actual, expected)
}

func TestParseFailures(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		text string
		want []string
	}{
		{"no array", ` {"struct.A": {}}`, []string{`auto_:1:2 [] ` + unexpected("Object", "Array")}},
		{"no JSON", `[}`, []string{`auto_:1:1 [] {"JsonInvalid": {}}`}},
		{"empty text", ``, []string{`auto_:1:1 [] {"JsonInvalid": {}}`}},

		{"definitions of other kinds", `[1.5, "a", [], null, true]`, []string{
			`auto_:1:2 [0] ` + unexpected("Number", "Object"),
			`auto_:1:7 [1] ` + unexpected("String", "Object"),
			`auto_:1:12 [2] ` + unexpected("Array", "Object"),
			`auto_:1:16 [3] ` + unexpected("Null", "Object"),
			`auto_:1:22 [4] ` + unexpected("Boolean", "Object"),
		}},
		{"no schema key", `[{"z": 1, "///": "b"}]`, []string{
			`auto_:1:2 [0] {"ObjectKeyRegexMatchCountUnexpected": {"regex": "<schema key>", "actual": 0, "expected": 1, "keys": ["///", "z"]}}`,
		}},
		{"two schema keys", `[{"struct.B": {}, "fn.a": {}}]`, []string{
			`auto_:1:2 [0] {"ObjectKeyRegexMatchCountUnexpected": {"regex": "<schema key>", "actual": 2, "expected": 1, "keys": ["fn.a", "struct.B"]}}`,
		}},
		{"legacy key", `[{"struct<2>.A": {}}, {"struct<3>.A": {}}]`, []string{
			`auto_:1:23 [1] {"ObjectKeyRegexMatchCountUnexpected": {"regex": "<schema key>", "actual": 0, "expected": 1, "keys": ["struct<3>.A"]}}`,
		}},

		{"companions of a struct", `[{"///": 1, "$x": 1, "_ignoreIfDuplicate": 1, "->": [], "struct.A": 0, "_errors": ""}]`, []string{
			`auto_:1:47 [0, "->"] <disallowed>`,
			`auto_:1:72 [0, "_errors"] <disallowed>`,
			`auto_:1:57 [0, "struct.A"] ` + unexpected("Number", "Object"),
		}},
		{"companion of a struct hides its fields", `[{"struct.A": {"X": 0}, "b": 1}]`, []string{
			`auto_:1:25 [0, "b"] <disallowed>`,
		}},
		{"companions of a union", `[{"///": 1, "$x": 1, "union.A": [0, {"b": {}}]}]`, []string{
			`auto_:1:13 [0, "$x"] <disallowed>`,
			`auto_:1:34 [0, "union.A", 0] ` + unexpected("Number", "Object"),
		}},
		{"companions of errors", `[{"_ignoreIfDuplicate": true, "errors.A": [{"B": {}}]}]`, []string{
			`auto_:1:3 [0, "_ignoreIfDuplicate"] <disallowed>`,
		}},
		{"companions of info and headers", `[{"info.A": 1, "b": 2}, {"headers.A": {}, "->": {}, "b": 2}]`, nil},
		{"unknown extension", `[{"_ext.Foo": 1}, {"struct.A": {"b": "_ext.Foo"}}]`, []string{
			`auto_:1:2 [0] {"TypeExtensionImplementationMissing": {"name": "_ext.Foo"}}`,
		}},

		{"field names", `[{"struct.A": {"B": "any", "c!!": "any", "d-e": "any", "f_1!": "any"}}]`, []string{
			`auto_:1:16 [0, "struct.A", "B"] <field>`,
			`auto_:1:28 [0, "struct.A", "c!!"] <field>`,
			`auto_:1:42 [0, "struct.A", "d-e"] <field>`,
		}},
		{"a bad name hides the type", `[{"fn.a": {"B": 1}, "->": 1}]`, []string{
			`auto_:1:12 [0, "fn.a", "B"] <field>`,
		}},
		{"duplicate field", `[{"fn.a": {"x": "any", "x!": "any"}, "->": [{"Ok_": {}}]},` +
			`{"union.U": [{"T": {"y!": "any", "y": "any"}}]}]`, []string{
			`auto_:1:3 [0, "fn.a"] {"DuplicateField": {"field": "x"}}`,
			`auto_:1:73 [1, "union.U", 0, "T"] {"DuplicateField": {"field": "y"}}`,
		}},
		{"type expressions", `[{"struct.A": {
"a": "", "b": "?", "c": "integer??", "d": "stringx", "e": "struct.", "f": "struct.1",
"g": "info.A", "h": "fn.x-y", "i": "_ext.Nope_", "j": [], "k": ["any", "any"],
"l": {}, "m": {"string": "any", "x": "any"}, "n": {"integer": "any"}, "o": {"string": 1},
"p": [[{"string": ["Any"]}]], "q": null, "r": 1, "s": true}}]`, []string{
			`auto_:2:1 [0, "struct.A", "a"] <type>`,
			`auto_:2:10 [0, "struct.A", "b"] <type>`,
			`auto_:2:20 [0, "struct.A", "c"] <type>`,
			`auto_:2:38 [0, "struct.A", "d"] <type>`,
			`auto_:2:54 [0, "struct.A", "e"] <type>`,
			`auto_:2:70 [0, "struct.A", "f"] <type>`,
			`auto_:3:1 [0, "struct.A", "g"] <type>`,
			`auto_:3:16 [0, "struct.A", "h"] <type>`,
			`auto_:3:31 [0, "struct.A", "i"] {"TypeUnknown": {"name": "_ext.Nope_"}}`,
			`auto_:3:50 [0, "struct.A", "j"] {"ArrayLengthUnexpected": {"actual": 0, "expected": 1}}`,
			`auto_:3:59 [0, "struct.A", "k"] {"ArrayLengthUnexpected": {"actual": 2, "expected": 1}}`,
			`auto_:4:1 [0, "struct.A", "l"] {"ObjectSizeUnexpected": {"actual": 0, "expected": 1}}`,
			`auto_:4:10 [0, "struct.A", "m"] {"ObjectSizeUnexpected": {"actual": 2, "expected": 1}}`,
			`auto_:4:46 [0, "struct.A", "n"] {"RequiredObjectKeyMissing": {"key": "string"}}`,
			`auto_:4:52 [0, "struct.A", "n", "integer"] <disallowed>`,
			`auto_:4:77 [0, "struct.A", "o", "string"] ` + unexpected("Number", "StringOrArrayOrObject"),
			`auto_:5:20 [0, "struct.A", "p", 0, 0, "string", 0] <type>`,
			`auto_:5:31 [0, "struct.A", "q"] ` + unexpected("Null", "StringOrArrayOrObject"),
			`auto_:5:42 [0, "struct.A", "r"] ` + unexpected("Number", "StringOrArrayOrObject"),
			`auto_:5:50 [0, "struct.A", "s"] ` + unexpected("Boolean", "StringOrArrayOrObject"),
		}},
		{"unknown types", `[{"fn.a": {"b": "struct.B?"}, "->": [{"Ok_": {"c": ["fn.c"]}}]}]`, []string{
			`auto_:1:12 [0, "fn.a", "b"] {"TypeUnknown": {"name": "struct.B"}}`,
		}},
		{"a reference to a broken type is fine", `[{"struct.A": {"b": "struct.B"}}, {"struct.B": 1}, {"struct.C": {"b": "struct.B"}}]`, []string{
			`auto_:1:36 [1, "struct.B"] ` + unexpected("Number", "Object"),
		}},

		{"tags", `[{"union.U": [
{"///": "x"}, {"a": {}}, {"A": {}, "B": {}}, {"A": {}, "b": {}}, {"A": 1}, {"///": 1, "A": {"x": 1}}]}]`, []string{
			`auto_:2:1 [0, "union.U", 0] {"ObjectKeyRegexMatchCountUnexpected": {"regex": "<tag>", "actual": 0, "expected": 1, "keys": []}}`,
			`auto_:2:15 [0, "union.U", 1] {"ObjectKeyRegexMatchCountUnexpected": {"regex": "<tag>", "actual": 0, "expected": 1, "keys": ["a"]}}`,
			`auto_:2:26 [0, "union.U", 2] {"ObjectKeyRegexMatchCountUnexpected": {"regex": "<tag>", "actual": 2, "expected": 1, "keys": ["A", "B"]}}`,
			`auto_:2:46 [0, "union.U", 3] {"ObjectSizeUnexpected": {"actual": 2, "expected": 1}}`,
			`auto_:2:67 [0, "union.U", 4, "A"] ` + unexpected("Number", "Object"),
			`auto_:2:93 [0, "union.U", 5, "A", "x"] ` + unexpected("Number", "StringOrArrayOrObject"),
		}},
		{"no tags", `[{"union.U": []}, {"union.V": {}}]`, []string{
			`auto_:1:3 [0, "union.U"] {"EmptyArrayDisallowed": {}}`,
			`auto_:1:20 [1, "union.V"] ` + unexpected("Object", "Array"),
		}},

		{"no result", `[{"fn.a": {}}]`, []string{`auto_:1:2 [0] {"RequiredObjectKeyMissing": {"key": "->"}}`}},
		{"result of another kind", `[{"fn.a": {}, "->": {}}]`, []string{`auto_:1:15 [0, "->"] ` + unexpected("Object", "Array")}},
		{"empty result", `[{"fn.a": {}, "->": []}]`, []string{`auto_:1:15 [0, "->"] {"EmptyArrayDisallowed": {}}`}},
		{"result without Ok_", `[{"fn.a": {}, "->": [{"x": {}}, {"No": {}}]}]`, []string{
			`auto_:1:22 [0, "->", 0] {"RequiredObjectKeyMissing": {"key": "Ok_"}}`,
			`auto_:1:22 [0, "->", 0] {"ObjectKeyRegexMatchCountUnexpected": {"regex": "<tag>", "actual": 0, "expected": 1, "keys": ["x"]}}`,
		}},
		{"arguments hide the result", `[{"fn.a": 1, "->": 1, "_errors": 1}]`, []string{`auto_:1:3 [0, "fn.a"] ` + unexpected("Number", "Object")}},
		{"the result hides _errors", `[{"fn.a": {}, "->": 1, "_errors": 1}]`, []string{`auto_:1:15 [0, "->"] ` + unexpected("Number", "Array")}},
		{"_errors of a public function", `[{"fn.a": {}, "->": [{"Ok_": {}}], "_errors": 1}]`, []string{`auto_:1:36 [0, "_errors"] <disallowed>`}},
		{"_errors of another kind", `[{"fn.a": {}, "->": [{"Ok_": {}}], "_errors": 1, "$internal": true}]`, []string{
			`auto_:1:36 [0, "_errors"] ` + unexpected("Number", "String"),
		}},
		{"_errors that is no pattern", `[{"fn.a_": {}, "->": [{"Ok_": {}}], "_errors": "("}]`, []string{
			`auto_:1:37 [0, "_errors"] {"StringRegexMatchFailed": {"regex": "("}}`,
		}},

		{"errors wait for types", `[{"errors.A": []}, {"struct.A": 1}]`, []string{`auto_:1:21 [1, "struct.A"] ` + unexpected("Number", "Object")}},
		{"errors", `[{"errors.A": [{"X": {"y": "struct.B"}}]}, {"errors.B": [1]}]`, []string{
			`auto_:1:23 [0, "errors.A", 0, "X", "y"] {"TypeUnknown": {"name": "struct.B"}}`,
			`auto_:1:58 [1, "errors.B", 0] ` + unexpected("Number", "Object"),
		}},
		{"termination waits for errors", `[{"errors.A": []}, {"struct.A": {"a": "struct.A"}}]`, []string{`auto_:1:3 [0, "errors.A"] {"EmptyArrayDisallowed": {}}`}},

		{"header names", `[{"headers.A": {"@a": "any", "b": "any", "@c!": "any", "@D": "any"}, "->": {"e": "any"}}]`, []string{
			`auto_:1:30 [0, "headers.A", "b"] <header>`,
			`auto_:1:42 [0, "headers.A", "@c!"] <header>`,
			`auto_:1:56 [0, "headers.A", "@D"] <header>`,
			`auto_:1:77 [0, "->", "e"] <header>`,
		}},
		{"header sides", `[{"headers.A": 1}, {"headers.B": {"b": "any"}, "->": []}]`, []string{
			`auto_:1:3 [0, "headers.A"] ` + unexpected("Number", "Object"),
			`auto_:1:1 [0, "->"] {"RequiredObjectKeyMissing": {"key": "->"}}`,
			`auto_:1:35 [1, "headers.B", "b"] <header>`,
			`auto_:1:48 [1, "->"] ` + unexpected("Array", "Object"),
		}},
		{"headers wait for termination", `[{"headers.A": 1, "->": 1}, {"struct.A": {"a": "struct.A"}}]`, []string{`auto_:1:30 [1, "struct.A"] <endless>`}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := Parse(Document{Text: []byte(tc.text)})
			checkReports(t, err, tc.want)
		})
	}
}

func TestParseCollisions(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		docs []Document
		want []string
	}{
		{"schema key twice", []Document{{"a", []byte(`[{"struct.A": {}}, {"struct.A": {}}, {"struct.A": {}}]`)}}, []string{
			`a:1:21 [1, "struct.A"] {"PathCollision": {"document": "a", "path": [0, "struct.A"], "location": {"row": 1, "col": 3}}}`,
			`a:1:39 [2, "struct.A"] {"PathCollision": {"document": "a", "path": [0, "struct.A"], "location": {"row": 1, "col": 3}}}`,
		}},
		{"the later document fails, however they are given", []Document{
			{"b.telepact.yaml", []byte("- struct.A: {}\n")}, {"a", []byte(`[{"fn.a": {}}, {"struct.A": {}}]`)},
		}, []string{
			`b.telepact.yaml:1:3 [0, "struct.A"] {"PathCollision": {"document": "a", "path": [1, "struct.A"], "location": {"row": 1, "col": 17}}}`,
		}},
		{"two infos", []Document{{"a", []byte(`[{"info.A": {}}]`)}, {"b", []byte(`[{"info.B": {}}]`)}}, []string{
			`b:1:3 [0, "info.B"] {"PathCollision": {"document": "a", "path": [0, "info.A"], "location": {"row": 1, "col": 3}}}`,
		}},
		{"a part of the standard definitions", []Document{{"z", []byte(`[{"struct.ValidationFailure_": {}}]`)}}, []string{
			`z:1:3 [0, "struct.ValidationFailure_"] {"PathCollision": {"document": "internal_", "path": [12, "struct.ValidationFailure_"], "location": {"row": 148, "col": 3}}}`,
		}},
		{"names of documents", []Document{{"", []byte(`[]`)}, {"auto_", []byte(` []`)}}, []string{
			`auto_:1:2 [] {"PathCollision": {"document": "auto_", "path": [], "location": {"row": 1, "col": 1}}}`,
		}},
		{"tag of two errors", []Document{{"a", []byte(`[{"errors.A": [{"X": {}}, {"Y": {}}]}, {"errors.B": [{"Z": {}}, {"Y": {}}]}]`)}}, []string{
			`a:1:66 [1, "errors.B", 1, "Y"] {"PathCollision": {"document": "a", "path": [0, "errors.A", 1, "Y"], "location": {"row": 1, "col": 28}}}`,
		}},
		{"tag of errors and results", []Document{{"a", []byte(
			`[{"errors.A": [{"X": {}}]}, {"fn.a": {}, "->": [{"Ok_": {}}, {"X": {}}]}, {"fn.b": {}, "->": [{"X": {}}, {"Ok_": {}}]}]`)}}, []string{
			`a:1:17 [0, "errors.A", 0, "X"] {"PathCollision": {"document": "a", "path": [1, "->", 1, "X"], "location": {"row": 1, "col": 63}}}`,
			`a:1:17 [0, "errors.A", 0, "X"] {"PathCollision": {"document": "a", "path": [2, "->", 0, "X"], "location": {"row": 1, "col": 96}}}`,
		}},
		{"tag of a standard error", []Document{{"a", []byte(`[{"fn.a": {}, "->": [{"Ok_": {}}, {"ErrorUnknown_": {}}]}]`)}}, []string{
			`internal_:157:7 [13, "errors.Validation_", 0, "ErrorUnknown_"] {"PathCollision": {"document": "a", "path": [0, "->", 1, "ErrorUnknown_"], "location": {"row": 1, "col": 36}}}`,
		}},
		{"headers", []Document{{"a", []byte(
			`[{"headers.A": {"@x": "any"}, "->": {"@x": "any", "@y": "any"}}, {"headers.B": {"@x": "any", "@y": "any"}, "->": {"@y": "any"}}]`)}}, []string{
			`a:1:81 [1, "headers.B", "@x"] {"PathCollision": {"document": "a", "path": [0, "headers.A", "@x"], "location": {"row": 1, "col": 17}}}`,
			`a:1:115 [1, "->", "@y"] {"PathCollision": {"document": "a", "path": [0, "->", "@y"], "location": {"row": 1, "col": 51}}}`,
		}},
		{"no coordinates after duplicate keys", []Document{{"a", []byte(`[{"struct.A": {}}, {"struct.A": {}, "$x": 1, "$x": 2}]`)}}, []string{
			`a:1:1 [1, "struct.A"] {"PathCollision": {"document": "a", "path": [0, "struct.A"], "location": {"row": 1, "col": 1}}}`,
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := Parse(tc.docs...)
			checkReports(t, err, tc.want)
		})
	}
}

func TestParseStopsAtTheFirstUnreadableDocument(t *testing.T) {
	t.Parallel()
	_, err := Parse(
		Document{"c", []byte(`[1]`)},
		Document{"b", []byte(`{}`)},
		Document{"d", []byte(`[`)},
		Document{"a", []byte(`[1]`)},
	)
	checkReports(t, err, []string{`b:1:1 [] ` + unexpected("Object", "Array")})
}

func TestParseTermination(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		text string
		want []string
	}{
		{"ends by an optional field", `[{"struct.A": {"a!": "struct.A"}}]`, nil},
		{"ends by null", `[{"struct.A": {"a": "struct.A?"}}]`, nil},
		{"ends by an array", `[{"struct.A": {"a": ["struct.A"]}}]`, nil},
		{"ends by an object", `[{"struct.A": {"a": {"string": "struct.A"}}}]`, nil},
		{"ends by one tag", `[{"union.A": [{"X": {"a": "union.A"}}, {"Y": {"b": "struct.B"}}]}, {"struct.B": {"s": "_ext.Select_"}}]`, nil},
		{"ends late", `[{"struct.A": {"b": "struct.B"}}, {"struct.B": {"c": "union.C", "d": "fn.d"}}, {"union.C": [{"X": {"b": "struct.B"}}, {"Y": {}}]},
			{"fn.d": {"c": "union.C"}, "->": [{"Ok_": {"d": "fn.d"}}]}]`, nil},
		{"never ends", `[{"struct.A": {"b": "struct.B", "s": "string"}}, {"struct.B": {"a": "struct.A"}}, {"struct.C": {"a": "struct.A"}}]`, []string{
			`auto_:1:3 [0, "struct.A"] <endless>`, `auto_:1:51 [1, "struct.B"] <endless>`, `auto_:1:84 [2, "struct.C"] <endless>`,
		}},
		{"no tag ends", `[{"union.A": [{"X": {"a": "union.A"}}, {"Y": {"n": "integer", "b": "union.A"}}]}]`, []string{`auto_:1:3 [0, "union.A"] <endless>`}},
		{"arguments never end", `[{"fn.a": {"a": "fn.a"}, "->": [{"Ok_": {}}]}]`, []string{`auto_:1:3 [0, "fn.a"] <endless>`}},
		{"a result without errors never ends", `[{"fn.a_": {}, "_errors": "^$", "->": [{"Ok_": {"b": "struct.B"}}]}, {"struct.B": {"b": "struct.B"}}]`, []string{
			`auto_:1:33 [0, "->"] <endless>`, `auto_:1:71 [1, "struct.B"] <endless>`,
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := Parse(Document{Text: []byte(tc.text)})
			checkReports(t, err, tc.want)
		})
	}
}
