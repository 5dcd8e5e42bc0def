package mirror

// Message is what a frame holds: a [Snapshot], a [Change], a [Reject], or an [Other]
// (section 5).
type Message interface {
	// write appends the message.
	write(w *writer)
}

// Snapshot is a whole model. Who receives it takes it for what the model is, whatever was
// known before.
type Snapshot struct {
	// ID is the number of the model.
	ID uint64
	// Type is the name of its type.
	Type string
	// Rev is the revision that Value is at.
	Rev uint64
	// Value is the model.
	Value Value
}

// Change is a patch of the model with the number ID. From a server it is what happened; from
// a client, a proposal.
type Change struct {
	ID    uint64
	Patch Patch
}

// Reject tells a client that its proposal was refused. It changes nothing.
type Reject struct {
	// ID is the number of the model.
	ID uint64
	// Rev is the revision of the model, 0 for one that does not exist.
	Rev uint64
	// Error says why, for a person.
	Error string
}

// Other is a message of a type that this package does not know. Everybody ignores it.
type Other struct {
	// Type is the type of the message, its field t.
	Type string
}

// Types of messages.
const (
	typeSnapshot = "snapshot"
	typePatch    = "patch"
	typeReject   = "reject"
)

func (m Snapshot) write(w *writer) {
	w.openMap(5)
	w.key("id")
	w.uint(m.ID)
	w.key("rev")
	w.uint(m.Rev)
	w.key("t")
	w.str(typeSnapshot)
	w.key("type")
	w.str(m.Type)
	w.key("value")
	w.value(m.Value)
	w.closeMap()
}

func (m Change) write(w *writer) {
	w.openMap(3)
	w.key("id")
	w.uint(m.ID)
	w.key("patch")
	w.patch(m.Patch)
	w.key("t")
	w.str(typePatch)
	w.closeMap()
}

func (m Reject) write(w *writer) {
	w.openMap(4)
	w.key("error")
	w.str(m.Error)
	w.key("id")
	w.uint(m.ID)
	w.key("rev")
	w.uint(m.Rev)
	w.key("t")
	w.str(typeReject)
	w.closeMap()
}

func (m Other) write(w *writer) {
	w.openMap(1)
	w.key("t")
	w.str(m.Type)
	w.closeMap()
}
