package reflectschema_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/telestruct/telestruct/reflectschema"
)

type builder = reflectschema.Builder

// takes gives b the function fn.evaluate with arguments of type A.
func takes[A any](b *builder, errs ...error) {
	b.Function(reflectschema.Function{
		Name:   "fn.evaluate",
		Args:   reflect.TypeFor[A](),
		Result: reflect.TypeFor[struct{}](),
		Errors: errs,
		Site:   "calc/main.go:31",
		GoName: "example.com/calc.evaluate",
	})
}

// takesField gives b a function with one argument whose struct tag is as no
// linter lets it be written.
func takesField(b *builder, tag reflect.StructTag) {
	b.Function(reflectschema.Function{
		Name:   "fn.evaluate",
		Args:   reflect.StructOf([]reflect.StructField{{Name: "Limit", Type: reflect.TypeFor[int](), Tag: tag}}),
		Result: reflect.TypeFor[struct{}](),
		Site:   "calc/main.go:31",
	})
}

// wrongPrograms are types that no schema has, each with the messages that its
// author reads in testdata/errors.
var wrongPrograms = []struct {
	name  string
	build func(b *builder)
}{
	// Tags.
	{"tag_missing", func(b *builder) {
		type Evaluate struct {
			Expression string
			UserID     *string
			Limit      reflectschema.Optional[int]
			Größe      float64
		}
		takes[Evaluate](b)
	}},
	{"tag_empty", func(b *builder) {
		type Evaluate struct {
			Limit int `tp:""`
		}
		takes[Evaluate](b)
	}},
	{"tag_with_options", func(b *builder) {
		type Evaluate struct {
			Limit int `tp:"limit,omitempty"`
		}
		takes[Evaluate](b)
	}},
	{"tag_upper_case", func(b *builder) {
		type Evaluate struct {
			Limit int `tp:"Limit"`
		}
		takes[Evaluate](b)
	}},
	{"tag_marks_swapped", func(b *builder) {
		type Evaluate struct {
			Limit reflectschema.Optional[int] `tp:"limit?!"`
		}
		takes[Evaluate](b)
	}},
	{"tag_mark_twice", func(b *builder) {
		type Evaluate struct {
			Limit *int `tp:"limit!!"`
		}
		takes[Evaluate](b)
	}},
	{"tag_with_dash", func(b *builder) {
		type Evaluate struct {
			Limit int `tp:"upper-limit"`
		}
		takes[Evaluate](b)
	}},
	{"tag_not_ascii", func(b *builder) {
		type Evaluate struct {
			Size int `tp:"größe"`
		}
		takes[Evaluate](b)
	}},
	{"tag_without_letter", func(b *builder) {
		type Evaluate struct {
			Limit int `tp:"1!"`
		}
		takes[Evaluate](b)
	}},
	{"tag_on_unexported", func(b *builder) {
		type Evaluate struct {
			limit int `tp:"limit"`
		}
		_ = Evaluate{limit: 1}
		takes[Evaluate](b)
	}},
	{"tag_twice", func(b *builder) {
		takesField(b, `tp:"limit" tp:"max"`)
	}},
	{"struct_tag_malformed", func(b *builder) {
		takesField(b, `tp: "limit"`)
	}},
	{"header_name_in_body", func(b *builder) {
		type Evaluate struct {
			Trace *string `tp:"@trace?"`
		}
		takes[Evaluate](b)
	}},
	{"key_twice", func(b *builder) {
		type Evaluate struct {
			Limit int  `tp:"limit"`
			Max   *int `tp:"limit!"`
		}
		takes[Evaluate](b)
	}},

	// What a type can say.
	{"scalar_absent", func(b *builder) {
		type Evaluate struct {
			Limit int `tp:"limit!"`
		}
		takes[Evaluate](b)
	}},
	{"scalar_null", func(b *builder) {
		type Evaluate struct {
			At time.Time `tp:"at?"`
		}
		takes[Evaluate](b)
	}},
	{"scalar_absent_and_null", func(b *builder) {
		type Evaluate struct {
			Limit float64 `tp:"limit!?"`
		}
		takes[Evaluate](b)
	}},
	{"struct_absent", func(b *builder) {
		type Range struct{}
		type Evaluate struct {
			Range Range `tp:"range!"`
		}
		takes[Evaluate](b)
	}},
	{"link_null", func(b *builder) {
		type Evaluate struct {
			Next reflectschema.Link[clear] `tp:"next?"`
		}
		takes[Evaluate](b)
	}},
	{"pointer_required", func(b *builder) {
		type Evaluate struct {
			Limit *int `tp:"limit"`
		}
		takes[Evaluate](b)
	}},
	{"pointer_absent_and_null", func(b *builder) {
		type Evaluate struct {
			Limit *int      `tp:"limit!?"`
			Next  *Evaluate `tp:"next!?"`
		}
		takes[Evaluate](b)
	}},
	{"pointer_to_pointer", func(b *builder) {
		type Evaluate struct {
			Limit ***int `tp:"limit!"`
		}
		takes[Evaluate](b)
	}},
	{"pointer_to_list", func(b *builder) {
		type Evaluate struct {
			Names *[]string `tp:"names!"`
		}
		takes[Evaluate](b)
	}},
	{"pointer_to_interface", func(b *builder) {
		type Evaluate struct {
			Extra *any `tp:"extra?"`
		}
		takes[Evaluate](b)
	}},
	{"pointer_to_optional", func(b *builder) {
		type Evaluate struct {
			Limit *reflectschema.Optional[int] `tp:"limit!"`
		}
		takes[Evaluate](b)
	}},
	{"list_null", func(b *builder) {
		type Evaluate struct {
			Names []string `tp:"names?"`
		}
		takes[Evaluate](b)
	}},
	{"map_absent_and_null", func(b *builder) {
		type Evaluate struct {
			Scope map[string]float64 `tp:"scope!?"`
		}
		takes[Evaluate](b)
	}},
	{"selection_absent_and_null", func(b *builder) {
		type Evaluate struct {
			Fields reflectschema.Selection `tp:"fields!?"`
		}
		takes[Evaluate](b)
	}},
	{"bytes_absent_and_null", func(b *builder) {
		type Evaluate struct {
			Key []byte `tp:"key!?"`
		}
		takes[Evaluate](b)
	}},
	{"any_absent_and_null", func(b *builder) {
		type Evaluate struct {
			Extra any `tp:"extra!?"`
		}
		takes[Evaluate](b)
	}},
	{"optional_required", func(b *builder) {
		type Evaluate struct {
			Limit reflectschema.Optional[int] `tp:"limit"`
		}
		takes[Evaluate](b)
	}},
	{"optional_one_way", func(b *builder) {
		type Evaluate struct {
			Limit reflectschema.Optional[int]    `tp:"limit!"`
			Key   reflectschema.Optional[[]byte] `tp:"key?"`
		}
		takes[Evaluate](b)
	}},
	{"optional_list", func(b *builder) {
		type Evaluate struct {
			Names reflectschema.Optional[[]string] `tp:"names!?"`
		}
		takes[Evaluate](b)
	}},
	{"optional_twice", func(b *builder) {
		type Evaluate struct {
			Limit reflectschema.Optional[reflectschema.Optional[int]] `tp:"limit!?"`
		}
		takes[Evaluate](b)
	}},
	{"optional_pointer_to_interface", func(b *builder) {
		type Evaluate struct {
			Extra reflectschema.Optional[*any] `tp:"extra!?"`
		}
		takes[Evaluate](b)
	}},
	{"element_optional", func(b *builder) {
		type Evaluate struct {
			Limits []reflectschema.Optional[int]           `tp:"limits"`
			Bounds map[string]*reflectschema.Optional[int] `tp:"bounds"`
		}
		takes[Evaluate](b)
	}},
	{"element_null_list", func(b *builder) {
		type Evaluate struct {
			Rows []*[]int               `tp:"rows"`
			Maps map[string]*dictionary `tp:"maps"`
		}
		takes[Evaluate](b)
	}},
	{"element_pointer_to_pointer", func(b *builder) {
		type Evaluate struct {
			Limits []**int `tp:"limits"`
		}
		takes[Evaluate](b)
	}},

	// Types without a place in a schema.
	{"kinds_without_place", func(b *builder) {
		type Evaluate struct {
			Done   chan int           `tp:"done"`
			Call   func() error       `tp:"call"`
			Handle uintptr            `tp:"handle"`
			Point  complex128         `tp:"point"`
			Row    [3]float64         `tp:"row"`
			Digest [32]byte           `tp:"digest!"`
			Later  *chan int          `tp:"later!"`
			Steps  []func()           `tp:"steps"`
			Points map[string]*[2]int `tp:"points"`
		}
		takes[Evaluate](b)
	}},
	{"json_types", func(b *builder) {
		type Evaluate struct {
			Raw    json.RawMessage `tp:"raw"`
			Number json.Number     `tp:"number"`
		}
		takes[Evaluate](b)
	}},
	{"map_keys", func(b *builder) {
		type Evaluate struct {
			ByID   map[int]string      `tp:"byId"`
			ByName map[word]string     `tp:"byName"`
			ByHost map[netip.Addr]bool `tp:"byHost"`
		}
		takes[Evaluate](b)
	}},
	{"map_contains_itself", func(b *builder) {
		type Evaluate struct {
			Scope dictionary `tp:"scope"`
			Steps deep       `tp:"steps"`
		}
		takes[Evaluate](b)
	}},
	{"anonymous_struct", func(b *builder) {
		type Evaluate struct {
			Range struct {
				From int `tp:"from"`
			} `tp:"range"`
			Seen map[string]struct{} `tp:"seen"`
		}
		takes[Evaluate](b)
	}},
	{"opaque_struct", func(b *builder) {
		type handle struct{ id int }
		type Evaluate struct {
			Handle handle `tp:"handle"`
		}
		_ = handle{id: 1}
		takes[Evaluate](b)
	}},
	{"half_a_text", func(b *builder) {
		type Evaluate struct {
			Out []writeOnly `tp:"out"`
			In  *readOnly   `tp:"in!"`
		}
		takes[Evaluate](b)
	}},
	{"text_by_embedding", func(b *builder) {
		type Event struct {
			time.Time `tp:"at"`
			Name      string `tp:"name"`
		}
		type Evaluate struct {
			Event Event `tp:"event"`
		}
		takes[Evaluate](b)
	}},

	// Embedding.
	{"embedded_pointer", func(b *builder) {
		type Page struct {
			Size int `tp:"size"`
		}
		type Evaluate struct {
			*Page
		}
		takes[Evaluate](b)
	}},
	{"embedded_scalar", func(b *builder) {
		type Limit int
		type Evaluate struct {
			Limit
			fmt.Stringer
		}
		takes[Evaluate](b)
	}},
	{"embedded_key_twice", func(b *builder) {
		type Page struct {
			Size int `tp:"size"`
		}
		type Evaluate struct {
			Page
			Max int `tp:"size"`
		}
		takes[Evaluate](b)
	}},
	{"embedded_mistake", func(b *builder) {
		type Page struct {
			Size int
		}
		type Evaluate struct {
			Page
			Inner []Page `tp:"inner"`
		}
		takes[Evaluate](b)
	}},

	// Names.
	{"name_taken", func(b *builder) {
		type Evaluate struct {
			A itemA `tp:"a"`
			B itemB `tp:"b"`
		}
		takes[Evaluate](b)
	}},
	{"name_reserved", func(b *builder) {
		type Item_ struct{}
		type Evaluate struct {
			Item Item_ `tp:"item"`
		}
		takes[Evaluate](b)
	}},
	{"name_not_ascii", func(b *builder) {
		type Größe struct{}
		type Evaluate struct {
			Size Größe `tp:"size"`
		}
		takes[Evaluate](b)
	}},
	{"blank_field", func(b *builder) {
		type Lower struct {
			_ struct{} `tp:"lower"`
		}
		type Sized struct {
			_ int `tp:"Size"`
		}
		type Twice struct {
			_ struct{} `tp:"One"`
			_ struct{} `doc:"Two."`
		}
		type Evaluate struct {
			Lower Lower `tp:"lower"`
			Sized Sized `tp:"sized"`
			Twice Twice `tp:"twice"`
		}
		takes[Evaluate](b)
	}},

	// Unions.
	{"interface_without_union", func(b *builder) {
		type Evaluate struct {
			Shape  shape   `tp:"shape"`
			Shapes []shape `tp:"shapes"`
			Err    error   `tp:"err"`
		}
		takes[Evaluate](b)
	}},
	{"union_empty", func(b *builder) {
		b.Union(reflectschema.UnionOf[shape]())
	}},
	{"union_nil_variant", func(b *builder) {
		b.Union(reflectschema.UnionOf[shape](square{}, nil))
	}},
	{"union_variant_no_struct", func(b *builder) {
		b.Union(reflectschema.UnionOf[shape](square{}, radius(1)))
	}},
	{"union_variant_text", func(b *builder) {
		b.Union(reflectschema.UnionOf[fmt.Stringer](time.Time{}))
	}},
	{"union_variant_reserved", func(b *builder) {
		b.Union(reflectschema.UnionOf[shape](square_{}))
	}},
	{"union_variant_twice", func(b *builder) {
		b.Union(reflectschema.UnionOf[shape](square{}, &square{}))
	}},
	{"union_tag_twice", func(b *builder) {
		b.Union(reflectschema.UnionOf[shape](square{}, box{}))
	}},
	{"union_twice", func(b *builder) {
		b.Union(reflectschema.UnionOf[shape](square{}))
		b.Union(reflectschema.UnionOf[shape](square{}))
	}},
	{"union_given_twice", func(b *builder) {
		u := reflectschema.UnionOf[shape](square{})
		b.Union(u)
		b.Union(u)
	}},
	{"union_of_any", func(b *builder) {
		b.Union(reflectschema.UnionOf[any](square{}))
	}},
	{"union_of_struct", func(b *builder) {
		b.Union(reflectschema.UnionOf[square](square{}))
	}},
	{"union_zero", func(b *builder) {
		b.Union(reflectschema.Union{})
	}},
	{"union_key", func(b *builder) {
		b.Union(reflectschema.UnionOf[shape](square{}).Named("struct.Shape"))
	}},
	{"union_key_of_auth", func(b *builder) {
		b.Union(reflectschema.UnionOf[shape](square{}).Named("union.Auth_"))
	}},
	{"sets_zero", func(b *builder) {
		b.Errors(reflectschema.ErrorSet{})
		b.Headers(reflectschema.HeaderSet{})
	}},
	{"union_key_taken", func(b *builder) {
		b.Union(reflectschema.UnionOf[shape](square{}))
		b.Union(reflectschema.UnionOf[solid](square{}).Named("union.Shape"))
	}},
	{"union_anonymous", func(b *builder) {
		b.Union(reflectschema.UnionOf[interface{ area() float64 }](square{}))
	}},
	{"union_variant_mistake", func(b *builder) {
		b.Union(reflectschema.UnionOf[shape](untagged{}))
	}},
	{"union_of_auth_again", func(b *builder) {
		credentials := reflectschema.UnionOf[shape](square{})
		b.Auth(credentials)
		b.Union(credentials)
	}},
	{"auth_twice", func(b *builder) {
		b.Auth(reflectschema.UnionOf[shape](square{}))
		b.Auth(reflectschema.UnionOf[solid](square{}))
	}},

	// Errors.
	{"error_name", func(b *builder) {
		takes[struct{}](b, failure{})
	}},
	{"error_just_error", func(b *builder) {
		takes[struct{}](b, Error{})
	}},
	{"error_other_conventions", func(b *builder) {
		takes[struct{}](b, localErr{}, ErrRemote{}, ErrorClosed{})
	}},
	{"error_nil", func(b *builder) {
		takes[struct{}](b, nil)
	}},
	{"error_tag_malformed", func(b *builder) {
		takes[struct{}](b, lowerError{})
	}},
	{"error_payload_mistake", func(b *builder) {
		takes[struct{}](b, &wrappingError{})
	}},
	{"error_no_struct", func(b *builder) {
		takes[struct{}](b, errors.New("no such thing"), codeError(1))
	}},
	{"error_twice", func(b *builder) {
		takes[struct{}](b, quotaError{}, &quotaError{})
	}},
	{"error_tag_taken", func(b *builder) {
		takes[struct{}](b, quotaError{}, exceededError{})
	}},
	{"error_in_set_and_function", func(b *builder) {
		b.Errors(reflectschema.NewErrorSet("errors.Quota", &quotaError{}))
		takes[struct{}](b, &quotaError{})
	}},
	{"error_set_empty", func(b *builder) {
		b.Errors(reflectschema.NewErrorSet("errors.Quota"))
	}},
	{"error_set_key", func(b *builder) {
		b.Errors(reflectschema.NewErrorSet("Quota", &quotaError{}))
		b.Errors(reflectschema.NewErrorSet("errors.Quota_", &quotaError{}))
	}},
	{"error_set_twice", func(b *builder) {
		b.Errors(reflectschema.NewErrorSet("errors.Quota", &quotaError{}))
		b.Errors(reflectschema.NewErrorSet("errors.Quota", &timeoutError{}))
		b.Errors(reflectschema.NewErrorSet("errors.Other", &quotaError{}))
	}},

	// Headers.
	{"header_without_at", func(b *builder) {
		type Trace struct {
			ID *string `tp:"trace"`
		}
		b.Headers(reflectschema.NewHeaderSet[Trace, struct{}]("headers.Trace"))
	}},
	{"header_marked_optional", func(b *builder) {
		type Trace struct {
			ID *string `tp:"@trace!"`
		}
		b.Headers(reflectschema.NewHeaderSet[Trace, struct{}]("headers.Trace"))
	}},
	{"header_cannot_be_absent", func(b *builder) {
		type Trace struct {
			ID    string  `tp:"@trace"`
			Depth int     `tp:"@depth?"`
			Span  *string `tp:"@span?"`
		}
		b.Headers(reflectschema.NewHeaderSet[struct{}, Trace]("headers.Trace"))
	}},
	{"header_reserved", func(b *builder) {
		type Trace struct {
			ID *string `tp:"@id_"`
		}
		b.Headers(reflectschema.NewHeaderSet[Trace, struct{}]("headers.Trace"))
	}},
	{"header_twice", func(b *builder) {
		type Trace struct {
			ID *string `tp:"@trace"`
		}
		type Span struct {
			ID *string `tp:"@trace"`
		}
		b.Headers(reflectschema.NewHeaderSet[Trace, Trace]("headers.Trace"))
		b.Headers(reflectschema.NewHeaderSet[Span, struct{}]("headers.Span"))
	}},
	{"topic_types", func(b *builder) {
		type Evaluate struct {
			Limit int `tp:"limit!"`
		}
		publishes[int](b, "numbers")
		publishes[any](b, "anything")
		publishes[*price](b, "pointers")
		publishes[[]price](b, "lists")
		publishes[time.Time](b, "texts")
		publishes[error](b, "errors")
		publishes[struct{ Cents int }](b, "anonymous")
		publishes[Evaluate](b, "mistakes")
		b.Published(reflectschema.Published{Topic: "nothing"})
	}},
	{"topic_names", func(b *builder) {
		publishes[price](b, "")
		publishes[price](b, "\xff")
	}},
	{"topic_without_union", func(b *builder) { publishes[quote](b, "quotes") }},
	{"topic_with_other_union", func(b *builder) {
		b.Union(reflectschema.UnionOf[shape](square{}))
		publishes[shape](b, "shapes", reflectschema.UnionOf[shape](circle{}))
	}},
	{"topic_of_credentials", func(b *builder) {
		b.Auth(reflectschema.UnionOf[credentials](session{}))
		publishes[credentials](b, "logins", reflectschema.UnionOf[credentials](session{}))
	}},
	{"topic_header_taken", func(b *builder) {
		type Feed struct {
			Topic *string `tp:"@topic"`
		}
		b.Headers(reflectschema.NewHeaderSet[struct{}, Feed]("headers.Feed"))
		publishes[price](b, "prices")
	}},
	{"topic_definition_taken", func(b *builder) {
		b.Headers(reflectschema.NewHeaderSet[struct{}, struct{}]("headers.Topic"))
		publishes[price](b, "prices")
	}},
	{"header_set_key", func(b *builder) {
		b.Headers(reflectschema.NewHeaderSet[struct{}, struct{}]("trace"))
	}},
	{"header_set_key_and_fields", func(b *builder) {
		type Trace struct {
			ID *string `tp:"trace"`
		}
		b.Headers(reflectschema.NewHeaderSet[Trace, int]("Trace"))
	}},
	{"header_set_no_struct", func(b *builder) {
		b.Headers(reflectschema.NewHeaderSet[string, *square]("headers.Trace"))
	}},
	{"header_untagged", func(b *builder) {
		type Trace struct {
			TraceID *string
		}
		b.Headers(reflectschema.NewHeaderSet[Trace, struct{}]("headers.Trace"))
	}},

	// Functions and links.
	{"arguments_no_struct", func(b *builder) {
		takes[int](b)
	}},
	{"arguments_text", func(b *builder) {
		takes[*time.Time](b)
	}},
	{"result_no_struct", func(b *builder) {
		b.Function(reflectschema.Function{
			Name: "fn.list", Args: reflect.TypeFor[struct{}](), Result: reflect.TypeFor[[]string](),
			Site: "calc/main.go:40", GoName: "example.com/calc.(*Service).List-fm",
		})
	}},
	{"types_missing", func(b *builder) {
		b.Function(reflectschema.Function{Name: "fn.list"})
	}},
	{"function_name", func(b *builder) {
		for _, name := range []string{"", "greet", "fn.", "fn.say-hello", "fn.greet_"} {
			b.Function(reflectschema.Function{
				Name: name, Args: reflect.TypeFor[struct{}](), Result: reflect.TypeFor[struct{}](), Site: "calc/main.go:40",
			})
		}
	}},
	{"function_twice", func(b *builder) {
		takes[struct{}](b)
		takes[square](b)
	}},
	{"link_without_function", func(b *builder) {
		type Evaluate struct {
			Next  reflectschema.Link[clear]  `tp:"next"`
			After reflectschema.Link[*clear] `tp:"after"`
		}
		takes[Evaluate](b)
	}},
	{"link_ambiguous", func(b *builder) {
		type Evaluate struct {
			Next *reflectschema.Link[clear] `tp:"next!"`
		}
		takes[Evaluate](b)
		for _, name := range []string{"fn.clear", "fn.reset"} {
			b.Function(reflectschema.Function{
				Name: name, Args: reflect.TypeFor[*clear](), Result: reflect.TypeFor[struct{}](), Site: "calc/main.go:40",
			})
		}
	}},
	{"info_twice", func(b *builder) {
		b.Info("Market", "", "calc/main.go:10")
		b.Info("Shop", "", "calc/main.go:11")
		b.Info("my market", "", "calc/main.go:12")
	}},
	{"many_at_once", func(b *builder) {
		type Variable struct {
			Name string `tp:"Name"`
		}
		type Evaluate struct {
			Limit int       `tp:"limit!"`
			Scope *Variable `tp:"scope"`
			Steps chan int  `tp:"steps"`
		}
		b.Union(reflectschema.UnionOf[shape]())
		takes[Evaluate](b, failure{})
	}},
}

func TestWrongPrograms(t *testing.T) {
	t.Parallel()
	line := regexp.MustCompile(`(reflectschema/errors_test\.go):\d+`)
	for _, tc := range wrongPrograms {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			b := reflectschema.NewBuilder()
			tc.build(b)
			model, err := b.Build()
			if model != nil || err == nil {
				t.Fatalf("Build() = %v, %v; want a Problems", model, err)
			}
			// Cases may be inserted without touching the others.
			text := line.ReplaceAllString(err.Error(), "$1:LINE")
			golden(t, "errors/"+tc.name+".txt", text+"\n")
		})
	}
}

func TestWrongProgramsHaveNoStrayFiles(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, tc := range wrongPrograms {
		known[tc.name+".txt"] = true
	}
	files, err := filepath.Glob("../testdata/errors/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !known[filepath.Base(file)] {
			t.Errorf("%s belongs to no case", file)
		}
	}
}

// TestProblemsAreUnwrapped shows what callers can do with the error of Build.
func TestProblemsAreUnwrapped(t *testing.T) {
	t.Parallel()
	type Evaluate struct {
		Limit int `tp:"limit!"`
		Scope int `tp:"scope?"`
	}
	b := reflectschema.NewBuilder()
	takes[Evaluate](b)
	_, err := b.Build()

	var problems reflectschema.Problems
	if !errors.As(err, &problems) || len(problems) != 2 {
		t.Fatalf("Build() fails with %T %v; want two Problems", err, err)
	}
	var first *reflectschema.Problem
	if !errors.As(err, &first) {
		t.Fatalf("Build() fails with %T; want it to wrap a *Problem", err)
	}
	want := reflectschema.Problem{
		Where: "reflectschema_test.Evaluate.Limit",
		Site:  "calc/main.go:31",
		Found: "int cannot be absent",
		Fix:   `use *int with tag "limit!"`,
	}
	if *first != want {
		t.Errorf("the first problem is %+v, want %+v", *first, want)
	}
}

// TestMessagesShowNoPath keeps the machine's directories out of messages.
func TestMessagesShowNoPath(t *testing.T) {
	t.Parallel()
	wd, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	b := reflectschema.NewBuilder()
	b.Union(reflectschema.UnionOf[shape]())
	b.Errors(reflectschema.NewErrorSet("errors.None"))
	b.Headers(reflectschema.NewHeaderSet[int, int]("headers.None"))
	_, err = b.Build()
	if strings.Contains(err.Error(), filepath.Dir(wd)) {
		t.Errorf("the message shows a directory: %v", err)
	}
	if n := strings.Count(err.Error(), "(reflectschema/errors_test.go:"); n != 4 {
		t.Errorf("%d of 4 problems name this file: %v", n, err)
	}
}

type (
	clear      struct{}
	dictionary map[string]dictionary
	deep       [][]deep
	word       string
	writeOnly  int
	readOnly   int
)

func (w word) MarshalText() ([]byte, error)       { return []byte(w), nil }
func (w *word) UnmarshalText(text []byte) error   { *w = word(text); return nil }
func (writeOnly) MarshalText() ([]byte, error)    { return nil, nil }
func (*readOnly) UnmarshalText(text []byte) error { return nil }

// itemA and itemB both want to be struct.Item.
type (
	itemA struct {
		_ struct{} `tp:"Item"`
	}
	itemB struct {
		_ struct{} `tp:"Item"`
	}
)

type shape interface{ area() float64 }

type solid interface{ area() float64 }

type (
	square struct {
		Side float64 `tp:"side"`
	}
	box struct {
		_ struct{} `tp:"Square"`
	}
	untagged struct{ Side float64 }
	square_  struct{}
	radius   float64
)

func (square) area() float64   { return 0 }
func (box) area() float64      { return 0 }
func (untagged) area() float64 { return 0 }
func (radius) area() float64   { return 0 }
func (square_) area() float64  { return 0 }

type (
	failure       struct{}
	localErr      struct{}
	ErrRemote     struct{}
	ErrorClosed   struct{}
	Error         struct{}
	codeError     int
	quotaError    struct{}
	timeoutError  struct{}
	exceededError struct {
		_ struct{} `tp:"ErrorQuota"`
	}
	lowerError struct {
		_ struct{} `tp:"too low"`
	}
	wrappingError struct {
		Cause error  `tp:"cause"`
		Where string `tp:"where?"`
	}
)

func (failure) Error() string        { return "failure" }
func (localErr) Error() string       { return "local" }
func (ErrRemote) Error() string      { return "remote" }
func (ErrorClosed) Error() string    { return "closed" }
func (exceededError) Error() string  { return "exceeded" }
func (Error) Error() string          { return "error" }
func (codeError) Error() string      { return "code" }
func (quotaError) Error() string     { return "quota" }
func (*timeoutError) Error() string  { return "timeout" }
func (lowerError) Error() string     { return "lower" }
func (*wrappingError) Error() string { return "wrapping" }
