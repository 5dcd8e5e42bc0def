package reflectschema_test

import (
	"encoding"
	"encoding/base64"
	"fmt"
	"math/big"
	"math/rand/v2"
	"net"
	"net/netip"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/internal/plan"
	"github.com/telestruct/telestruct/tp/sample"
	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/validate"
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
		if t.Failed() {
			return
		}
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
	text := damaged(spelled(subjectName, changed(s.sample(x.seed), x.changes), x.spelling), x.damage)
	if len(text) > longestText {
		return
	}
	j := judges{t, s}
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

// judges are the plan and the validator of one function.
type judges struct {
	*testing.T
	*subject
}

// failf names the Go type and the text in front of what is wrong.
func (j *judges) failf(text []byte, format string, args ...any) {
	j.Helper()
	j.Fatalf("%v\n%s\n%s", j.goType, text, fmt.Sprintf(format, args...))
}

// request judges a request, and returns its arguments when it is valid.
func (j *judges) request(text []byte, l wire.Limits) (v mem.Ptr, accepted bool) {
	j.Helper()
	msg, err := wire.DecodeMessage(text, l)
	d := plan.Decoder{Selectable: j.selectable}
	d.Reset(text, l)
	_, target, ok := d.Begin()
	if ok && string(target) != subjectName {
		if _, ok = d.Rest(); ok != (err == nil) {
			j.failf(text, "the cursor accepts the message: %v\nas a tree: %v", ok, err)
		}
		return nil, false
	}
	v = mem.New(j.goType)
	accepted = ok && j.plan.Decode(&d, v) && d.Finish()
	var report validate.Report
	if err == nil {
		report = validate.Request(j.schema, j.fn, msg.Payload)
	}
	valid := err == nil && len(report.Failures) == 0
	switch {
	case !accepted && d.LimitError() != nil: // the memory of Go values, which trees do not have
		return nil, false
	case accepted != valid:
		j.failf(text, "the plan accepts it: %v\nas a message: %v\nthe validator: %v", accepted, err, report.Failures)
	case !accepted:
		return nil, false
	}
	body := wire.Base64ToBytes(wire.Object{{Key: j.fn.Key, Value: msg.Payload}}, report.Bytes).(wire.Object)
	want := asRead(j.fn.Args, body[0].Value)
	if _, err := wire.AppendValue(nil, want); err != nil { // a text that its type does not write
		return nil, false
	}
	if diff := difference(want, plan.Tree(j.plan, v)); diff != "" {
		j.failf(text, "the Go value is another one (-tree +Go):\n%s", diff)
	}
	return v, true
}

// response judges a result, and whether it reads back as it was written. It
// reports whether the result is valid.
func (j *judges) response(v mem.Ptr) bool {
	j.Helper()
	text, ok := j.encoded(v)
	tree := plan.Tree(j.plan, v)
	report := validate.Response(j.schema, j.fn, "Ok_", tree, validate.ResponseOptions{})
	if ok != (len(report.Failures) == 0) {
		j.failf(text, "the plan writes it: %v\nthe validator: %v\nof %+v", ok, report.Failures, tree)
	}
	if !ok {
		return false
	}
	if diff := difference(report.Base64, result(plan.Base64(j.plan, v))); diff != "" {
		j.failf(text, "the raw bytes are elsewhere (-validator +plan):\n%s", diff)
	}
	j.readBack(text, asRead(j.fn.Args, tree))
	return true
}

func result(tree any) any {
	if tree == nil {
		return nil
	}
	return wire.Object{{Key: "Ok_", Value: tree}}
}

// encoded returns the message that sends v.
func (j *judges) encoded(v mem.Ptr) (text []byte, ok bool) {
	text, err := wire.AppendBegin(nil, nil, subjectName)
	if err != nil {
		j.Fatal(err)
	}
	e := plan.Encoder{Buf: text, Selectable: j.selectable}
	ok = j.plan.EncodeResult(&e, "Ok_", v)
	return wire.AppendFinish(e.Buf), ok
}

// unlimited is for what we have written ourselves, and pokes have made larger
// than any message.
var unlimited = wire.Limits{Depth: 1 << 30, Elements: 1 << 30, Extremes: 1 << 30, Expansion: 1 << 30}

// message returns the tree of what was written.
func (j *judges) message(text []byte) any {
	j.Helper()
	tree, err := wire.DecodeJSON(text, unlimited)
	if err != nil {
		j.failf(text, "is no JSON: %v", err)
	}
	return tree
}

// readBack wants what was written to be valid, and to be written the same way
// again.
func (j *judges) readBack(text []byte, want any) {
	j.Helper()
	back, accepted := j.request(text, unlimited)
	if !accepted {
		j.failf(text, "what was written cannot be read")
	}
	if diff := difference(want, plan.Tree(j.plan, back)); diff != "" {
		j.failf(text, "reads back differently (-written +read):\n%s", diff)
	}
	if again, ok := j.encoded(back); !ok || difference(j.message(text), j.message(again)) != "" {
		j.failf(text, "is written differently when it has been read:\n%s", again)
	}
}

// selection wants a selection to leave out of a valid result what it leaves out
// of its tree.
func (j *judges) selection(v mem.Ptr, seed uint32) {
	j.Helper()
	selection := j.someSelection(seed)
	e := plan.Encoder{Selectable: j.selectable, Select: plan.NewSelect(selection)}
	if !j.plan.EncodeResult(&e, "Ok_", v) {
		j.failf(e.Buf, "cannot be written with the selection %v", selection)
	}
	written := j.message(e.Buf)
	report := validate.Response(j.schema, j.fn, "Ok_", written, validate.ResponseOptions{Select: selection, Binary: true})
	if len(report.Failures) > 0 {
		j.failf(e.Buf, "with the selection %v the validator says: %v", selection, report.Failures)
	}
	want := validate.ApplySelection(j.fn, "Ok_", plan.Tree(j.plan, v), selection)
	got := wire.Base64ToBytes(result(written), report.Bytes).(wire.Object)[0].Value
	if diff := difference(asRead(j.fn.Args, want), asRead(j.fn.Args, got)); diff != "" {
		j.failf(e.Buf, "with the selection %v another part is written (-tree +plan):\n%s", selection, diff)
	}
}

// asRead returns the valid tree v of a struct as its Go type holds it.
func asRead(s *schema.Struct, v any) any {
	object := slices.Clone(v.(wire.Object))
	for i := range object {
		object[i].Value = valueAsRead(s.Field(object[i].Key).Type, object[i].Value)
	}
	return object
}

func valueAsRead(t *schema.Type, v any) any {
	if v == nil {
		return nil
	}
	switch t.Kind {
	case schema.Number:
		return numberAsRead(t.Refine, v)
	case schema.String:
		return textAsRead(t.Refine, v)
	case schema.Any:
		return contentAsRead(v)
	case schema.ArrayOf:
		return eachElement(v, func(v any) any { return valueAsRead(t.Elem, v) })
	case schema.ObjectOf:
		return eachMember(v, func(_ string, v any) any { return valueAsRead(t.Elem, v) })
	case schema.StructRef:
		return asRead(t.Definition.(*schema.Struct), v)
	case schema.UnionRef:
		return eachMember(v, func(tag string, v any) any { return asRead(t.Definition.(*schema.Union).Tag(tag).Payload, v) })
	case schema.FunctionRef:
		return eachMember(v, func(_ string, v any) any { return asRead(t.Definition.(*schema.Function).Args, v) })
	}
	return v
}

func numberAsRead(r *schema.Refinement, v any) any {
	number, isFloat := v.(float64)
	if !isFloat {
		number = float64(v.(int64))
	}
	if r != nil {
		number = float64(float32(number))
	}
	return number
}

// textTypes are the types with a text form, by the names that refinements have.
var textTypes = map[string]reflect.Type{
	"time.Time":                  reflect.TypeFor[time.Time](),
	"netip.Addr":                 reflect.TypeFor[netip.Addr](),
	"net.IP":                     reflect.TypeFor[net.IP](),
	"big.Int":                    reflect.TypeFor[big.Int](),
	"reflectschema_test.Even":    reflect.TypeFor[Even](),
	"reflectschema_test.Fragile": reflect.TypeFor[Fragile](),
}

func textAsRead(r *schema.Refinement, v any) any {
	if r == nil {
		return v
	}
	value := reflect.New(textTypes[r.GoType]).Interface()
	if err := value.(encoding.TextUnmarshaler).UnmarshalText([]byte(v.(string))); err != nil {
		return err
	}
	text, err := value.(encoding.TextMarshaler).MarshalText()
	if err != nil {
		return err
	}
	return string(text)
}

// contentAsRead returns what a value of type any becomes on its way through a
// message, where nobody can tell raw bytes from text.
func contentAsRead(v any) any {
	switch v := v.(type) {
	case []byte:
		return base64.StdEncoding.EncodeToString(v)
	case []any:
		return eachElement(v, contentAsRead)
	case wire.Object:
		return eachMember(v, func(_ string, v any) any { return contentAsRead(v) })
	}
	return v
}

func eachElement(v any, f func(any) any) any {
	list := slices.Clone(v.([]any))
	for i := range list {
		list[i] = f(list[i])
	}
	return list
}

func eachMember(v any, f func(key string, v any) any) any {
	object := slices.Clone(v.(wire.Object))
	for i := range object {
		object[i].Value = f(object[i].Key, object[i].Value)
	}
	return object
}

// difference compares two trees, whose members may come in any order.
func difference(want, got any) string {
	want, got = wire.ToGo(want), wire.ToGo(got)
	if reflect.DeepEqual(want, got) {
		return ""
	}
	return cmp.Diff(want, got)
}
