package wsx_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"

	"github.com/telestruct/telestruct/tp/mirror"
	"github.com/telestruct/telestruct/wsx"
)

// DimmedLamp is what the examples of mirrors are about.
type DimmedLamp struct {
	Name       string `tp:"name"`
	Brightness int    `tp:"brightness"`
}

// Validate says which lamps there can be.
func (l *DimmedLamp) Validate() error {
	if l.Brightness < 0 || l.Brightness > 100 {
		return errors.New("the brightness is from 0 to 100")
	}
	return nil
}

// lampExample serves a lamp at the URL it returns.
func lampExample() (url string, lamp *mirror.Handle[DimmedLamp], stop func()) {
	session := mirror.NewSession()
	lamp, err := mirror.Host(session, &DimmedLamp{Name: "desk"})
	if err != nil {
		panic(err)
	}
	endpoint := wsx.NewServer().Mirror(mirror.NewServer(session, nil))
	ts := httptest.NewServer(endpoint)
	return "ws" + strings.TrimPrefix(ts.URL, "http"), lamp, func() {
		_ = endpoint.Shutdown(context.Background())
		ts.Close()
	}
}

func ExampleDialMirror() {
	url, lamp, stop := lampExample()
	defer stop()
	ctx := context.Background()

	client, err := wsx.DialMirror(ctx, url, nil, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = client.Close() }()
	if err := client.Await(ctx, lamp.ID()); err != nil {
		fmt.Println(err)
		return
	}
	here := mirror.ModelOf[DimmedLamp](client.Client(), lamp.ID())

	changes := make(chan DimmedLamp)
	defer here.OnChange(func(l DimmedLamp) { changes <- l })()
	_ = lamp.Update(func(l *DimmedLamp) error {
		l.Brightness = 30
		return nil
	})
	fmt.Println(<-changes)

	proposal, err := here.Edit(func(l *DimmedLamp) error {
		l.Brightness *= 2
		return nil
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := client.Send(proposal); err != nil { // there is no connection at the moment
		fmt.Println(err)
		return
	}
	fmt.Println(<-changes)
	fmt.Println(lamp.Get())
	// Output:
	// {desk 30}
	// {desk 60}
	// {desk 60}
}

// What a server thinks of a proposal.
func ExampleMirrorClient_Settle() {
	url, lamp, stop := lampExample()
	defer stop()
	ctx := context.Background()

	client, err := wsx.DialMirror(ctx, url, &mirror.ClientOptions{Codec: mirror.MessagePack()}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = client.Close() }()
	if err := client.Await(ctx, lamp.ID()); err != nil { // what comes then is an answer
		fmt.Println(err)
		return
	}
	for _, brightness := range []int64{60, 200} {
		proposal, err := client.Client().Propose(lamp.ID(), mirror.Set(mirror.Path{mirror.Key("brightness")}, mirror.Int(brightness)))
		if err == nil {
			err = client.Settle(ctx, lamp.ID(), proposal)
		}
		fmt.Println(err)
	}
	fmt.Println(lamp.Get())
	// Output:
	// <nil>
	// mirror: refused: the brightness is from 0 to 100
	// {desk 60}
}
