package interop

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/tp"
)

// randomSeeds is how many seeds are tried in each form.
const randomSeeds = 60

// Both mock servers make up the same values from the same seed, one after another.
func TestMockRandomAnswers(t *testing.T) {
	t.Parallel()
	interpreter(t)
	ours, official := startMock(t), startPythonMock(t)
	for _, f := range forms() {
		t.Run(f.name, func(t *testing.T) {
			p := pair{ours: newGoClient(t, ours, f), official: newGoClient(t, official, f), form: f}
			for n := range randomSeeds {
				p.compareSeed(t, seedOf(n))
			}
			if p.unwritten*10 > p.compared {
				t.Errorf("the official server did not write %d answers, and %d others", p.unwritten, p.compared)
			}
			t.Logf("%s: %d calls", t.Name(), p.compared)
		})
	}
}

// seedOf returns the seeds at the ends of their ranges, and then others.
func seedOf(n int) int64 {
	edges := []int64{0, 1, -1, math.MaxInt32, math.MinInt32, math.MaxUint32, math.MaxUint32 + 2, math.MaxInt64, math.MinInt64 + 1}
	if n < len(edges) {
		return edges[n]
	}
	return int64(rand.New(rand.NewPCG(1, uint64(n))).Uint64())
}

// pair is a client of our mock server and one of the official one.
type pair struct {
	ours, official client
	form           form

	compared, unwritten int
}

// requests are made of both, one after another, first without stubs and then with stubs that
// have a part of the answer. Those whose answers have calls and stubs are made in binary, for
// the official library does not write the raw bytes in these as JSON.
func (p *pair) requests(seed int64) []string {
	structures := `{"fn.structures": {"item": {"id": 1, "name": "", "score": null, "tags": []}}}`
	list := []string{
		`{"fn.clearStubs_": {}}`,
		fmt.Sprintf(`{"fn.setRandomSeed_": {"seed": %d}}`, seed),
		`{"fn.find": {"key": ""}}`, `{"fn.scalars": {}}`, `{"fn.containers": {}}`, structures,
		stubbing("", `{"fn.structures": {}}`, `{"Ok_": {"item": {"id": 3, "parent!": {}}, "shape": {"Box": {"width": 0.5}},
			"shapes": [{"Group": {"shapes": [{"Dot": {}}, {"Box": {}}]}}], "link": {"fn.find": {"limit!": 9}}, "links!": {"b": {"fn.structures": {}}, "a": {"fn.structures": {}}}}}`, "").body,
		stubbing("", `{"fn.containers": {}}`, `{"Ok_": {"texts": ["t"], "gaps": [null, 1], "free": [1, 2, 3], "ratios": {"z": 1, "a": 2.5},
			"itemsByName": {"z": [{"name": "x"}], "a": []}}}`, "").body,
		stubbing("", `{"fn.find": {}}`, `{"ErrorMissing": {}}`, "").body,
		`{"fn.find": {"key": ""}}`, `{"fn.containers": {}}`, structures,
	}
	if p.form.format != tp.JSON {
		list = append(list, `{"fn.extensions": {}}`)
	}
	return list
}

func (p *pair) compareSeed(t *testing.T, seed int64) {
	t.Helper()
	for _, body := range p.requests(seed) {
		want, got := p.answer(t, p.official, body), p.answer(t, p.ours, body)
		if _, failed := got["ErrorUnknown_"]; failed {
			t.Fatalf("seed %d: %s: %v", seed, body, got)
		}
		if _, failed := want["ErrorUnknown_"]; failed && p.form.format == tp.JSON {
			p.unwritten++ // bytes in some elements of a list, and not in others
			continue
		}
		p.compared++
		if diff := gocmp.Diff(canonical(want), canonical(got)); diff != "" {
			t.Fatalf("seed %d: %s (-official +ours):\n%s", seed, body, diff)
		}
	}
}

func (p *pair) answer(t *testing.T, c client, body string) map[string]any {
	t.Helper()
	o := c.exchange(t, request(t, "", body, p.form))
	if o.Failure != "" {
		t.Fatalf("%s: %s", body, o.Failure)
	}
	message := decoded(t, string(o.Message)).([]any)
	return message[1].(map[string]any)
}
