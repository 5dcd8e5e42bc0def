package httpx_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/telestruct/telestruct/httpx"
)

// corsHeaders are what an answer says about pages of other origins.
type corsHeaders struct {
	Origin, Credentials, Methods, Headers, Expose, MaxAge string
	Vary                                                  []string
}

func corsOf(header http.Header) corsHeaders {
	get := func(name string) string { return header.Get("Access-Control-" + name) }
	return corsHeaders{
		Origin: get("Allow-Origin"), Credentials: get("Allow-Credentials"), Methods: get("Allow-Methods"),
		Headers: get("Allow-Headers"), Expose: get("Expose-Headers"), MaxAge: get("Max-Age"), Vary: header["Vary"],
	}
}

func TestCORS(t *testing.T) {
	t.Parallel()
	const app = "https://app.example"
	const ours = "Authorization, Content-Encoding, Content-Type"
	listed := httpx.CORSOptions{Origins: []string{app, "*.below.example"}, Credentials: true, Headers: []string{"X-Trace"}, MaxAge: time.Minute}
	open := httpx.CORSOptions{Origins: []string{"*"}}
	vary := []string{"Origin"}
	tests := []struct {
		name    string
		options httpx.CORSOptions
		method  string
		path    string
		headers []string
		status  int
		want    corsHeaders
	}{
		{"asked ahead", listed, "OPTIONS", "", []string{"Origin", app, "Access-Control-Request-Method", "POST"}, 204,
			corsHeaders{app, "true", "POST", ours + ", X-Trace", "", "60", vary}},
		{"asked ahead of reading", listed, "OPTIONS", "/schema.json", []string{"Origin", app, "Access-Control-Request-Method", "GET"}, 204,
			corsHeaders{app, "true", "GET, HEAD", ours + ", X-Trace", "", "60", vary}},
		{"asked ahead by everybody", open, "OPTIONS", "", []string{"Origin", app, "Access-Control-Request-Method", "POST"}, 204,
			corsHeaders{"*", "", "POST", ours, "", "3600", nil}},
		{"asked every time", httpx.CORSOptions{Origins: []string{app}, MaxAge: -1}, "OPTIONS", "", []string{"Origin", app, "Access-Control-Request-Method", "POST"}, 204,
			corsHeaders{app, "", "POST", ours, "", "0", vary}},
		{"asked ahead by another", listed, "OPTIONS", "", []string{"Origin", "https://evil.example", "Access-Control-Request-Method", "POST"}, 204,
			corsHeaders{Vary: vary}},
		{"asked for the methods", listed, "OPTIONS", "", []string{"Origin", app}, 204,
			corsHeaders{Origin: app, Credentials: "true", Expose: "Retry-After", Vary: vary}},

		{"call", listed, "POST", "", []string{"Origin", app}, 200, corsHeaders{Origin: app, Credentials: "true", Expose: "Retry-After", Vary: vary}},
		{"call from below", listed, "POST", "", []string{"Origin", "http://a.below.example"}, 200,
			corsHeaders{Origin: "http://a.below.example", Credentials: "true", Expose: "Retry-After", Vary: vary}},
		{"call by everybody", open, "POST", "", []string{"Origin", app}, 200, corsHeaders{Origin: "*", Expose: "Retry-After"}},
		{"call by another", listed, "POST", "", []string{"Origin", "https://evil.example"}, 200, corsHeaders{Vary: vary}},
		{"call by a program", listed, "POST", "", nil, 200, corsHeaders{Vary: vary}},
		{"call by two", listed, "POST", "", []string{"Origin", app, "Origin", app}, 200, corsHeaders{Vary: vary}},
		{"call with nobody allowed", httpx.CORSOptions{}, "POST", "", []string{"Origin", app}, 200, corsHeaders{Vary: vary}},
		{"another method", listed, "PUT", "", []string{"Origin", app}, 405, corsHeaders{Origin: app, Credentials: "true", Expose: "Retry-After", Vary: vary}},
		{"schema", listed, "GET", "/schema.yaml", []string{"Origin", app}, 200, corsHeaders{Origin: app, Credentials: "true", Expose: "Retry-After", Vary: vary}},
		{"health", open, "GET", "/health", []string{"Origin", app}, 200, corsHeaders{Origin: "*", Expose: "Retry-After"}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			mux := http.NewServeMux()
			httpx.Mount(mux, "/api", server(t), httpx.CORS(tc.options))
			w := request(mux, tc.method, "/api"+tc.path, call, tc.headers...)
			if w.Code != tc.status {
				t.Errorf("status %d, want %d", w.Code, tc.status)
			}
			if diff := cmp.Diff(tc.want, corsOf(w.Header())); diff != "" {
				t.Errorf("headers (-want +got):\n%s", diff)
			}
		})
	}
}

// Without the option nothing is said.
func TestNoCORS(t *testing.T) {
	t.Parallel()
	w := request(httpx.Handler(server(t)), "OPTIONS", "/", "", "Origin", "https://app.example", "Access-Control-Request-Method", "POST")
	if diff := cmp.Diff(corsHeaders{}, corsOf(w.Header())); diff != "" || w.Code != 204 {
		t.Errorf("status %d, headers (-want +got):\n%s", w.Code, diff)
	}
}
