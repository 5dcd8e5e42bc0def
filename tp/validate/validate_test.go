package validate_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/tp/validate"
	"github.com/telestruct/telestruct/tp/wire"
)

func TestRequest(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, fn, payload string
		want              []validate.Failure
		bytes             string
	}{
		{name: "no arguments", fn: "fn.check", payload: `{}`},
		{name: "null", fn: "fn.check", payload: `null`, want: []validate.Failure{unexpected("Null", "Object", "fn.check")}},
		{name: "text", fn: "fn.check", payload: `"a"`, want: []validate.Failure{unexpected("String", "Object", "fn.check")}},
		{
			name: "wrong arguments", fn: "fn.lend", payload: `{"days": 1, "days!": null}`,
			want: []validate.Failure{
				missing("book", "fn.lend"),
				disallowed("fn.lend", "days"),
				unexpected("Null", "Integer", "fn.lend", "days!"),
			},
		},
		{
			name: "base64 text wherever it stands", fn: "fn.check",
			payload: `{"sample!": {
				"data!": "AA==", "noData!": null, "blobs!": [{}, {"a": "", "b": "AA=="}],
				"loan!": {"fn.lend": {"book": {"title": "a", "pages": 1, "cover!": ""}}},
				"shelves!": [{"Empty": {}}, {"Full": {"books": [{"title": "a", "pages": 1, "cover!": "AA=="}]}}],
				"stub!": {"fn.lend": {"book": {"cover!": ""}}, "->": {"ErrorLent": {"book!": {"cover!": ""}}}},
				"thing!": "AA=="
			}}`,
			bytes: `{"fn.check": {"sample!": {
				"data!": true, "blobs!": {"*": {"*": true}},
				"loan!": {"fn.lend": {"book": {"cover!": true}}},
				"shelves!": {"*": {"Full": {"books": {"*": {"cover!": true}}}}},
				"stub!": {"fn.lend": {"book": {"cover!": true}}, "->": {"ErrorLent": {"book!": {"cover!": true}}}}
			}}}`,
		},
	}
	s := newLibrary(t)
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := validate.Request(s, s.Function(tc.fn), tree(t, tc.payload))
			equal(t, tc.want, got.Failures)
			sameTree(t, tc.bytes, got.Bytes)
			sameTree(t, "", got.Base64)
		})
	}
}

func TestRequestOfRawBytes(t *testing.T) {
	t.Parallel()
	s := newLibrary(t)
	payload := wire.Object{{Key: "sample!", Value: wire.Object{{Key: "data!", Value: []byte{1}}}}}
	got := validate.Request(s, s.Function("fn.check"), payload)
	if diff := cmp.Diff(validate.Report{}, got); diff != "" {
		t.Error(diff)
	}
}

func TestResponse(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, fn, tag, payload string
		options                validate.ResponseOptions
		want                   []validate.Failure
	}{
		{name: "success", fn: "fn.check", tag: "Ok_", payload: `{}`},
		{name: "own error", fn: "fn.lend", tag: "ErrorLent", payload: `{"until": 1}`},
		{name: "applied error", fn: "fn.lend", tag: "ErrorClosed", payload: `{"until": 1}`},
		{name: "standard error", fn: "fn.lend", tag: "ErrorUnknown_", payload: `{"caseId": "a"}`},
		{name: "unknown tag", fn: "fn.check", tag: "ErrorLent", payload: `{}`, want: []validate.Failure{disallowed("ErrorLent")}},
		{name: "null", fn: "fn.check", tag: "Ok_", payload: `null`, want: []validate.Failure{unexpected("Null", "Object", "Ok_")}},
		{
			name: "wrong", fn: "fn.lend", tag: "ErrorLent", payload: `{"wrong": 1}`,
			want: []validate.Failure{missing("until", "ErrorLent"), disallowed("ErrorLent", "wrong")},
		},
	}
	s := newLibrary(t)
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := validate.Response(s, s.Function(tc.fn), tc.tag, tree(t, tc.payload), tc.options)
			equal(t, tc.want, got.Failures)
			sameTree(t, "", got.Base64)
			sameTree(t, "", got.Bytes)
		})
	}
}

// TestResponseCoercions goes through both spellings of bytes, both directions,
// and the two kinds of tags.
func TestResponseCoercions(t *testing.T) {
	t.Parallel()
	const marked = `{"cover!": true}`
	book := func(cover any) wire.Object {
		return wire.Object{{Key: "title", Value: "a"}, {Key: "pages", Value: int64(1)}, {Key: "cover!", Value: cover}}
	}
	cases := []struct {
		name, tag     string
		cover         any
		binary        bool
		base64, bytes string
	}{
		{name: "raw, JSON", tag: "Ok_", cover: []byte{1}, base64: `{"Ok_": {"shelf!": {"Full": {"books": {"*": ` + marked + `}}}}}`},
		{name: "raw, binary", tag: "Ok_", cover: []byte{1}, binary: true},
		{name: "text, JSON", tag: "Ok_", cover: "AA=="},
		{name: "text, binary", tag: "Ok_", cover: "AA==", binary: true, bytes: `{"Ok_": {"shelf!": {"Full": {"books": {"*": ` + marked + `}}}}}`},
		{name: "raw in an error, JSON", tag: "ErrorLent", cover: []byte{}, base64: `{"ErrorLent": {"book!": ` + marked + `}}`},
		{name: "raw in an error that would have been binary", tag: "ErrorLent", cover: []byte{}, binary: true, base64: `{"ErrorLent": {"book!": ` + marked + `}}`},
		{name: "text in an error that would have been binary", tag: "ErrorLent", cover: "", binary: true},
	}
	s := newLibrary(t)
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			payload := wire.Object{{Key: "until", Value: int64(1)}, {Key: "book!", Value: book(tc.cover)}}
			if tc.tag == "Ok_" {
				full := wire.Object{{Key: "Full", Value: wire.Object{{Key: "books", Value: []any{book(tc.cover), book(tc.cover)}}}}}
				payload = wire.Object{{Key: "due", Value: int64(1)}, {Key: "shelf!", Value: full}}
			}
			got := validate.Response(s, s.Function("fn.lend"), tc.tag, payload, validate.ResponseOptions{Binary: tc.binary})
			equal(t, nil, got.Failures)
			sameTree(t, tc.base64, got.Base64)
			sameTree(t, tc.bytes, got.Bytes)
		})
	}
}

func TestResponseSelection(t *testing.T) {
	t.Parallel()
	const wrongBook = `{"due": 1, "shelf!": {"Full": {"books": [{"title": "a"}]}}}`
	cases := []struct {
		name, tag, payload, selection string
		want                          []validate.Failure
	}{
		{"nothing selected", "Ok_", `{}`, `{}`, []validate.Failure{missing("due", "Ok_")}},
		{"other field of the result", "Ok_", `{}`, `{"->": {"Ok_": ["shelf!"]}}`, nil},
		{"this field of the result", "Ok_", `{}`, `{"->": {"Ok_": ["due"]}}`, []validate.Failure{missing("due", "Ok_")}},
		{"no field of the result", "Ok_", `{}`, `{"->": {"Ok_": []}}`, nil},
		{"other tag", "ErrorLent", `{}`, `{"->": {"Ok_": []}}`, []validate.Failure{missing("until", "ErrorLent")}},
		{"struct", "Ok_", wrongBook, `{"struct.Book": ["title"]}`, nil},
		{"struct, other field", "Ok_", wrongBook, `{"struct.Book": ["pages"]}`, []validate.Failure{
			missing("pages", "Ok_", "shelf!", "Full", "books", 0),
		}},
		{"struct of an error", "ErrorLent", `{"until": 1, "book!": {}}`, `{"struct.Book": []}`, nil},
		{"union", "Ok_", `{"due": 1, "shelf!": {"Full": {}}}`, `{"union.Shelf": {"Full": ["label!"]}}`, nil},
		{"union, other tag", "Ok_", `{"due": 1, "shelf!": {"Full": {}}}`, `{"union.Shelf": {}}`, []validate.Failure{
			missing("books", "Ok_", "shelf!", "Full"),
		}},
		{"link", "Ok_", `{"due": 1, "renew!": {"fn.renew": {}}}`, `{"->": {"Ok_": []}, "fn.renew": []}`, []validate.Failure{
			missing("mood", "Ok_", "renew!", "fn.renew"),
		}},
		{"what is there is validated", "Ok_", `{"due": "x", "shelf!": 1}`, `{"->": {"Ok_": []}}`, []validate.Failure{
			unexpected("String", "Integer", "Ok_", "due"),
			unexpected("Number", "Object", "Ok_", "shelf!"),
		}},
	}
	s := newLibrary(t)
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			o := validate.ResponseOptions{Select: object(t, tc.selection)}
			got := validate.Response(s, s.Function("fn.lend"), tc.tag, tree(t, tc.payload), o)
			equal(t, tc.want, got.Failures)
		})
	}
}

// sameTree compares a coercion tree with JSON text, in the order of that text;
// an empty text stands for nil.
func sameTree(t *testing.T, want string, got any) {
	t.Helper()
	var expected any
	if want != "" {
		expected = tree(t, want)
	}
	if diff := cmp.Diff(expected, got); diff != "" {
		t.Errorf("coercions (-want +got):\n%s", diff)
	}
}
