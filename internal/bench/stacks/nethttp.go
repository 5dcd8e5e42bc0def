package stacks

import (
	"encoding/json"
	"net/http"
)

// NetHTTP is a bare handler of net/http with encoding/json: what everybody writes
// who uses no framework. Bodies are limited as [Telestruct] limits them; what they hold
// is not checked.
func NetHTTP[In, Out any](in *In, call func(In) Out) (Stack, error) {
	want := call(*in)
	s, err := Plain(in, &want)
	s.Name, s.Handler = "nethttp", handleJSON(call)
	return s, err
}

const maxBody = 1 << 20

func handleJSON[In, Out any](call func(In) Out) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		in := new(In)
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(in); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		out := call(*in)
		if err := json.NewEncoder(w).Encode(&out); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	}
}
