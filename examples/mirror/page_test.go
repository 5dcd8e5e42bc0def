package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/internal/headless"
	"github.com/telestruct/telestruct/tp/mirror"
)

var update = flag.Bool("update", false, "take the pictures that the documentation shows")

// picture takes a picture of a page for the documentation.
func picture(t *testing.T, page *headless.Tab, name string, height int) {
	t.Helper()
	taken := page.Screenshot(720, height)
	if !*update {
		return
	}
	if err := os.WriteFile(filepath.Join("..", "..", "docs", "images", name), taken, 0o644); err != nil {
		t.Fatal(err)
	}
}

// open shows the page, connected.
func open(t *testing.T, browser *headless.Browser, s *site) *headless.Tab {
	t.Helper()
	page := browser.Open(t, s.URL)
	page.Sees("#connection", "Connected")
	page.Sees("#rooms li:nth-child(3) .lamp-shown", "40 %")
	return page
}

// room is the selector of a part of a room, from the first.
func room(number int, part string) string {
	return fmt.Sprintf("#rooms li:nth-child(%d) .%s", number, part)
}

// drag moves a slider through values, and lets go at the last.
func drag(page *headless.Tab, slider string, values ...float64) {
	steps, _ := json.Marshal(values)
	page.Run(fmt.Sprintf(`(async () => {
		const slider = document.querySelector(%q);
		for (const value of %s) {
			slider.value = value;
			slider.dispatchEvent(new Event("input", { bubbles: true }));
			await new Promise((done) => setTimeout(done, 50));
		}
		slider.dispatchEvent(new Event("change", { bubbles: true }));
	})()`, slider, steps))
}

// enter types into a field and leaves it.
func enter(page *headless.Tab, field, text string) {
	page.Enter(field, text)
	page.Run(fmt.Sprintf(`document.querySelector(%q).blur()`, field))
}

// Two windows edit the same model, and a third watches.
func TestTwoWindows(t *testing.T) {
	browser := headless.Start(t)
	s := newSite(t)
	for range 60 {
		s.measure(t)
	}
	ada, alan := open(t, browser, s), open(t, browser, s)
	wall := browser.Open(t, s.URL+"/wall/")
	wall.Sees(room(1, "set"), "21.0 °C · lamp 60 %")

	drag(ada, room(1, "lamp"), 64, 70, 82)
	for _, page := range []*headless.Tab{ada, alan} {
		page.Sees(room(1, "lamp-shown"), "82 %")
		page.Sees("#watts-shown", "1616 W")
		page.Holds(room(1, "lamp"), "82")
	}
	wall.Sees(room(1, "set"), "21.0 °C · lamp 82 %")
	drag(alan, room(2, "heat"), 24.5)
	alan.Click(room(2, "water"))
	enter(alan, "#name", "Glass house")
	for _, page := range []*headless.Tab{ada, wall} {
		page.Sees("title", "Glass house")
	}
	ada.Sees(room(2, "heat-shown"), "24.5 °C")
	wall.Sees(room(2, "set"), "24.5 °C · lamp 80 % · watering")
	want := planted()
	want.Name = "Glass house"
	want.Rooms[0].Lamp = 82
	want.Rooms[1].Heat, want.Rooms[1].Water = 24.5, true
	if diff := cmp.Diff(want, s.greenhouse.Get()); diff != "" {
		t.Errorf("the greenhouse (-want +got):\n%s", diff)
	}

	// What Validate does not want is not so in any window, and the one that tried sees why.
	drag(ada, room(3, "lamp"), 60, 95)
	ada.Sees("#why", "Not done: the lamps would take 2056 W, and the fuse is for 2000 W.")
	for _, page := range []*headless.Tab{ada, alan} {
		page.Sees(room(3, "lamp-shown"), "60 %") // which the slider came by
		page.Sees("#watts-shown", "1776 W")
		page.Holds(room(3, "lamp"), "60")
	}
	alan.Sees("#why", "")
	s.measure(t)
	moisture := fmt.Sprintf("soil %d %%", s.climate.Get().Rooms["Lettuce"].Moisture)
	for _, page := range []*headless.Tab{ada, alan} {
		page.Sees(room(3, "moisture"), moisture)
	}
	picture(t, ada, "mirror-ada.png", 500)
	picture(t, alan, "mirror-alan.png", 500)
	picture(t, wall, "mirror-wall.png", 260)
}

// Rooms are added, named, moved and removed.
func TestRooms(t *testing.T) {
	browser := headless.Start(t)
	s := newSite(t)
	ada, alan := open(t, browser, s), open(t, browser, s)
	ada.Enter("#new", "Basil")
	ada.Click("#add button")
	alan.Sees(room(4, "heat-shown"), "18.0 °C")
	alan.Holds(room(4, "name"), "Basil")
	enter(alan, room(4, "name"), "Lettuce")
	alan.Sees("#why", "Not done: there is a room with the name Lettuce.")
	alan.Holds(room(4, "name"), "Basil")
	enter(alan, room(4, "name"), "Thyme")
	ada.Holds(room(4, "name"), "Thyme")
	ada.Click(room(4, "up"))
	alan.Sees(room(3, "heat-shown"), "18.0 °C")
	alan.Click(room(1, "remove"))
	ada.Sees("#watts-shown", "960 W")
	want := planted()
	want.Rooms = []Room{want.Rooms[1], {Name: "Thyme", Heat: 18}, want.Rooms[2]}
	if diff := cmp.Diff(want, s.greenhouse.Get()); diff != "" {
		t.Errorf("the greenhouse (-want +got):\n%s", diff)
	}
}

// Pages whose connection is lost come back, and one with a socket goes on from what it has.
func TestReconnect(t *testing.T) {
	browser := headless.Start(t)
	s := newSite(t)
	page, wall := open(t, browser, s), browser.Open(t, s.URL+"/wall/")
	wall.Sees(room(3, "set"), "14.0 °C · lamp 40 % · watering")
	page.Watch("#connection")
	s.disconnect(t)
	page.Saw("#connection", "Not connected; trying again soon (for a test)")
	if err := s.greenhouse.Update(func(g *Greenhouse) error { g.Rooms[2].Lamp = 7; return nil }); err != nil {
		t.Fatal(err)
	}
	page.Sees("#connection", "Connected")
	page.Sees(room(3, "lamp-shown"), "7 %")
	drag(page, room(3, "lamp"), 8)
	page.Sees(room(3, "lamp-shown"), "8 %")
	wall.Sees(room(3, "set"), "14.0 °C · lamp 8 % · watering")
	if got := s.asked(); len(got) != 2 || got[0] != "codec=json" || got[1] == got[0] {
		t.Errorf("the page asked for %q, want what it did not have the second time", got)
	}
}

// step is a patch, and what it leads to.
type step struct {
	Old   mirror.Value `json:"old"`
	Patch mirror.Patch `json:"patch"`
	New   mirror.Value `json:"new"`
}

// The script makes of values what the server does.
func TestScript(t *testing.T) {
	browser := headless.Start(t)
	page := open(t, browser, newSite(t))
	random := rand.New(rand.NewPCG(1, 2))
	var steps []step
	counts := map[mirror.OpKind]int{}
	for range 300 {
		old, new := twoLists(random)
		s := step{old, mirror.Patch{Ops: mirror.Diff(old, new)}, new}
		for _, op := range s.Patch.Ops {
			counts[op.Kind]++
		}
		steps = append(steps, s)
	}
	if len(counts) != 6 {
		t.Errorf("operations are %v, want some of each kind", counts)
	}
	text, err := json.Marshal(steps)
	if err != nil {
		t.Fatal(err)
	}
	// Within a string: an object that is written down as code has no key "__proto__".
	wrong := page.Value(fmt.Sprintf(`import("/mirror.js").then(({ apply, plain, tagged }) => {
		const isMap = (value) => value && typeof value === "object" && !Array.isArray(value);
		const text = (value) => JSON.stringify(value, (_, v) => isMap(v) ? Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)) : v);
		return JSON.parse(%q).filter((step) => {
			const old = plain(step.old), before = text(old), wanted = text(plain(step.new));
			const found = step.patch.ops.reduce((value, op) => apply(value, op), old);
			return text(found) !== wanted || text(plain(tagged(found))) !== wanted || text(old) !== before;
		}).map((step) => JSON.stringify(step));
	})`, text))
	if list, ok := wrong.([]any); !ok || len(list) > 0 {
		t.Errorf("the script has other values after %d steps, such as %.1000v", len(list), wrong)
	}
	accepted := page.Value(`import("/mirror.js").then(({ apply, set, remove, insert, removeAt, move, reorder }) => [
		set([2], 0), set(["a"], 0), set([0, "a"], 0), set([1, 0], 0), set(["length"], 0), set([1, "b", "c"], 0),
		remove([0]), insert([], 3, 0), insert([0], 0, 0), insert([1], 0, 0), removeAt([], 2),
		move([], 0, 2), reorder([], [0]), reorder([], [1, 1]), reorder([], [1, 2]), { Sort: { path: [] } },
	].filter((op) => {
		try {
			apply([1, Object.assign(Object.create(null), { a: 1 })], op);
			return true;
		} catch {
			return false;
		}
	}))`)
	if list, ok := accepted.([]any); !ok || len(list) > 0 {
		t.Errorf("the script accepts %v", accepted)
	}
}

// twoLists returns lists of much the same values, in another order.
func twoLists(r *rand.Rand) (old, new mirror.Value) {
	pool := make([]mirror.Value, 2+r.IntN(14))
	for i := range pool {
		pool[i] = anyValue(r, 2)
	}
	pick := func() mirror.Value {
		picked := slices.Clone(pool)
		if r.IntN(3) > 0 {
			r.Shuffle(len(picked), func(i, k int) { picked[i], picked[k] = picked[k], picked[i] })
		}
		if r.IntN(2) == 0 {
			picked[0] = anyValue(r, 2)
			picked = picked[:1+r.IntN(len(picked))]
		}
		return mirror.List(picked...)
	}
	return pick(), pick()
}

// anyValue returns a value in which lists and maps go down to a depth.
func anyValue(r *rand.Rand, depth int) mirror.Value {
	kinds := 7
	if depth == 0 {
		kinds = 5
	}
	switch r.IntN(kinds) {
	case 0:
		return mirror.Null()
	case 1:
		return mirror.Bool(r.IntN(2) == 0)
	case 2:
		return mirror.Int(r.Int64N(9) - 4)
	case 3:
		return mirror.Float(r.Float64())
	case 4:
		return mirror.Str([]string{"", "a", "世界"}[r.IntN(3)])
	case 5:
		list := make([]mirror.Value, r.IntN(5))
		for i := range list {
			list[i] = anyValue(r, depth-1)
		}
		return mirror.List(list...)
	}
	entries := map[string]mirror.Value{}
	for _, key := range []string{"a", "b", "__proto__", "length", "0"} {
		if r.IntN(2) == 0 {
			entries[key] = anyValue(r, depth-1)
		}
	}
	return mirror.Map(entries)
}

// Nothing from elsewhere gets into the pages, and names are only text.
func TestPolicy(t *testing.T) {
	browser := headless.Start(t)
	s := newSite(t)
	page, wall := open(t, browser, s), browser.Open(t, s.URL+"/wall/")
	enter(page, "#name", `<img onload="x()">`)
	wall.Sees("h1", `<img onload="x()">`)
	page.Run(`{ const script = document.createElement("script");
		script.textContent = "document.title = 'injected'";
		document.body.append(script); }`)
	page.Expect("Executing inline script violates …")
	page.Sees("title", `<img onload="x()">`)
}

// What the browser asks for is there, with the headers that make the pages safe.
func TestFiles(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for path, contentType := range map[string]string{
		"/":             "text/html; charset=utf-8",
		"/mirror.js":    "text/javascript; charset=utf-8",
		"/page.js":      "text/javascript; charset=utf-8",
		"/style.css":    "text/css; charset=utf-8",
		"/icon.svg":     "image/svg+xml",
		"/wall":         "text/html; charset=utf-8",
		"/wall/wall.js": "text/javascript; charset=utf-8",
	} {
		res, err := s.Client().Get(s.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		h := res.Header
		if res.StatusCode != http.StatusOK || h.Get("Content-Type") != contentType ||
			h.Get("Content-Security-Policy") != policy || h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: status %d, headers %v", path, res.StatusCode, h)
		}
	}
}
