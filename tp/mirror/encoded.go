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

// output returns the change for the codec, from the last time if there was one.
func (e *encoded) output(codec Codec) Output {
	for i := range e.frames {
		if e.frames[i].codec == codec {
			return e.frames[i].out
		}
	}
	out := encode(codec, e.Change)
	e.frames = append(e.frames, encodedFrame{codec, out})
	return out
}

// appendOutputs appends the changes for the codec.
func appendOutputs(out []Output, codec Codec, changes []*encoded) []Output {
	for _, e := range changes {
		out = append(out, e.output(codec))
	}
	return out
}

// perCodec has what several connections are sent, by their codecs.
type perCodec map[Codec][]Output

// outputs returns the changes for the codec; they are the same each time.
func (p perCodec) outputs(codec Codec, changes []*encoded) []Output {
	out, ok := p[codec]
	if !ok {
		out = appendOutputs(nil, codec, changes)
		p[codec] = out
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
