package mirror

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/telestruct/telestruct/internal/mem"
)

// goStruct returns the struct type that a model of the vectors describes: an object of the kinds
// of its fields, in their order, where objects are nested structs.
func goStruct(spec json.RawMessage) (reflect.Type, error) {
	fields, err := inOrder(spec)
	if err != nil {
		return nil, err
	}
	var list []reflect.StructField
	for _, f := range fields {
		t, err := goTypeNamed(f.of)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.name, err)
		}
		list = append(list, reflect.StructField{
			Name: "F_" + f.name, Type: t, Tag: reflect.StructTag(fmt.Sprintf(`tp:%q json:%q`, f.name, f.name)),
		})
	}
	return reflect.StructOf(list), nil
}

// goTypeNamed returns the Go type of a kind, or of nested fields.
func goTypeNamed(spec json.RawMessage) (reflect.Type, error) {
	var kind string
	if json.Unmarshal(spec, &kind) != nil {
		return goStruct(spec)
	}
	types := map[string]reflect.Type{
		"Str": reflect.TypeFor[string](), "Bool": reflect.TypeFor[bool](), "Int": reflect.TypeFor[int64](),
		"Float": reflect.TypeFor[float64](), "List": reflect.TypeFor[[]any](), "Map": reflect.TypeFor[map[string]any](),
		"Any": reflect.TypeFor[any](),
	}
	if t, ok := types[kind]; ok {
		return t, nil
	}
	return nil, fmt.Errorf("no Go type is of the kind %q", kind)
}

type specField struct {
	name string
	of   json.RawMessage
}

// inOrder returns the members of an object as they are written.
func inOrder(object json.RawMessage) (fields []specField, err error) {
	d := json.NewDecoder(bytes.NewReader(object))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return nil, fmt.Errorf("%s is no object: %w", object, err)
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		f := specField{name: name.(string)}
		if err := d.Decode(&f.of); err != nil {
			return nil, err
		}
		fields = append(fields, f)
	}
	return fields, nil
}

// vectorHost is a model of a Go type that was made of a vector's.
type vectorHost struct {
	*typedHost
	value reflect.Value // work
}

// hostVector hosts a plain document as a Go struct.
func hostVector(s *Session, name string, spec, document json.RawMessage) (*vectorHost, error) {
	if spec == nil {
		return nil, fmt.Errorf("there is no model %q", name)
	}
	goType, err := goStruct(spec)
	if err != nil {
		return nil, err
	}
	work, initial := reflect.New(goType), reflect.New(goType)
	t, err := typedAt(goType, mem.Ptr(work.UnsafePointer()))
	if err == nil {
		err = json.Unmarshal(document, initial.Interface())
	}
	if err != nil {
		return nil, err
	}
	host, err := s.hostTyped(t, name, mem.Ptr(initial.UnsafePointer()))
	if err != nil {
		return nil, err
	}
	return &vectorHost{host, work.Elem()}, nil
}

// set changes fields, by dotted names, to plain documents.
func (h *vectorHost) set(fields map[string]json.RawMessage) error {
	return h.update(func() error {
		for name, document := range fields {
			field := h.value
			for key := range strings.SplitSeq(name, ".") {
				if field = field.FieldByName("F_" + key); !field.IsValid() {
					return errors.New("there is no field " + name)
				}
			}
			next := reflect.New(field.Type())
			if err := json.Unmarshal(document, next.Interface()); err != nil {
				return err
			}
			field.Set(next.Elem())
		}
		return nil
	})
}

// document returns the value as a plain document.
func (h *vectorHost) document() (json.RawMessage, error) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return json.Marshal(h.value.Interface())
}
