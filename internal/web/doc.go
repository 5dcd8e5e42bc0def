// Package web reads of an HTTP request what every endpoint wants to know: whether the
// page that sent it may, which address it came from, and a context that lives longer
// than the request.
package web
