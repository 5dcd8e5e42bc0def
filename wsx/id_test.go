package wsx_test

import (
	"encoding/json"
	"testing"

	"github.com/telestruct/telestruct/wsx"
)

func TestParseID(t *testing.T) {
	t.Parallel()
	good := map[string]wsx.ID{
		"a-1":                        {Node: "a", Number: 1},
		"a-0":                        {Node: "a"},
		"eu-west-1-17":               {Node: "eu-west-1", Number: 17},
		"--5":                        {Node: "-", Number: 5},
		"a b\n-18446744073709551615": {Node: "a b\n", Number: 1<<64 - 1},
	}
	for text, want := range good {
		if got, err := wsx.ParseID(text); err != nil || got != want || got.String() != text {
			t.Errorf("ParseID(%q) = %v, %v, want %v", text, got, err, want)
		}
	}
	const noNode, noNumber = " is no ID of a connection, which has a node, a hyphen and a number", " is no ID of a connection: it ends in no number"
	bad := map[string]string{
		"":                       noNode,
		"17":                     noNode,
		"-17":                    noNode,
		"a-":                     noNumber,
		"a-x":                    noNumber,
		"a-1 ":                   noNumber,
		"a-01":                   noNumber,
		"a-+1":                   noNumber,
		"a-18446744073709551616": noNumber,
	}
	for text, want := range bad {
		quoted, _ := json.Marshal(text)
		if id, err := wsx.ParseID(text); err == nil || err.Error() != "wsx: "+string(quoted)+want || id != (wsx.ID{}) {
			t.Errorf("ParseID(%q) = %v, %v, want %s", text, id, err, want)
		}
	}
}

// TestIDInJSON: an ID is a text there, also as the key of a map.
func TestIDInJSON(t *testing.T) {
	t.Parallel()
	const text = `{"a-1":"b-2"}`
	var m map[wsx.ID]wsx.ID
	if err := json.Unmarshal([]byte(text), &m); err != nil || m[wsx.ID{Node: "a", Number: 1}] != (wsx.ID{Node: "b", Number: 2}) {
		t.Errorf("read %v, %v", m, err)
	}
	if got, err := json.Marshal(m); err != nil || string(got) != text {
		t.Errorf("wrote %s, %v, want %s", got, err, text)
	}
	if err := json.Unmarshal([]byte(`{"a-1":"b"}`), &m); err == nil {
		t.Error("b is no ID")
	}
}

// FuzzParseID: what can be read is written again as it was.
func FuzzParseID(f *testing.F) {
	for _, text := range []string{"a-1", "a-b-0", "-1", "a-01", "a--1", "\xff-3"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if id, err := wsx.ParseID(text); err == nil && (id.String() != text || id.Node == "") {
			t.Errorf("ParseID(%q) = %+v", text, id)
		}
	})
}
