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
	d.Panicked.forget()
	if d.Fields != fields {
		d.Fields = fields
	}
}

// openSingle reads the head of a map of one entry, and its key: the tag of a union's
// value, or the function of a link. What that entry holds follows, and then
// [BinaryDecoder.closeSingle].
func (d *BinaryDecoder) openSingle() (entry wire.Items, key string, ok bool) {
	if entry, ok = d.Map(); !ok {
		return entry, "", false
	}
	if more, ok := d.More(&entry); !more || !ok {
		return entry, "", false
	}
	key, ok = d.FieldName(d.Fields)
	return entry, key, ok
}

// closeSingle fails when another entry follows.
func (d *BinaryDecoder) closeSingle(entry wire.Items) bool {
	more, ok := d.More(&entry)
	return ok && !more
}
