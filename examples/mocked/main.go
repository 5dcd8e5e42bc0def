// Command mocked tells how parcels are getting on, and complains about those that are lost. It
// calls the API of a carrier that somebody else runs, and that its tests do not need: they
// mock it. Without an address it plays with a mock itself.
package main

import (
	"context"
	"embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/telestruct/telestruct/httpx"
	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/mock"
)

//go:embed api
var documents embed.FS

func main() {
	carrier := flag.String("carrier", "", "the `URL` of the carrier; none makes answers up")
	flag.Parse()

	client, err := newClient(*carrier)
	if err != nil {
		log.Fatal(err)
	}
	if err := follow(context.Background(), client, os.Stdout, flag.Args()); err != nil {
		log.Fatal(err)
	}
}

func newClient(carrier string) (*tp.Client, error) {
	if carrier != "" {
		return tp.NewClient(httpx.Transport(carrier), carrierTypes), nil
	}
	m, err := mock.New(mock.Dir(documents, "api"), mock.Types(carrierTypes))
	if err != nil {
		return nil, err
	}
	return m.Client(), nil
}

// follow writes a line for each parcel. A parcel that the carrier does not know is no reason
// to stop; a carrier that does not answer is.
func follow(ctx context.Context, client *tp.Client, w io.Writer, numbers []string) error {
	for _, number := range numbers {
		tracked, err := tp.Call[Tracked](ctx, client, &Track{Number: number})
		var unknown *UnknownParcelError
		switch {
		case errors.As(err, &unknown):
			fmt.Fprintf(w, "%s: unknown\n", number)
			continue
		case err != nil:
			return fmt.Errorf("track %s: %w", number, err)
		}
		line, err := describe(ctx, client, number, tracked)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s: %s\n", number, line)
	}
	return nil
}

// describe says how a parcel is getting on, and complains if it is not.
func describe(ctx context.Context, client *tp.Client, number string, tracked *Tracked) (string, error) {
	switch s := tracked.State.(type) {
	case Underway:
		return fmt.Sprintf("in %s at %d, stops so far: %d", s.Next.Place, s.Next.Hour, len(tracked.Stops)), nil
	case Delivered:
		return "delivered to " + s.To, nil
	}
	complaint, err := tp.Call[Complaint](ctx, client, &Complain{Number: number, Reason: "it is lost"})
	if err != nil {
		return "", fmt.Errorf("complain about %s: %w", number, err)
	}
	return "lost; see case " + complaint.Case, nil
}
