package reflectschema_test

import (
	"math/rand/v2"
	"testing"

	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/tp/sample"
	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/wire"
)

// trial is what one round of the agreement test is made of. The zero trial sends
// a valid value of the first type.
type trial struct {
	// shape is the number of the Go type, seed that of the value.
	shape uint16
	seed  uint32
	// changes, spelling and damage are the choices of what happens to the tree,
	// to the text when it is written, and to its bytes; pokes are those of
	// what happens to the Go value.
	changes, spelling, damage, pokes []byte
	// tight sets limits that ordinary messages meet.
	tight bool
}

// Every typed function has two judges: the plan of its Go types, and the
// validator over the schema that was derived from them. Whatever is sent, they
// agree on whether it is valid, and on what it says; whatever a program wants to
// send, they agree on whether it can be sent.
//
// Where values are compared: numbers are equal when their values are, and are
// rounded as the Go type rounds them; texts are equal when their Go type, if it
// has an opinion, writes both the same way; members may come in any order. What
// a Go type reads but does not write, such as a time with an offset of 24 hours,
// cannot be compared.
func FuzzAgreement(f *testing.F) {
	for _, seed := range trials {
		f.Add(seed.shape, seed.seed, seed.changes, seed.spelling, seed.damage, seed.pokes, seed.tight)
	}
	known := subjects{}
	f.Fuzz(func(t *testing.T, shape uint16, seed uint32, changes, spelling, damage, pokes []byte, tight bool) {
		const most = 64 // choices of each kind
		if max(len(changes), len(damage), len(pokes)) > most || len(spelling) > 16*most {
			t.Skip("longer than anything that finds more")
		}
		known.check(t, trial{shape, seed, changes, spelling, damage, pokes, tight})
	})
}

// TestAgreement tries many trials, the same ones every time.
func TestAgreement(t *testing.T) {
	t.Parallel()
	const rounds = 2000
	r := rand.New(rand.NewPCG(1, 2))
	known := subjects{}
	for range rounds {
		known.check(t, randomTrial(r))
	}
}

func randomTrial(r *rand.Rand) trial {
	script := func(often, longest int) []byte {
		if r.IntN(often) > 0 {
			return nil
		}
		script := make([]byte, 1+r.IntN(1+r.IntN(longest)))
		for i := range script {
			script[i] = byte(r.Uint32())
		}
		return script
	}
	return trial{
		shape: uint16(r.Uint32()), seed: r.Uint32(),
		changes: script(2, 16), spelling: script(2, 200), damage: script(8, 16), pokes: script(2, 16), tight: r.IntN(8) == 0,
	}
}

// trials are what the fuzzer begins with: seed%4 is how long lists may be, less
// one, and seed/4%3 what becomes of optional fields.
var trials = []trial{
	{},
	{shape: 0, seed: 7}, // a Node with all fields
	{shape: 1, seed: 6, spelling: []byte{1, 7, 2, 5, 3, 6}},
	{shape: 2, seed: 7, pokes: []byte{1, 0}},
	{shape: 3, seed: 11, changes: []byte{1, 0, 30}}, // another number
	{shape: 4, seed: 10, changes: []byte{1, 5, 4, 3}},
	{shape: 5, seed: 7, changes: []byte{0, 6, 3}, tight: true},
	{shape: 6, changes: []byte{0, 0, 0, 11, 6}},         // another key
	{shape: 7, seed: 7, changes: []byte{0, 4}},          // null for all
	{shape: 8, seed: 7, changes: []byte{0, 0, 0, 0, 3}}, // a key twice
	{shape: 9, seed: 7, changes: []byte{1, 3, 3}},       // text for something else
	{shape: 10, seed: 7, changes: []byte{1, 5, 60, 0}},  // deep
	{shape: 11, seed: 7, spelling: []byte("some spelling\x01\x02\x03\x04")},
	{shape: 12, seed: 7, damage: []byte{0, 20, 3, 3, 5}},
	{shape: 13, seed: 7, damage: []byte{0, 9, 1, 2}, pokes: []byte{2, 1, 4}},
	{shape: 14, seed: 7, damage: []byte{0, 20, 15, 2}},
	{shape: 15, seed: 7, pokes: []byte{1, 1, 1, 2, 1, 2, 3, 1, 3}},
	{shape: 16, seed: 11, pokes: []byte{3, 2, 5, 1, 0}},
	{shape: 344, seed: 2473390667, changes: []byte{1, 2, 7, 202, 4}, tight: true}, // one element too many
	{shape: 272, seed: 801297195, changes: []byte{9, 2, 6, 163, 4}, tight: true},  // one entry too many
	{shape: 14867, seed: 2068560160},                                              // selects of what is inside a link
	{shape: 197, seed: 4287580681, pokes: []byte{12, 2, 14}},                      // nil behind a value that may be null
}

// subjects are the functions that were put together before, by shape.
type subjects map[uint16]*subject

func (known subjects) of(t *testing.T, shape uint16) *subject {
	t.Helper()
	const most = 500
	s := known[shape]
	if s == nil {
		args := argsType(shape)
		var err error
		if s, err = newSubject(args); err != nil {
			t.Fatalf("type %d, %v: %v", shape, args, err)
		}
		if len(known) < most {
			known[shape] = s
		}
	}
	return s
}

// longestText bounds the time of a trial: lists of structs of lists multiply.
const longestText = 1 << 16

func (known subjects) check(t *testing.T, x trial) {
	t.Helper()
	s := known.of(t, x.shape)
	payload := changed(s.sample(x.seed), x.changes)
	text := damaged(spelled(subjectName, payload, x.spelling), x.damage)
	if len(text) > longestText {
		return
	}
	j := judges{t, s}
	j.binary(payload, x.damage, x.limits())
	v, accepted := j.request(text, x.limits())
	if !accepted {
		return
	}
	if !j.response(v) {
		j.failf(text, "what was read cannot be written")
	}
	j.selection(v, x.seed)
	poke(mem.Value(s.goType, v), x.pokes)
	j.response(v)
}

func (x trial) limits() wire.Limits {
	if x.tight {
		return wire.Limits{Depth: 8, Elements: 2, Extremes: 1, Expansion: 1}
	}
	return wire.CallLimits()
}

// sample returns a valid payload.
func (s *subject) sample(seed uint32) any {
	g := sample.NewGenerator(s.schema, sample.Options{Seed: int64(seed), MaxLength: int(seed % 4)})
	return g.Request(s.fn, sample.OptionalFields(seed/4%3), sample.Blueprint{})[0].Value
}

// someSelection returns a selection that callers of the function may make.
func (s *subject) someSelection(seed uint32) wire.Object {
	g := sample.NewGenerator(s.schema, sample.Options{Seed: int64(seed)})
	return g.Value(&schema.Type{Kind: schema.Select}, s.fn, sample.Omit, sample.Blueprint{}).(wire.Object)
}
