package tp_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/telestruct/telestruct/tp"
)

// crate has a field of each kind that may be absent or keep memory of its own.
type crate struct {
	Name  string            `tp:"name"`
	Note  *string           `tp:"note!"`
	Parts []string          `tp:"parts!"`
	Marks map[string]string `tp:"marks!"`
	Raw   []byte            `tp:"raw!"`
	Inner inner             `tp:"inner"`
}

type inner struct {
	Count *int `tp:"count!"`
}

const (
	fullCrate  = `{"name":"full","note!":"n","parts!":["a","b"],"marks!":{"k":"v"},"raw!":"YWJj","inner":{"count!":3}}`
	emptyCrate = `{"name":"empty","inner":{}}`
)

// Handlers that take and return structs get memory that calls before them have used.
func TestCallsSeeNothingOfOthers(t *testing.T) {
	t.Parallel()
	api := tp.NewAPI("")
	tp.RegisterOn(api, func(_ context.Context, in crate) (crate, error) {
		if in.Name == "panic" {
			panic(in.Name)
		}
		return in, nil
	}, tp.Name("fn.values"))
	tp.RegisterOn(api, func(_ context.Context, in *crate) (crate, error) { return *in, nil }, tp.Name("fn.pointer"))
	tp.RegisterOn(api, func(_ context.Context, in crate) (*crate, error) { return &in, nil }, tp.Name("fn.result"))
	srv := api.MustBuild(tp.NoAuth(), tp.OnFailure(func(context.Context, *tp.Error) {}))
	for _, name := range []string{"fn.values", "fn.pointer", "fn.result"} {
		for _, before := range []string{
			fullCrate,
			strings.Replace(fullCrate, `"count!":3`, `"count!":"three"`, 1), // refused after most was read
			fullCrate[:len(fullCrate)-1],
			strings.Replace(fullCrate, "full", "panic", 1),
		} {
			srv.Process(t.Context(), fmt.Appendf(nil, `[{},{"%s":%s}]`, name, before)).Release()
			got := srv.Process(t.Context(), fmt.Appendf(nil, `[{},{"%s":%s}]`, name, emptyCrate))
			if want := `[{},{"Ok_":` + emptyCrate + `}]`; string(got.Bytes) != want {
				t.Errorf("%s after %.200s:\n got %s\nwant %s", name, before, got.Bytes, want)
			}
			got.Release()
		}
	}
}

// What a handler keeps of its arguments stays what it was.
func TestHandlersKeepWhatTheyGot(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	kept := map[string]crate{}
	api := tp.NewAPI("")
	tp.RegisterOn(api, func(_ context.Context, in crate) (crate, error) {
		mu.Lock()
		defer mu.Unlock()
		kept[in.Name] = in
		return in, nil
	}, tp.Name("fn.keep"))
	srv := api.MustBuild(tp.NoAuth())
	for i := range 50 {
		crate := strings.NewReplacer("full", fmt.Sprint("crate", i), `"a"`, fmt.Sprintf(`"a%d"`, i), "YWJj", "YWJk").Replace(fullCrate)
		srv.Process(t.Context(), fmt.Appendf(nil, `[{},{"fn.keep":%s}]`, crate)).Release()
	}
	for i := range 50 {
		got := kept[fmt.Sprint("crate", i)]
		if *got.Note != "n" || got.Parts[0] != fmt.Sprint("a", i) || got.Marks["k"] != "v" || string(got.Raw) != "abd" || *got.Inner.Count != 3 {
			t.Errorf("crate %d became %+v", i, got)
		}
	}
}

// stamp writes itself, and remembers where it was asked to.
type stamp struct{ text string }

var (
	stampMu sync.Mutex
	stamps  = map[*stamp]string{}
)

func (s *stamp) MarshalText() ([]byte, error) { return []byte(s.text), nil }

func (s *stamp) UnmarshalText(text []byte) error {
	stampMu.Lock()
	defer stampMu.Unlock()
	s.text = string(text)
	stamps[s] = s.text
	return nil
}

// A type that keeps the address of its values has them for itself.
func TestTextsHaveMemoryOfTheirOwn(t *testing.T) {
	t.Parallel()
	type letter struct {
		Stamp stamp `tp:"stamp"`
	}
	api := tp.NewAPI("")
	tp.RegisterOn(api, func(_ context.Context, in letter) (letter, error) { return in, nil }, tp.Name("fn.send"))
	srv := api.MustBuild(tp.NoAuth())
	for i := range 20 {
		request := fmt.Sprintf(`[{},{"fn.send":{"stamp":"s%d"}}]`, i)
		if got, want := string(srv.Process(t.Context(), []byte(request)).Bytes), fmt.Sprintf(`[{},{"Ok_":{"stamp":"s%d"}}]`, i); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	stampMu.Lock()
	defer stampMu.Unlock()
	for s, text := range stamps {
		if s.text != text {
			t.Errorf("what was %q became %q", text, s.text)
		}
	}
}
