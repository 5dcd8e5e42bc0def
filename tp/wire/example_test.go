package wire_test

import (
	"fmt"

	"github.com/telestruct/telestruct/tp/wire"
)

func ExampleDecodeMessage() {
	m, err := wire.DecodeMessage([]byte(`[{"@id_": 7}, {"fn.greet": {"subject": "Ada"}}]`), wire.CallLimits())
	if err != nil {
		fmt.Println(err)
		return
	}
	subject, _ := m.Payload.Get("subject")
	fmt.Println(m.Headers, m.Target, subject)

	_, err = wire.DecodeMessage([]byte(`[{}, {}]`), wire.CallLimits())
	fmt.Println(err)
	// Output:
	// [{@id_ 7}] fn.greet Ada
	// wire: not a message: ExpectedJsonArrayOfAnObjectAndAnObjectOfOneObject
}

func ExampleAppendMessage() {
	b, err := wire.AppendMessage(nil, &wire.Message{
		Target:  "Ok_",
		Payload: wire.Object{{Key: "message", Value: "Hello!"}, {Key: "ratio", Value: 1.0}},
	})
	fmt.Println(string(b), err)
	// Output: [{},{"Ok_":{"message":"Hello!","ratio":1.0}}] <nil>
}

func ExampleReader() {
	var r wire.Reader
	r.Reset([]byte(`{"x": 1, "y": [2.5, null]}`), wire.CallLimits())
	if !r.Open('{') {
		return
	}
	for more, ok := true, true; more && ok; more, ok = r.Next('}') {
		key, _ := r.Key()
		name := string(key)
		value, _ := r.Value()
		fmt.Println(name, value)
	}
	fmt.Println(r.End())
	// Output:
	// x 1
	// y [2.5 <nil>]
	// true
}

func ExampleFromGo() {
	tree := wire.FromGo(map[string]any{"sizes": []int{38, 40}, "name": "shoe"})
	b, err := wire.AppendValue(nil, tree)
	fmt.Println(string(b), err)
	// Output: {"name":"shoe","sizes":[38,40]} <nil>
}

func ExampleBase64ToBytes() {
	response := wire.Object{{Key: "Ok_", Value: wire.Object{{Key: "icon", Value: "AQID"}, {Key: "name", Value: "AQID"}}}}
	header := wire.Object{{Key: "Ok_", Value: wire.Object{{Key: "icon", Value: true}}}}
	fmt.Println(wire.Base64ToBytes(response, header))
	// Output: [{Ok_ [{icon [1 2 3]} {name AQID}]}]
}
