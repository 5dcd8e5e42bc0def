package schema

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/telestruct/telestruct/tp/wire"
)

// outline lists every value below n as "row:col value" and every key as
// "row:col key:", in the order they stand in the text.
func outline(n node) []string {
	line := func(at Location, text string) string {
		return inline(int64(at.Row), quoteJSON) + ":" + inline(int64(at.Col), quoteJSON) + " " + text
	}
	switch v := n.value.(type) {
	case []node:
		lines := []string{line(n.at, "[")}
		for _, element := range v {
			lines = append(lines, outline(element)...)
		}
		return lines
	case []member:
		lines := []string{line(n.at, "{")}
		for _, m := range v {
			lines = append(lines, line(m.at, m.key+":"))
			lines = append(lines, outline(m.value)...)
		}
		return lines
	}
	return []string{line(n.at, inline(n.value, quoteJSON))}
}

func TestReadJSONPositions(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"root", " \t\n  true ", []string{"2:3 true"}},
		{"one line", `[{"a": [1,-2.5e1]},[],{} , null]`, []string{
			"1:1 [", "1:2 {", "1:3 a:", "1:8 [", "1:9 1", "1:11 -25", "1:20 [", "1:23 {", "1:28 null",
		}},
		{"lines", "{\r\n\t\"a\" :\n\"b\"\n,\"c\":\n\n false}", []string{
			"1:1 {", "2:2 a:", `3:1 "b"`, "4:2 c:", "6:2 false",
		}},
		{"characters, not bytes", `["äöü😀", "\"\\\u00e4" , {"ß":"x"}]`, []string{
			"1:1 [", `1:2 "äöü😀"`, `1:10 "\"\\ä"`, "1:25 {", "1:26 ß:", `1:30 "x"`,
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			root, duplicates, err := readJSON([]byte(tc.text))
			if err != nil || duplicates {
				t.Fatalf("duplicates %v, error %v", duplicates, err)
			}
			if diff := cmp.Diff(tc.want, outline(root)); diff != "" {
				t.Errorf("outline (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadJSONNumbers(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]any{
		"0":                    int64(0),
		"-0":                   int64(0),
		"9223372036854775807":  int64(9223372036854775807),
		"9223372036854775808":  wire.Number("9223372036854775808"),
		"-9223372036854775809": wire.Number("-9223372036854775809"),
		"1.0":                  1.0,
		"1e2":                  100.0,
		"1e999":                wire.Number("1e999"),
	} {
		if root, _, err := readJSON([]byte(text)); err != nil || root.value != want {
			t.Errorf("%s is %#v, want %#v (error %v)", text, root.value, want, err)
		}
	}
}

func TestReadJSONStrings(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`""`:                         "",
		`"a'\"b"`:                    `a'"b`,
		`"\\\/\b\f\n\r\t"`:           "\\/\b\f\n\r\t",
		`"\u0041\u00e9\u20AC\u0000"`: "A\u00e9\u20ac\x00",
		`"\ud83d\ude00"`:             "\U0001f600",
		`"\ud83d!"`:                  "\ufffd!",
		"\"\\t\x7f\u00e9\u2028\"":    "\t\x7f\u00e9\u2028",
	} {
		if root, _, err := readJSON([]byte(text)); err != nil || root.value != want {
			t.Errorf("%s is %q, want %q (error %v)", text, root.value, want, err)
		}
	}
}

func TestReadJSONDuplicateKeys(t *testing.T) {
	t.Parallel()
	root, duplicates, err := readJSON([]byte(`{"a": 1, "b": 2, "a": 3}`))
	if err != nil || !duplicates {
		t.Fatalf("duplicates %v, error %v", duplicates, err)
	}
	want := wire.Object{{Key: "a", Value: int64(3)}, {Key: "b", Value: int64(2)}}
	if diff := cmp.Diff(any(want), root.plain()); diff != "" {
		t.Errorf("the last value counts (-want +got):\n%s", diff)
	}
}

func TestReadJSONRefuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, text string
		want       error
	}{
		{"nothing", "", &SyntaxError{"unexpected end of JSON input", start}},
		{"half of it", "[\n1,", &SyntaxError{"unexpected end of JSON input", Location{2, 2}}},
		{"more than one", "[]\n x", &SyntaxError{"invalid character 'x' after top-level value", Location{2, 2}}},
		{"a bare word", "[ä]", &SyntaxError{"invalid character 'Ã' looking for beginning of value", Location{1, 2}}},
		{"nesting", strings.Repeat(`[`, 70), &LimitError{"levels of nesting", 64, Location{1, 65}}},
		{"deep nesting", `["]]\"]",` + strings.Repeat(`{"a":`, 20000), &LimitError{"levels of nesting", 64, Location{1, 325}}},
		{"elements", "[\n" + strings.Repeat(`"]",`, 1<<17) + "1]", &LimitError{"keys and values", 1 << 17, Location{2, 4*(1<<17-1) + 1}}},
		{"keys", "{" + strings.Repeat(`"a":1,`, 1<<16) + `"a":1}`, &LimitError{"keys and values", 1 << 17, Location{1, 2 + 6*(1<<16) - 2}}},
		{"literals", strings.Repeat("1 ", 1<<18), &LimitError{"keys and values", 1 << 17, Location{1, 1 + 2<<17}}},
		{"size", strings.Repeat(" ", 1<<20+1), &LimitError{"bytes of JSON", 1 << 20, start}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, _, err := readJSON([]byte(tc.text))
			if diff := cmp.Diff(tc.want, err); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
	if _, _, err := readJSON([]byte(strings.Repeat(`[`, 64) + strings.Repeat(`]`, 64))); err != nil {
		t.Errorf("64 levels: %v", err)
	}
	if _, _, err := readJSON([]byte(`[[` + strings.Repeat(`"[1",`, 1<<17-3) + "2]]")); err != nil {
		t.Errorf("131072 keys and values: %v", err)
	}
}

func TestTextsMustBeUTF8(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a", "a.telepact.yaml"} {
		_, err := Parse(Document{name, []byte("[\"\xff\"]")})
		var syntax *SyntaxError
		if !errors.As(err, &syntax) || syntax.Message != "the text is not valid UTF-8" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzParseJSON checks that no text makes Parse panic or report outside of the
// text, and that what it accepts can be written and read again in both formats.
func FuzzParseJSON(f *testing.F) {
	for _, text := range []string{
		`[]`,
		`[{"///": [" a ", " b"], "info.A": {"x": [1, {"y": 1.5}]}}, {"$internal": true, "fn.a": {"x!": "integer?"}, "->": [{"Ok_": {}}], "_errors": ""}]`,
		`[{"struct.A": {"string": "any"}, "$f": [[[], {}], "long long long long long long long long long long long", 1e400]}]`,
		`[{"union.Auth_": [{"///": "yes", "Null": {"y": "bytes"}}]}, {"errors.E": [{"X": {}}]}, {"headers.H": {"@h": {"string": ["union.Auth_?"]}}, "->": {}}]`,
		`[{"_ext.Call_": {"": ": "}}, {"struct.A": {}, "struct.A": {"a": "struct.A"}}]`,
	} {
		f.Add([]byte(text))
	}
	for _, text := range mistakes {
		f.Add([]byte(text))
	}
	for _, r := range jsonRefusals {
		f.Add([]byte(r.times(3)))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		checkParsed(t, Document{Text: text})
	})
}

// checkParsed parses a document and checks what must hold of every one.
func checkParsed(t *testing.T, d Document) {
	s, err := Parse(d)
	if err != nil {
		checkFailures(t, d, err)
		return
	}
	for name, text := range map[string][]byte{"a.telepact.json": jsonText(s.ownForms()), "a.telepact.yaml": yamlDocument(s.ownForms())} {
		again, err := Parse(Document{name, text})
		var limit *LimitError
		if errors.As(err, &limit) {
			continue // YAML takes more room than JSON, and may have less
		}
		if err != nil {
			t.Fatalf("cannot read %s again: %v\n%s", name, err, text)
		}
		if !Equal(s, again) {
			t.Fatalf("%s has changed by writing:\n%s", name, text)
		}
	}
}

func checkFailures(t *testing.T, d Document, err error) {
	var parse *ParseError
	if !errors.As(err, &parse) || len(parse.Failures) == 0 || len(parse.Failures) > maxFailures {
		t.Fatalf("error is %T with %d failures", err, len(parse.Failures))
	}
	rows := 1 + strings.Count(string(d.Text), "\n") + strings.Count(string(d.Text), "\r") + strings.Count(string(d.Text), "\u0085") +
		strings.Count(string(d.Text), "\u2028") + strings.Count(string(d.Text), "\u2029")
	for _, f := range parse.Failures {
		bundled := f.Document == internalName || f.Document == authName
		if at := f.Location; at.Row < 1 || at.Col < 1 || at.Row > rows && !bundled {
			t.Errorf("%v is outside of the text", f)
		}
		if f.Error() == "" || f.Explain() == f.Reason {
			t.Errorf("%s has no explanation", f.Reason)
		}
	}
}
