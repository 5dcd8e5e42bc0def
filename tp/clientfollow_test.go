package tp_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/telestruct/telestruct/tp"
)

type Page struct {
	Number int `tp:"number"`
}

type PageOf struct {
	Text string         `tp:"text"`
	Next *tp.Link[Page] `tp:"next!"`
	Save tp.Link[Keep]  `tp:"save"`
}

type Keep struct {
	Text string         `tp:"text"`
	Then *tp.Link[Page] `tp:"then!"`
}

func pagesAPI() *tp.API {
	api := tp.NewAPI("")
	tp.RegisterOn(api, func(_ context.Context, in Page) (*PageOf, error) {
		page := &PageOf{Text: string(rune('a' + in.Number)), Save: tp.LinkTo(&Keep{Text: "kept"})}
		if in.Number < 2 {
			page.Next = new(tp.LinkTo(&Page{in.Number + 1}))
		}
		return page, nil
	}, tp.Name("fn.page"))
	tp.RegisterOn(api, func(_ context.Context, in *Keep) (*Greeting, error) {
		return &Greeting{in.Text}, nil
	}, tp.Name("fn.keepText"))
	return api
}

func TestFollow(t *testing.T) {
	t.Parallel()
	for _, way := range speaking {
		tap := &wiretap{srv: build(t, pagesAPI()), binary: way.binary}
		client := tp.NewClient(tap, append(way.options, tp.Uses[Keep, Greeting](tp.Name("fn.keepText")))...)
		got := ""
		page, err := tp.Call[PageOf](t.Context(), client, &Page{})
		for ; err == nil; page, err = tp.Follow[PageOf](t.Context(), client, *page.Next) {
			if got += page.Text; page.Next == nil {
				break
			}
		}
		if err != nil || got != "abc" {
			t.Fatalf("%s: got %q, %v", way.name, got, err)
		}
		kept, err := tp.Follow[Greeting](t.Context(), client, page.Save)
		if err != nil || kept.Message != "kept" {
			t.Errorf("%s: got %+v, %v", way.name, kept, err)
		}
	}
}

// Without tp.Uses the argument type names the function, and then the server's link is
// another one.
func TestFollowAnotherFunction(t *testing.T) {
	t.Parallel()
	_, err := tp.Call[PageOf](t.Context(), tp.NewClient(build(t, pagesAPI())), &Page{})
	var failure *tp.Error
	if !errors.As(err, &failure) || len(failure.Cases) == 0 {
		t.Fatalf("got %v", err)
	}
	want := []any{"Ok_", "save", "fn.keepText"}
	if diff := cmp.Diff(want, []any(failure.Cases[0].Path)); diff != "" {
		t.Errorf("path differs (-want +got):\n%s", diff)
	}
}

func TestLinkMistakes(t *testing.T) {
	t.Parallel()
	type anonymous struct {
		Link tp.Link[struct{}] `tp:"link"`
	}
	type pointer struct {
		Link tp.Link[*Page] `tp:"link"`
	}
	_, err := tp.Call[anonymous](t.Context(), tp.NewClient(answering("")), &Page{})
	var problem *tp.Problem
	if !errors.As(err, &problem) || problem.Where != "tp_test.anonymous.Link" {
		t.Errorf("anonymous: got %v", err)
	}
	_, err = tp.Call[pointer](t.Context(), tp.NewClient(answering("")), &Page{})
	if !errors.As(err, &problem) || problem.Found != "a link holds a pointer to its arguments already" {
		t.Errorf("pointer: got %v", err)
	}
}
