package validate_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/tp/validate"
	"github.com/telestruct/telestruct/tp/wire"
)

func TestApplySelection(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, fn, tag, payload, selection, want string
	}{
		{
			"nothing selected", "fn.lend", "Ok_",
			`{"due": 1}`, `{}`, `{"due": 1}`,
		},
		{
			"order stays", "fn.lend", "Ok_",
			`{"shelf!": {"Empty": {}}, "renew!": {"fn.renew": {}}, "due": 1}`, `{"->": {"Ok_": ["due", "shelf!"]}}`,
			`{"shelf!": {"Empty": {}}, "due": 1}`,
		},
		{
			"struct wherever it stands", "fn.check", "Ok_",
			`{"sample!": {"book!": {"title": "a", "pages": 1, "sequel!": {"title": "b", "pages": 2}}, "noBook!": null,
				"shelves!": [{"Full": {"books": [{"pages": 3, "title": "c"}]}}, {"Empty": {}}]}}`,
			`{"struct.Book": ["title", "sequel!"]}`,
			`{"sample!": {"book!": {"title": "a", "sequel!": {"title": "b"}}, "noBook!": null,
				"shelves!": [{"Full": {"books": [{"title": "c"}]}}, {"Empty": {}}]}}`,
		},
		{
			"union", "fn.lend", "Ok_",
			`{"due": 1, "shelf!": {"Full": {"books": [], "label!": "a"}}}`, `{"union.Shelf": {"Full": ["label!"]}}`,
			`{"due": 1, "shelf!": {"Full": {"label!": "a"}}}`,
		},
		{
			"tag that is not mentioned", "fn.lend", "Ok_",
			`{"due": 1, "shelf!": {"Full": {"books": [], "label!": "a"}}}`, `{"union.Shelf": {}}`,
			`{"due": 1, "shelf!": {"Full": {"books": [], "label!": "a"}}}`,
		},
		{
			"links stay whole", "fn.check", "Ok_",
			`{"sample!": {"loan!": {"fn.lend": {"book": {"title": "a", "pages": 1}}}}}`, `{"struct.Book": []}`,
			`{"sample!": {"loan!": {"fn.lend": {"book": {"title": "a", "pages": 1}}}}}`,
		},
		{
			"types inside errors", "fn.lend", "ErrorLent",
			`{"until": 1, "book!": {"title": "a", "pages": 1}}`, `{"->": {"Ok_": []}, "struct.Book": ["pages"]}`,
			`{"until": 1, "book!": {"pages": 1}}`,
		},
		{
			"maps", "fn.api_", "Ok_",
			`{"api": [{"a": {"x": 1}}]}`, `{"->": {"Ok_": ["api"]}}`,
			`{"api": [{"a": {"x": 1}}]}`,
		},
		{
			"misfits", "fn.check", "Ok_",
			`{"sample!": {"book!": 1, "shelf!": {"None": {}}, "mood!": {}, "shelves!": {}, "blobs!": [1], "names!": [],
				"noShelf!": {"Full": null}, "other": {"title": 1}}}`,
			`{"struct.Book": []}`,
			`{"sample!": {"book!": 1, "shelf!": {"None": {}}, "mood!": {}, "shelves!": {}, "blobs!": [1], "names!": [],
				"noShelf!": {"Full": null}, "other": {"title": 1}}}`,
		},
		{"payload that is none", "fn.check", "Ok_", `[1]`, `{"->": {"Ok_": []}}`, `[1]`},
		{"unknown tag", "fn.check", "None", `{"a": 1}`, `{"->": {"Ok_": []}}`, `{"a": 1}`},
	}
	s := newLibrary(t)
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			payload := tree(t, tc.payload)
			got := validate.ApplySelection(s.Function(tc.fn), tc.tag, payload, object(t, tc.selection))
			if diff := cmp.Diff(tree(t, tc.want), got); diff != "" {
				t.Errorf("trimmed (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tree(t, tc.payload), payload); diff != "" {
				t.Errorf("the payload was changed:\n%s", diff)
			}
		})
	}
}

func TestApplySelectionToWhatContainsItself(t *testing.T) {
	t.Parallel()
	s := newLibrary(t)
	book := wire.Object{{Key: "sequel!"}}
	book[0].Value = book
	got := validate.ApplySelection(s.Function("fn.lend"), "ErrorLent", wire.Object{{Key: "book!", Value: book}}, object(t, `{"struct.Book": ["sequel!"]}`))
	if _, ok := got.(wire.Object); !ok {
		t.Errorf("got %T", got)
	}
}
