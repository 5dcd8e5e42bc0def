package mirror

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// stepsVector is what happens to a server or a hub.
type stepsVector struct {
	Steps []step
}

// step is one thing that happens. What a step does not have is not compared.
type step struct {
	Do, Type, Conn, Tenant, Merge, Mode, Origin, Codec string
	ID, Rev                                            uint64
	Value                                              json.RawMessage
	Set                                                map[string]json.RawMessage
	Since                                              map[uint64]uint64
	Frame                                              json.RawMessage
	Frames                                             []json.RawMessage
	FrameKind                                          string `json:"frame_kind"`
	Out                                                *map[string][]json.RawMessage
	Patches                                            json.RawMessage
	Patch                                              Patch
	Snapshot                                           map[string]json.RawMessage
	MergeState                                         json.RawMessage `json:"merge_state"`
	NoClock                                            bool            `json:"no_clock"`
	Replay                                             bool
	Keep                                               int
}

// stage is a hub that steps happen to, with the models of the vectors as Go structs. A server is
// one of its tenants.
type stage struct {
	hub   *Hub
	types map[string]json.RawMessage
	hosts map[string]*vectorHost
	conns map[string]*Conn
	sent  map[string][]json.RawMessage
	kinds map[string]string
}

func newStage(file *vectorFile) *stage {
	return &stage{
		hub: NewHub(nil), types: file.Models, hosts: map[string]*vectorHost{}, conns: map[string]*Conn{},
		sent: map[string][]json.RawMessage{}, kinds: map[string]string{},
	}
}

func (v stepsVector) run(file *vectorFile) error {
	s := newStage(file)
	for i, step := range v.Steps {
		s.sent = map[string][]json.RawMessage{}
		do := s.steps()[step.Do]
		if do == nil {
			return fmt.Errorf("step %d: nobody does %q", i, step.Do)
		}
		err := do(step)
		if err == nil && step.Out != nil {
			err = sameOutputs(*step.Out, s.sent)
		}
		if err != nil {
			return fmt.Errorf("step %d, %s: %w", i, step.Do, err)
		}
	}
	return nil
}

// steps has what can be done.
func (s *stage) steps() map[string]func(step) error {
	return map[string]func(step) error{
		"host": s.host, "mutate": s.mutate, "drain": s.drain, "snapshot": s.snapshot, "since": s.since, "host_value": s.hostValue,
		"evict_log": s.evictLog,
		"open":      s.open, "recv": s.receive, "flush": func(step) error { s.hub.Flush(); return nil },
		"close": func(step step) error { s.hub.Close(s.conns[step.Conn]); return nil },
		"share": s.share, "subscribe": s.subscribe, "apply_shared": s.applyShared, "set_shared": s.setShared,
		"snapshot_shared": s.snapshotShared, "since_shared": s.sinceShared, "apply_snapshot_shared": s.adoptShared,
	}
}

func (s *stage) host(step step) error {
	h, err := hostVector(s.hub.Session(step.Tenant), step.Type, s.types[step.Type], step.Value)
	if err != nil {
		return err
	}
	s.hosts[fmt.Sprint(step.Tenant, " ", h.id)] = h
	return mismatch("id", step.ID, h.id)
}

func (s *stage) hosted(step step) *vectorHost { return s.hosts[fmt.Sprint(step.Tenant, " ", step.ID)] }

func (s *stage) mutate(step step) error { return s.hosted(step).set(step.Set) }

func (s *stage) hostValue(step step) error {
	got, err := s.hosted(step).document()
	if err != nil {
		return err
	}
	return differentJSON("value", step.Value, got)
}

func (s *stage) drain(step step) error {
	list := [][2]any{}
	for _, change := range s.hub.Session(step.Tenant).Drain() {
		list = append(list, [2]any{change.ID, change.Patch})
	}
	return differentJSON("patches", step.Patches, list)
}

func (s *stage) snapshot(step step) error {
	got, err := s.hub.Session(step.Tenant).Snapshot(step.ID)
	if err != nil {
		return err
	}
	return sameFields(step.Snapshot, map[string]any{"rev": got.Rev, "type_name": got.Type, "value": got.Value})
}

func sameFields(want map[string]json.RawMessage, got map[string]any) error {
	var err error
	for name := range want {
		err = errors.Join(err, differentJSON(name, want[name], got[name]))
	}
	return err
}

func (s *stage) since(step step) error {
	patches, complete, err := s.hub.Session(step.Tenant).Since(step.ID, step.Rev)
	return errors.Join(err, samePatches(step.Patches, patches, complete))
}

// samePatches compares what since answers; null stands for a snapshot.
func samePatches(want json.RawMessage, patches []Patch, complete bool) error {
	var got any
	if complete {
		got = append([]Patch{}, patches...)
	}
	if want == nil {
		want = json.RawMessage("null")
	}
	return differentJSON("patches", want, got)
}

func (s *stage) evictLog(step step) error {
	h := s.hub.Session(step.Tenant).models[step.ID-1]
	h.log.patches = h.log.patches[max(0, len(h.log.patches)-step.Keep):]
	return nil
}

func (s *stage) open(step step) error {
	codec, err := (*Codecs)(nil).Named(step.Codec)
	if err != nil {
		return err
	}
	tenant, _, isHub := strings.Cut(step.Conn, "/")
	if !isHub {
		tenant = ""
	}
	s.conns[step.Conn] = s.hub.Open(Opening{Query: Query{codec, step.Since}, Tenant: tenant, Send: func(out []Output) {
		for _, o := range out {
			m, err := codec.Decode(o.Frame, Limits{})
			if err != nil {
				panic(err)
			}
			s.sent[step.Conn] = append(s.sent[step.Conn], inJSON(m))
			s.kinds[step.Conn] = map[bool]string{true: "text", false: "binary"}[o.Frame.Text]
		}
	}})
	if err == nil && step.Frames != nil {
		err = differentJSON("frames", step.Frames, append([]json.RawMessage{}, s.sent[step.Conn]...))
	}
	if err == nil && step.FrameKind != "" && len(step.Frames) > 0 {
		err = mismatch("frame kind", step.FrameKind, s.kinds[step.Conn])
	}
	return err
}

func (s *stage) receive(step step) error {
	c := s.conns[step.Conn]
	frame := Frame{Text: true, Data: step.Frame}
	if !c.codec.Text() {
		m, err := JSON().Decode(frame, Limits{})
		if err == nil {
			frame, err = c.codec.Encode(m)
		}
		if err != nil {
			return err
		}
	}
	return s.hub.Receive(c, frame)
}

// sameOutputs compares what was sent; <any> in a reject stands for any text.
func sameOutputs(want, got map[string][]json.RawMessage) error {
	w, g := plain(want).(map[string]any), plain(got).(map[string]any)
	for conn, messages := range w {
		list, _ := g[conn].([]any)
		for i, m := range messages.([]any) {
			fields := m.(map[string]any)
			if fields["error"] != "<any>" || i >= len(list) {
				continue
			}
			if text, ok := list[i].(map[string]any)["error"].(string); ok && text != "" {
				fields["error"] = text
			}
		}
	}
	return mismatch("sent", w, g)
}

func (s *stage) share(step step) error {
	var v Value
	if err := json.Unmarshal(step.Value, &v); err != nil {
		return err
	}
	strategy, err := strategyNamed(step.Merge)
	if err != nil {
		return err
	}
	id, err := s.hub.Share(Shared{Type: step.Type, Value: v, Rev: step.Rev, MergeState: step.MergeState},
		&SharedOptions{Merge: strategy, Log: step.Replay})
	if err == nil && step.ID != 0 {
		err = mismatch("id", step.ID, id)
	}
	return err
}

func strategyNamed(name string) (Strategy, error) {
	switch name {
	case "", "LastWriteWins":
		return LastWriteWins(), nil
	case "LwwMapCrdt":
		return LwwMapCrdt(), nil
	case "DeepLwwCrdt":
		return DeepLwwCrdt(), nil
	}
	return nil, fmt.Errorf("no strategy is named %q", name)
}

func (s *stage) subscribe(step step) error {
	access := Read
	if strings.EqualFold(step.Mode, "write") {
		access = Write
	}
	return s.hub.Subscribe(step.Tenant, step.ID, access)
}

func (s *stage) applyShared(step step) error {
	return s.hub.ApplyShared(step.ID, step.Patch, step.Origin)
}

func (s *stage) setShared(step step) error {
	var v Value
	if err := json.Unmarshal(step.Value, &v); err != nil {
		return err
	}
	return s.hub.SetShared(step.ID, v)
}

func (s *stage) adoptShared(step step) error {
	var v Value
	if err := json.Unmarshal(step.Value, &v); err != nil {
		return err
	}
	return s.hub.AdoptShared(step.ID, v, step.Rev, step.MergeState)
}

func (s *stage) snapshotShared(step step) error {
	got, ok := s.hub.Shared(step.ID)
	if !ok {
		return errors.New("there is no such model")
	}
	fields := map[string]any{"rev": got.Rev, "type_name": got.Type, "value": got.Value, "merge_state": sortedClock(got.MergeState)}
	if state, ok := step.Snapshot["merge_state"]; ok {
		step.Snapshot["merge_state"] = sortedClock(state)
	}
	if step.NoClock {
		delete(step.Snapshot, "merge_state")
	}
	return sameFields(step.Snapshot, fields)
}

// sortedClock returns a merge state with the entries of a list clock sorted.
func sortedClock(state json.RawMessage) json.RawMessage {
	var fields map[string]json.RawMessage
	var list []json.RawMessage
	if json.Unmarshal(state, &fields) != nil || json.Unmarshal(fields["clock"], &list) != nil || list == nil {
		return state
	}
	for i := range list {
		list[i], _ = json.Marshal(plain(list[i]))
	}
	slices.SortFunc(list, func(a, b json.RawMessage) int { return strings.Compare(string(a), string(b)) })
	sorted, err := json.Marshal(map[string]any{"clock": list})
	if err != nil {
		panic(err)
	}
	return sorted
}

func (s *stage) sinceShared(step step) error {
	patches, complete, err := s.hub.SinceShared(step.ID, step.Rev)
	return errors.Join(err, samePatches(step.Patches, patches, complete))
}

type mergeVector struct {
	Strategy string
	Base     Value
	Writes   []struct {
		Origin string
		Patch  Patch
	}
	Orders  any
	Result  *Value
	Results []struct {
		Order  []int
		Result Value
	}
	State json.RawMessage
}

func (v mergeVector) run(*vectorFile) error {
	given := make([]int, len(v.Writes))
	for i := range given {
		given[i] = i
	}
	orders := [][]int{given}
	if v.Orders == "all" {
		orders = permutations(len(v.Writes))
	}
	for _, r := range v.Results {
		if err := v.merge(r.Order, r.Result); err != nil {
			return err
		}
	}
	if v.Result == nil {
		return nil
	}
	for _, order := range orders {
		if err := v.merge(order, *v.Result); err != nil {
			return err
		}
	}
	return nil
}

func (v mergeVector) merge(order []int, want Value) error {
	strategy, err := strategyNamed(v.Strategy)
	if err != nil {
		return err
	}
	value := v.Base
	for _, i := range order {
		merged, commit, err := strategy.Merge(value, v.Writes[i].Patch, v.Writes[i].Origin)
		if err != nil {
			return err
		}
		if commit != nil {
			commit()
		}
		value = merged
	}
	if err := differentJSON(fmt.Sprint("result in the order ", order), want, value); err != nil {
		return err
	}
	if v.State == nil {
		return nil
	}
	return differentJSON("state", sortedClock(v.State), sortedClock(strategy.State()))
}

// permutations returns all orders of n things.
func permutations(n int) (orders [][]int) {
	if n == 0 {
		return [][]int{{}}
	}
	for _, rest := range permutations(n - 1) {
		for at := range n {
			orders = append(orders, slices.Insert(slices.Clone(rest), at, n-1))
		}
	}
	return orders
}
