package validate_test

import (
	"testing"

	"github.com/telestruct/telestruct/tp/validate"
)

func TestUnions(t *testing.T) {
	t.Parallel()
	runSamples(t, []sampleCase{
		{"empty payload", `{"mood!": {"Calm": {}}}`, nil},
		{"payload", `{"shelf!": {"Full": {"books": [{"title": "a", "pages": 1}], "label!": "x"}}}`, nil},
		{"not an object", `{"mood!": "Calm"}`, []validate.Failure{unexpected("String", "Object", "mood!")}},
		{"no tag", `{"mood!": {}}`, []validate.Failure{size(0, "mood!")}},
		{"two tags, and nothing else", `{"mood!": {"Calm": 1, "Other": 2}}`, []validate.Failure{size(2, "mood!")}},
		{"unknown tag", `{"mood!": {"calm": 1}}`, []validate.Failure{disallowed("mood!", "calm")}},
		{"null payload", `{"mood!": {"Calm": null}}`, []validate.Failure{unexpected("Null", "Object", "mood!", "Calm")}},
		{"payload not an object", `{"mood!": {"Calm": []}}`, []validate.Failure{unexpected("Array", "Object", "mood!", "Calm")}},
		{"payload wrong", `{"shelf!": {"Full": {"label!": 1, "x": 2}}}`, []validate.Failure{
			missing("books", "shelf!", "Full"),
			unexpected("Number", "String", "shelf!", "Full", "label!"),
			disallowed("shelf!", "Full", "x"),
		}},
	})
}

func TestLinks(t *testing.T) {
	t.Parallel()
	runSamples(t, []sampleCase{
		{"call", `{"loan!": {"fn.lend": {"book": {"title": "a", "pages": 1}}}}`, nil},
		{"not an object", `{"loan!": 1}`, []validate.Failure{unexpected("Number", "Object", "loan!")}},
		{"empty", `{"loan!": {}}`, []validate.Failure{size(0, "loan!")}},
		{"two", `{"loan!": {"fn.lend": {}, "fn.renew": {}}}`, []validate.Failure{size(2, "loan!")}},
		{"other function", `{"loan!": {"fn.renew": {}}}`, []validate.Failure{disallowed("loan!", "fn.renew")}},
		{"result tag", `{"loan!": {"Ok_": {}}}`, []validate.Failure{disallowed("loan!", "Ok_")}},
		{"null arguments", `{"loan!": {"fn.lend": null}}`, []validate.Failure{unexpected("Null", "Object", "loan!", "fn.lend")}},
		{"wrong arguments", `{"loan!": {"fn.lend": {"days!": "1"}}}`, []validate.Failure{
			missing("book", "loan!", "fn.lend"),
			unexpected("String", "Integer", "loan!", "fn.lend", "days!"),
		}},
	})
}
