package reflectschema

import (
	"fmt"
	"reflect"

	"github.com/telestruct/telestruct/internal/callsite"
	"github.com/telestruct/telestruct/tp/schema"
)

// HeaderSet declares headers of requests and responses: a headers.* definition
// (spec section 8.9). It is an immutable value made by [NewHeaderSet].
type HeaderSet struct {
	key      string
	request  reflect.Type
	response reflect.Type
	doc      string
	site     string
}

// NewHeaderSet describes the definition key, such as "headers.Trace". Req and
// Resp are structs whose tags are header names, such as "@trace"; either may be
// struct{}. Mistakes are reported by [Builder.Build].
func NewHeaderSet[Req, Resp any](key string) HeaderSet {
	return HeaderSet{
		key:      key,
		request:  reflect.TypeFor[Req](),
		response: reflect.TypeFor[Resp](),
		site:     callsite.Caller(),
	}
}

// Doc returns a copy of the set with a docstring, in markdown.
func (s HeaderSet) Doc(markdown string) HeaderSet {
	s.doc = markdown
	return s
}

// deriveHeaderSets makes the headers.* definitions.
func (d *deriver) deriveHeaderSets() {
	for _, s := range d.in.headers {
		d.at(s.site, func() { d.deriveHeaders(s) })
	}
}

func (d *deriver) deriveHeaders(s HeaderSet) {
	where := fmt.Sprintf("tp.HeaderSet(%q)", s.key)
	if s.request == nil || s.response == nil {
		d.problem(where, "the zero HeaderSet declares nothing", "make it with tp.HeaderSet")
		return
	}
	named := d.accept(where, checkKey(s.key, "headers.")) && d.claim(s.key, where, where, "give it another name")
	def := &schema.Headers{Head: schema.Head{Key: s.key, Origin: d.origin(where)}}
	d.define(def)
	request, response := d.headers(where, "request", s.request), d.headers(where, "response", s.response)
	if !named || request == nil || response == nil {
		return
	}
	d.model.Headers = append(d.model.Headers, &HeaderModel{
		Key:          s.key,
		RequestType:  s.request,
		ResponseType: s.response,
		Request:      request.plan,
		Response:     response.plan,
	})
	d.whenComplete(func() {
		doc := s.doc
		if doc == "" {
			doc = request.doc
		}
		def.Request, def.Response = request.fields, response.fields
		def.Doc = docstring(doc, append(append([]*schema.Field{}, request.fields...), response.fields...))
	})
}

// headers derives one side of a header set, and reports a header that another
// set has on that side (spec section 8.10). It returns nil for what is no struct.
func (d *deriver) headers(where, side string, t reflect.Type) *payload {
	if formOf(t) != formStruct {
		d.problem(where, fmt.Sprintf("the %s type is %s, not a struct", side, typeText(t)),
			"use a struct, or struct{} for no headers")
		return nil
	}
	p := d.payload(t, headerFields)
	for _, f := range p.fields {
		d.claim(side+" header "+f.Name, f.Origin.Go, f.Origin.Go, "declare each header once")
	}
	return p
}
