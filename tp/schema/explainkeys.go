package schema

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/telestruct/telestruct/internal/initialism"
)

// explainKeyCount explains an object that has not exactly one key that names it:
// a definition or a tag.
func (f Failure) explainKeyCount() (found, fix string) {
	if len(f.Path) > 1 {
		return f.explainTag()
	}
	var named, others []string
	for _, key := range f.keys() {
		switch {
		case schemaKeyPattern.MatchString(key):
			named = append(named, key)
		case !isCompanion(key):
			others = append(others, key)
		}
	}
	switch {
	case len(named) > 1:
		return fmt.Sprintf("%s is called %s at once", f.nameless(), quoteAll(named)), f.separate("definition")
	case len(others) == 0:
		return f.nameless() + " has no name", "give it a key such as struct.Name or fn.name"
	}
	fix = "write a key such as struct.Name or fn.name"
	if near := nearestKind(others[0], slices.Contains(f.keys(), resultKey)); near != "" {
		fix = fmt.Sprintf("write %q", near)
	}
	return noneBegins(others) + " with none of fn., struct., union., errors., headers., info.", fix
}

// noneBegins begins a sentence about keys.
func noneBegins(keys []string) string {
	if len(keys) == 1 {
		return quoteAll(keys) + " begins"
	}
	return quoteAll(keys) + " begin"
}

// isCompanion reports whether key stands beside the key that names a definition.
func isCompanion(key string) bool {
	return key == docKey || key == resultKey || key == errorsKey || isFlag(key)
}

// otherKinds are what people call definitions that know other languages.
var otherKinds = map[string]string{
	"function": "fn", "func": "fn", "fun": "fn", "functions": "fn", "fns": "fn", "method": "fn", "rpc": "fn",
	"structs": "struct", "type": "struct", "record": "struct", "object": "struct", "message": "struct",
	"unions": "union", "enum": "union", "oneof": "union",
	"error": "errors", "header": "headers", "api": "info",
}

// nearestKind returns the schema key that key was likely meant to be, or "". A
// bare name can be that of a function only, if there is a result beside it.
func nearestKind(key string, hasResult bool) string {
	kind, name, ok := strings.Cut(key, ".")
	switch {
	case !ok && hasResult && key != "":
		return "fn." + key
	case name == "":
		return ""
	}
	kind = strings.ToLower(kind)
	if other, known := otherKinds[kind]; known {
		kind = other
	}
	if near := kind + "." + name; schemaKeyPattern.MatchString(near) {
		return near
	}
	return ""
}

// explainTag explains an element of a union, result or errors definition that is
// not one tag.
func (f Failure) explainTag() (found, fix string) {
	var tags, others []string
	for _, key := range f.keys() {
		switch {
		case tagPattern.MatchString(key):
			tags = append(tags, key)
		case key != docKey:
			others = append(others, key)
		}
	}
	switch {
	case len(tags) > 1:
		return fmt.Sprintf("%s is called %s at once", f.subject(), quoteAll(tags)), f.separate("tag")
	case len(tags) == 1:
		return fmt.Sprintf("%s stands beside the tag %s in %s", quoteAll(others), tags[0], f.subject()), f.inward("field")
	case len(others) == 0:
		return f.subject() + " has no name", "write a tag such as " + f.exampleTag()
	}
	fix = "write a tag such as " + f.exampleTag()
	if near := upper(nameLike(others[0])); tagPattern.MatchString(near) {
		fix = fmt.Sprintf("write %q", near)
	}
	return fmt.Sprintf("%s in %s is no tag, which is an upper-case letter, then letters, digits and \"_\"",
		quoteAll(others), f.owner()), fix
}

// exampleTag returns a tag as the place could have it.
func (f Failure) exampleTag() string {
	tag := "Name"
	switch key := f.definition(); {
	case len(f.Path) > 1 && f.Path[1] == resultKey:
		tag = okTag
	case kindOf(key) == "errors":
		tag = "ErrorName"
	}
	return f.tagText(tag)
}

// tagText returns an element with a tag without fields.
func (f Failure) tagText(tag string) string {
	return f.written(`"- `+tag+`: {}"`, `{"`+tag+`": {}}`)
}

// explainDisallowed explains a key where it means nothing.
func (f Failure) explainDisallowed() (found, fix string) {
	key, definition := f.step(), f.definition()
	if len(f.Path) > 2 {
		return fmt.Sprintf("%q cannot be the key of an object type", key), `write {"string": …} with the type of the values`
	}
	found = fmt.Sprintf("%q cannot stand beside %s", key, definition)
	kind := kindOf(definition)
	switch {
	case key == errorsKey && kind == "fn":
		return found + `, which is not one of the framework's own functions`, "remove it"
	case key == resultKey:
		return found + ": functions and headers have it", "remove it"
	case fieldPattern.MatchString(key) && (kind == "struct" || kind == "fn"):
		return found, f.inward("field") + ", or remove it"
	case tagPattern.MatchString(key) && (kind == "union" || kind == "errors"):
		return found, "write " + f.tagText(key) + " in its list to make it a tag, or remove it"
	}
	return found, "remove it"
}

// explainFieldName explains a key that is not the name of a field or header.
func (f Failure) explainFieldName() (found, fix string) {
	key := f.step()
	isHeader := f.data("regex") == headerPattern.String()
	name := strings.TrimRight(key, "!?")
	switch {
	case isCompanion(key):
		return f.explainTooDeep(key)
	case isHeader && headerPattern.MatchString(name), !isHeader && fieldPattern.MatchString(name):
		return f.explainMarks(key, name, isHeader)
	case isHeader:
		return f.misnamed("header", `"@", a lower-case letter, then letters, digits and "_"`,
			"@"+initialism.Lower(nameLike(strings.TrimPrefix(name, "@"))), headerPattern)
	case strings.HasPrefix(key, "@"):
		return fmt.Sprintf("%q is the name of a header, and %s has fields", key, f.owner()),
			"declare it in a definition such as headers.Name, or remove the \"@\""
	}
	return f.misnamed("field", `a lower-case letter, then letters, digits and "_"`, initialism.Lower(nameLike(key)), fieldPattern)
}

// nameLike returns key with what other languages join words with replaced.
func nameLike(key string) string { return wordJoiners.Replace(key) }

var wordJoiners = strings.NewReplacer("-", "_", " ", "_", ".", "_")

// misnamed explains a key that does not have the form that what has; near is one
// that may have it.
func (f Failure) misnamed(what, form, near string, pattern *regexp.Regexp) (found, fix string) {
	found = fmt.Sprintf("%q in %s is not the name of a %s, which is %s", f.step(), f.owner(), what, form)
	if pattern.MatchString(near) {
		return found, fmt.Sprintf("write %q", near)
	}
	return found, "rename it"
}

// explainTooDeep explains a companion key among the fields of what it belongs to.
func (f Failure) explainTooDeep(key string) (found, fix string) {
	fix = "move it out of the object, one level up"
	if f.isYAML() {
		fix = "indent it less"
	}
	return fmt.Sprintf("%s stands beside %s, not among its fields", key, f.owner()), fix
}

// explainMarks explains a name behind which stands more than the "!" that says
// that a field may be absent.
func (f Failure) explainMarks(key, name string, isHeader bool) (found, fix string) {
	right := name
	if !isHeader && strings.Contains(key, "!") {
		right += "!"
	}
	value := f.value()
	if text, ok := value.(string); ok && strings.Contains(key, "?") {
		value = strings.TrimSuffix(text, "?") + "?"
	}
	fix = "write " + f.entryText(right, value)
	switch {
	case strings.Contains(key, "?"):
		return fmt.Sprintf("%q: null is said in the type, not in the name", key), fix
	case isHeader:
		return fmt.Sprintf("%q: every header may be absent, without a \"!\"", key), fix
	}
	return fmt.Sprintf("%q has more than one \"!\"", key), fix
}

// entryText returns a field with its type as the document would have it.
func (f Failure) entryText(name string, value any) string {
	if f.isYAML() {
		return yamlKey(name) + ": " + inline(value, quoteYAML)
	}
	return quoteJSON(name) + ": " + inline(value, quoteJSON)
}

// explainMissing explains an object without a key that it has to have.
func (f Failure) explainMissing() (found, fix string) {
	key, definition := f.data("key"), f.definition()
	switch key {
	case okTag:
		return fmt.Sprintf("the result of %s lacks the tag %s", definition, okTag), "add " + f.tagText(okTag) + " with the fields of the result"
	case resultKey:
		found = fmt.Sprintf("%s lacks the key %q", definition, resultKey)
		if kindOf(definition) == "headers" {
			return found, f.written(`add "->:" with the response headers below it, or "->: {}"`, `add "->": {…} with the response headers`)
		}
		return found, f.written(`add "->:" with "- Ok_: {…}" below it`, `add "->": [{"Ok_": {…}}]`)
	}
	return f.explainObject()
}

// owner names what the field at the place belongs to.
func (f Failure) owner() string {
	if len(f.Path) > 0 {
		f.Path = f.Path[:len(f.Path)-1]
	}
	if len(f.Path) == 1 { // the request side of a definition is called like it
		return f.definition()
	}
	return f.subject()
}

// separate says how to make two things of one object.
func (f Failure) separate(what string) string {
	return f.written("begin each "+what+` with "- "`, "give each "+what+" an object of its own")
}

// inward says how to make a key that stands beside a name a part of it.
func (f Failure) inward(what string) string {
	return f.written("indent it more to make it a "+what, "move it into the object to make it a "+what)
}

// keys returns the keys of the object at the place, in ascending order.
func (f Failure) keys() []string {
	if f.place == nil {
		return nil
	}
	return slices.Sorted(slices.Values(f.place.keys()))
}

// maxQuoted is how many keys a message lists.
const maxQuoted = 5

// quoteAll lists texts: "a", "b" and "c".
func quoteAll(texts []string) string {
	var quoted []string
	for _, text := range texts[:min(len(texts), maxQuoted)] {
		quoted = append(quoted, strconv.Quote(text))
	}
	if len(texts) > maxQuoted {
		quoted = append(quoted, fmt.Sprintf("%d more", len(texts)-maxQuoted))
	}
	last := len(quoted) - 1
	if last < 1 {
		return strings.Join(quoted, "")
	}
	return strings.Join(quoted[:last], ", ") + " and " + quoted[last]
}

// upper returns a name with its first letter in upper case.
func upper(name string) string {
	if name == "" {
		return ""
	}
	return strings.ToUpper(name[:1]) + name[1:]
}
