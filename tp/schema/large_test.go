package schema

import (
	"bytes"
	"fmt"
	"testing"
)

// tersePart has as many keys and values for its length as people write.
const tersePart = `
- struct.Customer%[1]d:
    id: integer
    name!: string?
    emails: [string]
    labels: {string: [any?]}
    orders!: [struct.Order%[1]d]
- struct.Order%[1]d:
    paid: boolean
    state: union.State%[1]d
- union.State%[1]d:
    - Open: {}
    - Closed: {reason!: string, at: integer}
    - Lost: {}
- fn.findOrder%[1]d:
    id: integer
    states!: [union.State%[1]d]
  ->:
    - Ok_:
        order: struct.Order%[1]d?
    - ErrorUnknownOrder:
        id: integer
`

// wordyPart has in its texts what would be YAML outside of them.
const wordyPart = `
- ///: |
    A customer [of region %[1]d], {paid: or not}; "who": 'it' is?
    : see struct.Order%[1]d, & *others*, ? or - <<: {}.

      - [a, b, {c: d}] # no comment
  struct.Customer%[1]d:
    id: "integer" # of the register
    "orders": ["struct.Order%[1]d"]
- ///: "What was \"bought\", [where], {when: then}: and - why?, ?, :, :,:,:"
  struct.Order%[1]d:
    state: union.State%[1]d
- ///: >-
    [[[ {{{ the states
    of an order: '''
  union.State%[1]d:
    - ///: 'Nobody knows, ''where'': [it, is'
      Lost: {}
`

// largeYAML repeats a part as often as it fits into a document of size bytes.
func largeYAML(part string, size int) []byte {
	var out bytes.Buffer
	for i := 0; ; i++ {
		text := fmt.Sprintf(part, i)
		if out.Len()+len(text) > size {
			return out.Bytes()
		}
		out.WriteString(text)
	}
}

// The largest documents that people write are read, whatever is in their texts.
func TestLargeDocuments(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		part        string
		definitions int
	}{
		"terse": {tersePart, 2316},
		"wordy": {wordyPart, 1539},
	} {
		s, err := Parse(Document{"a.telepact.yaml", largeYAML(tc.part, maxYAML)})
		if err != nil {
			t.Errorf("%s: %.300v", name, err)
			continue
		}
		if got := len(s.Own()); got != tc.definitions {
			t.Errorf("%s: %d definitions, want %d", name, got, tc.definitions)
		}
		again, err := Parse(Document{Text: jsonText(s.ownForms())})
		if err != nil {
			t.Errorf("%s in JSON: %.300v", name, err)
		} else if !Equal(s, again) {
			t.Errorf("%s has changed by writing", name)
		}
	}
}

// BenchmarkParseLarge shows that documents of twice the size take twice as long.
func BenchmarkParseLarge(b *testing.B) {
	for _, part := range []struct{ name, text string }{{"terse", tersePart}, {"wordy", wordyPart}} {
		for _, size := range []int{maxYAML / 4, maxYAML / 2, maxYAML} {
			d := Document{"a.telepact.yaml", largeYAML(part.text, size)}
			b.Run(fmt.Sprintf("%s YAML/%d KiB", part.name, size>>10), func(b *testing.B) { benchmarkParse(b, d) })
		}
	}
	s, err := Parse(Document{"a.telepact.yaml", largeYAML(tersePart, maxYAML)})
	if err != nil {
		b.Fatal(err)
	}
	d := Document{Text: jsonText(s.ownForms())}
	b.Run(fmt.Sprintf("terse JSON/%d KiB", len(d.Text)>>10), func(b *testing.B) { benchmarkParse(b, d) })
}

func benchmarkParse(b *testing.B, d Document) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(d); err != nil {
			b.Fatal(err)
		}
	}
}
