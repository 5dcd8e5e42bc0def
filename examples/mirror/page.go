package main

import (
	"embed"
	"io/fs"
	"net/http"
)

//go:embed static
var static embed.FS

// policy lets the pages load and reach nothing but what this program serves: connect-src
// 'self' is its WebSocket, and its events.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// pages serves the files of the directory static.
func pages() http.Handler {
	files, err := fs.Sub(static, "static")
	if err != nil {
		panic(err) // the directory's name is misspelt above
	}
	server := http.FileServerFS(files)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cache-Control", "no-cache") // embedded files have no time to ask by
		server.ServeHTTP(w, r)
	})
}
