package mirror

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// heater is a model that says what it may be.
type heater struct {
	Room    string   `tp:"room"`
	On      bool     `tp:"on"`
	Level   int      `tp:"level"`
	Celsius float64  `tp:"celsius"`
	Tags    []string `tp:"tags"`
	Plan    plan     `tp:"plan"`
	Note    *string  `tp:"note?"`
}

type plan struct {
	Hours map[string]int `tp:"hours"`
}

func (h *heater) Validate() error {
	h.Room = strings.TrimSpace(h.Room)
	switch {
	case h.Level > 9:
		return fmt.Errorf("level: %d is more than 9", h.Level)
	case h.Level == 7:
		panic("nobody likes seven")
	}
	return nil
}

func hostHeater(t *testing.T, s *Session, options ...HostOption) *Handle[heater] {
	t.Helper()
	h, err := Host(s, &heater{Room: "hall", Tags: []string{"a"}, Plan: plan{map[string]int{"mon": 8}}}, options...)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// drained compares the patches of a session.
func drained(t *testing.T, s *Session, want string) {
	t.Helper()
	got := ""
	for _, change := range s.Drain() {
		got += fmt.Sprintln(change.ID, change.Patch)
	}
	sameText(t, "patches", want, got)
}

func snapshotText(t *testing.T, s *Session, id uint64) string {
	t.Helper()
	snapshot, err := s.Snapshot(id)
	if err != nil {
		t.Fatal(err)
	}
	return messageText(snapshot)
}

const hall = `{"id":1,"rev":0,"t":"snapshot","type":"heater","value":{"Map":{"celsius":{"Float":0.0},"level":{"Int":0},"note":"Null",` +
	`"on":{"Bool":false},"plan":{"Map":{"hours":{"Map":{"mon":{"Int":8}}}}},"room":{"Str":"hall"},"tags":{"List":[{"Str":"a"}]}}}}`

func TestHost(t *testing.T) {
	t.Parallel()
	s := NewSession()
	given := &heater{Room: " hall ", Tags: []string{"a"}, Plan: plan{map[string]int{"mon": 8}}}
	h, err := Host(s, given)
	if err != nil {
		t.Fatal(err)
	}
	given.Tags[0], given.Plan.Hours["mon"] = "changed", 0
	sameText(t, "snapshot", hall, snapshotText(t, s, 1)) // a copy, as Validate has it
	zero, err := Host[heater](s, nil, TypeName("Cold"))
	if err != nil {
		t.Fatal(err)
	}
	if h.ID() != 1 || zero.ID() != 2 || !strings.Contains(snapshotText(t, s, 2), `"type":"Cold","value":{"Map":{"celsius":{"Float":0.0}`) {
		t.Errorf("the models are %d, and %d: %s", h.ID(), zero.ID(), snapshotText(t, s, 2))
	}
	drained(t, s, "")
}

func TestHostMistakes(t *testing.T) {
	t.Parallel()
	type line struct {
		Out chan int `tp:"out"`
	}
	s := NewSession()
	errorOf := func(_ any, err error) error { return err }
	for _, test := range []struct {
		name string
		err  error
		want string
	}{
		{"channel", errorOf(Host[line](s, nil)), "chan int"},
		{"pointer", errorOf(Host[*heater](s, nil)), "mirror: *mirror.heater is no type of models: use a struct"},
		{"interface", errorOf(Host[any](s, nil)), "mirror: interface {} is no type of models"},
		{"validator", errorOf(Host[plan](s, nil, ValidateWith(func(*heater) error { return nil }))),
			"mirror: a model of the type mirror.plan is not validated by a func(*mirror.heater) error: give ValidateWith a func(*mirror.plan) error"},
		{"invalid", errorOf(Host(s, &heater{Level: 10})), "mirror: refused: level: 10 is more than 9"},
		{"panic", errorOf(Host(s, &heater{Level: 7})), "mirror: panicked: what validates the model has panicked"},
		{"NaN", errorOf(Host(s, &heater{Celsius: math.NaN()})), "celsius"},
	} {
		if test.err == nil || !strings.Contains(test.err.Error(), test.want) {
			t.Errorf("%s: %v, not %s", test.name, test.err, test.want)
		}
	}
	if len(s.models) != 0 {
		t.Errorf("%d models are hosted", len(s.models))
	}
}

func TestUpdate(t *testing.T) {
	t.Parallel()
	s := NewSession()
	h := hostHeater(t, s)
	update := func(fn func(*heater)) {
		t.Helper()
		sameError(t, "", h.Update(func(h *heater) error { fn(h); return nil }))
	}
	update(func(h *heater) { h.On = true })
	update(func(h *heater) { h.Level = 3; h.Tags = append(h.Tags, "b") })
	drained(t, s, `1 {"ops":[{"Set":{"path":[{"Key":"level"}],"value":{"Int":3}}},{"Set":{"path":[{"Key":"on"}],"value":{"Bool":true}}},`+
		`{"Insert":{"index":1,"path":[{"Key":"tags"}],"value":{"Str":"b"}}}],"rev":1}`+"\n")
	update(func(h *heater) { h.Plan.Hours["tue"] = 9; delete(h.Plan.Hours, "mon") })
	drained(t, s, `1 {"ops":[{"Set":{"path":[{"Key":"plan"},{"Key":"hours"},{"Key":"tue"}],"value":{"Int":9}}},`+
		`{"Remove":{"path":[{"Key":"plan"},{"Key":"hours"},{"Key":"mon"}]}}],"rev":2}`+"\n")
	update(func(h *heater) { h.On = false })
	update(func(h *heater) { h.On = true })
	drained(t, s, "") // there and back again is no change
}

func TestUpdateWakes(t *testing.T) {
	t.Parallel()
	s := NewSession()
	h := hostHeater(t, s)
	server := NewServer(s, nil)
	woken := func() bool {
		select {
		case <-server.Changed():
			return true
		default:
			return false
		}
	}
	sameError(t, "", h.Update(func(*heater) error { return nil }))
	if woken() {
		t.Error("an update that changes nothing wakes the server")
	}
	sameError(t, "", h.Update(func(h *heater) error { h.On = true; return nil }))
	if !woken() {
		t.Error("an update does not wake the server")
	}
}

// What fails changes nothing: neither the host's value, nor what is sent.
func TestUpdateUndone(t *testing.T) {
	t.Parallel()
	s := NewSession()
	h := hostHeater(t, s)
	want := h.Get()
	spoil := func(h *heater) {
		h.Room, h.Tags[0], h.Tags = "cellar", "spoilt", append(h.Tags, "more")
		h.Plan.Hours["mon"] = 0
		h.Plan.Hours["sun"] = 1
		text := "note"
		h.Note = &text
	}
	errNo := errors.New("no")
	unchanged := func(name string) {
		t.Helper()
		if diff := cmp.Diff(want, h.Get()); diff != "" {
			t.Errorf("%s: the value differs (-want +got):\n%s", name, diff)
		}
		drained(t, s, "")
	}
	if err := h.Update(func(h *heater) error { spoil(h); return errNo }); err != errNo { //nolint:errorlint // that very error
		t.Errorf("the error is %v", err)
	}
	unchanged("error")
	sameError(t, "mirror: refused: level: 12 is more than 9", h.Update(func(h *heater) error { spoil(h); h.Level = 12; return nil }))
	unchanged("invalid")
	sameError(t, "mirror: panicked: what validates the model has panicked", h.Update(func(h *heater) error { spoil(h); h.Level = 7; return nil }))
	unchanged("panic of Validate")
	if err := h.Update(func(h *heater) error { spoil(h); h.Celsius = math.Inf(1); return nil }); CodeOf(err) != BadValue {
		t.Errorf("the error is %v", err)
	}
	unchanged("infinity")
	func() {
		defer func() {
			if p := recover(); p != "oh" {
				t.Errorf("recovered %v", p)
			}
		}()
		_ = h.Update(func(h *heater) error { spoil(h); panic("oh") })
	}()
	unchanged("panic")
	sameError(t, "mirror: refused: level: 10 is more than 9", h.Replace(&heater{Level: 10}))
	unchanged("replace")
}

func TestReplace(t *testing.T) {
	t.Parallel()
	s := NewSession()
	h := hostHeater(t, s)
	next := h.Get()
	next.Tags = append(next.Tags, "b")
	sameError(t, "", h.Replace(&next))
	next.Tags[1] = "changed later"
	next.Plan.Hours["mon"] = 99
	drained(t, s, `1 {"ops":[{"Insert":{"index":1,"path":[{"Key":"tags"}],"value":{"Str":"b"}}}],"rev":1}`+"\n")
	sameError(t, "", h.Replace(nil))
	if got := h.Get(); got.Room != "" || got.Tags != nil || got.Plan.Hours != nil {
		t.Errorf("replaced by nothing, it is %+v", got)
	}
	sameError(t, "", h.Update(func(h *heater) error { h.On = true; return nil }))
	drained(t, s, `1 {"ops":[{"Set":{"path":[{"Key":"on"}],"value":{"Bool":true}}},{"Remove":{"path":[{"Key":"plan"},{"Key":"hours"},{"Key":"mon"}]}},`+
		`{"Set":{"path":[{"Key":"room"}],"value":{"Str":""}}},{"RemoveAt":{"index":1,"path":[{"Key":"tags"}]}},{"RemoveAt":{"index":0,"path":[{"Key":"tags"}]}}],"rev":2}`+"\n")
}

// Copies share nothing with the value.
func TestGetAndView(t *testing.T) {
	t.Parallel()
	h := hostHeater(t, NewSession())
	got := h.Get()
	got.Tags[0], got.Plan.Hours["mon"] = "changed", 0
	h.View(func(h *heater) {
		if h.Room != "hall" || h.Tags[0] != "a" || h.Plan.Hours["mon"] != 8 {
			t.Errorf("viewed %+v", h)
		}
	})
}

func TestUpdateInUpdate(t *testing.T) {
	t.Parallel()
	s := NewSession()
	a, b := hostHeater(t, s), hostHeater(t, s)
	sameError(t, "", a.Update(func(h *heater) error {
		h.On = true
		return b.Update(func(h *heater) error { h.Level = 4; return nil })
	}))
	drained(t, s, `1 {"ops":[{"Set":{"path":[{"Key":"on"}],"value":{"Bool":true}}}],"rev":1}`+"\n"+
		`2 {"ops":[{"Set":{"path":[{"Key":"level"}],"value":{"Int":4}}}],"rev":1}`+"\n")
}

func TestProposals(t *testing.T) {
	t.Parallel()
	path := func(keys ...string) (p Path) {
		for _, key := range keys {
			p = append(p, Key(key))
		}
		return p
	}
	set := func(v Value, keys ...string) []Op { return []Op{Set(path(keys...), v)} }
	patch := func(ops string) string { return `{"id":1,"patch":{"ops":[` + ops + `],"rev":1},"t":"patch"}` + "\n" }
	reject := func(why string) string {
		return hall + "\n" + `{"error":"` + why + `","id":1,"rev":0,"t":"reject"}` + "\n"
	}
	for _, test := range []struct {
		name    string
		propose []Op
		want    string
		options []HostOption
	}{
		{"plain", set(Bool(true), "on"), patch(`{"Set":{"path":[{"Key":"on"}],"value":{"Bool":true}}}`), nil},
		{"text for a number", set(Str("5"), "level"), patch(`{"Set":{"path":[{"Key":"level"}],"value":{"Int":5}}}`), nil},
		{"whole float", set(Float(5), "level"), patch(`{"Set":{"path":[{"Key":"level"}],"value":{"Int":5}}}`), nil},
		{"integer for a float", set(Int(20), "celsius"), patch(`{"Set":{"path":[{"Key":"celsius"}],"value":{"Float":20.0}}}`), nil},
		{"what the type does not have", set(Int(20), "weight"), patch(``), nil},
		{"normalised", set(Str("  attic "), "room"), patch(`{"Set":{"path":[{"Key":"room"}],"value":{"Str":"attic"}}}`), nil},
		{"nested", set(Int(1), "plan", "hours", "sun"), patch(`{"Set":{"path":[{"Key":"plan"},{"Key":"hours"},{"Key":"sun"}],"value":{"Int":1}}}`), nil},
		{"invalid", set(Int(10), "level"), reject("level: 10 is more than 9"), nil},
		{"panic", set(Int(7), "level"), reject("what validates the model has panicked"), nil},
		{"no path", set(Int(7), "plan", "days", "sun"), reject("plan.days: there is no key \\\"days\\\""), nil},
		{"second validation", set(Str("cellar"), "room"), reject("too cold"), []HostOption{ValidateWith(func(h *heater) error {
			if h.Room == "cellar" {
				return errors.New("too cold")
			}
			return nil
		})}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := NewSession()
			h := hostHeater(t, s, test.options...)
			before := h.Get()
			l := connect(t, NewServer(s, nil), Opening{})
			l.sent(hall + "\n")
			l.propose(1, test.propose...)
			l.sent(test.want)
			if strings.Contains(test.want, "reject") && !cmp.Equal(before, h.Get()) {
				t.Errorf("refused, it is %+v", h.Get())
			}
		})
	}
}

// What does not fit is refused with the place where it is.
func TestMisfits(t *testing.T) {
	t.Parallel()
	s := NewSession()
	h := hostHeater(t, s)
	strict := hostHeater(t, s, Strict())
	for _, test := range []struct {
		id   uint64
		op   Op
		want string
	}{
		{1, Set(Path{Key("level")}, Str("")), "level: "},
		{1, Set(Path{Key("level")}, Float(1.5)), "level: "},
		{1, Set(Path{Key("room")}, Null()), "room: "},
		{1, Set(Path{Key("tags")}, List(Str("a"), Int(1))), "tags[1]: "},
		{1, Set(Path{Key("plan"), Key("hours"), Key("tue")}, List()), "plan.hours.tue: "},
		{1, Set(nil, Int(1)), ""},
		{2, Set(Path{Key("level")}, Str("5")), "level: "},
		{2, Set(Path{Key("on")}, Str("true")), "on: "},
	} {
		_, err := s.Submit(test.id, []Op{test.op})
		var e *Error
		if !errors.As(err, &e) || !strings.HasPrefix(e.sentence(), test.want) {
			t.Errorf("%v is refused with %v, not %s", test.op, err, test.want)
		}
	}
	drained(t, s, "")
	if diff := cmp.Diff(h.Get(), strict.Get()); diff != "" {
		t.Errorf("the values differ:\n%s", diff)
	}
}

// What the host has changed is flushed before a proposal is looked at.
func TestProposalAfterUpdate(t *testing.T) {
	t.Parallel()
	s := NewSession()
	h := hostHeater(t, s)
	l := connect(t, NewServer(s, nil), Opening{})
	l.sent(hall + "\n")
	sameError(t, "", h.Update(func(h *heater) error { h.Level = 2; return nil }))
	l.propose(1, Set(Path{Key("on")}, Bool(true)))
	l.sent(`{"id":1,"patch":{"ops":[{"Set":{"path":[{"Key":"level"}],"value":{"Int":2}}}],"rev":1},"t":"patch"}` + "\n" +
		`{"id":1,"patch":{"ops":[{"Set":{"path":[{"Key":"on"}],"value":{"Bool":true}}}],"rev":2},"t":"patch"}` + "\n")
	if got := h.Get(); got.Level != 2 || !got.On {
		t.Errorf("it is %+v", got)
	}
}

// A session may mirror another one.
func TestSessionAppliesToHandle(t *testing.T) {
	t.Parallel()
	s := NewSession()
	h := hostHeater(t, s)
	sameError(t, "", s.Apply(1, Patch{Rev: 5, Ops: []Op{Set(Path{Key("level")}, Int(3)), Set(Path{Key("weight")}, Int(1))}}))
	sameError(t, "", s.Apply(1, Patch{Rev: 6, Ops: []Op{Set(Path{Key("weight")}, Int(2)), Set(Path{Key("level")}, Int(40))}})) // decided elsewhere
	if got := h.Get().Level; got != 40 {
		t.Errorf("the level is %d", got)
	}
	err := s.Apply(1, Patch{Rev: 7, Ops: []Op{Set(Path{Key("on")}, Int(40))}})
	if CodeOf(err) != BadValue {
		t.Errorf("the error is %v", err)
	}
	drained(t, s, "")
	if got := snapshotText(t, s, 1); !strings.Contains(got, `"rev":6`) || !strings.Contains(got, `"weight":{"Int":2}`) {
		t.Errorf("the snapshot is %s", got)
	}
}

// Everything may be done at the same time.
func TestHandleConcurrently(t *testing.T) {
	t.Parallel()
	s := NewSession()
	h, err := Host[heater](s, nil)
	if err != nil {
		t.Fatal(err)
	}
	server := NewServer(s, nil)
	client := NewClient(nil)
	conn := server.Open(Opening{Query: client.Query(), Send: func(out []Output) {
		for _, o := range out {
			if _, err := client.Receive(o.Frame); err != nil {
				t.Error(err)
			}
		}
	}})
	const rounds = 100
	var all sync.WaitGroup
	for _, fn := range []func(i int){
		func(i int) {
			sameError(t, "", h.Update(func(h *heater) error { h.Celsius = float64(i); return nil }))
		},
		func(i int) {
			_ = h.Update(func(h *heater) error { h.Tags = append(h.Tags, "x"); h.Level = 11; return nil })
		},
		func(i int) { h.View(func(h *heater) { _ = h.Celsius + float64(len(h.Tags)) }) },
		func(i int) { _ = h.Get() },
		func(i int) { server.Flush() },
		func(i int) {
			frame, err := client.Propose(1, Set(Path{Key("level")}, Int(int64(i%12))))
			if err == nil {
				err = server.Receive(conn, frame)
			}
			sameError(t, "", err)
		},
	} {
		all.Go(func() {
			for i := range rounds {
				fn(i)
			}
		})
	}
	all.Wait()
	server.Flush()
	if got := h.Get(); got.Celsius != rounds-1 || got.Tags != nil || got.Level > 9 {
		t.Errorf("it is %+v", got)
	}
	got, err := ModelOf[heater](client, 1).Get()
	if diff := cmp.Diff(h.Get(), got, cmpopts.EquateEmpty()); diff != "" || err != nil {
		t.Errorf("the mirror differs: %v (-want +got):\n%s", err, diff)
	}
}

// Times are what they marshal to.
func TestMarshalers(t *testing.T) {
	t.Parallel()
	type event struct {
		At time.Time `tp:"at"`
	}
	s := NewSession()
	h, err := Host(s, &event{At: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Submit(1, []Op{Set(Path{Key("at")}, Str("2027-01-02T03:04:05Z"))})
	sameError(t, "", err)
	if got := h.Get().At.Year(); got != 2027 {
		t.Errorf("the year is %d", got)
	}
	if _, err := s.Submit(1, []Op{Set(Path{Key("at")}, Str("tomorrow"))}); err == nil || !strings.Contains(err.Error(), "at") {
		t.Errorf("the error is %v", err)
	}
	drained(t, s, `1 {"ops":[{"Set":{"path":[{"Key":"at"}],"value":{"Str":"2027-01-02T03:04:05Z"}}}],"rev":1}`+"\n")
}

// code is a text; some texts cannot be written, or read.
type code struct{ text string }

func (c code) MarshalText() ([]byte, error) {
	if c.text == "unwritable" {
		panic("secret")
	}
	return []byte(c.text), nil
}

func (c *code) UnmarshalText(text []byte) error {
	if string(text) == "unreadable" {
		panic("secret")
	}
	c.text = string(text)
	return nil
}

// A marshaler that panics makes an update or a proposal fail, and nothing else.
func TestMarshalersThatPanic(t *testing.T) {
	t.Parallel()
	type badge struct {
		Code code            `tp:"code"`
		Old  []code          `tp:"old"`
		By   map[string]code `tp:"by"`
	}
	s := NewSession()
	if _, err := Host(s, &badge{Code: code{"unwritable"}}); CodeOf(err) != Panicked {
		t.Errorf("hosted, the error is %v", err)
	}
	h, err := Host(s, &badge{Code: code{"a"}, Old: []code{{"b"}}, By: map[string]code{"c": {"d"}}})
	sameError(t, "", err)
	want := h.Get()
	for name, change := range map[string]func(*badge){
		"field":  func(b *badge) { b.Code = code{"unwritable"} },
		"list":   func(b *badge) { b.Old[0] = code{"unwritable"} },
		"longer": func(b *badge) { b.Old = append(b.Old, code{"unwritable"}) },
		"map":    func(b *badge) { b.By["e"] = code{"unwritable"}; b.Old = nil },
	} {
		err := h.Update(func(b *badge) error { change(b); return nil })
		if CodeOf(err) != Panicked || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
	for _, path := range []Path{{Key("code")}, {Key("old"), Index(0)}, {Key("by"), Key("new")}} {
		_, err := s.Submit(1, []Op{Set(path, Str("unreadable"))})
		var e *Error
		if !errors.As(err, &e) || e.Code != Panicked || strings.Contains(e.sentence(), "secret") {
			t.Errorf("%s: the error is %v", path, err)
		}
		if _, err := s.Submit(1, []Op{Set(path, Str("unwritable"))}); CodeOf(err) != Panicked {
			t.Errorf("%s: the error is %v", path, err)
		}
	}
	if diff := cmp.Diff(want, h.Get(), cmp.AllowUnexported(code{})); diff != "" {
		t.Errorf("the value differs (-want +got):\n%s", diff)
	}
	drained(t, s, "")
}
