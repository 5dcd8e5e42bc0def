package conformance

import (
	"fmt"
	"strings"
	"testing"

	"github.com/telestruct/telestruct/internal/conformance/twin"
	"github.com/telestruct/telestruct/tp/schema"
)

// offered are values of every kind, of which each field accepts a few.
func offered() []string {
	return []string{
		"null", "false", "0", "-1", "1.0", "0.1", "1e3", "9007199254740992", "9223372036854775808", "-9223372036854775809",
		"1.7976931348623157e+308", "1e400",
		`""`, `"a"`, `"YWJj"`, `"YWJ"`, `"YW Jj"`, `"\u0000é😀"`,
		"[]", "[null]", "[0]", "[[]]", "[[null]]", "[[0, \"a\"]]", "[{}]", "[{\"a\": {}}]",
		"{}", `{"a": null}`, `{"a": 0}`, `{"a": []}`, `{"a": {"b": null}}`, `{"a": {"b": [1.5]}}`,
		`{"required": true}`, `{"required": true, "optional!": false, "optional2!": 1}`, `{"required": true, "optional!": null}`,
		`{"required": 0, "a": 0}`, `{"optional": true}`,
		`{"One": {}}`, `{"One": {"a": 1}}`, `{"One": null}`, `{"Two": {"required": true}}`, `{"Two": {}}`, `{"One": {}, "Two": {}}`, `{"Three": {}}`,
		`{"fn.example": {"required": true}}`, `{"fn.example": {}}`, `{"fn.example": []}`, `{"fn.test": {}}`,
		`{"struct.ExStruct": ["required"]}`, `{"struct.ExStruct": ["a"]}`, `{"struct.Big": []}`, `{"->": {"Ok_": ["value!"]}}`,
		`{"union.ExUnion": {"Two": []}}`, `{"union.ExUnion": {"One": []}}`,
	}
}

// shapes returns the forms in which a field is offered a value: by itself, and
// where the field holds others.
func shapes(field string) []string {
	switch {
	case strings.HasPrefix(field, "arr"):
		return []string{"%s", "[%s]", "[null, %s]"}
	case strings.HasPrefix(field, "obj"):
		return []string{"%s", `{"a": %s}`, `{"a": null, "b": %s}`}
	}
	return []string{"%s"}
}

// What the two implementations of one schema answer must be the same, whatever
// is sent. The vectors have a small part of these pairs of field and value.
func TestTypedAgreesWithRaw(t *testing.T) {
	t.Parallel()
	env, file := twinEnvironment(t), &vectors{Schema: "twin"}
	twins, err := schema.ParseDir(env.schemas, "twin")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := serverKind{}.open(env, file)
	if err != nil {
		t.Fatal(err)
	}
	pair := &implementations{raw: raw, typed: openTwin(t, "")}
	for _, field := range twins.Lookup("struct.Value").(*schema.Struct).Fields {
		t.Run(field.Name, func(t *testing.T) {
			for _, value := range offered() {
				for _, shape := range shapes(field.Name) {
					payload := fmt.Sprintf(`{"value!": {%q: `+shape+`}}`, field.Name, value)
					pair.agree(t, `[{}, {"fn.test": `+payload+`}]`)
					pair.agreeOnResult(t, payload)
				}
			}
		})
	}
}

// implementations are two servers of one schema.
type implementations struct {
	raw   driver
	typed *typedDriver
}

// agree fails the test when the answers to the request differ. It returns their
// tag.
func (p *implementations) agree(t *testing.T, request string) string {
	t.Helper()
	s := &statement{Request: tree(t, request)}
	want, errRaw := p.raw.exchange(t.Context(), s)
	got, errTyped := p.typed.exchange(t.Context(), s)
	if errRaw != nil || errTyped != nil || !(comparison{}).equal(want, got) {
		t.Errorf("%s\nover value trees %s %v\nover Go types    %s %v", request, encodeJSON(want), errRaw, encodeJSON(got), errTyped)
	}
	_, tag, _ := parts(want)
	return tag
}

// agreeOnResult wants the Go types to hold what is a valid result, and nothing
// else.
func (p *implementations) agreeOnResult(t *testing.T, payload string) {
	t.Helper()
	request := `[{"@ok_": ` + payload + `}, {"fn.test": {}}]`
	refusal := p.typed.decoder.Accepts(t.Context(), "fn.test", twin.Answer{Tag: "Ok_", Payload: []byte(payload)})
	if refusal == nil {
		if tag := p.agree(t, request); tag != "Ok_" {
			t.Errorf("the Go types hold %s, which leads to %s", payload, tag)
		}
		return
	}
	answer, _ := p.raw.exchange(t.Context(), &statement{Request: tree(t, request)})
	if _, tag, _ := parts(answer); tag != "ErrorInvalidResponseBody_" {
		t.Errorf("%v, but it leads to %s", refusal, tag)
	}
}
