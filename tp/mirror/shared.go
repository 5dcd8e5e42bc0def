package mirror

import (
	"encoding/json"
	"math"
	"slices"
)

// firstShared is the number of the first shared model: sessions do not get that far.
const firstShared = 1 << 40

// hostOrigin is who wrote what the program has written.
const hostOrigin = "<host>"

// Access is what a tenant may do with a shared model.
type Access uint8

// What tenants may do.
const (
	// Read shows the model to the tenant.
	Read Access = iota
	// Write lets the tenant propose changes, too.
	Write
)

// Shared is a model that a hub shares, as it is at one moment. It is what a program saves, and
// what [Hub.Share] restores.
type Shared struct {
	// ID is the number of the model; 0, for Share, is the next one.
	ID uint64
	// Type is the name of its type.
	Type string
	// Value is the model.
	Value Value
	// Rev is its revision on this node.
	Rev uint64
	// MergeState is what the strategy knows; nil is nothing.
	MergeState json.RawMessage
}

// SharedOptions are the options of a shared model. The zero value, and nil, mean the defaults.
type SharedOptions struct {
	// Merge is the strategy, which no other model may have. Default [LastWriteWins].
	Merge Strategy
	// Log keeps the last 512 patches for [Hub.SinceShared]. Default false.
	Log bool
	// Check validates what the model is to become, and returns it as it should be; [CheckAs] makes
	// one of a Go type. Its error refuses a proposal, and so does its panic. On several nodes it
	// must depend on nothing but the value. It must not use the hub. Default: every value is fine.
	Check func(Value) (Value, error)
	// Committed is called after each write that has changed the model, while the hub is locked,
	// with the model and the patch: it is there to save both, and must not use the hub.
	Committed func(Shared, Patch)
}

// shared is a shared model.
type shared struct {
	id      uint64
	name    string
	value   Value
	rev     uint64
	options SharedOptions
	log     patchLog
	tenants []*tenant
	newest  uint64 // the greatest revision that a write had
}

// stamped returns the patch with a revision that orders it behind all writes that are known,
// unless it has one (section 10.1).
func (s *shared) stamped(p Patch) Patch {
	if p.Rev == 0 {
		p.Rev = max(s.rev, s.newest)
		if p.Rev < math.MaxUint64 { // which no node has but by mistake
			p.Rev++
		}
	}
	return p
}

// maxStamp is the greatest revision that a client may give its write. Who stamps a write behind
// it still has revisions left then.
const maxStamp = 1 << 53

// merge merges a stamped write. It returns the change that it comes to, which is nil when the
// value is the same.
func (s *shared) merge(write Patch, origin string, most int) (e *encoded, err *Error) {
	if r, ok := s.options.Merge.(*registers); ok {
		if err := r.outgrows(write, origin, most); err != nil {
			return nil, err
		}
	}
	merged, commit, failure := s.options.Merge.Merge(s.value, write, origin)
	if failure == nil {
		err = merged.outgrows(s.value, most)
	} else {
		err = refusal(failure)
	}
	if err == nil {
		merged, err = canonical(merged, s.value, s.options.Check)
	}
	if err == nil {
		err = merged.outgrows(s.value, most) // the check may have added something
	}
	if err != nil {
		return nil, err
	}
	if commit != nil {
		commit()
	}
	s.newest = max(s.newest, write.Rev)
	ops := change(s.value, merged)
	if len(ops) == 0 {
		return nil, nil
	}
	s.rev++
	s.value = merged
	e = &encoded{Change: Change{ID: s.id, Patch: Patch{Rev: s.rev, Ops: ops}}}
	s.log.add(e)
	return e, nil
}

// committed tells the program of a change, unless it is nil.
func (s *shared) committed(e *encoded) {
	if e != nil && s.options.Committed != nil {
		s.options.Committed(s.state(), e.Patch)
	}
}

// state returns the model as it is.
func (s *shared) state() Shared {
	return Shared{ID: s.id, Type: s.name, Value: s.value, Rev: s.rev, MergeState: s.options.Merge.State()}
}

func (s *shared) snapshot() Snapshot {
	return Snapshot{ID: s.id, Type: s.name, Rev: s.rev, Value: s.value}
}

// since is the rule of [Hub.SinceShared].
func (s *shared) since(rev uint64) (patches []Patch, complete bool) {
	if rev >= s.rev {
		return nil, true
	}
	list, complete := s.log.since(s.rev, rev)
	return patchesOf(list), complete
}

// adopt takes over the state that another node has.
func (s *shared) adopt(v Value, rev uint64, mergeState json.RawMessage) error {
	if err := v.check(Value{}, maxNesting); err != nil {
		return err
	}
	if mergeState != nil {
		if err := s.options.Merge.SetState(mergeState); err != nil {
			return err
		}
	}
	s.value, s.rev = v, max(s.rev, rev)
	s.newest = max(s.newest, s.rev)
	s.log.drop(len(s.log.patches)) // they lead elsewhere
	return nil
}

// subscribed reports whether the tenant sees the model.
func (s *shared) subscribed(t *tenant) bool { return slices.Contains(s.tenants, t) }

// seen reports whether there is a connection that sees the model. Who connects later is shown
// it as it is by then: changes need not wait for anybody.
func (s *shared) seen() bool {
	return slices.ContainsFunc(s.tenants, func(t *tenant) bool { return len(t.conns) > 0 })
}
