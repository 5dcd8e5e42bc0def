package plan_test

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/internal/plan"
	"github.com/telestruct/telestruct/tp/wire"
)

type save struct {
	Name string `tp:"name"`
	Raw  []byte `tp:"raw!"`
}

// link is what the marker type of links looks like.
type link struct{ Args *save }

func linkPlan() *plan.Link {
	l := plan.NewLink(reflect.TypeFor[link]().Field(0).Offset)
	l.SetTarget("fn.save", structOf[save]())
	return l
}

func TestLink(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		text string
		want *save
	}{
		{`{"fn.save":{"name":"a"}}`, &save{Name: "a"}},
		{`{"fn.save":{"name":"a","raw!":"AA=="}}`, &save{"a", []byte{0}}},
		{`{}`, nil},
		{`{"a":{}}`, nil},
		{`{"fn.save":{}}`, nil},
		{`{"fn.save":null}`, nil},
		{`{"fn.save":{"name":"a"},"fn.save":{"name":"a"}}`, nil},
		{`{"fn.save":{"name":"a"},"b":{}}`, nil},
		{`{"fn.save":{"name":"a"}`, nil},
		{`null`, nil},
	} {
		var got link
		ok := decode(linkPlan(), tc.text, mem.Of(&got))
		if ok != (tc.want != nil) {
			t.Errorf("%s: got %v", tc.text, ok)
			continue
		}
		if !ok {
			continue
		}
		if diff := cmp.Diff(tc.want, got.Args); diff != "" {
			t.Errorf("%s: arguments differ (-want +got):\n%s", tc.text, diff)
		}
		if again := mustEncode(t, linkPlan(), mem.Of(&got)); again != tc.text {
			t.Errorf("%s: was written as %s", tc.text, again)
		}
		if tree := mustText(t, plan.Tree(linkPlan(), mem.Of(&got))); tree != tc.text {
			t.Errorf("%s: got tree %s", tc.text, tree)
		}
	}
}

func TestLinkWithoutArguments(t *testing.T) {
	t.Parallel()
	if got, ok := encode(linkPlan(), mem.Of(&link{})); ok {
		t.Errorf("was written as %s", got)
	}
	if tree := plan.Tree(linkPlan(), mem.Of(&link{})); tree != nil {
		t.Errorf("got tree %v", tree)
	}
	if tree := plan.Base64(linkPlan(), mem.Of(&link{})); tree != nil {
		t.Errorf("got coercion tree %v", tree)
	}
}

func TestLinkBase64(t *testing.T) {
	t.Parallel()
	got := plan.Base64(linkPlan(), mem.Of(&link{&save{"a", []byte{}}}))
	want := wire.Object{{Key: "fn.save", Value: wire.Object{{Key: "raw!", Value: true}}}}
	if diff := cmp.Diff(any(want), got); diff != "" {
		t.Errorf("coercion tree differs (-want +got):\n%s", diff)
	}
}
