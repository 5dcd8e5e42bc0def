package wsx_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/coder/websocket"

	"github.com/telestruct/telestruct/tp/mirror"
	"github.com/telestruct/telestruct/wsx"
)

type Thermostat struct {
	Room   string  `tp:"room"`
	Degree float64 `tp:"degree"`
}

func ExampleMirror() {
	session := mirror.NewSession()
	thermostat, err := mirror.Host(session, &Thermostat{Room: "attic", Degree: 19})
	if err != nil {
		fmt.Println(err)
		return
	}
	live := wsx.Mirror(mirror.NewServer(session, nil))
	defer func() { _ = live.Shutdown(context.Background()) }()
	mux := http.NewServeMux()
	mux.Handle("/live", live)
	web := httptest.NewServer(mux)
	defer web.Close()

	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	socket := visit(ctx, web.URL+"/live?codec=json")
	defer func() { _ = socket.CloseNow() }()
	hear := func() {
		_, message, _ := socket.Read(ctx)
		fmt.Printf("%s\n", message)
	}
	hear()
	err = thermostat.Update(func(t *Thermostat) error {
		t.Degree = 20.5
		return nil
	})
	hear()
	proposal := `{"t":"patch","id":1,"patch":{"ops":[{"Set":{"path":[{"Key":"degree"}],"value":{"Str":"warm"}}}]}}`
	if err == nil {
		err = socket.Write(ctx, websocket.MessageText, []byte(proposal))
	}
	hear()
	hear()
	fmt.Println(err)
	// Output:
	// {"id":1,"rev":0,"t":"snapshot","type":"Thermostat","value":{"Map":{"degree":{"Float":19.0},"room":{"Str":"attic"}}}}
	// {"id":1,"patch":{"ops":[{"Set":{"path":[{"Key":"degree"}],"value":{"Float":20.5}}}],"rev":1},"t":"patch"}
	// {"id":1,"rev":1,"t":"snapshot","type":"Thermostat","value":{"Map":{"degree":{"Float":20.5},"room":{"Str":"attic"}}}}
	// {"error":"degree: this must be a number, and is Str \"warm\"","id":1,"rev":1,"t":"reject"}
	// <nil>
}
