package httpx

import (
	"bufio"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"strings"
	"sync"
)

// acceptedEncodings are those that request bodies may have (RFC 9110 section 8.4.1).
const acceptedEncodings = "gzip, deflate"

// encodingOf returns the encoding that Content-Encoding headers name, gzip or deflate;
// empty for none, and false for another one and for several over each other.
func encodingOf(headers []string) (encoding string, ok bool) {
	for _, header := range headers {
		for name := range strings.SplitSeq(header, ",") {
			name = strings.ToLower(strings.TrimSpace(name))
			switch {
			case name == "" || name == "identity":
				continue
			case encoding != "":
				return "", false
			case name == "x-gzip":
				name = "gzip"
			case name != "gzip" && name != "deflate":
				return "", false
			}
			encoding = name
		}
	}
	return encoding, true
}

// unpacker unpacks bodies, one after the other.
type unpacker struct {
	in   *bufio.Reader
	gzip gzip.Reader
	zlib io.ReadCloser // nil before the first one
}

var unpackers = sync.Pool{New: func() any { return &unpacker{in: bufio.NewReader(nil)} }}

// open returns what packed becomes.
func (u *unpacker) open(encoding string, packed io.Reader) (io.Reader, error) {
	u.in.Reset(packed)
	if encoding == "gzip" {
		return &u.gzip, u.gzip.Reset(u.in)
	}
	var err error
	if u.zlib == nil {
		u.zlib, err = zlib.NewReader(u.in)
	} else {
		err = u.zlib.(zlib.Resetter).Reset(u.in, nil)
	}
	return u.zlib, err
}

var errTrailing = errors.New("there is something behind what was packed")

// end fails unless what was packed has been the whole body.
func (u *unpacker) end() error {
	_, err := u.in.ReadByte()
	switch err {
	case io.EOF:
		return nil
	case nil:
		return errTrailing
	}
	return err
}

func (u *unpacker) release() {
	u.in.Reset(nil)
	unpackers.Put(u)
}
