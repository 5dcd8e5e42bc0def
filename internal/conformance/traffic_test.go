package conformance

import (
	"strings"
	"testing"

	"github.com/telestruct/telestruct/tp/wire"
)

func TestSee(t *testing.T) {
	t.Parallel()
	const jsonMessage = "5b 7b7d 2c 7b7d 5d" // [{},{}]
	tests := []struct {
		name     string
		messages []string
		format   wire.Format
		want     direction
		err      string
	}{
		{"JSON", []string{jsonMessage}, wire.MessagePack, direction{}, ""},
		{"integer keys", []string{"92 80 81 00 80"}, wire.MessagePack, direction{true, true}, ""},
		{"text keys", []string{"92 80 81 a161 80"}, wire.MessagePack, direction{true, false}, ""},
		{"no keys", []string{"92 80 80"}, wire.MessagePack, direction{true, true}, ""},
		{"headers do not count", []string{"92 81 a161 c0 81 00 80"}, wire.MessagePack, direction{true, true}, ""},
		{"as many texts as integers", []string{"92 80 82 00 80 a161 80"}, wire.MessagePack, direction{true, true}, ""},
		{"more texts, deep inside", []string{"92 80 81 00 82 a161 c0 a162 c0"}, wire.MessagePack, direction{true, false}, ""},
		{"arrays are not looked into", []string{"92 80 81 00 92 81 a161 c0 81 a161 c0"}, wire.MessagePack, direction{true, true}, ""},
		{"the latest binary one counts", []string{"92 80 81 00 80", "92 80 81 a161 80", jsonMessage}, wire.MessagePack, direction{true, false}, ""},
		{"CBOR", []string{"82 a0 a1 00 a0"}, wire.CBOR, direction{true, true}, ""},
		{"MessagePack instead of CBOR", []string{"92 80 81 00 80"}, wire.CBOR, direction{}, "not in cbor"},
		{"CBOR instead of MessagePack", []string{"82 a0 a1 00 a0"}, wire.MessagePack, direction{}, "not in msgpack"},
		{"neither", []string{"c1"}, wire.MessagePack, direction{}, "neither JSON nor binary"},
		{"no message", []string{"c0"}, wire.MessagePack, direction{}, "no message"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var d direction
			var err error
			for _, message := range tc.messages {
				err = d.see(unhex(t, message), tc.format)
			}
			if d != tc.want || (err == nil) != (tc.err == "") || err != nil && !strings.Contains(err.Error(), tc.err) {
				t.Errorf("saw %+v, error %v; want %+v, %q", d, err, tc.want, tc.err)
			}
		})
	}
}

func TestCheckTraffic(t *testing.T) {
	t.Parallel()
	all := direction{binary: true, numbered: true}
	named := direction{binary: true}
	tests := []struct {
		name              string
		request, response direction
		assert            assertion
		tag, want         string
	}{
		{"result", all, all, assertion{}, "Ok_", ""},
		{"error in JSON", all, direction{}, assertion{}, "ErrorA", ""},
		{"request in JSON", direction{}, all, assertion{}, "Ok_",
			"the request is binary: false; want true\nthe request has enough integer keys: false; want true"},
		{"response in JSON", all, direction{}, assertion{}, "Ok_",
			"the response is binary: false; want true\nthe response has enough integer keys: false; want true"},
		{"binary error", all, all, assertion{}, "ErrorA",
			"the response is binary: true; want false\nthe response has enough integer keys: true; want false"},
		{"request without integer keys", named, all, assertion{}, "Ok_", "the request has enough integer keys: false; want true"},
		{"response without integer keys", all, named, assertion{}, "Ok_", "the response has enough integer keys: false; want true"},
		{"keys skipped", named, named, assertion{SkipFieldIDCheck: true}, "Ok_", ""},
		{"binary skipped", all, direction{numbered: true}, assertion{SkipBinaryCheck: true}, "Ok_", ""},
		{"all skipped", direction{}, direction{}, assertion{SkipBinaryCheck: true, SkipFieldIDCheck: true}, "Ok_", ""},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := ""
			if err := (&traffic{1, tc.request, tc.response}).check(tc.assert, tc.tag); err != nil {
				got = err.Error()
			}
			if got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestCheckCalls(t *testing.T) {
	t.Parallel()
	exactly := func(n int) *int { return &n }
	tests := []struct {
		name      string
		calls     int
		statement statement
		want      bool
	}{
		{"one", 1, statement{}, true},
		{"none", 0, statement{}, true},
		{"two", 2, statement{}, false},
		{"two allowed", 2, statement{Assert: assertion{ExpectTwoRequests: true}}, true},
		{"one where two are allowed", 1, statement{Assert: assertion{ExpectTwoRequests: true}}, true},
		{"three", 3, statement{Assert: assertion{ExpectTwoRequests: true}}, false},
		{"exactly one", 1, statement{TransportCalls: exactly(1)}, true},
		{"none instead of one", 0, statement{TransportCalls: exactly(1)}, false},
		{"one instead of two", 1, statement{TransportCalls: exactly(2), Assert: assertion{ExpectTwoRequests: true}}, false},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if err := (&traffic{calls: tc.calls}).checkCalls(&tc.statement); (err == nil) != tc.want {
				t.Errorf("error %v, want none: %v", err, tc.want)
			}
		})
	}
}
