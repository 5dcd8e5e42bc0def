package wsx

import (
	"testing"
)

const (
	clientRefusal = `[{},{"ErrorParseFailure_":{"reasons":[{"IncompatibleBinaryEncoding":{}}]}}]`
	clientOne     = "\x92\x81\xa5@bin_\x91\x01\x81\x01\x80" // names of fields with the checksum 1
	clientTwo     = "\x92\x81\xa5@bin_\x91\x02\x81\x01\x80"
	clientText    = `[{},{"fn.x":{}}]`
)

// Who gets an answer without a number: calls have the numbers from 1 in order.
func TestTakeStray(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		requests []string
		givenUp  []int64
		answer   string
		want     []int64 // who gets the answer, as often as it comes; 0 for nobody
	}{
		{"nobody waits", nil, nil, clientRefusal, []int64{0}},
		{"one", []string{clientText}, nil, `[{},{"Ok_":{}}]`, []int64{1, 0}},
		{"one, given up", []string{clientText}, []int64{1}, `[{},{"Ok_":{}}]`, []int64{1, 0}},
		{"two", []string{clientText, clientText}, nil, `[{},{"Ok_":{}}]`, []int64{0, 0}},
		{"two, one given up", []string{clientText, clientText}, []int64{1}, `[{},{"Ok_":{}}]`, []int64{0}},
		{"binary refused", []string{clientText, clientOne, clientOne, clientText}, nil, clientRefusal, []int64{2, 3, 0}},
		{"binary refused, the first given up", []string{clientOne, clientOne, clientText}, []int64{1}, clientRefusal, []int64{2, 1, 3}},
		{"binary of two kinds", []string{clientOne, clientTwo}, nil, clientRefusal, []int64{0}},
		{"binary of two kinds, one given up", []string{clientOne, clientTwo}, []int64{2}, clientRefusal, []int64{0}},
		{"no binary", []string{clientText, clientText}, nil, clientRefusal, []int64{0}},
		{"another reason", []string{clientOne, clientOne}, nil, `[{},{"ErrorParseFailure_":{"reasons":[{"BinaryDecodeFailure":{}}]}}]`, []int64{0}},
		{"two reasons", []string{clientOne, clientOne}, nil,
			`[{},{"ErrorParseFailure_":{"reasons":[{"IncompatibleBinaryEncoding":{}},{"JsonInvalid":{}}]}}]`, []int64{0}},
		{"another error", []string{clientOne, clientOne}, nil, `[{},{"ErrorX":{"reasons":[{"IncompatibleBinaryEncoding":{}}]}}]`, []int64{0}},
		{"no message", []string{clientOne, clientOne}, nil, `hello`, []int64{0}},
		{"binary answer", []string{clientOne, clientOne}, nil, clientOne, []int64{0}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			f := newFlight()
			for i, request := range tc.requests {
				call, err := newClientCall([]byte(request), int64(i+1))
				if err != nil {
					t.Fatal(err)
				}
				f.add(call)
			}
			for _, id := range tc.givenUp {
				f.giveUp(f.calls[id])
				close(f.calls[id].done)
			}
			for i, want := range tc.want {
				var got int64
				if call := f.takeStray([]byte(tc.answer)); call != nil {
					got = call.id
				}
				if got != want {
					t.Errorf("answer %d: call %d, want %d", i, got, want)
				}
			}
		})
	}
}

// Calls that were given up take little memory, however many there are; nobody gets an
// answer without a number then.
func TestFlightForgets(t *testing.T) {
	t.Parallel()
	f := newFlight()
	for id := range int64(maxGivenUp + 10) {
		call, err := newClientCall([]byte(clientText), id)
		if err != nil {
			t.Fatal(err)
		}
		f.add(call)
		f.giveUp(call)
		close(call.done)
		if call.sent != nil || call.request != nil {
			t.Fatal("the request is kept")
		}
	}
	if len(f.calls) != maxGivenUp || f.live() != 0 {
		t.Errorf("%d calls, of which %d live, want %d and 0", len(f.calls), f.live(), maxGivenUp)
	}
	for id := range f.calls {
		if len(f.calls) > 1 && f.take(id) == nil {
			t.Fatalf("call %d is not there", id)
		}
	}
	if call := f.takeStray([]byte(`[{},{"Ok_":{}}]`)); call != nil {
		t.Errorf("call %d gets an answer that may be another's", call.id)
	}
	if all := f.takeAll(); all != nil || f.forgotten || len(f.calls) != 0 {
		t.Errorf("%d calls and %+v, want none after the connection", len(all), f)
	}
}
