package validate_test

import (
	"fmt"
	"testing"

	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/validate"
	"github.com/telestruct/telestruct/tp/wire"
)

// sampleCase validates a JSON value as the sample of fn.check.
type sampleCase struct {
	name   string
	sample string
	want   []validate.Failure
}

func runSamples(t *testing.T, cases []sampleCase) {
	t.Helper()
	s := newLibrary(t)
	f := s.Function("fn.check")
	typ := f.Args.Field("sample!").Type
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			equal(t, tc.want, validate.Value(s, typ, f, tree(t, tc.sample)))
		})
	}
}

func TestStructs(t *testing.T) {
	t.Parallel()
	runSamples(t, []sampleCase{
		{"nothing", `{}`, nil},
		{"null", `null`, []validate.Failure{unexpected("Null", "Object")}},
		{"array", `[]`, []validate.Failure{unexpected("Array", "Object")}},
		{"optional field without its mark", `{"flag": true}`, []validate.Failure{disallowed("flag")}},
		{"required field with a mark", `{"book!": {"title!": "", "pages": 1}}`, []validate.Failure{
			missing("title", "book!"),
			disallowed("book!", "title!"),
		}},
		{
			"missing in declared order, before present in written order",
			`{"book!": {"zz": 1, "cover!": 2, "aa": 3}}`,
			[]validate.Failure{
				missing("title", "book!"),
				missing("pages", "book!"),
				disallowed("book!", "zz"),
				unexpected("Number", "Bytes", "book!", "cover!"),
				disallowed("book!", "aa"),
			},
		},
		{
			"nested",
			`{"book!": {"title": "a", "pages": 1, "sequel!": {"pages": "b", "title": "c", "sequel!": null}}}`,
			[]validate.Failure{unexpected("String", "Integer", "book!", "sequel!", "pages")},
		},
		{"nulls that may be", `{"noFlag!": null, "noThing!": null, "noBook!": null, "noShelf!": null, "noLoan!": null, "noData!": null, "noSelect!": null, "noNames!": {"a": null}}`, nil},
		{
			"nulls that may not be",
			`{"thing!": null, "data!": null, "counts!": null, "names!": null, "book!": null, "shelf!": null, "loan!": null, "select!": null, "call!": null, "stub!": null}`,
			[]validate.Failure{
				unexpected("Null", "Any", "thing!"),
				unexpected("Null", "Bytes", "data!"),
				unexpected("Null", "Array", "counts!"),
				unexpected("Null", "Object", "names!"),
				unexpected("Null", "Object", "book!"),
				unexpected("Null", "Object", "shelf!"),
				unexpected("Null", "Object", "loan!"),
				unexpected("Null", "Object", "select!"),
				unexpected("Null", "Object", "call!"),
				unexpected("Null", "Object", "stub!"),
			},
		},
	})
}

func TestCollections(t *testing.T) {
	t.Parallel()
	runSamples(t, []sampleCase{
		{"empty", `{"counts!": [], "names!": {}}`, nil},
		{"array from object", `{"counts!": {}}`, []validate.Failure{unexpected("Object", "Array", "counts!")}},
		{"object from array", `{"names!": []}`, []validate.Failure{unexpected("Array", "Object", "names!")}},
		{"elements", `{"counts!": [1, null, 2, "3"]}`, []validate.Failure{
			unexpected("Null", "Integer", "counts!", 1),
			unexpected("String", "Integer", "counts!", 3),
		}},
		{"arrays of arrays", `{"grid!": [[1], 2, [true]]}`, []validate.Failure{
			unexpected("Number", "Array", "grid!", 1),
			unexpected("Boolean", "Integer", "grid!", 2, 0),
		}},
		{"values in written order", `{"names!": {"b": 1, "a": null, "c": ""}}`, []validate.Failure{
			unexpected("Number", "String", "names!", "b"),
			unexpected("Null", "String", "names!", "a"),
		}},
	})
}

func TestStructKeyTwice(t *testing.T) {
	t.Parallel()
	s := newLibrary(t)
	f := s.Function("fn.check")
	sample := wire.Object{{Key: "flag!", Value: true}, {Key: "flag!", Value: false}}
	equal(t, []validate.Failure{disallowed("flag!")}, validate.Value(s, f.Args.Field("sample!").Type, f, sample))
}

// TestWideStructs crosses the sizes at which fields are looked up in another
// way.
func TestWideStructs(t *testing.T) {
	t.Parallel()
	for _, width := range []int{1, 32, 33, 64, 256, 257, 600} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			t.Parallel()
			wide := &schema.Struct{}
			var forward, backward wire.Object
			for i := range width {
				name := fmt.Sprintf("f%d", i)
				wide.Fields = append(wide.Fields, &schema.Field{Name: name, Type: &schema.Type{Kind: schema.Integer}})
				forward = append(forward, wire.Member{Key: name, Value: int64(i)})
				backward = append(wire.Object{{Key: name, Value: int64(i)}}, backward...)
			}
			typ := &schema.Type{Kind: schema.StructRef, Name: "struct.Wide", Definition: wide}
			equal(t, nil, validate.Value(nil, typ, nil, forward))
			equal(t, nil, validate.Value(nil, typ, nil, backward))

			last := fmt.Sprintf("f%d", width-1)
			broken := append(forward[:width-1:width-1], wire.Member{Key: "other", Value: true})
			equal(t, []validate.Failure{missing(last), disallowed("other")}, validate.Value(nil, typ, nil, broken))
		})
	}
}
