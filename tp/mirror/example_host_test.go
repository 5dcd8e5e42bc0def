package mirror_test

import (
	"fmt"

	"github.com/telestruct/telestruct/tp/mirror"
)

// Lamp is a model. Its fields have the names of their tags.
type Lamp struct {
	Name       string   `tp:"name"`
	On         bool     `tp:"on"`
	Brightness int      `tp:"brightness"`
	Scenes     []string `tp:"scenes"`
}

// Validate says what a lamp may be, to the program and to clients.
func (l *Lamp) Validate() error {
	if l.Brightness < 0 || l.Brightness > 100 {
		return fmt.Errorf("brightness: %d is not between 0 and 100", l.Brightness)
	}
	return nil
}

func ExampleHost() {
	session := mirror.NewSession()
	lamp, err := mirror.Host(session, &Lamp{Name: "desk", Scenes: []string{"work"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	err = lamp.Update(func(l *Lamp) error {
		l.On = true
		l.Scenes = append(l.Scenes, "read")
		return nil
	})
	fmt.Println(err)
	err = lamp.Update(func(l *Lamp) error {
		l.Name = "nothing of this happens"
		l.Brightness = 101
		return nil
	})
	fmt.Println(err)
	for _, change := range session.Drain() {
		fmt.Println(change.ID, change.Patch)
	}

	// What a client proposes is validated, and may be a text where a number is meant.
	brightness := mirror.Path{mirror.Key("brightness")}
	patch, err := session.Submit(lamp.ID(), []mirror.Op{mirror.Set(brightness, mirror.Str("80"))})
	fmt.Println(patch, err)
	_, err = session.Submit(lamp.ID(), []mirror.Op{mirror.Set(brightness, mirror.Str("bright"))})
	fmt.Println(mirror.CodeOf(err))
	fmt.Printf("%+v\n", lamp.Get())
	// Output:
	// <nil>
	// mirror: refused: brightness: 101 is not between 0 and 100
	// 1 {"ops":[{"Set":{"path":[{"Key":"on"}],"value":{"Bool":true}}},{"Insert":{"index":1,"path":[{"Key":"scenes"}],"value":{"Str":"read"}}}],"rev":1}
	// {"ops":[{"Set":{"path":[{"Key":"brightness"}],"value":{"Int":80}}}],"rev":2} <nil>
	// bad_value
	// {Name:desk On:true Brightness:80 Scenes:[work read]}
}

func ExampleModelOf() {
	session := mirror.NewSession()
	if _, err := mirror.Host(session, &Lamp{Name: "desk"}); err != nil {
		fmt.Println(err)
		return
	}
	server := mirror.NewServer(session, nil)
	client := mirror.NewClient(nil)
	lamp := mirror.ModelOf[Lamp](client, 1)
	lamp.OnChange(func(l Lamp) { fmt.Printf("%+v\n", l) })
	// Here, what is sent is received at once.
	conn := server.Open(mirror.Opening{Query: client.Query(), Send: func(out []mirror.Output) {
		for _, o := range out {
			if _, err := client.Receive(o.Frame); err != nil {
				fmt.Println(err)
			}
		}
	}})
	proposal, err := lamp.Edit(func(l *Lamp) error {
		l.On = true
		return nil
	})
	if err == nil {
		fmt.Println(string(proposal.Data))
		err = server.Receive(conn, proposal)
	}
	fmt.Println(err)
	// Output:
	// {Name:desk On:false Brightness:0 Scenes:[]}
	// {"id":1,"patch":{"ops":[{"Set":{"path":[{"Key":"on"}],"value":{"Bool":true}}}],"rev":0},"t":"patch"}
	// {Name:desk On:true Brightness:0 Scenes:[]}
	// <nil>
}

func ExampleCheckAs() {
	hub := mirror.NewHub(nil)
	id, err := hub.Share(mirror.Shared{Type: "Lamp", Value: mirror.Map(nil)}, &mirror.SharedOptions{Check: mirror.CheckAs[Lamp]()})
	if err != nil {
		fmt.Println(err)
		return
	}
	shared, _ := hub.Shared(id)
	fmt.Println(shared.Value)
	err = hub.SetShared(id, mirror.Map(map[string]mirror.Value{"brightness": mirror.Int(200)}))
	fmt.Println(err)
	// Output:
	// {"Map":{"brightness":{"Int":0},"name":{"Str":""},"on":{"Bool":false},"scenes":{"List":[]}}}
	// mirror: refused: brightness: 200 is not between 0 and 100
}
