package conformance

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/schema"
)

// schemaServer has one function, which says what is wrong with a schema.
type schemaServer struct {
	schemas fs.FS
}

func openSchemaServer(env *environment, v *vectors) (driver, error) {
	documents, err := schema.ReadDir(env.schemas, v.Schema)
	if err != nil {
		return nil, err
	}
	api := tp.NewAPI("", tp.SchemaDocuments(documents...), tp.NoAuth(), tp.OnFailure(nil))
	tp.RegisterRaw(api, "fn.validateSchema", schemaServer{env.schemas}.validate)
	srv, err := api.Build()
	if err != nil {
		return nil, err
	}
	return bytesDriver(func(ctx context.Context, request []byte) ([]byte, error) {
		reply := srv.Process(ctx, request)
		defer reply.Release()
		return bytes.Clone(reply.Bytes), nil
	}), nil
}

func (s schemaServer) validate(_ context.Context, req *tp.Request) (*tp.Response, error) {
	args, _ := req.Args.(tp.Object)
	v, _ := args.Get("input")
	input, _ := v.(tp.Object)
	err := s.check(input)
	if err == nil {
		return &tp.Response{Result: tp.Object{}}, nil
	}
	var mistakes *schema.ParseError
	if !errors.As(err, &mistakes) {
		return nil, err
	}
	return &tp.Response{
		Tag:    "ErrorValidationFailure",
		Result: tp.Object{{Key: "cases", Value: mistakes.Tree()}},
	}, nil
}

// check parses the schema that the input, a union, holds or names.
func (s schemaServer) check(input tp.Object) error {
	tag := input[0].Key // the server has validated it
	fields, _ := input[0].Value.(tp.Object)
	if tag == "Directory" {
		dir, _ := fields.Get("schemaDirectory")
		name, _ := dir.(string)
		_, err := schema.ParseDir(s.schemas, path.Clean(name))
		return err
	}
	text, err := documentText(fields, "schema")
	if err != nil {
		return err
	}
	if _, ok := fields.Get("extend!"); !ok {
		_, err = schema.Parse(schema.Document{Text: text})
		return err
	}
	extension, err := documentText(fields, "extend!")
	if err != nil {
		return err
	}
	_, err = schema.Parse(schema.Document{Name: "default", Text: text}, schema.Document{Name: "extend", Text: extension})
	return err
}

// documentText returns the schema document in a field. The field's type is any.
func documentText(fields tp.Object, name string) ([]byte, error) {
	v, _ := fields.Get(name)
	text, ok := v.(string)
	if !ok {
		return nil, fmt.Errorf("%s is %v; want the text of a document", name, v)
	}
	return []byte(text), nil
}
