package schema

import "regexp"

// maxApplied bounds how often an error tag is offered to a function: every
// errors definition may apply to every function, so that a small document could
// ask for billions.
const maxApplied = 1 << 20

// The errors definitions that apply when a function does not say (spec section
// 8.8).
var (
	internalErrors = regexp.MustCompile(`^errors\.Validation_$`)
	publicErrors   = regexp.MustCompile(`^errors\..*$`)
)

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
			cause := &LimitError{What: "pairs of a function and an error tag", Max: maxApplied, Location: def.Origin.Location}
			b.failed.unreadable(def.Origin.Document, cause)
			return
		}
		for _, target := range targets {
			if target.pattern.MatchString(def.Key) {
				b.applyTo(target, def.Tags)
			}
		}
	}
}

// errorTarget is a function that errors apply to.
type errorTarget struct {
	fn      *Function
	pattern *regexp.Regexp
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

func (b *builder) errorsFor(fn *Function) *regexp.Regexp {
	if pattern := b.patterns[fn]; pattern != nil {
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
