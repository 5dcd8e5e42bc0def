package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/mock"
)

// newCarrier returns a mock of the carrier, whose failures are the test's.
func newCarrier(t *testing.T, options ...mock.Option) *mock.Server {
	t.Helper()
	options = append(options, mock.Types(carrierTypes), mock.Report(t))
	m, err := mock.New(mock.Dir(documents, "api"), options...)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestFollow(t *testing.T) {
	t.Parallel()
	m := newCarrier(t, mock.OnlyStubs())
	mock.Stub(m, &Track{"A1"}, &Tracked{State: Underway{Stop{"Graz", 14}}, Stops: []Stop{{"Wien", 9}}})
	mock.Stub(m, &Track{"B2"}, &Tracked{State: Delivered{"Ada"}})
	mock.Stub(m, &Track{"C3"}, &Tracked{State: Lost{}})
	mock.StubError(m, &Track{"D4"}, &UnknownParcelError{})
	mock.Stub(m, mock.Any[Complain](), &Complaint{Case: "77"})

	var out strings.Builder
	if err := follow(t.Context(), m.Client(), &out, []string{"A1", "B2", "C3", "D4"}); err != nil {
		t.Fatal(err)
	}
	const want = `A1: in Graz at 14, stops so far: 1
B2: delivered to Ada
C3: lost; see case 77
D4: unknown
`
	if out.String() != want {
		t.Errorf("it wrote\n%s\nwant\n%s", out.String(), want)
	}
	mock.Verify(m, mock.Any[Track](), mock.Exactly(4))
	mock.Verify(m, &Complain{Number: "C3"}, mock.Only("number"), mock.Exactly(1))
	mock.NoMoreCalls(m)
}

// Without a carrier nothing can be said, and nobody complains.
func TestFollowWithoutAnswers(t *testing.T) {
	t.Parallel()
	m := newCarrier(t, mock.OnlyStubs())
	err := follow(t.Context(), m.Client(), &strings.Builder{}, []string{"A1", "B2"})
	var failed *tp.ResultError
	if !errors.As(err, &failed) || failed.Tag != "ErrorNoMatchingStub_" {
		t.Errorf("error %v, want that there is no stub", err)
	}
	mock.Verify(m, mock.Any[Complain](), mock.Never())
}

// Whatever a carrier answers that keeps to its schema, there is a line for each parcel.
func TestFollowWhateverComes(t *testing.T) {
	t.Parallel()
	for seed := range int64(50) {
		m := newCarrier(t, mock.Seed(seed))
		var out strings.Builder
		if err := follow(t.Context(), m.Client(), &out, []string{"A1", "B2", "C3"}); err != nil {
			t.Errorf("seed %d: %v", seed, err)
		}
		if lines := strings.Count(out.String(), "\n"); lines != 3 {
			t.Errorf("seed %d: %d lines, want 3:\n%s", seed, lines, out.String())
		}
	}
}

// The Go types are those of the carrier's schema.
func TestTypes(t *testing.T) {
	t.Parallel()
	m := newCarrier(t)
	err := m.Client().Check(t.Context(), tp.Uses[Track, Tracked](), tp.Uses[Complain, Complaint]())
	if err != nil {
		t.Error(err)
	}
}
