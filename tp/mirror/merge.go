package mirror

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Strategy merges writes to a shared model (section 10.1). Each model has a strategy of its
// own, whose methods are called one at a time.
type Strategy interface {
	// Merge returns what the model becomes by a write of origin, and changes nothing itself.
	// The model has become that, in the strategy's state too, once commit is called, which may
	// be nil. It fails when the write cannot be applied.
	Merge(current Value, write Patch, origin string) (merged Value, commit func(), err error)
	// State returns what the strategy knows of former writes, as a JSON object.
	State() json.RawMessage
	// SetState replaces what the strategy knows by what State has returned, perhaps elsewhere.
	SetState(state json.RawMessage) error
	// Converges reports whether all nodes come to the same value, in whatever order writes
	// reach them. A [Relay] needs that.
	Converges() bool
}

// LastWriteWins returns the strategy that applies writes as they come.
func LastWriteWins() Strategy { return lastWriteWins{} }

type lastWriteWins struct{}

func (lastWriteWins) Merge(current Value, write Patch, _ string) (Value, func(), error) {
	merged, err := merge(current, write.Ops)
	return merged, nil, err
}

func (lastWriteWins) State() json.RawMessage         { return json.RawMessage("{}") }
func (lastWriteWins) SetState(json.RawMessage) error { return nil }
func (lastWriteWins) Converges() bool                { return false }

// merge applies operations that others have proposed.
func merge(current Value, ops []Op) (Value, error) {
	merged, err := applyForeign(current, ops)
	if err != nil {
		return Value{}, err
	}
	return merged, nil
}

// stamp orders writes: by revision, and then by who wrote.
type stamp struct {
	rev    uint64
	origin string
}

func (s stamp) before(t stamp) bool {
	if s.rev != t.rev {
		return s.rev < t.rev
	}
	return s.origin < t.origin
}

// MarshalJSON returns the array [rev, origin].
func (s stamp) MarshalJSON() ([]byte, error) { return json.Marshal([]any{s.rev, s.origin}) }

// UnmarshalJSON reads what MarshalJSON writes.
func (s *stamp) UnmarshalJSON(data []byte) error {
	return json.Unmarshal(data, &[]any{&s.rev, &s.origin})
}

// registers is a strategy that keeps, for each part of a model, the stamp of its last write,
// and drops writes that are older.
type registers struct {
	clock  map[string]stamp
	weight int // what clock takes
	// part returns the part of the model that an operation writes; ok is false for one that is
	// applied whatever its stamp is.
	part func(op *Op) (part string, ok bool)
	// onlyMaps tells that models that are no Map have no parts.
	onlyMaps bool
	state    func(clock map[string]stamp) (json.RawMessage, error)
	setState func(state json.RawMessage) (map[string]stamp, error)
}

func (r *registers) Merge(current Value, write Patch, origin string) (Value, func(), error) {
	if r.onlyMaps && current.Kind() != KindMap {
		return LastWriteWins().Merge(current, write, origin)
	}
	now, written := stamp{write.Rev, origin}, map[string]stamp{}
	var ops []Op
	for i := range write.Ops {
		part, ok := r.part(&write.Ops[i])
		if ok && now.before(r.clock[part]) {
			continue
		}
		if ok {
			written[part] = now
		}
		ops = append(ops, write.Ops[i])
	}
	merged, err := merge(current, ops)
	return merged, func() {
		for part, at := range written {
			if _, known := r.clock[part]; !known {
				r.weight += stampWeight(part, at)
			}
			r.clock[part] = at
		}
	}, err
}

// stampWeight returns what the stamp of a part takes in memory, in bytes, about.
func stampWeight(part string, at stamp) int { return nodeWeight + len(part) + len(at.origin) }

// outgrows returns an error if the stamps of a write make all stamps take more than most bytes.
// Those of parts that were removed are kept: a late write must not bring them back. A most of zero
// is no limit.
func (r *registers) outgrows(write Patch, origin string, most int) *Error {
	if most <= 0 {
		return nil
	}
	before, now, added := r.weight, r.weight, map[string]struct{}{}
	for i := range write.Ops {
		part, ok := r.part(&write.Ops[i])
		_, known := r.clock[part]
		if _, counted := added[part]; ok && !known && !counted {
			added[part] = struct{}{}
			now += stampWeight(part, stamp{write.Rev, origin})
		}
	}
	if now <= max(most, before) {
		return nil
	}
	return &Error{Code: TooLarge, Reason: fmt.Sprintf("what is kept of writes to the model would take more than %d bytes", most)}
}

func (r *registers) Converges() bool { return true }

func (r *registers) State() json.RawMessage {
	state, err := r.state(r.clock)
	if err != nil {
		// Stamps and keys are numbers and strings, which always have a text.
		return json.RawMessage("{}")
	}
	return state
}

func (r *registers) SetState(state json.RawMessage) error {
	clock, err := r.setState(state)
	if err != nil {
		return err
	}
	r.clock, r.weight = clock, 0
	for part, at := range clock {
		r.weight += stampWeight(part, at)
	}
	return nil
}

// LwwMapCrdt returns the strategy that keeps the last write to each top-level key of a Map:
// the one with the greatest revision, and of those the one with the greatest origin.
func LwwMapCrdt() Strategy {
	type text struct {
		Clock map[string]stamp `json:"clock"`
	}
	return &registers{
		clock: map[string]stamp{}, onlyMaps: true,
		part: func(op *Op) (string, bool) {
			if len(op.Path) == 0 {
				return "", false
			}
			return op.Path[0].Key()
		},
		state: func(clock map[string]stamp) (json.RawMessage, error) { return json.Marshal(text{clock}) },
		setState: func(state json.RawMessage) (map[string]stamp, error) {
			var read text
			err := json.Unmarshal(state, &read)
			if read.Clock == nil {
				read.Clock = map[string]stamp{}
			}
			return read.Clock, err
		},
	}
}

// DeepLwwCrdt returns the strategy that keeps the last write to each path of keys, as
// [LwwMapCrdt] does for keys: writes to different fields of a nested map are all kept.
func DeepLwwCrdt() Strategy {
	return &registers{clock: map[string]stamp{}, part: keyPath, state: deepState, setState: setDeepState}
}

// keyPath returns the path of a Set or Remove that consists of keys, as one string.
func keyPath(op *Op) (part string, ok bool) {
	if op.Kind > OpRemove || len(op.Path) == 0 {
		return "", false
	}
	keys := make([]string, len(op.Path))
	for i, s := range op.Path {
		if keys[i], ok = s.Key(); !ok {
			return "", false
		}
	}
	return joinKeys(keys), true
}

// escapeKey and unescapeKey are for keys in a string of several.
var escapeKey, unescapeKey = strings.NewReplacer("~", "~0", "/", "~1"), strings.NewReplacer("~1", "/", "~0", "~")

// joinKeys makes one string of keys; splitKeys takes it apart.
func joinKeys(keys []string) string {
	escaped := make([]string, len(keys))
	for i, key := range keys {
		escaped[i] = escapeKey.Replace(key)
	}
	return strings.Join(escaped, "/")
}

func splitKeys(part string) []string {
	keys := strings.Split(part, "/")
	for i, key := range keys {
		keys[i] = unescapeKey.Replace(key)
	}
	return keys
}

// deepState returns a list of [path, stamp].
func deepState(clock map[string]stamp) (json.RawMessage, error) {
	parts := make([]string, 0, len(clock))
	for part := range clock {
		parts = append(parts, part)
	}
	slices.Sort(parts)
	list := make([][2]any, 0, len(clock))
	for _, part := range parts {
		list = append(list, [2]any{splitKeys(part), clock[part]})
	}
	return json.Marshal(map[string]any{"clock": list})
}

func setDeepState(state json.RawMessage) (map[string]stamp, error) {
	var read struct {
		Clock [][2]json.RawMessage `json:"clock"`
	}
	if err := json.Unmarshal(state, &read); err != nil {
		return nil, err
	}
	clock := map[string]stamp{}
	for _, entry := range read.Clock {
		var keys []string
		var at stamp
		if err := json.Unmarshal(entry[0], &keys); err != nil {
			return nil, err
		}
		if err := json.Unmarshal(entry[1], &at); err != nil {
			return nil, err
		}
		clock[joinKeys(keys)] = at
	}
	return clock, nil
}
