package reflectschema

import (
	"reflect"
	"strings"
	"testing"
)

var fieldTags = []struct {
	text string
	want fieldTag
}{
	{"limit", fieldTag{name: "limit"}},
	{"l", fieldTag{name: "l"}},
	{"upperLimit_2", fieldTag{name: "upperLimit_2"}},
	{"limit!", fieldTag{name: "limit", optional: true}},
	{"limit?", fieldTag{name: "limit", nullable: true}},
	{"limit!?", fieldTag{name: "limit", optional: true, nullable: true}},
	{"@trace", fieldTag{name: "@trace", header: true}},
	{"@trace?", fieldTag{name: "@trace", header: true, nullable: true}},
}

func TestScanFieldTag(t *testing.T) {
	t.Parallel()
	for _, tc := range fieldTags {
		got, problem := scanFieldTag(tc.text)
		if problem != nil || got != tc.want {
			t.Errorf("scanFieldTag(%q) = %+v, %v; want %+v", tc.text, got, problem, tc.want)
		}
	}
}

var malformedFieldTags = []struct {
	text string
	want mistake
}{
	{"", mistake{`malformed tag "": a name is missing`, "write name, name!, name? or name!?"}},
	{"!", mistake{`malformed tag "!": a name begins with a lower-case letter, not '!'`, "write name, name!, name? or name!?"}},
	{"@", mistake{`malformed tag "@": a name is missing`, "write name, name!, name? or name!?"}},
	{"--", mistake{`malformed tag "--": a name begins with a lower-case letter, not '-'`, "write name, name!, name? or name!?"}},
	{"Limit!", mistake{`malformed tag "Limit!": a name begins with a lower-case letter, not 'L'`, `write "limit!"`}},
	{"_limit", mistake{`malformed tag "_limit": a name begins with a lower-case letter, not '_'`, `write "limit"`}},
	{"2limit", mistake{`malformed tag "2limit": a name begins with a lower-case letter, not '2'`, `write "limit"`}},
	{"limit?!", mistake{`malformed tag "limit?!": "!" stands before "?"`, `write "limit!?"`}},
	{"limit??", mistake{`malformed tag "limit??": unexpected "?" after the name`, `write "limit?"`}},
	{"limit ", mistake{`malformed tag "limit ": unexpected " " after the name`, `write "limit"`}},
	{" limit", mistake{`malformed tag " limit": a name begins with a lower-case letter, not ' '`, `write "limit"`}},
	{"up per!", mistake{`malformed tag "up per!": unexpected " per!" after the name`, `write "up_per!"`}},
	{"limit,omitempty", mistake{`malformed tag "limit,omitempty": unexpected ",omitempty" after the name`, `write "limit"`}},
	{"@trace!", mistake{`malformed tag "@trace!": headers are optional without a "!"`, `write "@trace"`}},
	{"@Trace!?", mistake{`malformed tag "@Trace!?": a name begins with a lower-case letter, not 'T'`, `write "@trace?"`}},
	{"żar", mistake{`malformed tag "żar": a name begins with a lower-case letter, not 'ż'`, "write name, name!, name? or name!?"}},
	{"\xff", mistake{`malformed tag "\xff": a name begins with a lower-case letter, not '�'`, "write name, name!, name? or name!?"}},
}

func TestScanFieldTagFails(t *testing.T) {
	t.Parallel()
	for _, tc := range malformedFieldTags {
		got, problem := scanFieldTag(tc.text)
		if problem == nil {
			t.Errorf("scanFieldTag(%q) = %+v, want a mistake", tc.text, got)
			continue
		}
		if *problem != tc.want {
			t.Errorf("scanFieldTag(%q) fails with\n%+v, want\n%+v", tc.text, *problem, tc.want)
		}
	}
}

func TestScanName(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"X", "Item", "PageOf_2"} {
		if problem := scanName(text); problem != nil {
			t.Errorf("scanName(%q) fails with %v", text, *problem)
		}
	}
	for text, want := range map[string]string{
		"":            "write a name such as Item",
		"item":        `write "Item"`,
		"struct.Item": `write "Item"`,
		"Item!":       `write "Item"`,
		"My Item":     `write "My_Item"`,
		"Größe":       "write a name such as Item",
	} {
		if problem := scanName(text); problem == nil || problem.fix != want {
			t.Errorf("scanName(%q) = %v, want the fix %q", text, problem, want)
		}
	}
}

func TestScanStructTag(t *testing.T) {
	t.Parallel()
	cases := []struct {
		tag  reflect.StructTag
		want structTag
	}{
		{``, structTag{}},
		{`  `, structTag{}},
		{`json:"a"`, structTag{}},
		{`tp:"a"`, structTag{tp: "a", hasTP: true}},
		{`tp:""`, structTag{hasTP: true}},
		{`json:"b" tp:"a!" doc:"Says \"hi\".\nTwice."`, structTag{tp: "a!", doc: "Says \"hi\".\nTwice.", hasTP: true, hasDoc: true}},
		{`doc:""tp:"a"`, structTag{tp: "a", hasTP: true, hasDoc: true}},
	}
	for _, tc := range cases {
		got, problem := scanStructTag(tc.tag)
		if problem != nil || got != tc.want {
			t.Errorf("scanStructTag(%s) = %+v, %v; want %+v", tc.tag, got, problem, tc.want)
		}
	}
}

func TestScanStructTagFails(t *testing.T) {
	t.Parallel()
	for tag, want := range map[reflect.StructTag]string{
		`tp`:               "malformed struct tag at `tp`",
		`tp:a`:             "malformed struct tag at `tp:a`",
		`json:"a" tp: "b"`: "malformed struct tag at `tp: \"b\"`",
		`tp:"a`:            "malformed struct tag at `tp:\"a`",
		`tp:'a'`:           "malformed struct tag at `tp:'a'`",
		`:"a"`:             "malformed struct tag at `:\"a\"`",
		`json:"a",tp:"b"`:  "malformed struct tag at `,tp:\"b\"`",
		`t p:"a"`:          "malformed struct tag at `t p:\"a\"`",
		`tp:"a" tp:"b"`:    "two tp tags",
		`doc:"" doc:""`:    "two doc tags",
	} {
		got, problem := scanStructTag(tag)
		if problem == nil || problem.found != want {
			t.Errorf("scanStructTag(%s) = %+v, %v; want %q", tag, got, problem, want)
		}
	}
}

// FuzzScanFieldTag holds the scanner to the grammar: what it accepts it can write
// again, and what it proposes instead of a malformed tag it accepts.
func FuzzScanFieldTag(f *testing.F) {
	for _, tc := range fieldTags {
		f.Add(tc.text)
	}
	for _, tc := range malformedFieldTags {
		f.Add(tc.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tag, problem := scanFieldTag(text)
		if problem != nil {
			proposal, ok := strings.CutPrefix(problem.fix, "write \"")
			if !ok {
				return
			}
			proposal = strings.TrimSuffix(proposal, "\"")
			if _, again := scanFieldTag(proposal); again != nil {
				t.Errorf("scanFieldTag(%q) proposes %q, which it refuses: %v", text, proposal, *again)
			}
			return
		}
		again := tag.key()
		if tag.nullable {
			again += "?"
		}
		if again != text {
			t.Errorf("scanFieldTag(%q) = %+v, which is %q", text, tag, again)
		}
	})
}

// FuzzScanStructTag compares with package reflect, which is laxer.
func FuzzScanStructTag(f *testing.F) {
	f.Add(`tp:"limit!" doc:"How many."`)
	f.Add(`json:"a,omitempty" tp:"a"`)
	f.Add(`tp: "limit"`)
	f.Add("tp:\"a\\n\"\tdoc:\"b\"")
	f.Fuzz(func(t *testing.T, text string) {
		got, problem := scanStructTag(reflect.StructTag(text))
		if problem != nil {
			return
		}
		tp, hasTP := reflect.StructTag(text).Lookup("tp")
		doc, hasDoc := reflect.StructTag(text).Lookup("doc")
		if want := (structTag{tp, doc, hasTP, hasDoc}); got != want {
			t.Errorf("scanStructTag(%q) = %+v, package reflect reads %+v", text, got, want)
		}
	})
}
