package reflectschema

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/telestruct/telestruct/internal/plan"
	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/wire"
)

// Published is a Go type whose values a program sends without being asked for them, on a
// topic. It is part of the schema even if no function has it.
type Published struct {
	// Topic is the name of the topic.
	Topic string
	// Type is a struct, or an interface that a [Union] describes.
	Type reflect.Type
	// Unions are those of the interfaces in it. Others that a [Builder] is given may
	// describe the same interfaces, in the same way.
	Unions []Union
	// Site is the "dir/file.go:line" that says what the topic is for.
	Site string
}

// PublishedModel is the Go side of a [Published].
type PublishedModel struct {
	// Topic is the name of the topic.
	Topic string
	// Key is the schema key of the type, such as "struct.Price".
	Key string
	// Type refers to the definition, which is not resolved.
	Type *schema.Type
	// Plan is the plan of the values.
	Plan plan.Plan
}

const (
	// TopicHeader is the header of messages that are no answers: the name of the topic.
	TopicHeader = "@topic"
	// topicsKey is the definition of the header.
	topicsKey = "headers.Topic"
	// topicsFlag lists what topics are for: the keys of definitions by the name of the
	// topic. Definitions of headers are the ones that may have such a list in every
	// implementation, and a topic's name may be more than a schema takes for a name.
	topicsFlag = "$topics"
)

// Published adds a type that is sent on a topic.
func (b *Builder) Published(p Published) { b.published = append(b.published, p) }

// derivePublished makes the definitions of types that are sent on topics.
func (d *deriver) derivePublished() {
	for _, p := range d.in.published {
		d.at(p.Site, func() { d.publishedType(p) })
	}
}

func (d *deriver) publishedType(p Published) {
	where := "topic " + strconv.Quote(p.Topic)
	if p.Topic == "" || !utf8.ValidString(p.Topic) {
		d.problem(where, "the name is empty, or not UTF-8", `give it one such as "prices"`)
		return
	}
	if !d.accept(where, checkPublished(p.Type)) {
		return
	}
	d.publishing = true
	v, ok := d.value(where, p.Type)
	d.publishing = false
	if ok {
		m := &PublishedModel{Topic: p.Topic, Key: v.typ.Name, Type: v.typ, Plan: v.plan}
		d.model.Published = append(d.model.Published, m)
	}
}

// checkPublished reports what is no definition of its own.
func checkPublished(t reflect.Type) *mistake {
	f := formNone
	if t != nil {
		f = formOf(t)
	}
	switch {
	case f == formStruct || f == formInterface:
		return nil
	case f == formPointer && formOf(t.Elem()) == formStruct:
		return &mistake{"its type is the pointer " + typeText(t), "use " + typeText(t.Elem())}
	}
	return &mistake{
		found: fmt.Sprintf("its type is %s, which is neither a struct nor a union", typeText(t)),
		fix:   "use a struct that has it as a field",
	}
}

// describePublished enters the interfaces of published types. What several topics need is
// described more than once. The union of credentials would have another name in messages.
func (d *deriver) describePublished() {
	for _, p := range d.in.published {
		for _, u := range p.Unions {
			switch first := d.unions[u.iface]; {
			case first != nil && first.key == authKey:
				d.at(u.site, func() {
					d.problem(u.text(), "it is what tp.Auth takes", "publish another type: credentials are not for topics")
				})
			case first == nil || !first.union.describesAs(u):
				d.at(u.site, func() { d.describe(u, "") })
			}
		}
	}
}

// describesAs reports whether both unions say the same about the same interface.
func (u Union) describesAs(other Union) bool {
	return u.iface == other.iface && u.name == other.name && u.doc == other.doc && slices.Equal(u.variants, other.variants)
}

// deriveTopicHeader makes the definition of the header that names topics, with a list of
// what they are for.
func (d *deriver) deriveTopicHeader() {
	if len(d.in.published) == 0 {
		return
	}
	d.at(d.in.published[0].Site, func() {
		const where, fix = "a topic with a type", "give that one another name: messages of topics use this one"
		if !d.claim(topicsKey, where, where, fix) || !d.claim("response header "+TopicHeader, where, where, fix) {
			return
		}
		header := &schema.Field{Name: TopicHeader, Type: &schema.Type{Kind: schema.String}, Optional: true, Origin: d.origin(where)}
		def := &schema.Headers{Head: schema.Head{Key: topicsKey, Origin: d.origin(where)}, Response: []*schema.Field{header}}
		d.define(def)
		d.whenComplete(func() { d.describeTopics(&def.Head) })
	})
}

// describeTopics says what topics are for, to people and to programs.
func (d *deriver) describeTopics(head *schema.Head) {
	list := slices.Clone(d.model.Published)
	slices.SortStableFunc(list, func(a, b *PublishedModel) int {
		return cmp.Or(cmp.Compare(a.Topic, b.Topic), cmp.Compare(a.Key, b.Key))
	})
	list = slices.CompactFunc(list, func(a, b *PublishedModel) bool { return a.Topic == b.Topic && a.Key == b.Key })
	text := "Messages that answer no call name in `" + TopicHeader + "` the topic that they were published on.\n" +
		"Their body has one value, by the key of its definition:\n"
	var topics wire.Object
	for _, m := range list {
		text += "\n- " + strconv.Quote(m.Topic) + ": `" + m.Key + "`"
		keys, _ := topics.Get(m.Topic)
		of, _ := keys.([]any)
		topics.Set(m.Topic, append(of, m.Key))
	}
	head.Doc = schema.TextDoc(text)
	head.Flags = wire.Object{{Key: topicsFlag, Value: topics}}
}
