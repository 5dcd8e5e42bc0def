package mirror

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

type sequenceVector struct {
	BaseItems       []any `json:"base_items"`
	BaseEntries     any   `json:"base_entries"`
	ConcurrentEdits []struct {
		Op, Origin string
		Index      int
		Value      any
	} `json:"concurrent_edits"`
	Orders string
	Items  []any
}

func (v sequenceVector) run(*vectorFile) error {
	base := SequenceOf("base", v.BaseItems...)
	if v.BaseEntries != nil {
		if err := differentJSON("entries", v.BaseEntries, base); err != nil {
			return err
		}
	}
	var edited []Sequence
	for _, edit := range v.ConcurrentEdits {
		s, err := base.Insert(edit.Index, edit.Value, edit.Origin)
		if edit.Op == "delete" {
			s, err = base.Delete(edit.Index)
		}
		if err != nil {
			return err
		}
		edited = append(edited, s)
	}
	for _, order := range permutations(len(edited)) {
		merged := base
		for _, i := range order {
			merged = merged.Merge(edited[i])
		}
		if err := differentJSON(fmt.Sprint("items in the order ", order), v.Items, merged.Items()); err != nil {
			return err
		}
	}
	return nil
}

type relayVector struct {
	Setup struct {
		Share       []step
		Subscribe   [][3]any
		ApplyShared [][3]json.RawMessage `json:"apply_shared"`
	}
	LocalRecv *struct {
		Conn  string
		Frame json.RawMessage
	} `json:"local_recv"`
	Remote         []json.RawMessage
	StartPublishes json.RawMessage   `json:"start_publishes"`
	Published      []json.RawMessage `json:"published"`
	Value          *Value
}

// noted is a backplane that notes what is published.
type noted struct {
	Backplane
	messages []json.RawMessage
}

func (n *noted) Publish(ctx context.Context, msg []byte) error {
	n.messages = append(n.messages, slices.Clone(msg))
	return n.Backplane.Publish(ctx, msg)
}

func (v relayVector) run(file *vectorFile) error {
	s := newStage(file)
	if err := v.setUp(s); err != nil {
		return err
	}
	var bus MemoryBus
	other, here := bus.Node(), &noted{Backplane: bus.Node()}
	relay, err := NewRelay(s.hub, here, &RelayOptions{JoinTimeout: time.Nanosecond})
	if err != nil {
		return err
	}
	if err := relay.Start(context.Background()); err != nil {
		return err
	}
	defer relay.Stop()
	if v.StartPublishes != nil {
		got := strings.ReplaceAll(string(here.messages[0]), relay.id, "<any>")
		if err := differentJSON("request", v.StartPublishes, json.RawMessage(got)); err != nil {
			return err
		}
	}
	here.messages = []json.RawMessage{}
	if v.LocalRecv != nil {
		if err := s.open(step{Conn: v.LocalRecv.Conn}); err != nil {
			return err
		}
		if err := s.receive(step{Conn: v.LocalRecv.Conn, Frame: v.LocalRecv.Frame}); err != nil {
			return err
		}
	}
	for _, msg := range v.Remote {
		if err := other.Publish(context.Background(), msg); err != nil {
			return err
		}
	}
	return v.compare(s, here)
}

func (v relayVector) setUp(s *stage) error {
	for _, share := range v.Setup.Share {
		if err := s.share(share); err != nil {
			return err
		}
	}
	for _, sub := range v.Setup.Subscribe {
		access := step{Tenant: sub[0].(string), ID: uint64(sub[1].(float64)), Mode: sub[2].(string)}
		if err := s.subscribe(access); err != nil {
			return err
		}
	}
	for _, apply := range v.Setup.ApplyShared {
		var write step
		err := errors.Join(json.Unmarshal(apply[0], &write.ID), json.Unmarshal(apply[1], &write.Patch), json.Unmarshal(apply[2], &write.Origin))
		if err == nil {
			err = s.applyShared(write)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (v relayVector) compare(s *stage, here *noted) error {
	if v.Published != nil {
		if err := differentJSON("published", v.Published, here.messages); err != nil {
			return err
		}
	}
	if v.Value == nil {
		return nil
	}
	got, _ := s.hub.Shared(firstShared)
	return differentJSON("value", v.Value, got.Value)
}

type electionVector struct {
	Self    string
	Timeout float64
	Beacons [][2]any
	Stopped bool
	Checks  [][2]any
}

func (v electionVector) run(*vectorFile) error {
	seconds := func(n any) time.Time { return time.Unix(0, int64(n.(float64)*1e9)) }
	e := NewElection(v.Self, &ElectionOptions{Timeout: time.Duration(v.Timeout * 1e9)})
	for _, b := range v.Beacons {
		msg, err := json.Marshal(beacon{b[0].(string)})
		if err != nil {
			return err
		}
		e.Receive(msg, seconds(b[1]))
	}
	if v.Stopped {
		e.Stop()
	}
	for _, check := range v.Checks {
		if got := e.Leads(seconds(check[0])); got != check[1] {
			return fmt.Errorf("at %v it leads: %v", check[0], got)
		}
	}
	return nil
}

type sseVector struct {
	Events []struct{ Data json.RawMessage }
}

func (v sseVector) run(*vectorFile) error {
	for _, event := range v.Events {
		m, err := JSON().Decode(Frame{Text: true, Data: event.Data}, Limits{})
		if err != nil {
			return err
		}
		frame, err := JSON().Encode(m)
		if err != nil {
			return err
		}
		data, ok := bytes.CutPrefix(AppendEvent(nil, frame), []byte("data: "))
		data, ended := bytes.CutSuffix(data, []byte("\n\n"))
		if !ok || !ended || bytes.ContainsAny(data, "\r\n") {
			return fmt.Errorf("no event: %s", data)
		}
		if err := differentJSON("data", event.Data, json.RawMessage(data)); err != nil {
			return err
		}
	}
	return nil
}

type byteFrameVector struct {
	Hex   string
	Error Code
	Frame *struct {
		Envelope
		PayloadText string `json:"payload_text"`
		PayloadHex  string `json:"payload_hex"`
	}
}

func (v byteFrameVector) run(*vectorFile) error {
	data, err := hex.DecodeString(v.Hex)
	if err != nil {
		return err
	}
	e, rest, err := ReadEnvelope(data, Limits{})
	if v.Error != "" || err != nil {
		return mismatch("error", v.Error, CodeOf(err))
	}
	want := v.Frame.Envelope
	if want.Payload, err = hex.DecodeString(v.Frame.PayloadHex); err != nil {
		return err
	}
	if v.Frame.PayloadText != "" {
		want.Payload = []byte(v.Frame.PayloadText)
	}
	written, err := want.Append(nil)
	if e.Kind == EnvelopePatch {
		_, decodeErr := e.Patch(nil, Limits{})
		err = errors.Join(err, decodeErr)
	} else {
		_, decodeErr := e.Value(nil, Limits{})
		err = errors.Join(err, decodeErr)
	}
	return errors.Join(err, mismatch("envelope", want, e), mismatch("bytes", v.Hex, hex.EncodeToString(written)), mismatch("rest", 0, len(rest)))
}

type schemaVector struct {
	GoLike     map[string]string `json:"go_like"`
	Schema     TypeSchema
	TypeScript string
}

func (v schemaVector) run(*vectorFile) error {
	types := map[string]reflect.Type{
		"string": reflect.TypeFor[string](), "bool": reflect.TypeFor[bool](), "int": reflect.TypeFor[int](),
		"float64": reflect.TypeFor[float64](), "[]string": reflect.TypeFor[[]string](), "*int": reflect.TypeFor[*int](),
		"map[string]int": reflect.TypeFor[map[string]int](), "struct": reflect.TypeFor[struct{}](), "any": reflect.TypeFor[any](),
	}
	var fields []reflect.StructField
	for i, f := range v.Schema.Fields {
		t := types[v.GoLike[f.Name]]
		if t == nil {
			return fmt.Errorf("no Go type is like %q", v.GoLike[f.Name])
		}
		fields = append(fields, reflect.StructField{Name: fmt.Sprint("F", i), Type: t, Tag: reflect.StructTag(fmt.Sprintf("tp:%q", f.Name))})
	}
	got, err := SchemaOf(reflect.StructOf(fields))
	if err != nil {
		return err
	}
	got.TypeName = v.Schema.TypeName // types that are made have no name
	return errors.Join(mismatch("schema", v.Schema, got), mismatch("TypeScript", v.TypeScript, got.TypeScript()))
}
