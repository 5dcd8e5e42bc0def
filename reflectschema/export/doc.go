// Package export carries a schema over to neighbouring worlds: it writes the
// arguments and the result of a function as JSON Schema 2020-12, for form
// builders, editors and language models, and it reads Go doc comments, so that
// they become docstrings without being written twice.
//
// It stands apart from package tp because it is the only part of Telestruct
// that needs a JSON Schema library.
package export
