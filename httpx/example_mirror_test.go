package httpx_test

import (
	"bufio"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/telestruct/telestruct/httpx"
	"github.com/telestruct/telestruct/tp/mirror"
)

func ExampleMirrorEvents() {
	session := mirror.NewSession()
	lamp, err := session.HostValue("Lamp", mirror.Map(map[string]mirror.Value{"on": mirror.Bool(false)}), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	mux := http.NewServeMux()
	mux.Handle("/lamps", httpx.MirrorEvents(mirror.NewServer(session, nil)))
	ts := httptest.NewServer(mux)
	defer ts.Close()

	// A page would say: new EventSource("/lamps")
	res, err := http.Get(ts.URL + "/lamps")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer res.Body.Close()
	events := bufio.NewScanner(res.Body)
	events.Scan()
	fmt.Println(events.Text())

	if err := lamp.Replace(mirror.Map(map[string]mirror.Value{"on": mirror.Bool(true)})); err != nil {
		fmt.Println(err)
	}
	events.Scan() // the end of the first event
	events.Scan()
	fmt.Println(events.Text())
	// Output:
	// data: {"id":1,"rev":0,"t":"snapshot","type":"Lamp","value":{"Map":{"on":{"Bool":false}}}}
	// data: {"id":1,"patch":{"ops":[{"Set":{"path":[{"Key":"on"}],"value":{"Bool":true}}}],"rev":1},"t":"patch"}
}
