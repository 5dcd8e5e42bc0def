package wsx

import (
	"bytes"
	"encoding/json"
	"testing"
)

// FuzzFindType compares what is found with what package encoding/json finds.
func FuzzFindType(f *testing.F) {
	for _, text := range []string{
		`{"type":"put","a":1}`, `{"a":[{"type":"x"},"]",-1e5,null],"type":"put"}`, `{"a":"\\\"}","\u0074ype":"p"}`,
		` {"a":true , "type" : "put" , "b" : {} } `, `{"type":"a","type":"b"}`, `{"type":1}`, `{}`, `{"a":{"b":{}}}`, `[`, ``, `"type"`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		typ, member, ok := findType(text)
		var all map[string]json.RawMessage
		err := json.Unmarshal(text, &all)
		if !ok {
			if first := firstType(text); err == nil && all != nil && len(first) == 1 && first[0] != nil {
				t.Fatalf("no type in %q", text)
			}
			return
		}
		var want string
		if err != nil || json.Unmarshal(all[typeMember], &want) != nil || typ != want {
			t.Fatalf("type of %q = %q, want %q, %v", text, typ, want, err)
		}
		rest := append(bytes.Clone(text[:member.from]), text[member.to:]...)
		var left map[string]json.RawMessage
		if err := json.Unmarshal(rest, &left); err != nil {
			t.Fatalf("%q without its type is %q: %v", text, rest, err)
		}
		delete(all, typeMember)
		if len(left) != len(all) {
			t.Fatalf("%q without its type is %q: %d members, want %d", text, rest, len(left), len(all))
		}
		for name, value := range all {
			if !bytes.Equal(left[name], value) {
				t.Fatalf("%q without its type is %q", text, rest)
			}
		}
	})
}

// firstType returns the values of all type members of an object; nil for one that is no
// string.
func firstType(text []byte) (values []*string) {
	d := json.NewDecoder(bytes.NewReader(text))
	if _, err := d.Token(); err != nil {
		return nil
	}
	for d.More() {
		name, _ := d.Token()
		var value any
		if d.Decode(&value) != nil {
			return nil
		}
		if name == typeMember {
			s, ok := value.(string)
			if !ok {
				return nil
			}
			values = append(values, &s)
		}
	}
	return values
}
