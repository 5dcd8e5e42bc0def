package schema

// maxApplied bounds how often an error tag is offered to a function: every
// errors definition may apply to every function, so that a small document could
// ask for billions.
const maxApplied = 1 << 20

// checkErrors reports tags that two errors definitions have (spec section 8.10).
func (b *builder) checkErrors() {
	earlier := map[string]*Tag{}
	for _, e := range b.entries {
		def, ok := e.def.(*Errors)
		if !ok {
			continue
		}
		for _, tag := range def.Tags {
			if other, taken := earlier[tag.Name]; taken {
				b.failed.collision(tag.Origin, other.Origin)
				continue
			}
			earlier[tag.Name] = tag
		}
	}
}

// applyErrors adds the tags of errors definitions to the results of the
// functions that they apply to.
func (b *builder) applyErrors() {
	applied := 0
	targets := b.errorTargets()
	for _, e := range b.entries {
		def, ok := e.def.(*Errors)
		if !ok {
			continue
		}
		if applied += len(def.Tags) * len(targets); applied > maxApplied {
			b.unaffordable(def, "pairs of a function and an error tag", maxApplied)
			return
		}
		for _, target := range targets {
			if b.patterns.match(target.pattern, def.Key) {
				b.applyTo(target, def.Tags)
			}
		}
		if b.patterns.matching > maxMatching {
			b.unaffordable(def, `steps to match errors definitions with "_errors"`, maxMatching)
			return
		}
	}
}

// unaffordable reports that to apply def would take more than limit of something.
func (b *builder) unaffordable(def *Errors, what string, limit int) {
	b.failed.unreadable(def.Origin.Document, &LimitError{What: what, Max: limit, Location: def.Origin.Location})
}

// errorTarget is a function that errors apply to.
type errorTarget struct {
	fn      *Function
	pattern *errorPattern
	own     map[string]*Tag
}

func (b *builder) errorTargets() []errorTarget {
	var targets []errorTarget
	for _, e := range b.entries {
		fn, ok := e.def.(*Function)
		if !ok {
			continue
		}
		own := make(map[string]*Tag, len(fn.Result.Tags))
		for _, tag := range fn.Result.Tags {
			own[tag.Name] = tag
		}
		targets = append(targets, errorTarget{fn, b.errorsFor(fn), own})
	}
	return targets
}

func (b *builder) errorsFor(fn *Function) *errorPattern {
	if pattern := b.patternOf[fn]; pattern != nil {
		return pattern
	}
	if fn.Internal() {
		return internalErrors
	}
	return publicErrors
}

func (b *builder) applyTo(target errorTarget, tags []*Tag) {
	for _, tag := range tags {
		if other, taken := target.own[tag.Name]; taken {
			b.failed.collision(tag.Origin, other.Origin)
			continue
		}
		target.fn.Result.Tags = append(target.fn.Result.Tags, tag)
	}
}
