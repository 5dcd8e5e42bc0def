package wsx

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
)

// JSONMessage makes a text that is a JSON object whose member type is typ an M, for the
// rules of an [Actor]. Other texts stay strings, and so does one that cannot be decoded as
// package encoding/json does: members that M does not have are errors, except for type,
// which M need not have. It panics for an empty typ, one that another JSONMessage of the
// endpoint has, and for an M that no object can be decoded into, such as an interface.
func JSONMessage[M any](typ string) Option {
	t := reflect.TypeFor[M]()
	if typ == "" {
		panic(fmt.Sprintf("wsx: JSONMessage[%v]: the type is empty", t))
	}
	if fault := checkJSONMessage[M](t); fault != nil {
		panic(fmt.Sprintf("wsx: JSONMessage[%v](%q): %v: use a struct", t, typ, fault))
	}
	_, err := decodeStrictly[M](fmt.Appendf(nil, `{%q:%q}`, typeMember, typ))
	j := &jsonMessage{message: t, keepsType: err == nil, decode: func(b []byte) (any, error) { return decodeStrictly[M](b) }}
	return func(s *settings) { s.actors.addJSON(typ, j) }
}

// typeMember is the name of the member that says what an object is.
const typeMember = "type"

// jsonMessage is how texts become messages of one type.
type jsonMessage struct {
	message   reflect.Type
	keepsType bool // the type member is decoded as well
	decode    func(text []byte) (any, error)
}

// checkJSONMessage says why no object can be decoded into an M.
func checkJSONMessage[M any](t reflect.Type) error {
	if t.Kind() == reflect.Interface {
		return errors.New("an interface does not say what to decode into")
	}
	var m M
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](json.Unmarshal([]byte("{}"), &m)); ok {
		return wrong
	}
	return nil
}

func decodeStrictly[M any](text []byte) (any, error) {
	var m M
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return nil, err
	}
	return m, nil
}

func (o *actorOptions) addJSON(typ string, j *jsonMessage) {
	if first := o.json[typ]; first != nil {
		panic(fmt.Sprintf("wsx: JSONMessage: two are for the type %q: %v and %v; give one another type", typ, first.message, j.message))
	}
	if o.json == nil {
		o.json = map[string]*jsonMessage{}
	}
	o.json[typ] = j
}

// parseJSON returns the message that a text stands for; nil when it does for none that was
// declared. It may write to text, but leaves it as it was when it returns nil.
func (o *actorOptions) parseJSON(text []byte) any {
	if len(o.json) == 0 {
		return nil
	}
	typ, member, ok := findType(text)
	j := o.json[typ]
	if !ok || j == nil {
		return nil
	}
	if j.keepsType {
		m, _ := j.decode(text)
		return m
	}
	cut := bytes.Clone(text[member.from:member.to])
	for i := member.from; i < member.to; i++ {
		text[i] = ' '
	}
	m, err := j.decode(text)
	if err != nil {
		copy(text[member.from:], cut)
		return nil
	}
	return m
}

// findType looks for the type member of a JSON object. It returns what it says, and where it
// is with one of the commas around it. It reports false for what is no JSON object, has no
// such member or several, or one that is no string.
func findType(text []byte) (typ string, member span, ok bool) {
	if at := skipSpace(text, 0); at == len(text) || text[at] != '{' || !json.Valid(text) {
		return "", span{}, false
	}
	last := -1 // where the value of the member before ends
	for name, value := range members(text) {
		if isNamed(text[name.from:name.to], typeMember) {
			if ok || text[value.from] != '"' || json.Unmarshal(text[value.from:value.to], &typ) != nil {
				return "", span{}, false
			}
			ok, member = true, span{name.from, value.to}
			if next := skipSpace(text, value.to); text[next] == ',' {
				member.to = next + 1
			} else if last >= 0 {
				member.from = last
			}
		}
		last = value.to
	}
	return typ, member, ok
}
