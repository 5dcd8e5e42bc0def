package validate_test

import (
	"testing"

	"github.com/telestruct/telestruct/tp/validate"
)

func TestSelection(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, fn, selection string
		want                []validate.Failure
	}{
		{"nothing", "fn.lend", `{}`, nil},
		{
			"everything", "fn.lend",
			`{"->": {"Ok_": ["due", "renew!", "shelf!", "due"]}, "struct.Book": ["cover!", "title"], "union.Shelf": {"Full": ["books"]}}`,
			nil,
		},
		{"no field", "fn.lend", `{"->": {"Ok_": []}, "struct.Book": []}`, nil},
		{"union without fields", "fn.check", `{"union.Mood": {}}`, nil},
		{"tag without fields", "fn.lend", `{"union.Shelf": {"Empty": []}}`, []validate.Failure{disallowed("union.Shelf", "Empty")}},
		{"null", "fn.lend", `null`, []validate.Failure{unexpected("Null", "Object")}},
		{"list", "fn.lend", `[]`, []validate.Failure{unexpected("Array", "Object")}},
		{
			"parts in written order", "fn.lend",
			`{"fn.renew": [], "struct.None": [], "struct.Sample": [], "->": [], "Ok_": 1}`,
			[]validate.Failure{
				disallowed("fn.renew"),
				disallowed("struct.None"),
				disallowed("struct.Sample"),
				unexpected("Array", "Object", "->"),
				disallowed("Ok_"),
			},
		},
		{"error tag", "fn.lend", `{"->": {"ErrorLent": []}}`, []validate.Failure{disallowed("->", "ErrorLent")}},
		{"no list", "fn.lend", `{"struct.Book": {}, "->": {"Ok_": null}}`, []validate.Failure{
			unexpected("Object", "Array", "struct.Book"),
			unexpected("Null", "Array", "->", "Ok_"),
		}},
		{"elements", "fn.lend", `{"struct.Book": ["title", "cover", 1, null, ["title"], ""]}`, []validate.Failure{
			failure("ArrayElementDisallowed", "struct.Book", 1),
			failure("ArrayElementDisallowed", "struct.Book", 2),
			failure("ArrayElementDisallowed", "struct.Book", 3),
			failure("ArrayElementDisallowed", "struct.Book", 4),
			failure("ArrayElementDisallowed", "struct.Book", 5),
		}},
		{"no function", "", `{"->": {}}`, []validate.Failure{disallowed("->")}},
	}
	s := newLibrary(t)
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			equal(t, tc.want, validate.Selection(s, s.Function(tc.fn), tree(t, tc.selection)))
		})
	}
}

func TestSelectionAsField(t *testing.T) {
	t.Parallel()
	runSamples(t, []sampleCase{
		{"of the function in question", `{"select!": {"->": {"Ok_": ["sample!"]}}}`, nil},
		{"of the called function", `{"call!": {"fn.check": {"sample!": {"select!": {"->": {"Ok_": ["sample!"]}}}}}}`, nil},
		{"of another", `{"select!": {"->": {"Ok_": ["due"]}}}`, []validate.Failure{
			failure("ArrayElementDisallowed", "select!", "->", "Ok_", 0),
		}},
	})
}
