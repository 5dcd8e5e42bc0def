package bench

import (
	"testing"

	"github.com/telestruct/telestruct/internal/bench/shapes"
	"github.com/telestruct/telestruct/internal/bench/stacks"
	"github.com/telestruct/telestruct/tp"
)

// BenchmarkSelect measures what it costs to answer with two of eight fields, beside
// all of them. The request is the large one either way.
func BenchmarkSelect(b *testing.B) {
	b.Run("large", func(b *testing.B) {
		srv := stacks.Server(echo[shapes.RecordsMessage])
		json := form{format: tp.JSON}
		full := request(b, srv, json, shapes.Large(), shapes.Large())
		selection := tp.Select[shapes.RecordsMessage]().Of(shapes.Record{}, "accountId", "unitPrice")
		selected := request(b, srv, json, shapes.Large(), selectedRecords(), selection)
		b.Run("full", func(b *testing.B) { measure(b, srv, full) })
		b.Run("selected", func(b *testing.B) { measure(b, srv, selected) })
	})
}

// selectedRecords is what a client reads of the large answer.
func selectedRecords() *shapes.RecordsMessage {
	selected := shapes.Large()
	for i, r := range selected.Items {
		selected.Items[i] = shapes.Record{AccountID: r.AccountID, UnitPrice: r.UnitPrice}
	}
	return selected
}
