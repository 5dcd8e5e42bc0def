package interop

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/mock"
	"github.com/telestruct/telestruct/tp/schema"
)

// mocked is what the mock servers of both implementations are about: a type of every kind.
var mocked = schema.Document{Name: "mocked.telepact.yaml", Text: []byte(`
- struct.Item:
    id: integer
    name: string
    score: number?
    photo!: bytes
    tags: [string]
    parent!: struct.Item
- struct.Empty: {}
- union.Shape:
    - Dot: {}
    - Box:
        width: number
        depth!: number?
        label: string?
    - Group:
        shapes: [union.Shape]
- union.Single:
    - Only:
        empty: struct.Empty
        flag: boolean?
- fn.find:
    key: string
    limit!: integer
    words!: [string]
    photo!: bytes
    item!: struct.Item
  ->:
    - Ok_:
        items: [struct.Item]
        next!: fn.find
    - ErrorMissing:
        key: string
- fn.scalars: {}
  ->:
    - Ok_:
        flag: boolean
        count: integer
        ratio: number
        text: string
        data: bytes
        free: any
        nullFlag: boolean?
        nullCount: integer?
        nullRatio: number?
        nullText: string?
        nullData: bytes?
        aZeta!: string
        alpha!: string
        a_b!: integer?
- fn.containers: {}
  ->:
    - Ok_:
        texts: [string]
        gaps: ["integer?"]
        blobs: [bytes]
        grid: [["number"]]
        free: ["any"]
        nullItems!: ["struct.Item?"]
        ratios: {"string": "number"}
        blobsByName!: {"string": "bytes?"}
        itemsByName: {"string": ["struct.Item"]}
        nested: {"string": {"string": "any"}}
- fn.structures:
    item: struct.Item
    shape!: union.Shape
  ->:
    - Ok_:
        item: struct.Item
        other: struct.Item?
        empty: struct.Empty
        shape: union.Shape
        shapes: ["union.Shape?"]
        single: union.Single
        link: fn.find
        links!: {"string": "fn.structures?"}
        check!: fn.verify_
- fn.extensions: {}
  ->:
    - Ok_:
        call: _ext.Call_
        calls!: [_ext.Call_]
        stub: _ext.Stub_
        stubs!: {"string": "_ext.Stub_"}
        selection: _ext.Select_
        shape!: union.Shape
        item!: struct.Item
        create!: fn.createStub_
        ping!: fn.ping_
`)}

// startMock serves a mock server of ours until the test ends.
func startMock(t *testing.T) (url string) {
	t.Helper()
	m, err := mock.New(mock.Documents(mocked))
	if err != nil {
		t.Fatal(err)
	}
	return serve(t, m.Server)
}

// startPythonMock starts a mock server of the official library until the test ends.
func startPythonMock(t *testing.T) (url string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, mocked.Name), mocked.Text, 0o600); err != nil {
		t.Fatal(err)
	}
	return start(t, "mockserver.py", dir).line(t)
}

// The official client stubs, calls and verifies at our mock server.
func TestMockPythonClient(t *testing.T) {
	t.Parallel()
	interpreter(t)
	url := startMock(t)
	for _, f := range forms() {
		t.Run(f.name, func(t *testing.T) { makeInOrder(t, newPythonClient(t, url, f), f, append(mockCalls(), mockBytes()...)) })
	}
}

// So does our client at that of the official library, and gets the same answers.
func TestMockPythonServer(t *testing.T) {
	t.Parallel()
	interpreter(t)
	url := startPythonMock(t)
	for _, f := range forms() {
		list := mockCalls()
		if f.requests() != tp.JSON {
			list = append(list, mockBytes()...)
		}
		t.Run(f.name, func(t *testing.T) { makeInOrder(t, newGoClient(t, url, f), f, list) })
	}
}

// So does our client at our mock server.
func TestMockGoAlone(t *testing.T) {
	t.Parallel()
	url := startMock(t)
	for _, f := range append(forms(), ownForms()...) {
		t.Run(f.name, func(t *testing.T) { makeInOrder(t, newGoClient(t, url, f), f, append(mockCalls(), mockBytes()...)) })
	}
}

const (
	done    = `{"Ok_": {}}`
	findAda = `{"fn.find": {"key": "Ada"}}`
	findBob = `{"fn.find": {"key": "Bob", "limit!": 2, "words!": ["a", "b"], "item!": {"id": 1, "name": "x", "score": 0.5, "tags": ["t", "u"]}}}`
	missing = `{"ErrorMissing": {"key": "no"}}`
	oneItem = `{"Ok_": {"items": [{"id": 7, "name": "n", "score": null, "tags": []}]}}`
	photo   = `{"Ok_": {"items": [{"id": 7, "name": "n", "score": null, "tags": [], "photo!": {"$bytes": "AP8="}}]}}`
)

// mockCalls are calls of a mock server, to be made in this order.
func mockCalls() []call {
	return slices.Concat(mockBegin(), mockStubs(), mockVerifications(), mockSeeds())
}

func mockBegin() []call {
	return []call{
		{name: "clear stubs", body: `{"fn.clearStubs_": {}}`, want: done},
		{name: "clear calls", body: `{"fn.clearCalls_": {}}`, want: done},
	}
}

// stubbing adds a stub of a call; more are further arguments.
func stubbing(name, stubbed, result, more string) call {
	stub := strings.TrimSuffix(stubbed, "}") + `, "->": ` + result + `}`
	return call{name: name, body: `{"fn.createStub_": {"stub": ` + stub + more + `}}`, want: done}
}

func mockStubs() []call {
	anyFind := `{"fn.find": {}}`
	return []call{
		stubbing("stub every call with an error", anyFind, missing, ""),
		{name: "any call", body: findAda, want: missing},
		stubbing("stub a part of the arguments", `{"fn.find": {"words!": ["b"], "item!": {"tags": ["u"]}}}`, oneItem, ""),
		{name: "call with the part", body: findBob, want: oneItem, table: true},
		{name: "call without the part", body: findAda, want: missing},
		stubbing("stub equal arguments once", `{"fn.find": {"key": "Ada"}}`, `{"Ok_": {"items": []}}`, `, "strictMatch!": true, "count!": 1`),
		{name: "call with more arguments", body: `{"fn.find": {"key": "Ada", "limit!": 1}}`, want: missing},
		{name: "call with equal arguments", body: findAda, want: `{"Ok_": {"items": []}}`},
		{name: "call after the count", body: findAda, want: missing},
		{name: "stub of an unknown tag", body: `{"fn.createStub_": {"stub": {"fn.find": {}, "->": {"ErrorNone": {}}}}}`,
			want: `{"ErrorInvalidRequestBody_": {"cases": [{"path": ["fn.createStub_", "stub", "->", "ErrorNone"], "reason": {"ObjectKeyDisallowed": {}}}]}}`},
		{name: "clear the stubs", body: `{"fn.clearStubs_": {}}`, want: done},
		{name: "clear the calls", body: `{"fn.clearCalls_": {}}`, want: done},
	}
}

// mockBytes are calls with raw bytes in stubs. As JSON the official server does not read them.
func mockBytes() []call {
	return []call{
		stubbing("stub without bytes", `{"fn.find": {}}`, missing, ""),
		stubbing("stub raw bytes", `{"fn.find": {"photo!": {"$bytes": "AP8="}}}`, photo, ""),
		{name: "call with the bytes", body: `{"fn.find": {"key": "c", "photo!": {"$bytes": "AP8="}}}`, want: photo, table: true},
		{name: "call with other bytes", body: `{"fn.find": {"key": "c", "photo!": {"$bytes": "AP4="}}}`, want: missing},
		verifying("verify the bytes", `{"fn.find": {"photo!": {"$bytes": "AP8="}}}`, `, "count!": {"Exact": {"times": 1}}`, done),
		{name: "clear stubs with bytes", body: `{"fn.clearStubs_": {}}`, want: done},
		{name: "clear calls with bytes", body: `{"fn.clearCalls_": {}}`, want: done},
	}
}

// verifying verifies a call; more are further arguments.
func verifying(name, verified, more, want string) call {
	return call{name: name, body: `{"fn.verify_": {"call": ` + verified + more + `}}`, want: want}
}

func failedReason(tag, wanted string, found int, calls ...string) string {
	return fmt.Sprintf(`{"ErrorVerificationFailure": {"reason": {%q: {"wanted": %s, "found": %d, "allCalls": [%s]}}}}`,
		tag, wanted, found, strings.Join(calls, ", "))
}

func mockVerifications() []call {
	times := func(kind string, n int) string { return fmt.Sprintf(`{%q: {"times": %d}}`, kind, n) }
	counted := func(kind string, n int) string { return `, "count!": ` + times(kind, n) }
	ada, bob := findAda, findBob
	return []call{
		stubbing("stub", `{"fn.find": {}}`, missing, ""),
		verifying("verify before calls", ada, "", failedReason("TooFewMatchingCalls", times("AtLeast", 1), 0)),
		{name: "call", body: ada, want: missing},
		{name: "other call", body: bob, want: missing},
		{name: "call again", body: ada, want: missing},
		verifying("verify", `{"fn.find": {}}`, counted("Exact", 3), done),
		verifying("verify that there is one more", ada, counted("Exact", 3), failedReason("TooFewMatchingCalls", times("Exact", 3), 2, ada, bob, ada)),
		verifying("verify that there is one less", ada, counted("AtMost", 1), failedReason("TooManyMatchingCalls", times("AtMost", 1), 2, ada, bob, ada)),
		verifying("verify equal arguments", `{"fn.find": {"key": "Bob"}}`, `, "strictMatch!": true`,
			failedReason("TooFewMatchingCalls", times("AtLeast", 1), 0, ada, bob, ada)),
		{name: "everything is verified", body: `{"fn.verifyNoMoreInteractions_": {}}`, want: done},
		{name: "clear calls, before more of them", body: `{"fn.clearCalls_": {}}`, want: done},
		{name: "first of two calls", body: ada, want: missing},
		{name: "second of two calls", body: bob, want: missing},
		verifying("verify one of two", bob, "", done),
		{name: "one is not verified", body: `{"fn.verifyNoMoreInteractions_": {}}`,
			want: `{"ErrorVerificationFailure": {"additionalUnverifiedCalls": [` + ada + `]}}`},
		{name: "clear all calls", body: `{"fn.clearCalls_": {}}`, want: done},
		{name: "nothing is left", body: `{"fn.verifyNoMoreInteractions_": {}}`, want: done},
		verifying("verify that there was none", ada, counted("Exact", 0), done),
		{name: "clear stubs in the end", body: `{"fn.clearStubs_": {}}`, want: done},
	}
}

// mockSeeds are calls whose answers are random, but always the same.
func mockSeeds() []call {
	const seed = `{"fn.setRandomSeed_": {"seed": 7}}`
	const first = `{"Ok_": {"aZeta!": "phi", "a_b!": 602493238, "alpha!": "psi", "count": 137298198, "data": {"$bytes": "L8zg9g=="},
		"flag": true, "free": 1144609779, "nullCount": 2075409862, "nullData": null, "nullFlag": null, "nullRatio": null,
		"nullText": "tau", "ratio": 0.044294855112347216, "text": "mu"}}`
	const second = `{"Ok_": {"aZeta!": "theta", "alpha!": "mu", "count": 1810689759, "data": {"$bytes": "Iqpc4g=="},
		"flag": false, "free": "xi", "nullCount": 1684118396, "nullData": null, "nullFlag": null, "nullRatio": null,
		"nullText": null, "ratio": 0.18483842359149755, "text": "zeta"}}`
	return []call{
		{name: "seed", body: seed, want: done},
		{name: "random answer", body: `{"fn.scalars": {}}`, want: first},
		{name: "next random answer", body: `{"fn.scalars": {}}`, want: second},
		{name: "seed again", body: seed, want: done},
		{name: "random answer again", body: `{"fn.scalars": {}}`, want: first},
		{name: "next random answer again", body: `{"fn.scalars": {}}`, want: second},
	}
}
