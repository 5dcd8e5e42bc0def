package plan

import "github.com/telestruct/telestruct/tp/wire"

// BinaryDecoder is what plans read binary messages from, as [Decoder] is for JSON.
type BinaryDecoder struct {
	wire.BinaryReader
	Panicked
	Tolerance
	// Selectable is as in [Decoder].
	Selectable func(selection any) bool
	// Fields is the table that the message was written with.
	Fields *wire.Fields
}

// Reset makes d read data as [wire.BinaryReader.Reset] does, with the names of
// fields, and forgets the panic of the message before.
func (d *BinaryDecoder) Reset(data []byte, f wire.Format, fields *wire.Fields, l wire.Limits) {
	d.BinaryReader.Reset(data, f, l)
	d.Panicked, d.Fields = Panicked{}, fields
}

// budget is the memory that what a decoder reads may still take.
type budget interface {
	Memory() int
	Spend(n int) bool
}
