package loopback

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestAnswers(t *testing.T) {
	t.Parallel()
	const ok = "HTTP/1.1 200 OK\r\n"
	cases := []struct{ name, stream, body, fault string }{
		{"length", ok + "Date: today\r\ncontent-length:  5 \r\n\r\nhellorest", "hello", ""},
		{"empty", ok + "Content-Length: 0\r\n\r\n", "", ""},
		{"chunks", ok + "Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\nA\r\nlo, world!\r\n0\r\n\r\n", "hello, world!", ""},
		{"no chunk", ok + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "", ""},
		{"status", "HTTP/1.1 404 Not Found\r\n\r\n", "", `the answer is "HTTP/1.1 404 Not Found", want status 200`},
		{"no end", ok + "Date: today\r\n\r\nhello", "", "says neither its length nor that it is chunked"},
		{"two lengths", ok + "Content-Length: 1\r\nContent-Length: 1\r\n\r\na", "", "says its length twice"},
		{"length and chunks", ok + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "", "says its length twice"},
		{"no header", ok + "Date\r\n\r\n", "", `"Date" is no header`},
		{"no number", ok + "Content-Length: -1\r\n\r\n", "", "invalid syntax"},
		{"too long", ok + "Content-Length: 16777217\r\n\r\n", "", "more than 16777216 bytes"},
		{"no size", ok + "Transfer-Encoding: chunked\r\n\r\n3;a=b\r\nhel\r\n0\r\n\r\n", "", "invalid syntax"},
		{"chunk too short", ok + "Transfer-Encoding: chunked\r\n\r\n2\r\nhel\r\n0\r\n\r\n", "", `"l" where a line should be empty`},
		{"trailer", ok + "Transfer-Encoding: chunked\r\n\r\n0\r\nA: b\r\n\r\n", "", `"A: b" where a line should be empty`},
		{"line feed", "HTTP/1.1 200 OK\n\n", "", "does not end in CRLF"},
		{"cut", ok + "Content-Length: 5\r\n\r\nhell", "", "unexpected EOF"},
		{"nothing", "", "", "EOF"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			body, err := read(tc.stream)
			if tc.fault != "" {
				if err == nil || !strings.Contains(err.Error(), tc.fault) {
					t.Fatalf("error %v, want one that says %q", err, tc.fault)
				}
				return
			}
			if err != nil || string(body) != tc.body {
				t.Errorf("body %q, error %v; want %q", body, err, tc.body)
			}
		})
	}
}

// read reads the first answer of a stream, behind a body that is kept.
func read(stream string) ([]byte, error) {
	r := answerReader{bufio.NewReader(strings.NewReader(stream))}
	body, err := r.read([]byte("kept"))
	return bytes.TrimPrefix(body, []byte("kept")), err
}

// What this reader takes for an answer, net/http reads alike.
func FuzzAnswers(f *testing.F) {
	f.Add("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
	f.Add("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n")
	f.Fuzz(func(t *testing.T, stream string) {
		got, err := read(stream)
		if err != nil {
			return
		}
		response, err := http.ReadResponse(bufio.NewReader(strings.NewReader(stream)), nil)
		if err != nil {
			return // net/http has rules for headers that are of no use here
		}
		want, err := io.ReadAll(response.Body)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("got %q, net/http reads %q, %v", got, want, err)
		}
	})
}
