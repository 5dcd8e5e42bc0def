package main

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTrace(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	log := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{ReplaceAttr: dropTime}))
	c := start(t, newService(noon, log))
	const auth = `"@auth_": {"Guest": {"name": "ann"}}`
	same(t, `[{"@trace":"t1"},{"Ok_":{"variables":[]}}]`,
		c.send(t, `[{"@trace": "t1", `+auth+`}, {"fn.listVariables": {"prefix": ""}}]`))
	same(t, `[{"@trace":"t2"},{"ErrorUnknownVariable":{"name":"x"}}]`,
		c.send(t, `[{"@trace": "t2", `+auth+`}, {"fn.getVariable": {"name": "x"}}]`))
	same(t, `[{},{"ErrorLimit":{"what":"bytes of @trace","limit":64}}]`,
		c.send(t, `[{"@trace": "`+strings.Repeat("t", maxName+1)+`", `+auth+`}, {"fn.listVariables": {"prefix": ""}}]`))
	same(t, `[{},{"ErrorInvalidRequestHeaders_":{"cases":[{"path":["@trace"],"reason":{"TypeUnexpected":{"actual":{"Number":{}},"expected":{"String":{}}}}}]}}]`,
		c.send(t, `[{"@trace": 1, `+auth+`}, {"fn.listVariables": {"prefix": ""}}]`))
	want := `level=INFO msg=call function=fn.listVariables user=ann trace=t1
level=INFO msg=call function=fn.getVariable user=ann trace=t2 error="there is no variable x"
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("log (-want +got):\n%s", diff)
	}
}

func TestLoggedErrorsAreCut(t *testing.T) {
	t.Parallel()
	long := &UnknownVariableError{Name: strings.Repeat("\u0080", 1<<20)}
	if text := logged(long); len(text) > 210 || !strings.HasSuffix(text, "…") {
		t.Errorf("%d bytes", len(text))
	}
}

func dropTime(_ []string, a slog.Attr) slog.Attr {
	if a.Key == slog.TimeKey {
		return slog.Attr{}
	}
	return a
}
