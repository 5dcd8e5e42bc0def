package validate_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/validate"
	"github.com/telestruct/telestruct/tp/wire"
)

// library is a schema in which every kind of type expression occurs.
const library = `
- info.Library: {}

- struct.Book:
    title: "string"
    pages: "integer"
    cover!: "bytes"
    sequel!: "struct.Book?"

- struct.Nothing: {}

- union.Shelf:
    - Empty: {}
    - Full:
        books: ["struct.Book"]
        label!: "string"

- union.Mood:
    - Calm: {}
    - Loud: {}

- struct.Sample:
    flag!: "boolean"
    count!: "integer"
    ratio!: "number"
    name!: "string"
    thing!: "any"
    data!: "bytes"
    noFlag!: "boolean?"
    noThing!: "any?"
    noBook!: "struct.Book?"
    noShelf!: "union.Shelf?"
    noLoan!: "fn.lend?"
    noData!: "bytes?"
    counts!: ["integer"]
    grid!: [["integer"]]
    names!: {"string": "string"}
    noNames!: {"string": "string?"}
    blobs!: [{"string": "bytes"}]
    book!: "struct.Book"
    shelf!: "union.Shelf"
    shelves!: ["union.Shelf"]
    mood!: "union.Mood"
    loan!: "fn.lend"
    select!: "_ext.Select_"
    noSelect!: "_ext.Select_?"
    call!: "_ext.Call_"
    stub!: "_ext.Stub_"

- _ext.Call_: {}

- _ext.Stub_: {}

- fn.check:
    sample!: "struct.Sample"
  ->:
    - Ok_:
        sample!: "struct.Sample"

- fn.lend:
    book: "struct.Book"
    days!: "integer"
  ->:
    - Ok_:
        due: "integer"
        shelf!: "union.Shelf"
        renew!: "fn.renew"
    - ErrorLent:
        until: "integer"
        book!: "struct.Book"

- fn.renew:
    mood: "union.Mood"
    loan!: "fn.lend"
  ->:
    - Ok_: {}

- headers.Trace:
    "@trace": "string"
    "@level": "integer"
  ->:
    "@node": "string"

- errors.Library:
    - ErrorClosed:
        until: "integer"
`

func newLibrary(t testing.TB) *schema.Schema {
	t.Helper()
	s, err := schema.Parse(schema.Document{Name: "library.telepact.yaml", Text: []byte(library)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// tree decodes JSON text.
func tree(t testing.TB, text string) any {
	t.Helper()
	v, err := wire.DecodeJSON([]byte(text), wire.CallLimits())
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

// object decodes the JSON text of an object; an empty text is no object.
func object(t testing.TB, text string) wire.Object {
	t.Helper()
	if text == "" {
		return nil
	}
	return tree(t, text).(wire.Object)
}

func empty(key string) wire.Object { return wire.Object{{Key: key, Value: wire.Object{}}} }

// unexpected is the failure of a value of the wrong kind.
func unexpected(actual, expected string, path ...any) validate.Failure {
	return validate.Failure{Path: path, Reason: "TypeUnexpected", Data: wire.Object{
		{Key: "actual", Value: empty(actual)},
		{Key: "expected", Value: empty(expected)},
	}}
}

// failure is a failure without data.
func failure(reason string, path ...any) validate.Failure {
	return validate.Failure{Path: path, Reason: reason}
}

func disallowed(path ...any) validate.Failure { return failure("ObjectKeyDisallowed", path...) }

func missing(key string, path ...any) validate.Failure {
	return validate.Failure{Path: path, Reason: "RequiredObjectKeyMissing", Data: wire.Object{{Key: "key", Value: key}}}
}

func size(actual int64, path ...any) validate.Failure {
	return validate.Failure{Path: path, Reason: "ObjectSizeUnexpected", Data: wire.Object{
		{Key: "actual", Value: actual},
		{Key: "expected", Value: int64(1)},
	}}
}

func because(why string, path ...any) validate.Failure {
	return validate.Failure{Path: path, Reason: "ExtensionValidationFailed", Data: wire.Object{{Key: "reason", Value: why}}}
}

// equal compares failures; a nil path is the empty one.
func equal(t *testing.T, want, got []validate.Failure) {
	t.Helper()
	emptyPath := cmp.Transformer("path", func(p wire.Path) []any { return append([]any{}, p...) })
	if len(want) == 0 && len(got) == 0 {
		return
	}
	if diff := cmp.Diff(want, got, emptyPath); diff != "" {
		t.Errorf("failures (-want +got):\n%s", diff)
	}
}
