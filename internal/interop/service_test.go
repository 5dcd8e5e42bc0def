package interop

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/telestruct/telestruct/tp"
)

// newAPI returns the API that every call is meant for. What its functions do is
// written a second time in testdata/server.py.
func newAPI() *tp.API {
	api := tp.NewAPI("Interop",
		tp.Description("Functions that show whether two implementations agree."),
		tp.Auth(credentials(), authenticate),
		tp.Types(shapes()),
		tp.ErrorSet("errors.Quota", &QuotaError{}),
		tp.HeaderSet[TraceRequest, TraceResponse]("headers.Trace"),
		tp.Publishes[Quote]("quotes"),
		tp.Publishes[Shape]("shapes/all", shapes()),
		tp.OnFailure(func(context.Context, *tp.Error) {}),
	)
	tp.RegisterOn(api, echo, tp.Public(), tp.Doc("Answer what was sent."))
	tp.RegisterOn(api, divide, tp.Public(), tp.Fails(&DivideByZeroError{}))
	tp.RegisterOn(api, sum, tp.Public())
	tp.RegisterOn(api, reverse, tp.Public())
	tp.RegisterOn(api, join, tp.Public())
	tp.RegisterOn(api, area, tp.Public())
	tp.RegisterOn(api, listRows, tp.Public(), tp.Doc("List rows.\n\nFollow `next!` for more."))
	tp.RegisterOn(api, trace, tp.Public())
	tp.RegisterOn(api, fail, tp.Public())
	tp.RegisterOn(api, whoAmI)
	tp.RegisterOn(api, removeAll)
	return api
}

// Credentials say who calls.
type Credentials interface{ isCredentials() }

// Token is a secret.
type Token struct {
	Token string `tp:"token"`
}

// Guest is a name that everybody may use.
type Guest struct {
	Name string `tp:"name"`
}

func (Token) isCredentials() {}
func (Guest) isCredentials() {}

func credentials() tp.Union { return tp.UnionOf[Credentials](Token{}, Guest{}) }

// user is who calls.
type user struct {
	name  string
	guest bool
}

func authenticate(_ context.Context, c Credentials) (user, error) {
	switch c := c.(type) {
	case Guest:
		return user{c.Name, true}, nil
	case Token:
		if c.Token == "secret" {
			return user{name: "ann"}, nil
		}
	}
	return user{}, errors.New("nobody has this token")
}

// QuotaError is a request for more than there is.
type QuotaError struct {
	Limit int64 `tp:"limit"`
}

func (e *QuotaError) Error() string { return fmt.Sprintf("more than %d", e.Limit) }

// TraceRequest and TraceResponse are the headers of fn.trace.
type (
	TraceRequest struct {
		Trace *string `tp:"@trace"`
	}
	TraceResponse struct {
		Traced *string `tp:"@traced"`
	}
)

// Arguments and results, by function.
type (
	Echo struct {
		Value Everything `tp:"value"`
	}
	EchoResult struct {
		Value Everything `tp:"value"`
	}
	Divide struct {
		Dividend float64 `tp:"dividend"`
		Divisor  float64 `tp:"divisor"`
	}
	Quotient struct {
		Quotient float64 `tp:"quotient"`
	}
	Sum struct {
		Numbers []int64 `tp:"numbers"`
	}
	SumResult struct {
		Sum int64 `tp:"sum"`
	}
	Reverse struct {
		Text string `tp:"text"`
	}
	Reversed struct {
		Text string `tp:"text"`
	}
	Join struct {
		Parts [][]byte `tp:"parts"`
	}
	Joined struct {
		Whole []byte `tp:"whole"`
	}
	Area struct {
		Shape Shape `tp:"shape"`
	}
	AreaResult struct {
		Area float64 `tp:"area"`
	}
	ListRows struct {
		From  int64 `tp:"from"`
		Count int64 `tp:"count"`
	}
	RowPage struct {
		Rows []Row              `tp:"rows"`
		Next *tp.Link[ListRows] `tp:"next!"`
	}
	Trace  struct{}
	Traced struct{}
	Fail   struct{}
	Failed struct{}
	WhoAmI struct{}
	User   struct {
		Name  string `tp:"name"`
		Guest bool   `tp:"guest"`
	}
	RemoveAll struct{}
	Removed   struct{}
)

// DivideByZeroError is the error of fn.divide.
type DivideByZeroError struct {
	Dividend float64 `tp:"dividend"`
}

func (e *DivideByZeroError) Error() string { return "divided by zero" }

func echo(_ context.Context, in *Echo) (*EchoResult, error) { return &EchoResult{in.Value}, nil }

func divide(_ context.Context, in *Divide) (*Quotient, error) {
	if in.Divisor == 0 {
		return nil, &DivideByZeroError{in.Dividend}
	}
	return &Quotient{in.Dividend / in.Divisor}, nil
}

const maxNumbers = 1000

func sum(_ context.Context, in *Sum) (*SumResult, error) {
	if len(in.Numbers) > maxNumbers {
		return nil, &QuotaError{maxNumbers}
	}
	result := new(SumResult)
	for _, n := range in.Numbers {
		result.Sum += n
	}
	return result, nil
}

func reverse(_ context.Context, in *Reverse) (*Reversed, error) {
	runes := []rune(in.Text)
	slices.Reverse(runes)
	return &Reversed{string(runes)}, nil
}

func join(_ context.Context, in *Join) (*Joined, error) {
	return &Joined{bytes.Join(in.Parts, nil)}, nil
}

func area(_ context.Context, in *Area) (*AreaResult, error) {
	return &AreaResult{in.Shape.area()}, nil
}

const (
	maxRows   = 1000
	totalRows = 2000
)

func listRows(_ context.Context, in *ListRows) (*RowPage, error) {
	if in.Count > maxRows {
		return nil, &QuotaError{maxRows}
	}
	page := new(RowPage)
	end := min(in.From+in.Count, totalRows)
	for id := in.From; id < end; id++ {
		page.Rows = append(page.Rows, rowOf(id))
	}
	if end < totalRows {
		next := tp.LinkTo(&ListRows{From: end, Count: in.Count})
		page.Next = &next
	}
	return page, nil
}

// rowOf returns one of the rows, which do not all have the same fields.
func rowOf(id int64) Row {
	row := Row{ID: id, Name: fmt.Sprintf("row %d", id), Tags: []string{}}
	if id%2 == 0 {
		score := float64(id) / 4
		row.Score = &score
	}
	if id%3 == 0 {
		note := "a third"
		row.Note = &note
	}
	if id%5 == 0 {
		row.Place = &Place{float64(id), -0.5}
	}
	for i := range id % 4 {
		row.Tags = append(row.Tags, fmt.Sprint("tag ", i))
	}
	return row
}

func trace(ctx context.Context, _ *Trace) (*Traced, error) {
	headers, _ := tp.Header[TraceRequest](ctx)
	return &Traced{}, tp.SetHeader(ctx, TraceResponse{Traced: headers.Trace})
}

func fail(context.Context, *Fail) (*Failed, error) { return nil, errors.New("it failed") }

func whoAmI(ctx context.Context, _ *WhoAmI) (*User, error) {
	u, _ := tp.Identity[user](ctx)
	return &User{u.name, u.guest}, nil
}

func removeAll(ctx context.Context, _ *RemoveAll) (*Removed, error) {
	if u, _ := tp.Identity[user](ctx); u.guest {
		return nil, tp.Unauthorized("guests remove nothing")
	}
	return &Removed{}, nil
}
