package mirror

// encoded is a change, and its frames: each codec encodes it once, however many connections it
// goes to, and whether they are there or come back for it. Who has it locks it.
type encoded struct {
	Change
	frames []encodedFrame
	// weight is what the patch counts in a log.
	weight int
}

type encodedFrame struct {
	codec Codec
	out   Output
}

// output returns the change for a connection, from the last time if one had the same codec.
func (e *encoded) output(c *Conn) Output {
	for i := range e.frames {
		if e.frames[i].codec == c.codec {
			return e.frames[i].out
		}
	}
	out := c.encode(e.Change)
	e.frames = append(e.frames, encodedFrame{c.codec, out})
	return out
}

// appendOutputs appends the changes for a connection.
func appendOutputs(out []Output, c *Conn, changes []*encoded) []Output {
	for _, e := range changes {
		out = append(out, e.output(c))
	}
	return out
}

// perCodec has what several connections are sent, by their codecs.
type perCodec map[Codec][]Output

// outputs returns the changes for a connection; they are the same each time.
func (p perCodec) outputs(c *Conn, changes []*encoded) []Output {
	out, ok := p[c.codec]
	if !ok {
		out = appendOutputs(nil, c, changes)
		p[c.codec] = out
	}
	return out
}

// changesOf and patchesOf return what was encoded.
func changesOf(list []*encoded) []Change {
	var changes []Change
	for _, e := range list {
		changes = append(changes, e.Change)
	}
	return changes
}

func patchesOf(list []*encoded) []Patch {
	var patches []Patch
	for _, e := range list {
		patches = append(patches, e.Patch)
	}
	return patches
}
