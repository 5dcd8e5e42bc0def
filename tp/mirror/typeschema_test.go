package mirror

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/telestruct/telestruct/reflectschema"
)

func TestSchemaOf(t *testing.T) {
	t.Parallel()
	type Place struct {
		Room string `tp:"room"`
	}
	type Device struct {
		Place
		Name     string                      `tp:"name"`
		On       *bool                       `tp:"on!"`
		Level    float32                     `tp:"level?"`
		Count    uint16                      `tp:"count"`
		Label    reflectschema.Optional[int] `tp:"label!?"`
		Tags     []string                    `tp:"tags"`
		Raw      []byte                      `tp:"raw"`
		Digest   [4]byte                     `tp:"digest"`
		Home     Place                       `tp:"home"`
		Settings map[string]int              `tp:"settings"`
		Extra    any                         `tp:"extra"`
		Document json.RawMessage             `tp:"document"`
		Span     time.Duration               `tp:"span"`
		Hidden   string                      `tp:"-"`
		Untagged string
	}
	s, err := SchemaOf(reflect.TypeFor[Device]())
	sameError(t, "", err)
	sameText(t, "TypeScript", `export interface Device {
  room: string;
  name: string;
  on: boolean;
  level: number;
  count: number;
  label: number;
  tags: unknown[];
  raw: string;
  digest: unknown[];
  home: Record<string, unknown>;
  settings: Record<string, unknown>;
  extra: unknown;
  document: unknown;
  span: number;
}`, s.TypeScript())
	text, err := json.Marshal(TypeSchema{s.TypeName, s.Fields[:2]})
	sameError(t, "", err)
	sameText(t, "schema", `{"type_name":"Device","fields":[{"name":"room","ty":"Str"},{"name":"name","ty":"Str"}]}`, string(text))
	_, err = SchemaOf(reflect.TypeFor[int]())
	sameError(t, "mirror: a model that has a schema is a struct, and this is int", err)
	_, err = SchemaOf(nil)
	sameError(t, "mirror: a model that has a schema is a struct, and this is <nil>", err)
}
