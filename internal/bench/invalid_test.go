package bench

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/internal/bench/shapes"
	"github.com/telestruct/telestruct/internal/bench/stacks"
	"github.com/telestruct/telestruct/tp"
)

// BenchmarkInvalid measures what a request costs that has ten mistakes, beside the
// same request without them.
func BenchmarkInvalid(b *testing.B) {
	b.Run("medium", func(b *testing.B) {
		srv := stacks.Server(echo[shapes.OrderMessage])
		valid := request(b, srv, form{format: tp.JSON}, shapes.Medium(), shapes.Medium())
		invalid := []byte(mistakes().Replace(string(valid)))
		checkCases(b, srv.Process(b.Context(), invalid))
		b.Run("valid", func(b *testing.B) { measure(b, srv, valid) })
		b.Run("invalid", func(b *testing.B) { measure(b, srv, invalid) })
	})
}

// mistakes makes ten mistakes in the medium request.
func mistakes() *strings.Replacer {
	return strings.NewReplacer(
		`"id":4200017`, `"id":"4200017"`,
		`"status":"paid"`, `"status":null`,
		`"name":"Grace Hopper",`, ``,
		`"vip":true`, `"vip":1`,
		`"zip":"22202"`, `"zip":22202,"county":"Arlington"`,
		`"title":"Item number 4"`, `"title":[]`,
		`"price":18.75`, `"price":"18.75"`,
		`"priority":"high"`, `"priority":5`,
		`"discount!":2.5`, `"discount!":{}`,
	)
}

// checkCases wants to be told of all ten.
func checkCases(b *testing.B, reply tp.Reply) {
	b.Helper()
	var answer []map[string]struct {
		Cases []struct {
			Path []any `json:"path"`
		} `json:"cases"`
	}
	if err := json.Unmarshal(reply.Bytes, &answer); err != nil {
		b.Fatal(err)
	}
	var got []string
	for _, c := range answer[1]["ErrorInvalidRequestBody_"].Cases {
		path, _ := json.Marshal(c.Path)
		got = append(got, string(path))
	}
	want := []string{
		`["fn.call","order","id"]`,
		`["fn.call","order","status"]`,
		`["fn.call","order","customer"]`,
		`["fn.call","order","customer","vip"]`,
		`["fn.call","order","customer","address","zip"]`,
		`["fn.call","order","customer","address","county"]`,
		`["fn.call","order","items",4,"title"]`,
		`["fn.call","order","items",8,"price"]`,
		`["fn.call","order","tags","priority"]`,
		`["fn.call","order","discount!"]`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		b.Fatalf("cases (-want +got):\n%s in %.2000s", diff, reply.Bytes)
	}
}
