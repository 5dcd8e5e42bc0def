package main

import (
	"encoding/json"
	"testing"
)

// A link is a request body: whoever gets one sends it as it is.
func TestFollowLink(t *testing.T) {
	t.Parallel()
	c := start(t, newService(noon, quiet()))
	answer := c.guest(t, `{"fn.evaluate": {"expression": {"Constant": {"value": 0.1}}}}`)
	var message [2]struct {
		Ok struct {
			Save json.RawMessage
		} `json:"Ok_"`
	}
	if err := json.Unmarshal([]byte(answer), &message); err != nil {
		t.Fatal(err)
	}
	link := string(message[1].Ok.Save)
	same(t, `{"fn.saveVariable":{"name":"ans","value":0.1}}`, link)
	same(t, `[{},{"Ok_":{"before":null}}]`, c.guest(t, link))
	same(t, `[{},{"Ok_":{"variable":{"name":"ans","value":0.1}}}]`, c.guest(t, `{"fn.getVariable": {"name": "ans"}}`))
}
