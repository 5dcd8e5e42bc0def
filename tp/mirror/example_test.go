package mirror_test

import (
	"fmt"

	"github.com/telestruct/telestruct/tp/mirror"
)

func ExampleDiff() {
	old := mirror.Map(map[string]mirror.Value{"name": mirror.Str("lamp"), "on": mirror.Bool(false)})
	new := mirror.Map(map[string]mirror.Value{"name": mirror.Str("lamp"), "on": mirror.Bool(true)})
	ops := mirror.Diff(old, new)
	fmt.Println(mirror.Patch{Rev: 1, Ops: ops})
	result, err := mirror.Apply(old, ops)
	fmt.Println(result.Equal(new), err)
	// Output:
	// {"ops":[{"Set":{"path":[{"Key":"on"}],"value":{"Bool":true}}}],"rev":1}
	// true <nil>
}

func ExampleApply() {
	rooms := mirror.List(mirror.Str("hall"), mirror.Str("attic"))
	rooms, err := mirror.Apply(rooms, []mirror.Op{
		mirror.Insert(nil, 1, mirror.Str("kitchen")),
		mirror.Move(nil, 2, 0),
	})
	fmt.Println(rooms, err)
	_, err = mirror.Apply(rooms, []mirror.Op{mirror.RemoveAt(nil, 3)})
	fmt.Println(err)
	// Output:
	// {"List":[{"Str":"attic"},{"Str":"hall"},{"Str":"kitchen"}]} <nil>
	// mirror: index_out_of_bounds: the index is 3, and the length 3
}

func ExampleCodec_Decode() {
	frame := mirror.Frame{Text: true, Data: []byte(`{"t":"snapshot","id":1,"type":"Device","rev":3,"value":{"Map":{"on":{"Bool":true}}}}`)}
	message, err := mirror.JSON().Decode(frame, mirror.Limits{})
	if err != nil {
		fmt.Println(err)
		return
	}
	switch m := message.(type) {
	case mirror.Snapshot:
		fmt.Println(m.Type, m.ID, "is at", m.Rev, m.Value)
	case mirror.Change:
		fmt.Println("a patch", m.Patch)
	}
	// Output: Device 1 is at 3 {"Map":{"on":{"Bool":true}}}
}
