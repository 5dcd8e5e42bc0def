package wsx

import (
	"testing"

	"pgregory.net/rapid"
)

// TestMailboxModel compares a mailbox with a list.
func TestMailboxModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var box mailbox
		var model []letter
		n := 0
		t.Repeat(map[string]func(*rapid.T){
			"put": func(t *rapid.T) {
				n++
				l := letter{rapid.SampledFrom([]origin{fromInput, fromTopic, fromProgram, fromSelf, fromStart}).Draw(t, "from"), n}
				if l.from == fromInput || l.from == fromTopic {
					l.value = newDelivery(&Message{Data: make([]byte, n%7)})
				}
				box.put(l)
				model = append(model, l)
			},
			"take": func(t *rapid.T) {
				l, ok := box.take()
				if ok != (len(model) > 0) || ok && l != model[0] {
					t.Fatalf("take() = %v, %v of %v", l, ok, model)
				}
				model = model[min(1, len(model)):]
			},
			"drop": func(*rapid.T) {
				box.drop()
				var kept []letter
				for _, l := range model {
					if l.from == fromStart {
						kept = append(kept, l)
					}
				}
				model = kept
			},
			"": func(t *rapid.T) {
				var heard load
				for _, l := range model {
					if l.from != fromSelf && l.from != fromStart {
						heard.count++
						heard.bytes += l.size()
					}
				}
				if box.len() != len(model) || box.heard != heard || box.said != (load{}) {
					t.Fatalf("%d letters, %+v, %+v, want %d, %+v", box.len(), box.heard, box.said, len(model), heard)
				}
			},
		})
	})
}

// TestMailboxMemory has a mailbox that is never empty for long.
func TestMailboxMemory(t *testing.T) {
	t.Parallel()
	var box mailbox
	for range 3 {
		box.put(letter{fromSelf, 1})
	}
	for range 10_000 {
		box.put(letter{fromSelf, 1})
		box.take()
	}
	if n := cap(box.letters); n > 16 {
		t.Errorf("the memory of 3 letters has room for %d", n)
	}
	for range 1000 {
		box.put(letter{fromSelf, 1})
	}
	for box.len() > 0 {
		box.take()
	}
	if box.letters != nil {
		t.Errorf("an empty mailbox has room for %d letters", cap(box.letters))
	}
}
