package bench

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/telestruct/telestruct/internal/bench/page"
	"github.com/telestruct/telestruct/internal/bench/shapes"
	"github.com/telestruct/telestruct/internal/bench/stacks"
	"github.com/telestruct/telestruct/tp"
)

var update = flag.Bool("update", false, "rewrite the sizes in docs/performance.md")

// sizes are the bytes of one answer in each form.
type sizes struct{ json, messagePack, packed, cbor int }

// TestSizes holds the table of docs/performance.md to what a server answers, and
// binary to being worth it on the large shape.
func TestSizes(t *testing.T) {
	large := sizesOf(t, shapes.Large())
	if large.messagePack*100 > large.json*50 {
		t.Errorf("MessagePack takes %d of %d bytes; want half of it at most", large.messagePack, large.json)
	}
	if large.packed*100 > large.json*45 {
		t.Errorf("packed MessagePack takes %d of %d bytes; want 45 %% at most", large.packed, large.json)
	}
	var table strings.Builder
	fmt.Fprintf(&table, "| answer | JSON | MessagePack | packed | CBOR |\n|---|--:|--:|--:|--:|\n")
	writeRow(&table, "medium", sizesOf(t, shapes.Medium()))
	writeRow(&table, "large", large)
	checkTable(t, "../../docs/performance.md", table.String())
}

func writeRow(table *strings.Builder, name string, s sizes) {
	cell := func(n int) string { return fmt.Sprintf("%d (%.0f %%)", n, 100*float64(n)/float64(s.json)) }
	fmt.Fprintf(table, "| %s | %d | %s | %s | %s |\n", name, s.json, cell(s.messagePack), cell(s.packed), cell(s.cbor))
}

// sizesOf echoes v in every form. Callers know the server's table already.
func sizesOf[T any](t *testing.T, v *T) sizes {
	t.Helper()
	args, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	srv := stacks.Server(echo[T])
	first := answer(t, srv, fmt.Sprintf(`[{"@bin_":[]},{"fn.call":%s}]`, args), tp.MessagePack)
	known, _ := first.Headers.Get("@bin_")
	checksum := known.([]any)[0]
	plain := fmt.Sprintf(`[{"@bin_":[%d]},{"fn.call":%s}]`, checksum, args)
	packed := fmt.Sprintf(`[{"@bin_":[%d],"@pac_":true},{"fn.call":%s}]`, checksum, args)
	return sizes{
		json:        len(answer(t, srv, fmt.Sprintf(`[{},{"fn.call":%s}]`, args), tp.JSON).Bytes),
		messagePack: len(answer(t, srv, plain, tp.MessagePack).Bytes),
		packed:      len(answer(t, srv, packed, tp.MessagePack).Bytes),
		cbor:        len(answer(t, srv, plain, tp.CBOR).Bytes),
	}
}

func answer(t *testing.T, srv *tp.Server, message string, f tp.Format) tp.Reply {
	t.Helper()
	reply := srv.Serve(context.Background(), &tp.Inbound{Body: []byte(message), Binary: f})
	if reply.Tag != "Ok_" || reply.Format != f {
		t.Fatalf("%s in %v: %.300s", reply.Tag, reply.Format, reply.Bytes)
	}
	return reply
}

// checkTable wants the page to have the table as its part sizes, or puts it there.
func checkTable(t *testing.T, file, table string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	old, err := page.Part(text, "sizes")
	if err != nil {
		t.Fatal(err)
	}
	if old == table {
		return
	}
	if !*update {
		t.Fatalf("%s has another table; run go test ./internal/bench -run TestSizes -update\n got\n%swant\n%s", file, old, table)
	}
	text, err = page.Replace(text, "sizes", table)
	if err == nil {
		err = os.WriteFile(file, text, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}
