package main

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// maxName is how many characters a name may have.
const maxName = 20

var (
	errNameShape = fmt.Errorf("a name is 1 to %d letters, digits, hyphens and underscores", maxName)
	errNameTaken = errors.New("somebody else has that name")
)

// names are those that are taken. Everybody's actor uses them, so they have a lock.
type names struct {
	mu    sync.Mutex
	taken map[string]bool // in lower case
}

func newNames() *names { return &names{taken: map[string]bool{}} }

// take gives the name to who asks for it. It fails for what is no name, and for one that
// somebody has, however it is capitalised.
func (n *names) take(name string) error {
	if !isName(name) {
		return errNameShape
	}
	key := strings.ToLower(name)
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.taken[key] {
		return errNameTaken
	}
	n.taken[key] = true
	return nil
}

// release makes a name free again.
func (n *names) release(name string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.taken, strings.ToLower(name))
}

func isName(name string) bool {
	isOther := func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '_'
	}
	return name != "" && utf8.RuneCountInString(name) <= maxName && !strings.ContainsFunc(name, isOther)
}
