package wire_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/tp/wire"
)

// Each message in hexadecimal digits that the documentation shows is the JSON
// message that comes next.
func TestDocumentedBytes(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/wire.md")
	if err != nil {
		t.Fatal(err)
	}
	shown := 0
	var waiting []string
	for _, part := range strings.Split(string(page), "\n```") {
		lang, text, _ := strings.Cut(part, "\n")
		switch lang {
		case "hex":
			waiting = append(waiting, strings.ReplaceAll(text, "\n", " "))
		case "json":
			for _, digits := range waiting {
				checkDocumentedBytes(t, digits, text)
			}
			shown += len(waiting)
			waiting = nil
		}
	}
	if shown != 6 || waiting != nil {
		t.Errorf("%d messages are shown with their JSON, and %v without", shown, waiting)
	}
}

func checkDocumentedBytes(t *testing.T, digits, text string) {
	t.Helper()
	m, err := wire.DecodeBinary(fromHex(digits), resolvePinned, wire.Limits{})
	if err != nil {
		t.Fatalf("%s: %v", digits, err)
	}
	written, err := wire.AppendMessage(nil, m)
	if err != nil {
		t.Fatal(err)
	}
	var got, want any
	if err := json.Unmarshal(written, &got); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(text), &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s is another message (-shown +got):\n%s", digits, diff)
	}
}
