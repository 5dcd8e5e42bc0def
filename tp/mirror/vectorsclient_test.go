package mirror

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
)

type connectURLVector struct {
	URL, Codec string
	Revs       map[uint64]uint64
	Query      map[string]json.RawMessage
	RawQuery   string `json:"raw_query"`
	HTTPStatus int    `json:"http_status"`
}

func (v connectURLVector) run(*vectorFile) error {
	if v.HTTPStatus != 0 {
		values, err := url.ParseQuery(v.RawQuery)
		if err != nil {
			return err
		}
		if _, err = ParseQuery(values, nil, JSON()); err == nil {
			return errors.New("the query is accepted")
		}
		return nil
	}
	asked := Query{Codec: codecNamed(v.Codec), Since: v.Revs}
	address, err := asked.AddTo(v.URL)
	if err != nil {
		return err
	}
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	got := map[string]any{}
	for name, values := range u.Query() {
		got[name] = values[0]
		if name == "since" {
			got[name] = json.RawMessage(values[0])
		}
	}
	read, err := ParseQuery(u.Query(), nil, JSON())
	if err == nil {
		err = mismatch("read", asked.Codec, read.Codec)
	}
	return errors.Join(err, differentJSON("query", v.Query, got))
}

type clientVector struct {
	Steps []struct {
		Recv     json.RawMessage
		Accepted json.RawMessage
		Error    Code
		Edit     *struct {
			ID    uint64
			Value Value
		}
		Frame json.RawMessage
	}
	Final struct {
		Values           map[uint64]Value
		Revs             map[uint64]uint64
		Types            map[uint64]string
		Changes, Rejects []json.RawMessage
	}
}

// event returns what a listener is told, as the vectors have it.
func event(m Message) json.RawMessage {
	if s, ok := m.(Snapshot); ok {
		return fmt.Appendf(nil, `{"t":"snapshot","id":%d,"rev":%d}`, s.ID, s.Rev)
	}
	return inJSON(m)
}

func (v clientVector) run(*vectorFile) error {
	c := NewClient(nil)
	changes, rejects := []json.RawMessage{}, []json.RawMessage{}
	c.OnChange(func(m Message) { changes = append(changes, event(m)) })
	c.OnReject(func(r Reject) { rejects = append(rejects, event(r)) })
	for i, step := range v.Steps {
		if step.Edit != nil {
			frame, err := c.Edit(step.Edit.ID, step.Edit.Value)
			if step.Error != "" {
				err = mismatch("error", step.Error, CodeOf(err))
			} else if err == nil {
				err = differentJSON("frame", step.Frame, json.RawMessage(frame.Data))
			}
			if err != nil {
				return fmt.Errorf("step %d: %w", i, err)
			}
			continue
		}
		before := len(changes)
		_, err := c.Receive(Frame{Text: true, Data: step.Recv})
		if CodeOf(err) != step.Error {
			return fmt.Errorf("step %d: %w", i, err)
		}
		var accepted any
		if len(changes) > before {
			accepted = changes[before]
		}
		if err == nil {
			err = differentJSON("accepted", step.Accepted, accepted)
		}
		if err != nil && step.Error == "" {
			return fmt.Errorf("step %d: %w", i, err)
		}
	}
	values, revs, types := map[uint64]Value{}, map[uint64]uint64{}, map[uint64]string{}
	for _, id := range c.IDs() {
		s, _ := c.Snapshot(id)
		values[id], revs[id], types[id] = s.Value, s.Rev, s.Type
	}
	return errors.Join(differentJSON("values", v.Final.Values, values), differentJSON("revisions", v.Final.Revs, revs),
		differentJSON("types", v.Final.Types, types), differentJSON("changes", v.Final.Changes, changes),
		differentJSON("rejects", v.Final.Rejects, rejects))
}
