package page_test

import (
	"fmt"
	"testing"

	"github.com/telestruct/telestruct/internal/bench/page"
)

func Example() {
	text := []byte("# Title\n\n<!-- sizes -->\nold\n<!-- end of sizes -->\n\nText.\n")
	old, _ := page.Part(text, "sizes")
	text, _ = page.Replace(text, "sizes", "new\n")
	fmt.Printf("%q\n%s", old, text)
	// Output:
	// "old\n"
	// # Title
	//
	// <!-- sizes -->
	// new
	// <!-- end of sizes -->
	//
	// Text.
}

func TestParts(t *testing.T) {
	t.Parallel()
	const begin, end, other = "<!-- a -->\n", "<!-- end of a -->\n", "<!-- b -->\nB\n<!-- end of b -->\n"
	cases := []struct{ name, page, part, replaced string }{
		{"empty", begin + end, "", begin + "new\n" + end},
		{"first", begin + "A\n" + end + other, "A\n", begin + "new\n" + end + other},
		{"last", other + begin + "A\n" + end, "A\n", other + begin + "new\n" + end},
		{"twice", begin + "A\n" + end + begin + end, "A\n", begin + "new\n" + end + begin + end},
	}
	for _, tc := range cases {
		part, err := page.Part([]byte(tc.page), "a")
		if err != nil || part != tc.part {
			t.Errorf("%s: part %q, %v; want %q", tc.name, part, err, tc.part)
		}
		replaced, err := page.Replace([]byte(tc.page), "a", "new\n")
		if err != nil || string(replaced) != tc.replaced {
			t.Errorf("%s: got %q, %v; want %q", tc.name, replaced, err, tc.replaced)
		}
	}
}

func TestMissingParts(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "<!-- a -->\n", "<!-- end of a -->\n", "<!-- end of a -->\n<!-- a -->\n", "<!-- b -->\n<!-- end of b -->\n"} {
		if part, err := page.Part([]byte(text), "a"); err == nil {
			t.Errorf("%q has the part %q", text, part)
		}
		if replaced, err := page.Replace([]byte(text), "a", "new\n"); err == nil {
			t.Errorf("%q becomes %q", text, replaced)
		}
	}
}
