// Package web is what the ways over HTTP have in common. Of a request it reads what every
// endpoint wants to know: whether the page that sent it may, which address it came from,
// which credentials it brings, and a context that lives longer than the request. For
// clients it names URLs without their secrets.
package web
