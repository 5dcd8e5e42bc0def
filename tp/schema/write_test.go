package schema

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/telestruct/telestruct/tp/wire"
	"pgregory.net/rapid"
)

// everything is a schema with one of everything that can be written.
const everything = `[
  {"///": ["  All that can be written. ", "  ", "    indented", "  # not a comment "], "info.Everything": {"a": [1, {"b": null}], "c": []}, "other": "x"},
  {"///": "Ends: with a colon", "struct.A": {"string": "any"}},
  {"///": "yes", "$flag": {"list": ["a long text that takes some room", "another text that takes as much", 1.5, -1e300]}, "struct.B": {"null": "boolean", "n!": [[{"string": ["struct.A?"]}]], "yes": {"string": "fn.a"}}},
  {"///": 1, "struct<1>.C": {}},
  {"///": "line one\nline two with \"quotes\" and trailing blanks   \n\n\u00a0\n", "union.U": [{"Null": {}}, {"///": "One line.", "B": {"x": "union.U?"}}, {"///": "First.\n\nSecond: é 😀\n", "True": {}}]},
  {"fn.a": {}, "->": [{"Ok_": {}}]},
  {"$authenticated": false, "fn.b": {"c!": "bytes?"}, "->": [{"///": "", "Ok_": {"d": "number"}}, {"ErrorE": {}}]},
  {"fn.c_": {"sel": "_ext.Select_"}, "->": [{"Ok_": {}}], "_errors": "^errors\\.(A|B)$"},
  {"fn.odd name: #": {}, "->": [{"Ok_": {}}]},
  {"errors.A": [{"ErrorA": {"why": "string"}}]},
  {"headers.H": {"@in": "string", "@list": ["integer?"]}, "->": {"@out": {"string": "any"}}, "note": [true, false]},
  {"_ext.Call_": {"": "empty"}}
]`

func TestWriteYAML(t *testing.T) {
	t.Parallel()
	testWrite(t, (*Schema).WriteYAML, "everything.telepact.yaml")
}

func TestWriteJSON(t *testing.T) {
	t.Parallel()
	testWrite(t, (*Schema).WriteJSON, "everything.telepact.json")
}

func testWrite(t *testing.T, write func(*Schema, io.Writer) error, file string) {
	s := mustParse(t, everything)
	var first, second bytes.Buffer
	if err := write(s, &first); err != nil {
		t.Fatal(err)
	}
	golden(t, file, first.Bytes())
	again, err := Parse(Document{file, first.Bytes()})
	if err != nil {
		t.Fatal(err)
	}
	if !Equal(s, again) {
		t.Error("the schema has changed by writing")
	}
	for _, def := range s.Own() {
		head, other := def.Common(), again.Lookup(def.Common().Key).Common()
		if _, ok := head.Doc.Value.(int64); !ok && !equalBodies(head.Source, other.Source) {
			t.Errorf("%s has changed from %v to %v", head.Key, head.Source, other.Source)
		}
	}
	if err := write(again, &second); err != nil || !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Errorf("what was read is written differently (error %v)", err)
	}
}

// equalBodies compares definitions without their docstrings.
func equalBodies(a, b wire.Object) bool {
	for _, o := range []*wire.Object{&a, &b} {
		if (*o)[0].Key == docKey {
			*o = (*o)[1:]
		}
	}
	for i, m := range a {
		if tags, ok := m.Value.([]any); ok && len(tags) > 0 {
			a, b = a[:i:i], b[:i:i] // tags have docstrings
		}
	}
	return equalValues(a, b)
}

func TestWriteNothing(t *testing.T) {
	t.Parallel()
	s := mustParse(t, "[]")
	for _, write := range []func(io.Writer) error{s.WriteYAML, s.WriteJSON} {
		var out bytes.Buffer
		if err := write(&out); err != nil || out.String() != "[]\n" {
			t.Errorf("written %q, error %v", out.String(), err)
		}
	}
}

type brokenWriter struct{}

var errBroken = errors.New("broken")

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }

func TestWriteErrors(t *testing.T) {
	t.Parallel()
	s := mustParse(t, "[]")
	if err := errors.Join(s.WriteYAML(brokenWriter{}), s.WriteJSON(brokenWriter{})); !errors.Is(err, errBroken) {
		t.Errorf("error is %v", err)
	}
}

func TestWrittenSchemasReadTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		definitions := generateDefinitions(t)
		s, err := New("generated", definitions)
		if err != nil {
			t.Skip(err)
		}
		var yamlText, jsonText bytes.Buffer
		if err := errors.Join(s.WriteYAML(&yamlText), s.WriteJSON(&jsonText)); err != nil {
			t.Fatal(err)
		}
		for name, text := range map[string][]byte{"a.telepact.yaml": yamlText.Bytes(), "a.telepact.json": jsonText.Bytes()} {
			again, err := Parse(Document{name, text})
			if err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			if !Equal(s, again) {
				t.Fatalf("%s has changed by writing:\n%s", name, text)
			}
			if found := Compare(s, again, CompareOptions{Docs: true}); len(found) > 0 {
				t.Fatalf("differences: %v", found)
			}
			if s.Checksum() != again.Checksum() {
				t.Fatal("the checksum has changed")
			}
		}
	})
}
