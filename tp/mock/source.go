package mock

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/wire"
)

// Source is where the schema of a mock server comes from: [Dir], [Documents], [Schema],
// [Fetch] or [API].
type Source struct {
	read func() (origin, error)
}

// origin is what a source has.
type origin struct {
	schema    *schema.Schema    // nil for documents
	documents []schema.Document // of the schema
	client    tp.ClientOption   // what is known of Go types; may be nil
}

// Dir is the schema of a directory of *.telepact.yaml and *.telepact.json files. They may
// refer to definitions of mock servers, such as _ext.Call_.
func Dir(fsys fs.FS, dir string) Source {
	return Source{func() (origin, error) {
		if fsys == nil {
			return origin{}, errors.New("the file system is nil")
		}
		documents, err := schema.ReadDir(fsys, dir)
		return origin{documents: documents}, err
	}}
}

// Documents is the schema that documents make. They may refer to definitions of mock
// servers.
func Documents(documents ...schema.Document) Source {
	return Source{func() (origin, error) {
		if len(documents) == 0 {
			return origin{}, errors.New("there is no document")
		}
		return origin{documents: documents}, nil
	}}
}

// Schema is a schema that is at hand, such as that of a built [tp.Server] or of
// [tp.Client.Schema]. What its Go types refuse is refused, and not made up either.
func Schema(s *schema.Schema) Source {
	return Source{func() (origin, error) {
		if s == nil {
			return origin{}, errors.New("the schema is nil")
		}
		if slices.ContainsFunc(s.Own(), isPing) {
			document, err := withoutStandard(s.Own())
			return origin{documents: []schema.Document{document}}, err
		}
		return origin{schema: s, documents: s.Documents()}, nil
	}}
}

func isPing(d schema.Definition) bool { return d.Common().Key == "fn.ping_" }

// withoutStandard returns a document of the definitions that are no standard ones: a schema
// that was told by a server with fn.api_ has those as well.
func withoutStandard(definitions []schema.Definition) (schema.Document, error) {
	standard, err := schema.Parse(schema.MockDocument())
	if err != nil {
		return schema.Document{}, err
	}
	own := []any{}
	for _, d := range definitions {
		if standard.Lookup(d.Common().Key) == nil {
			own = append(own, d.Common().Source)
		}
	}
	text, err := wire.AppendValue(nil, own)
	return schema.Document{Text: text}, err
}

// Fetch is the schema that a running server tells with fn.api_. [New] asks for it, within
// ctx.
func Fetch(ctx context.Context, client *tp.Client) Source {
	return Source{func() (origin, error) {
		if client == nil {
			return origin{}, errors.New("the client is nil")
		}
		document, err := fetch(ctx, client)
		return origin{documents: []schema.Document{document}}, err
	}}
}

// fetch returns the public definitions of a server: the standard ones are added anyway.
func fetch(ctx context.Context, client *tp.Client) (schema.Document, error) {
	answer, err := client.Exchange(ctx, &tp.Message{Target: "fn.api_", Payload: tp.Object{}})
	if err != nil {
		return schema.Document{}, err
	}
	if answer.Target != "Ok_" {
		return schema.Document{}, fmt.Errorf("the server answered fn.api_ with %s", answer.Target)
	}
	definitions, _ := answer.Payload.Get("api")
	text, err := wire.AppendValue(nil, definitions)
	return schema.Document{Text: text}, err
}

// API is the schema of an API of this program, which is built with the options; its
// handlers are not called. Stubs and verifications know its unions and the names of its
// functions, and so do clients of [Server.Client].
func API(api *tp.API, options ...tp.Option) Source {
	return Source{func() (origin, error) {
		if api == nil {
			return origin{}, errors.New("the API is nil")
		}
		srv, err := api.Build(options...)
		if err != nil {
			return origin{}, err
		}
		s := srv.Schema()
		return origin{schema: s, documents: s.Documents(), client: tp.UsesAll(api, options...)}, nil
	}}
}

// withMock returns the documents of a mock server with this schema (spec section 18.1).
func (o origin) withMock() []schema.Document {
	standard := schema.MockDocument()
	isStandard := func(d schema.Document) bool { return d.Name == standard.Name }
	if slices.ContainsFunc(o.documents, isStandard) {
		return o.documents
	}
	return slices.Concat(o.documents, []schema.Document{standard})
}
