package loopback

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
)

// answerReader reads the answers of an HTTP/1.1 server from a connection, one after
// the other. It allocates nothing once the body it is given is large enough.
type answerReader struct{ in *bufio.Reader }

// maxAnswer is how many bytes the body of an answer may have.
const maxAnswer = 16 << 20

// unsized is the length of a body that comes in chunks; none, before the headers
// have said anything.
const (
	unsized = -1
	none    = -2
)

// read appends the body of the next answer to body. An answer with another status
// than 200, or whose end is not clear, is an error.
func (r answerReader) read(body []byte) ([]byte, error) {
	if err := r.status("200"); err != nil {
		return body, err
	}
	length, err := r.headers()
	switch {
	case err != nil:
		return body, err
	case length == unsized:
		return r.chunks(body)
	case length == none:
		return body, errors.New("loopback: an answer says neither its length nor that it is chunked")
	}
	return r.bytes(body, length)
}

// status reads the first line, which must have this status.
func (r answerReader) status(want string) error {
	line, err := r.line()
	if err != nil {
		return err
	}
	if code, found := bytes.CutPrefix(line, []byte("HTTP/1.1 ")); !found || len(code) < 4 || string(code[:3]) != want || code[3] != ' ' {
		return fmt.Errorf("loopback: the answer is %q, want status %s", line, want)
	}
	return nil
}

// headers reads up to the empty line and returns the length of the body.
func (r answerReader) headers() (int, error) {
	length := none
	for {
		line, err := r.line()
		if err != nil || len(line) == 0 {
			return length, err
		}
		name, value, found := bytes.Cut(line, []byte(":"))
		if !found {
			return length, fmt.Errorf("loopback: %q is no header", line)
		}
		value = bytes.TrimSpace(value)
		said := none
		switch {
		case bytes.EqualFold(name, []byte("Content-Length")):
			said, err = size(value, 10)
		case bytes.EqualFold(name, []byte("Transfer-Encoding")) && bytes.EqualFold(value, []byte("chunked")):
			said = unsized
		default:
			continue
		}
		if err == nil && length != none {
			err = errors.New("loopback: an answer says its length twice")
		}
		if err != nil {
			return length, err
		}
		length = said
	}
}

// chunks reads a chunked body, and what trails it.
func (r answerReader) chunks(body []byte) ([]byte, error) {
	for {
		line, err := r.line()
		if err != nil {
			return body, err
		}
		length, err := size(line, 16)
		if err != nil || length == 0 {
			return body, errors.Join(err, r.emptyLine())
		}
		if body, err = r.bytes(body, length); err == nil {
			err = r.emptyLine()
		}
		if err != nil {
			return body, err
		}
	}
}

func (r answerReader) emptyLine() error {
	line, err := r.line()
	if err == nil && len(line) > 0 {
		err = fmt.Errorf("loopback: %q where a line should be empty", line)
	}
	return err
}

// bytes appends the next n bytes to body.
func (r answerReader) bytes(body []byte, n int) ([]byte, error) {
	if n > maxAnswer-len(body) {
		return body, fmt.Errorf("loopback: an answer of more than %d bytes", maxAnswer)
	}
	from := len(body)
	body = slices.Grow(body, n)[:from+n]
	_, err := io.ReadFull(r.in, body[from:])
	return body, err
}

// line returns the next line without its end; it is valid until the next read.
func (r answerReader) line() ([]byte, error) {
	line, err := r.in.ReadSlice('\n')
	if err != nil {
		return nil, err
	}
	if !bytes.HasSuffix(line, []byte("\r\n")) {
		return nil, fmt.Errorf("loopback: the line %q does not end in CRLF", line)
	}
	return line[:len(line)-2], nil
}

func size(digits []byte, base int) (int, error) {
	n, err := strconv.ParseUint(string(digits), base, 31)
	return int(n), err
}
