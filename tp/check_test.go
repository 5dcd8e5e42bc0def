package tp_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/telestruct/telestruct/tp"
)

const greetYAML = `
- info.Hi: {}

- ///: Says hello to anybody.
  fn.greet:
    subject: string
  ->:
    - Ok_:
        message: string
`

func documents(text string) fstest.MapFS {
	return fstest.MapFS{"api/hi.telepact.yaml": &fstest.MapFile{Data: []byte(text)}}
}

func greetAPI() *tp.API {
	api := tp.NewAPI("Hi")
	tp.RegisterOn(api, greet, tp.Doc("Says hello."))
	return api
}

func TestCheckDir(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		yaml  string
		docs  bool
		wants []string // parts of the one problem; none when there is no problem
	}{
		{"the same", greetYAML, false, nil},
		{"docstrings on request", greetYAML, true, []string{"api/hi.telepact.yaml:5:3", "Says hello"}},
		{"other type", strings.Replace(greetYAML, "subject: string", "subject: integer", 1), false,
			[]string{"tp_test.Greet.Subject", "api/hi.telepact.yaml:6:5", `"string"`, `"integer"`}},
		{"optional", strings.Replace(greetYAML, "subject: string", "subject!: string", 1), false,
			[]string{"tp_test.Greet.Subject", "api/hi.telepact.yaml:6:5", "optional"}},
		{"missing field", strings.Replace(greetYAML, "subject: string", "{}", 1), false,
			[]string{"tp_test.Greet.Subject", "api/hi.telepact.yaml:5:3", "subject"}},
		{"extra tag", greetYAML + "    - ErrorNope: {}\n", false,
			[]string{"fn.greet", "api/hi.telepact.yaml:10:7", "ErrorNope"}},
		{"extra definition", greetYAML + "\n- struct.Extra: {}\n", false,
			[]string{"struct.Extra", "api/hi.telepact.yaml:11:3"}},
		{"other name", strings.Replace(greetYAML, "info.Hi", "info.Ho", 1), false,
			[]string{`Go has info.Hi (tp.NewAPI("Hi")), the document has info.Ho (api/hi.telepact.yaml:2:3)`, "tp/check_test.go:"}},
		{"a tag of the framework", greetYAML + "    - ErrorUnknown_: {}\n", false,
			[]string{"api/hi.telepact.yaml:10:7: ErrorUnknown_ belongs to the standard definitions"}},
		{"defined twice", greetYAML + "- info.Ho: {}\n", false,
			[]string{"api/hi.telepact.yaml:10:3: a schema has one info definition, and it has one already (api/hi.telepact.yaml:2:3)"}},
		{"broken document", "- fn.greet: 1\n  ->: []\n", false, []string{"api/hi.telepact.yaml:1:3"}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var options []tp.CheckOption
			if tc.docs {
				options = append(options, tp.CheckDocs())
			}
			_, err := greetAPI().Build(tp.NoAuth(), tp.CheckDir(documents(tc.yaml), "api", options...))
			if (err != nil) != (tc.wants != nil) {
				t.Fatalf("err = %v", err)
			}
			for _, want := range tc.wants {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is not in %v", want, err)
				}
			}
		})
	}
}

func TestCheckDirThatIsNotThere(t *testing.T) {
	t.Parallel()
	_, err := greetAPI().Build(tp.NoAuth(), tp.CheckDir(documents(greetYAML), "elsewhere"))
	if err == nil || !strings.Contains(err.Error(), "elsewhere") {
		t.Errorf("err = %v", err)
	}
}

func TestCompareDirWithoutFileSystem(t *testing.T) {
	t.Parallel()
	srv, err := greetAPI().Build(tp.NoAuth())
	if err != nil {
		t.Fatal(err)
	}
	problems := srv.CompareDir(nil, "api")
	const want = "tp.Server.CompareDir: the file system is nil; give an fs.FS such as an embed.FS"
	if len(problems) != 1 || problems[0].Error() != want {
		t.Errorf("got %v, want %s", problems, want)
	}
}

// TestDocumentsAreReadBesideOtherMistakes has a type and a document that are both
// wrong.
func TestDocumentsAreReadBesideOtherMistakes(t *testing.T) {
	t.Parallel()
	api := tp.NewAPI("")
	tp.RegisterOn(api, wrong)
	_, err := api.Build(tp.NoAuth(), tp.CheckDir(documents("- fn.greet: 1\n  ->: []\n"), "api"), tp.CheckDir(nil, "api"))
	for _, want := range []string{"tp_test.Wrong.Limit", "api/hi.telepact.yaml:1:3", "tp.CheckDir (tp/check_test.go:", "the file system is nil; give an fs.FS"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in %v", want, err)
		}
	}
}
