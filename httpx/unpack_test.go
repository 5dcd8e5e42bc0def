package httpx_test

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"io"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/telestruct/telestruct/httpx"
	"github.com/telestruct/telestruct/internal/allocs"
)

// packed compresses a text with "gzip" or "deflate".
func packed(encoding, text string) string {
	var out bytes.Buffer
	var w io.WriteCloser = gzip.NewWriter(&out)
	if encoding == "deflate" {
		w = zlib.NewWriter(&out)
	}
	_, _ = io.WriteString(w, text)
	_ = w.Close()
	return out.String()
}

func TestUnpacking(t *testing.T) {
	t.Parallel()
	const (
		unknown  = "a request body is packed with gzip, deflate here, or not at all\n"
		tooLarge = "a request body has at most 1000 bytes here\n"
		noGzip   = "the request body could not be unpacked as gzip\n"
		noZlib   = "the request body could not be unpacked as deflate\n"
	)
	gz, zl := packed("gzip", call), packed("deflate", call)
	blank := strings.Repeat(" ", 1000-len(call))
	tests := []struct {
		name, encoding, body string
		status               int
		want                 string
	}{
		{"gzip", "gzip", gz, 200, answer},
		{"gzip in other letters", "GZip", gz, 200, answer},
		{"gzip by its old name", "x-gzip", gz, 200, answer},
		{"deflate", "deflate", zl, 200, answer},
		{"nothing", "identity", call, 200, answer},
		{"nothing, twice", "identity, ,", call, 200, answer},
		{"gzip and nothing", "identity, gzip", gz, 200, answer},
		{"gzip in two parts", "gzip", packed("gzip", call[:10]) + packed("gzip", call[10:]), 200, answer},
		{"as large as may be", "gzip", packed("gzip", call+blank), 200, answer},

		{"unknown", "br", call, 415, unknown},
		{"two over each other", "gzip, gzip", packed("gzip", gz), 415, unknown},
		{"one known of two", "gzip, br", gz, 415, unknown},
		{"too large unpacked", "gzip", packed("gzip", call+blank+" "), 413, tooLarge},
		{"too large unpacked from deflate", "deflate", packed("deflate", call+blank+" "), 413, tooLarge},
		{"too large packed", "gzip", strings.Repeat(packed("gzip", ""), 50), 413, tooLarge},
		{"not packed", "gzip", call, 400, noGzip},
		{"not packed with deflate", "deflate", call, 400, noZlib},
		{"empty", "gzip", "", 400, noGzip},
		{"breaks off", "gzip", gz[:len(gz)-4], 400, noGzip},
		{"breaks off within deflate", "deflate", zl[:len(zl)-2], 400, noZlib},
		{"wrong checksum", "gzip", gz[:len(gz)-8] + "xxxx" + gz[len(gz)-4:], 400, noGzip},
		{"text behind", "gzip", gz + "x", 400, noGzip},
		{"zeros behind", "gzip", gz + strings.Repeat("\x00", 20), 400, noGzip},
		{"text behind deflate", "deflate", zl + "x", 400, noZlib},
		{"deflate behind deflate", "deflate", zl + zl, 400, noZlib},
	}
	h := httpx.Handler(server(t), httpx.MaxBody(1000))
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			for _, length := range []int64{int64(len(tc.body)), -1} {
				r := httptest.NewRequest("POST", "/", strings.NewReader(tc.body))
				r.Header.Set("Content-Encoding", tc.encoding)
				r.ContentLength = length
				w := httptest.NewRecorder()
				h.ServeHTTP(w, r)
				if w.Code != tc.status || w.Body.String() != tc.want {
					t.Errorf("length %d: %d %q, want %d %q", length, w.Code, w.Body, tc.status, tc.want)
				}
				if accepted := w.Header().Get("Accept-Encoding"); (accepted == "gzip, deflate") != (tc.status == 415) {
					t.Errorf("Accept-Encoding: %q", accepted)
				}
			}
		})
	}
}

// zeros is a gzip of so many zero bytes, which are unpacked a thousand times as large.
func zeros(mebibytes int) string {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	for range mebibytes {
		_, _ = w.Write(make([]byte, 1<<20))
	}
	_ = w.Close()
	return out.String()
}

// A small body that becomes a huge one costs the memory of MaxBody and no more. It is
// not parallel to others, whose memory would count as well.
func TestBombCostsLittle(t *testing.T) {
	bomb := zeros(16)
	h := httpx.Handler(server(t))
	explode := func() {
		r := httptest.NewRequest("POST", "/", strings.NewReader(bomb))
		r.Header.Set("Content-Encoding", "gzip")
		w := httptest.NewRecorder()
		if h.ServeHTTP(w, r); w.Code != 413 {
			t.Errorf("%d %.100s", w.Code, w.Body)
		}
	}
	// Twice, as the buffer grows by doubling and what it was counts as well.
	const most = 2<<20 + 256<<10
	if got := allocs.Bytes(most, explode); got > most {
		t.Errorf("took %d bytes in all, want at most twice the limit of 1 MiB", got)
	}
}

func FuzzUnpacking(f *testing.F) {
	f.Add(true, []byte(packed("gzip", call)))
	f.Add(false, []byte(packed("deflate", call)))
	f.Add(true, []byte(call))
	h := httpx.Handler(server(f), httpx.MaxBody(1<<10))
	f.Fuzz(func(t *testing.T, isGzip bool, body []byte) {
		encoding := "deflate"
		if isGzip {
			encoding = "gzip"
		}
		switch w := post(h, string(body), "Content-Encoding", encoding); w.Code {
		case 200, 400, 413:
		default:
			t.Errorf("%d %s", w.Code, w.Body)
		}
	})
}
