package conformance_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/internal/conformance/twin"
	"github.com/telestruct/telestruct/tp"
)

// drifts change a document of the twin's schema in one place. Wants are all
// problems that the check reports then; <text> in them stands for the location of
// that text in the changed document.
var drifts = []struct {
	name, from, to string
	want           []string
}{
	{name: "nothing"},
	{name: "order of fields", from: `"aF":"boolean","cF":"boolean"`, to: `"cF":"boolean","aF":"boolean"`},
	{"type of a field", `"bool!":"boolean"`, `"bool!":"string"`, []string{
		`struct.Value field bool!: Go has "boolean" (twin.Value.Bool), the document has "string" (<"bool!">); write bool!: "boolean" in the document, or use type *string with tag "bool!" in Go`,
	}},
	{"optional mark dropped", `"optional2!":"integer"`, `"optional2":"integer"`, []string{
		`struct.ExStruct field optional2!: Go has optional "integer" (twin.ExStruct.Optional2), the document has required "integer" (<"optional2">); write optional2!: "integer" in the document, or use type int with tag "optional2" in Go`,
	}},
	{"optional mark added", `{"required":"boolean","optional!":"boolean","optional2!"`, `{"required!":"boolean","optional!":"boolean","optional2!"`, []string{
		`struct.ExStruct field required: Go has required "boolean" (twin.ExStruct.Required), the document has optional "boolean" (<"required!">); write required: "boolean" in the document, or use type *bool with tag "required!" in Go`,
	}},
	{"null mark dropped", `"nullNum!":"number?"`, `"nullNum!":"number"`, []string{
		`struct.Value field nullNum!: Go has "number?" (twin.Value.NullNum), the document has "number" (<"nullNum!">); write nullNum!: "number?" in the document, or use type *float64 with tag "nullNum!" in Go`,
	}},
	{"field removed", `"cF":"boolean",`, ``, []string{
		`struct.Big field cF: Go has "boolean" (twin.Big.CF), the document has no such field (<"struct.Big":>); write cF: "boolean" in the document, or remove the field from Go`,
	}},
	{"field added", `"dF":"boolean"`, `"dF":"boolean","eF":["bytes?"]`, []string{
		`struct.Big field eF: Go has no such field (twin.Big), the document has ["bytes?"] (<"eF">); give twin.Big a field of type []*[]byte with tag "eF", or remove "eF" from the document`,
	}},
	{"field of a result", `"items":["struct.Big"]`, `"items":["struct.ExStruct"]`, []string{
		`fn.getBigList result tag Ok_ field items: Go has ["struct.Big"] (twin.GetBigListResult.Items), the document has ["struct.ExStruct"] (<"items">); write items: ["struct.Big"] in the document, or use type []ExStruct with tag "items" in Go`,
	}},
	{"element of a list", `"arrInt!":["integer"]`, `"arrInt!":["number"]`, []string{
		`struct.Value field arrInt!: Go has ["integer"] (twin.Value.ArrInt), the document has ["number"] (<"arrInt!">); write arrInt!: ["integer"] in the document, or use type []float64 with tag "arrInt!" in Go`,
	}},
	{"null mark of an element", `"objNullStr!":{"string":"string?"}`, `"objNullStr!":{"string":"string"}`, []string{
		`struct.Value field objNullStr!: Go has {"string": "string?"} (twin.Value.ObjNullStr), the document has {"string": "string"} (<"objNullStr!">); write objNullStr!: {"string": "string?"} in the document, or use type map[string]string with tag "objNullStr!" in Go`,
	}},
	{"target of a link", `"followSelf":"fn.selfLink"`, `"followSelf":"fn.example"`, []string{
		`fn.selfLink result tag Ok_ field followSelf: Go has "fn.selfLink" (twin.SelfLinkResult.FollowSelf), the document has "fn.example" (<"followSelf">); write followSelf: "fn.selfLink" in the document, or use type tp.Link[the arguments of fn.example] with tag "followSelf" in Go`,
	}},
	{"tag renamed", `"Two":`, `"Three":`, []string{
		`union.ExUnion tag Three: Go has no such tag (twin.ExUnion), the document has the tag (<"Three":>); list a struct type Three in tp.UnionOf, or remove the tag from the document`,
		`union.ExUnion tag Two: Go has the tag (twin.Two), the document has no such tag (<"union.ExUnion":>); add "- Two:" to the document, or remove the tag from Go`,
	}},
	{"error renamed", `"ErrorExample2":`, `"ErrorOther":`, []string{
		`errors.ExampleErrors tag ErrorExample2: Go has the tag (twin.Example2Error), the document has no such tag (<"errors.ExampleErrors":>); add "- ErrorExample2:" to the document, or remove the tag from Go`,
		`errors.ExampleErrors tag ErrorOther: Go has no such tag (tp.ErrorSet("errors.ExampleErrors")), the document has the tag (<"ErrorOther":>); give tp.ErrorSet("errors.ExampleErrors") an error type OtherError, or remove the tag from the document`,
	}},
	{"field of an error", `"field1":"string"`, `"field1":"integer"`, []string{
		`errors.ExampleErrors tag ErrorExample2 field field1: Go has "string" (twin.Example2Error.Field1), the document has "integer" (<"field1":"integer">); write field1: "string" in the document, or use type int with tag "field1" in Go`,
	}},
	{"header", `"@out":"boolean"`, `"@out":"string"`, []string{
		`headers.ExampleHeaders response header @out: Go has "boolean" (twin.ResponseHeaders.Out), the document has "string" (<"@out">); write "@out": "boolean" in the document, or use type *string with tag "@out" in Go`,
	}},
	{"function added", `{"fn.getBigList":`, `{"fn.none":{},"->":[{"Ok_":{}}]},{"fn.getBigList":`, []string{
		`fn.none: Go has no such definition, the document has the definition (<"fn.none">); register a function with tp.RegisterOn and tp.Name("fn.none"), or remove it from the document`,
	}},
}

// What is derived from the twin's Go types says what the documents say, that of
// the vectors too, and any change of them in one place is found there.
func TestDriftIsFound(t *testing.T) {
	t.Parallel()
	for name, document := range map[string][]byte{"of the vectors": vectorDocument(t), "of the twin": twinDocument(t)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if document == nil {
				t.Skip("the conformance vectors are not there")
			}
			for _, tc := range drifts {
				t.Run(tc.name, func(t *testing.T) {
					t.Parallel()
					text := compact(t, document)
					if tc.from != "" && strings.Count(text, tc.from) != 1 {
						t.Fatalf("%s is not in the document once", tc.from)
					}
					text = strings.Replace(text, tc.from, tc.to, 1)
					if diff := cmp.Diff(located(tc.want, text), problems(t, text)); diff != "" {
						t.Errorf("problems (-want +got):\n%s", diff)
					}
				})
			}
		})
	}
}

// located puts the locations into problems of a document of one line.
func located(problems []string, document string) []string {
	var texts []string
	for _, problem := range problems {
		before, rest, _ := strings.Cut(problem, "(<")
		place, after, _ := strings.Cut(rest, ">)")
		column := 1 + utf8.RuneCountInString(document[:strings.Index(document, place)])
		texts = append(texts, fmt.Sprintf("%s(%s:1:%d)%s", before, documentName, column, after))
	}
	return texts
}

// documentName is where the vectors have the schema of the twin.
const documentName = "example/example.telepact.json"

// vectorDocument is nil when the vectors are not there, and need not be.
func vectorDocument(t *testing.T) []byte {
	t.Helper()
	config, required := locate(t)
	text, err := os.ReadFile(filepath.Join(config.Root, "schema", filepath.FromSlash(documentName)))
	if err != nil && (required || !errors.Is(err, fs.ErrNotExist)) {
		t.Fatal(err)
	}
	return text
}

func twinDocument(t *testing.T) []byte {
	t.Helper()
	srv, err := newTwin(t).Build()
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := srv.Schema().WriteJSON(&text); err != nil {
		t.Fatal(err)
	}
	return text.Bytes()
}

func newTwin(t *testing.T) *tp.API {
	t.Helper()
	silent := func(context.Context) (twin.Answer, error) { return twin.Answer{}, nil }
	api, err := twin.NewAPI(silent, tp.NoAuth())
	if err != nil {
		t.Fatal(err)
	}
	return api
}

func compact(t *testing.T, document []byte) string {
	t.Helper()
	var text bytes.Buffer
	if err := json.Compact(&text, document); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

// problems builds the twin beside a document and returns what is reported.
func problems(t *testing.T, document string) []string {
	t.Helper()
	documents := fstest.MapFS{documentName: {Data: []byte(document)}}
	_, err := newTwin(t).Build(tp.CheckDir(documents, "example"))
	if err == nil {
		return nil
	}
	found, ok := errors.AsType[*tp.BuildError](err)
	if !ok {
		t.Fatal(err)
	}
	var texts []string
	for _, p := range found.Problems {
		p.Site = ""
		texts = append(texts, p.Error())
	}
	return texts
}
