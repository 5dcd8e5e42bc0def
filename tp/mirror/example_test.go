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

func ExampleServer() {
	session := mirror.NewSession()
	lamp, err := session.HostValue("Lamp", mirror.Map(map[string]mirror.Value{"on": mirror.Bool(false)}), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	server := mirror.NewServer(session, nil)
	client := mirror.NewClient(nil)
	client.OnChange(func(m mirror.Message) {
		now, _ := client.Snapshot(lamp.ID())
		fmt.Println("the lamp is", now.Value, "at", now.Rev)
	})
	// Here, what is sent is received at once.
	conn := server.Open(mirror.Opening{Query: client.Query(), Send: func(out []mirror.Output) {
		for _, o := range out {
			if _, err := client.Receive(o.Frame); err != nil {
				fmt.Println(err)
			}
		}
	}})
	defer server.Close(conn)

	if err := lamp.Replace(mirror.Map(map[string]mirror.Value{"on": mirror.Bool(true)})); err != nil {
		fmt.Println(err)
	}
	server.Flush()

	proposal, err := client.Propose(lamp.ID(), mirror.Set(mirror.Path{mirror.Key("on")}, mirror.Bool(false)))
	if err == nil {
		err = server.Receive(conn, proposal)
	}
	fmt.Println(err)
	// Output:
	// the lamp is {"Map":{"on":{"Bool":false}}} at 0
	// the lamp is {"Map":{"on":{"Bool":true}}} at 1
	// the lamp is {"Map":{"on":{"Bool":false}}} at 2
	// <nil>
}
