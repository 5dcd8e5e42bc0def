package interop

import (
	"encoding/json"
	"fmt"
	"strings"
)

// call is one call that both clients make of both servers. Messages are written
// in JSON, {"$bytes": text} being raw bytes.
type call struct {
	name    string
	headers string
	body    string
	want    string // the body of the answer
	// wantHeaders are the headers of the answer, without those that say how it
	// was sent.
	wantHeaders string
	// link is the field of the result that has another call, to be made as well;
	// wantLinked is its answer.
	link, wantLinked string
	// table says that the answer has a list that is worth packing.
	table bool
}

// Requests and answers of fn.echo are alike.
func echoed(name, value string) call {
	return call{name: name, body: `{"fn.echo": {"value": ` + value + `}}`, want: `{"Ok_": {"value": ` + value + `}}`}
}

// invalid makes a call that is answered with one failure.
func invalid(name, body, path, reason string) call {
	return call{name: name, body: body,
		want: fmt.Sprintf(`{"ErrorInvalidRequestBody_": {"cases": [{"path": %s, "reason": %s}]}}`, path, reason)}
}

func unexpected(actual, expected string) string {
	return fmt.Sprintf(`{"TypeUnexpected": {"actual": {%q: {}}, "expected": {%q: {}}}}`, actual, expected)
}

// calls returns all calls. The schema is what fn.api_ must answer.
func calls(schema string) []call {
	var all []call
	for _, part := range [][]call{scalars(), containers(), functions(), headers(), credentialCalls(), refused(), standard(schema)} {
		all = append(all, part...)
	}
	return all
}

func scalars() []call {
	return []call{
		echoed("nothing", `{}`),
		echoed("true", `{"flag!": true}`),
		echoed("false", `{"flag!": false}`),
		echoed("zero", `{"count!": 0}`),
		echoed("small negative integer", `{"count!": -33}`),
		echoed("integer of 16 bits", `{"count!": 40000}`),
		echoed("integer of 32 bits", `{"count!": -2147483649}`),
		echoed("integer that a float rounds", `{"count!": 9007199254740993}`),
		echoed("largest integer", `{"count!": 9223372036854775807}`),
		echoed("smallest integer", `{"count!": -9223372036854775808}`),
		echoed("number", `{"ratio!": 0.1}`),
		echoed("number without a fraction", `{"ratio!": 3.0}`),
		echoed("integer for a number", `{"ratio!": 7}`),
		echoed("largest number", `{"ratio!": 1.7976931348623157e+308}`),
		echoed("smallest number", `{"ratio!": 5e-324}`),
		echoed("empty text", `{"text!": ""}`),
		echoed("text beyond ASCII", `{"text!": "Grüße, 世界 🌍 \u0000 \u2028 \"\\/"}`),
		echoed("text that looks like a number", `{"text!": "12"}`),
		echoed("long text", `{"text!": "`+strings.Repeat("lorem ipsum ", 8000)+`"}`),
		echoed("bytes", `{"data!": {"$bytes": "AAEC/w=="}}`),
		echoed("no bytes", `{"data!": {"$bytes": ""}}`),
		echoed("nulls", `{"nullText!": null, "nullCount!": null, "nullData!": null, "nullRow!": null}`),
		echoed("no nulls", `{"nullText!": "a", "nullCount!": 1, "nullData!": {"$bytes": "AA=="},
			"nullRow!": {"id": 1, "name": "b", "score": null, "tags": []}}`),
	}
}

func containers() []call {
	return []call{
		echoed("empty lists and maps", `{"texts!": [], "gaps!": [], "grid!": [], "ratiosByName!": {}}`),
		echoed("list of texts", `{"texts!": ["", "a", "ü"]}`),
		echoed("list with nulls", `{"gaps!": [null, 1, null, -1]}`),
		echoed("list of bytes", `{"blobs!": [{"$bytes": "AA=="}, {"$bytes": ""}]}`),
		echoed("lists in a list", `{"grid!": [[], [1, 2, 3], [4]]}`),
		echoed("map of numbers", `{"ratiosByName!": {"a": 1.5, "": -0.25, "ключ": 3}}`),
		echoed("map of bytes", `{"blobsByName!": {"x": {"$bytes": "AQ=="}, "y": {"$bytes": "Ag=="}}}`),
		echoed("map with the names of fields", `{"ratiosByName!": {"id": 1, "fn.echo": 2, "Ok_": 3, "0": 4, "17": 5}}`),
		echoed("map of lists of structs", `{"rowsByName!": {"a": [{"id": 1, "name": "b", "score": 0.5, "tags": ["t"]}], "c": []}}`),
		echoed("maps in a map", `{"nestedByName!": {"a": {"b": {"c": [true, null]}, "id": 0}, "d": {}}}`),
		echoed("struct", `{"row!": {"id": 1, "name": "b", "note!": "n", "score": 0.5, "place!": {"x": 1.5, "y": 2}, "tags": ["t", "u"]}}`),
		echoed("struct inside itself", `{"child!": {"child!": {"text!": "deep", "data!": {"$bytes": "/w=="}}, "count!": 1}}`),
		echoed("any: scalars", `{"free!": [null, true, -1, 2.5, "t", 9223372036854775807]}`),
		echoed("any: structure", `{"free!": {"id": [{"name": {"deep": []}}, {}], "tags": {"0": 1}}}`),
		echoed("union without fields", `{"shape!": {"Nothing": {}}}`),
		echoed("union", `{"shape!": {"Rectangle": {"width": 2.5, "height": 4}}}`),
		echoed("union inside itself", `{"shape!": {"Group": {"shapes": [{"Circle": {"radius": 1}}, {"Group": {"shapes": []}}]}}}`),
		echoed("list of unions", `{"shapes!": [{"Nothing": {}}, {"Circle": {"radius": 0.5}}, {"Nothing": {}}]}`),
		echoed("link", `{"call!": {"fn.divide": {"dividend": 1.5, "divisor": 3}}}`),
	}
}

func functions() []call {
	return []call{
		{name: "function", body: `{"fn.divide": {"dividend": 1, "divisor": 4}}`, want: `{"Ok_": {"quotient": 0.25}}`},
		{name: "declared error", body: `{"fn.divide": {"dividend": 1.5, "divisor": 0}}`, want: `{"ErrorDivideByZero": {"dividend": 1.5}}`},
		{name: "sum", body: `{"fn.sum": {"numbers": [9007199254740993, -9007199254740992]}}`, want: `{"Ok_": {"sum": 1}}`},
		{name: "error of every function", body: `{"fn.sum": {"numbers": [` + strings.Repeat("1,", maxNumbers) + `1]}}`,
			want: fmt.Sprintf(`{"ErrorQuota": {"limit": %d}}`, maxNumbers)},
		{name: "text", body: `{"fn.reverse": {"text": "añ世🌍b"}}`, want: `{"Ok_": {"text": "b🌍世ña"}}`},
		{name: "bytes that become one", body: `{"fn.join": {"parts": [{"$bytes": "AAE="}, {"$bytes": ""}, {"$bytes": "Ag=="}]}}`,
			want: `{"Ok_": {"whole": {"$bytes": "AAEC"}}}`},
		{name: "bytes sent as base64 text", body: `{"fn.join": {"parts": ["AAE=", "Ag=="]}}`, want: `{"Ok_": {"whole": {"$bytes": "AAEC"}}}`},
		{name: "union as argument", body: `{"fn.area": {"shape": {"Group": {"shapes": [{"Rectangle": {"width": 2, "height": 3}},
			{"Nothing": {}}, {"Group": {"shapes": [{"Rectangle": {"width": 0.5, "height": 1}}]}}]}}}}`, want: `{"Ok_": {"area": 6.5}}`},
		{name: "failure", body: `{"fn.fail": {}}`, want: `{"ErrorUnknown_": {"caseId": "<caseId>"}}`},
		{name: "short list", body: `{"fn.listRows": {"from": 1998, "count": 10}}`, want: page(1998, 2000), table: true},
		{name: "empty list", body: `{"fn.listRows": {"from": 2000, "count": 10}}`, want: page(2000, 2000)},
		{name: "long list", body: `{"fn.listRows": {"from": 0, "count": 900}}`, want: page(0, 900), table: true},
		{name: "link followed", body: `{"fn.listRows": {"from": 0, "count": 4}}`, want: page(0, 4), link: "next!", wantLinked: page(4, 8), table: true},
		{name: "more rows than allowed", body: `{"fn.listRows": {"from": 0, "count": 1001}}`, want: fmt.Sprintf(`{"ErrorQuota": {"limit": %d}}`, maxRows)},
	}
}

// page is the answer that has the rows from one number up to another.
func page(from, end int64) string {
	rows := []any{}
	for id := from; id < end; id++ {
		r := rowOf(id)
		row := map[string]any{"id": r.ID, "name": r.Name, "score": r.Score, "tags": r.Tags}
		if r.Note != nil {
			row["note!"] = *r.Note
		}
		if r.Place != nil {
			row["place!"] = map[string]any{"x": r.Place.X, "y": r.Place.Y}
		}
		rows = append(rows, row)
	}
	result := map[string]any{"rows": rows}
	if end < totalRows {
		result["next!"] = map[string]any{"fn.listRows": map[string]any{"from": end, "count": end - from}}
	}
	text, _ := json.Marshal(map[string]any{"Ok_": result}) // it holds nothing that JSON has not
	return string(text)
}

func headers() []call {
	rows := `{"fn.listRows": {"from": 0, "count": 1}}`
	badHeaders := func(path, reason string) string {
		return fmt.Sprintf(`{"ErrorInvalidRequestHeaders_": {"cases": [{"path": %s, "reason": %s}]}}`, path, reason)
	}
	return []call{
		{name: "declared header", headers: `{"@trace": "ü1"}`, body: `{"fn.trace": {}}`, want: `{"Ok_": {}}`, wantHeaders: `{"@traced": "ü1"}`},
		{name: "declared header left out", body: `{"fn.trace": {}}`, want: `{"Ok_": {}}`},
		{name: "declared header of another type", headers: `{"@trace": 7}`, body: `{"fn.trace": {}}`,
			want: badHeaders(`["@trace"]`, unexpected("Number", "String"))},
		{name: "unknown header", headers: `{"@other": [1]}`, body: `{"fn.trace": {}}`, want: `{"Ok_": {}}`},
		{name: "header without @", headers: `{"other": 1}`, body: `{"fn.trace": {}}`,
			want: badHeaders(`["other"]`, `{"RequiredObjectKeyPrefixMissing": {"prefix": "@"}}`)},
		{name: "@id_", headers: `{"@id_": "x-1"}`, body: `{"fn.ping_": {}}`, want: `{"Ok_": {}}`, wantHeaders: `{"@id_": "x-1"}`},
		{name: "@id_ that is a tree", headers: `{"@id_": {"a": [1, 2.5]}}`, body: `{"fn.ping_": {}}`, want: `{"Ok_": {}}`,
			wantHeaders: `{"@id_": {"a": [1, 2.5]}}`},
		{name: "@id_ of an error", headers: `{"@id_": 5}`, body: `{"fn.divide": {"dividend": 1, "divisor": 0}}`,
			want: `{"ErrorDivideByZero": {"dividend": 1}}`, wantHeaders: `{"@id_": 5}`},
		{name: "@time_", headers: `{"@time_": 4000}`, body: `{"fn.ping_": {}}`, want: `{"Ok_": {}}`},
		{name: "@select_ of result and struct", headers: `{"@select_": {"->": {"Ok_": ["rows"]}, "struct.Row": ["id", "tags"]}}`,
			body: rows, want: `{"Ok_": {"rows": [{"id": 0, "tags": []}]}}`},
		{name: "@select_ of a union", headers: `{"@select_": {"union.Shape": {"Rectangle": ["width"]}}}`,
			body: `{"fn.echo": {"value": {"shape!": {"Rectangle": {"width": 1.5, "height": 2}}}}}`,
			want: `{"Ok_": {"value": {"shape!": {"Rectangle": {"width": 1.5}}}}}`},
		{name: "@select_ of nothing", headers: `{"@select_": {"struct.Row": []}}`, body: rows,
			want: `{"Ok_": {"rows": [{}], "next!": {"fn.listRows": {"from": 1, "count": 1}}}}`},
		{name: "@select_ of an unknown field", headers: `{"@select_": {"struct.Row": ["none"]}}`, body: rows,
			want: badHeaders(`["@select_", "struct.Row", 0]`, `{"ArrayElementDisallowed": {}}`)},
		{name: "@unsafe_", headers: `{"@unsafe_": true}`, body: `{"fn.reverse": {"text": "ab"}}`, want: `{"Ok_": {"text": "ba"}}`},
	}
}

func credentialCalls() []call {
	unauthenticated := `{"ErrorUnauthenticated_": {"message!": "Valid authentication is required."}}`
	return []call{
		{name: "credentials", headers: `{"@auth_": {"Token": {"token": "secret"}}}`, body: `{"fn.whoAmI": {}}`, want: `{"Ok_": {"name": "ann", "guest": false}}`},
		{name: "other credentials", headers: `{"@auth_": {"Guest": {"name": "bö"}}}`, body: `{"fn.whoAmI": {}}`, want: `{"Ok_": {"name": "bö", "guest": true}}`},
		{name: "no credentials", body: `{"fn.whoAmI": {}}`, want: unauthenticated},
		{name: "wrong credentials", headers: `{"@auth_": {"Token": {"token": "x"}}}`, body: `{"fn.whoAmI": {}}`, want: unauthenticated},
		{name: "malformed credentials", headers: `{"@auth_": {"Token": {}}}`, body: `{"fn.whoAmI": {}}`,
			want: `{"ErrorInvalidRequestHeaders_": {"cases": [{"path": ["@auth_", "Token"], "reason": {"RequiredObjectKeyMissing": {"key": "token"}}}]}}`},
		{name: "credentials that are not enough", headers: `{"@auth_": {"Guest": {"name": "bo"}}}`, body: `{"fn.removeAll": {}}`,
			want: `{"ErrorUnauthorized_": {"message!": "guests remove nothing"}}`},
		{name: "credentials that are enough", headers: `{"@auth_": {"Token": {"token": "secret"}}}`, body: `{"fn.removeAll": {}}`, want: `{"Ok_": {}}`},
	}
}

func refused() []call {
	return []call{
		invalid("text for an integer", `{"fn.echo": {"value": {"count!": "1"}}}`, `["fn.echo", "value", "count!"]`, unexpected("String", "Integer")),
		invalid("fraction for an integer", `{"fn.echo": {"value": {"count!": 1.5}}}`, `["fn.echo", "value", "count!"]`, unexpected("Number", "Integer")),
		invalid("integer beyond 64 bits", `{"fn.echo": {"value": {"count!": 9223372036854775808}}}`, `["fn.echo", "value", "count!"]`, `{"NumberOutOfRange": {}}`),
		invalid("null", `{"fn.echo": {"value": {"text!": null}}}`, `["fn.echo", "value", "text!"]`, unexpected("Null", "String")),
		invalid("no base64 text", `{"fn.join": {"parts": ["abc"]}}`, `["fn.join", "parts", 0]`, unexpected("String", "Base64String")),
		invalid("missing field", `{"fn.divide": {"dividend": 1}}`, `["fn.divide"]`, `{"RequiredObjectKeyMissing": {"key": "divisor"}}`),
		invalid("unknown field", `{"fn.divide": {"dividend": 1, "divisor": 2, "rest": 3}}`, `["fn.divide", "rest"]`, `{"ObjectKeyDisallowed": {}}`),
		invalid("element of another type", `{"fn.sum": {"numbers": [1, true]}}`, `["fn.sum", "numbers", 1]`, unexpected("Boolean", "Integer")),
		invalid("value of a map of another type", `{"fn.echo": {"value": {"ratiosByName!": {"a": []}}}}`,
			`["fn.echo", "value", "ratiosByName!", "a"]`, unexpected("Array", "Number")),
		invalid("unknown tag", `{"fn.area": {"shape": {"Line": {}}}}`, `["fn.area", "shape", "Line"]`, `{"ObjectKeyDisallowed": {}}`),
		invalid("two tags", `{"fn.area": {"shape": {"Nothing": {}, "Circle": {"radius": 1}}}}`, `["fn.area", "shape"]`,
			`{"ObjectSizeUnexpected": {"actual": 2, "expected": 1}}`),
		invalid("deep inside", `{"fn.area": {"shape": {"Group": {"shapes": [{"Circle": {"radius": "1"}}]}}}}`,
			`["fn.area", "shape", "Group", "shapes", 0, "Circle", "radius"]`, unexpected("String", "Number")),
		invalid("link to another function", `{"fn.echo": {"value": {"call!": {"fn.reverse": {"text": ""}}}}}`,
			`["fn.echo", "value", "call!", "fn.reverse"]`, `{"ObjectKeyDisallowed": {}}`),
		invalid("unknown function", `{"fn.none": {}}`, `["fn.none"]`, `{"FunctionUnknown": {}}`),
		{name: "several failures", body: `{"fn.divide": {"dividend": "1", "divisor": null}}`,
			want: `{"ErrorInvalidRequestBody_": {"cases": [
				{"path": ["fn.divide", "dividend"], "reason": ` + unexpected("String", "Number") + `},
				{"path": ["fn.divide", "divisor"], "reason": ` + unexpected("Null", "Number") + `}]}}`},
	}
}

func standard(schema string) []call {
	return []call{
		{name: "fn.ping_", body: `{"fn.ping_": {}}`, want: `{"Ok_": {}}`},
		{name: "fn.api_", body: `{"fn.api_": {}}`, want: `{"Ok_": {"api": ` + schema + `}}`},
	}
}
