package plan_test

import (
	"encoding"
	"reflect"
	"strings"
	"testing"

	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/internal/plan"
	"github.com/telestruct/telestruct/tp/wire"
)

// hoard keeps the very memory that it is given.
type hoard struct{ kept []byte }

func (h hoard) MarshalText() ([]byte, error)     { return h.kept, nil }
func (h *hoard) UnmarshalText(text []byte) error { h.kept = text; return nil }

var _ encoding.TextUnmarshaler = new(hoard)

// A careless type must not see what the next message holds.
func TestTextIsTheTypesOwn(t *testing.T) {
	t.Parallel()
	p := plan.Text(reflect.TypeFor[hoard]())
	for _, text := range []string{`"mine"`, `"m\u0069ne"`} {
		var d plan.Decoder
		var first, second hoard
		body := []byte(text)
		d.Reset(body, wire.Limits{})
		if !p.Decode(&d, mem.Of(&first)) {
			t.Fatal("refused")
		}
		copy(body, strings.ToUpper(text))
		d.Reset([]byte(`"y\u006furs"`), wire.Limits{})
		if !p.Decode(&d, mem.Of(&second)) {
			t.Fatal("refused")
		}
		if string(first.kept) != "mine" {
			t.Errorf("%s: became %s", text, first.kept)
		}
	}
}

// bomb panics when it is read or written.
type bomb struct{}

func (bomb) MarshalText() ([]byte, error) { panic("written") }
func (*bomb) UnmarshalText([]byte) error  { panic("read") }

func TestPanickingText(t *testing.T) {
	t.Parallel()
	type holder struct {
		Bombs []bomb `tp:"bombs"`
	}
	p := planOf[holder](map[reflect.Type]plan.Plan{reflect.TypeFor[bomb](): plan.Text(reflect.TypeFor[bomb]())})
	var d plan.Decoder
	d.Reset([]byte(`{"bombs":["a"]}`), wire.Limits{})
	if p.Decode(&d, mem.Of(new(holder))) {
		t.Error("was read")
	}
	if d.Panic != "read" || !strings.Contains(string(d.Stack), "bomb).UnmarshalText") {
		t.Errorf("reading: got %v at\n%s", d.Panic, d.Stack)
	}
	if d.Reset(nil, wire.Limits{}); d.Panic != nil || d.Stack != nil {
		t.Errorf("after Reset: %v", d.Panic)
	}

	var e plan.Encoder
	v := holder{make([]bomb, 1)}
	if p.Encode(&e, mem.Of(&v)) {
		t.Error("was written")
	}
	if e.Panic != "written" || !strings.Contains(string(e.Stack), "bomb.MarshalText") {
		t.Errorf("writing: got %v at\n%s", e.Panic, e.Stack)
	}
	tree, _ := plan.Tree(p, mem.Of(&v)).(wire.Object)
	if bombs, _ := tree.Get("bombs"); !reflect.DeepEqual(bombs, []any{bomb{}}) {
		t.Errorf("got tree %v", tree)
	}
}

// The panic that is kept is the first: it is the one that ended the work.
func TestFirstPanicIsKept(t *testing.T) {
	t.Parallel()
	p := plan.Text(reflect.TypeFor[bomb]())
	var e plan.Encoder
	e.Panic = "before"
	if p.Encode(&e, mem.Of(new(bomb))) || e.Panic != "before" || e.Stack != nil {
		t.Errorf("got %v", e.Panic)
	}
}
