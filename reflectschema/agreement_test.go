package reflectschema_test

import (
	"bytes"
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
// has an opinion, writes both the same way; members may come in any order.
func FuzzAgreement(f *testing.F) {
	for _, seed := range trials {
		f.Add(seed.shape, seed.seed, seed.changes, seed.spelling, seed.damage, seed.pokes, seed.tight)
	}
	f.Fuzz(func(t *testing.T, shape uint16, seed uint32, changes, spelling, damage, pokes []byte, tight bool) {
		const most = 64 // choices of each kind
		if max(len(changes), len(damage), len(pokes)) > most || len(spelling) > 16*most {
			t.Skip("longer than anything that finds more")
		}
		check(t, trial{shape, seed, changes, spelling, damage, pokes, tight})
	})
}

// TestAgreement tries many trials, the same ones every time.
func TestAgreement(t *testing.T) {
	t.Parallel()
	const rounds = 2000
	r := rand.New(rand.NewPCG(1, 2))
	for range rounds {
		check(t, randomTrial(r))
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
		script := make([]byte, r.IntN(longest))
		for i := range script {
			script[i] = byte(r.Uint32())
		}
		return script
	}
	return trial{
		shape: uint16(r.Uint32()), seed: r.Uint32(),
		changes: script(2, 16), spelling: script(2, 200), damage: script(8, 16), pokes: script(2, 16), tight: r.IntN(16) == 0,
	}
}

var trials = []trial{
	{},
}

func check(t *testing.T, x trial) {
	t.Helper()
	s, err := newSubject(argsType(x.shape))
	if err != nil {
		t.Fatalf("type %d, %v: %v", x.shape, argsType(x.shape), err)
	}
	text := damaged(spelled(subjectName, changed(s.sample(x.seed), x.changes), x.spelling), x.damage)
	j := judges{t, s}
	v, accepted := j.request(text, x.limits())
	if !accepted {
		return
	}
	if !j.response(v) {
		j.failf(text, "what was read cannot be written")
	}
	poke(mem.Value(s.goType, v), x.pokes)
	j.response(v)
}

func (x trial) limits() wire.Limits {
	if x.tight {
		return wire.Limits{Depth: 8, Elements: 3, Extremes: 1, Expansion: 1}
	}
	return wire.CallLimits()
}

// sample returns a valid payload.
func (s *subject) sample(seed uint32) any {
	g := sample.NewGenerator(s.schema, sample.Options{Seed: int64(seed), MaxLength: int(seed % 5)})
	return g.Request(s.fn, sample.OptionalFields(seed/5%3), sample.Blueprint{})[0].Value
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
	if diff := difference(asRead(j.fn.Args, body[0].Value), plan.Tree(j.plan, v)); diff != "" {
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

// readBack wants what was written to be valid, and to be written the same way
// again.
func (j *judges) readBack(text []byte, want any) {
	j.Helper()
	const any = 1 << 30
	back, accepted := j.request(text, wire.Limits{Depth: any, Elements: any, Extremes: any, Expansion: any})
	if !accepted {
		j.failf(text, "what was written cannot be read")
	}
	if diff := difference(want, plan.Tree(j.plan, back)); diff != "" {
		j.failf(text, "reads back differently (-written +read):\n%s", diff)
	}
	if again, ok := j.encoded(back); !ok || !bytes.Equal(text, again) {
		j.failf(text, "is written differently when it has been read:\n%s", again)
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
