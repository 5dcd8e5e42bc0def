package schema

// checkTermination reports every struct, union, argument and result that has
// no finite value (spec section 8.11). It starts from what refers to nothing
// and works its way up, so that each reference is looked at once.
func (b *builder) checkTermination() {
	t := termination{
		done:    map[any]bool{},
		waiting: map[Definition][]*payload{},
	}
	for _, e := range b.entries {
		switch def := e.def.(type) {
		case *Struct:
			t.enter(def, def.Fields)
		case *Union:
			t.enterTags(def, def.Tags)
		case *Function:
			t.enter(def, def.Args.Fields)
			t.enterTags(def.Result, def.Result.Tags)
		}
	}
	t.run()
	for _, e := range b.entries {
		b.reportEndless(e, t.done)
	}
}

// termination computes the least set of things that have a finite value.
type termination struct {
	done    map[any]bool // by *Struct, *Union, *Function
	waiting map[Definition][]*payload
	ready   []any
}

// payload is a list of fields that must all end for owner to have a value.
type payload struct {
	owner   any
	pending int
}

// enter makes owner wait for the fields.
func (t *termination) enter(owner any, fields []*Field) {
	p := &payload{owner: owner}
	for _, f := range fields {
		if def := f.Requires(); def != nil {
			p.pending++
			t.waiting[def] = append(t.waiting[def], p)
		}
	}
	if p.pending == 0 {
		t.ready = append(t.ready, owner)
	}
}

// enterTags makes owner wait for any one of the tags.
func (t *termination) enterTags(owner *Union, tags []*Tag) {
	for _, tag := range tags {
		t.enter(owner, tag.Payload.Fields)
	}
}

func (t *termination) run() {
	for len(t.ready) > 0 {
		owner := t.ready[len(t.ready)-1]
		t.ready = t.ready[:len(t.ready)-1]
		if t.done[owner] {
			continue
		}
		t.done[owner] = true
		def, _ := owner.(Definition)
		for _, p := range t.waiting[def] {
			if p.pending--; p.pending == 0 {
				t.ready = append(t.ready, p.owner)
			}
		}
	}
}

// reportEndless reports the definition of e if it is not done.
func (b *builder) reportEndless(e entry, done map[any]bool) {
	at := e.place.key(e.def.Common().Key)
	switch def := e.def.(type) {
	case *Struct, *Union:
		if !done[def] {
			b.failed.at(at, recursiveType)
		}
	case *Function:
		if !done[def] {
			b.failed.at(at, recursiveType)
		}
		if !done[def.Result] {
			b.failed.at(e.place.key(resultKey), recursiveType)
		}
	}
}
