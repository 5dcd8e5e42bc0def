package conformance

import (
	"errors"
	"fmt"

	"github.com/telestruct/telestruct/tp/wire"
)

// traffic is what a client and a server sent each other for one statement.
type traffic struct {
	calls             int
	request, response direction
}

// direction is what was seen of the messages that went one way.
type direction struct {
	binary   bool // at least one was
	numbered bool // the latest binary one had enough integer keys
}

// see looks at one message. It fails on a binary one that is not written in the
// format, or that does not follow its rules.
func (d *direction) see(message []byte, format wire.Format) error {
	if isJSON(message) {
		return nil
	}
	tree, err := decodeBinary(message)
	pair, _ := tree.([]any)
	switch {
	case err != nil:
		return fmt.Errorf("% x is neither JSON nor binary: %w", message, err)
	case len(pair) != 2:
		return fmt.Errorf("% x is no message", message)
	case wire.FormatOf(message) != format:
		return fmt.Errorf("% x is not in %v", message, format)
	}
	numbered, named := countKeys(pair[1])
	d.binary, d.numbered = true, numbered >= named
	return nil
}

// countKeys counts the keys of a map and of the maps that are its values. Arrays
// are not looked into.
func countKeys(tree any) (numbered, named int) {
	count := func(value any) {
		more, others := countKeys(value)
		numbered, named = numbered+more, named+others
	}
	switch v := tree.(type) {
	case intMap:
		numbered = len(v)
		for _, value := range v {
			count(value)
		}
	case wire.Object:
		named = len(v)
		for _, m := range v {
			count(m.Value)
		}
	case mixedMap:
		count(v.numbered)
		count(v.named)
	}
	return numbered, named
}

// check says what is wrong with how a client in a binary format sent a request
// that led to an answer with this tag.
func (t *traffic) check(a assertion, tag string) error {
	ok := tag == "Ok_"
	var problems []error
	want := func(what string, got, want bool) {
		if got != want {
			problems = append(problems, fmt.Errorf("%s: %v; want %v", what, got, want))
		}
	}
	if !a.SkipBinaryCheck {
		want("the request is binary", t.request.binary, true)
		want("the response is binary", t.response.binary, ok)
	}
	if !a.SkipFieldIDCheck {
		want("the request has enough integer keys", t.request.numbered, true)
		want("the response has enough integer keys", t.response.numbered, ok)
	}
	return errors.Join(problems...)
}

// checkCalls says whether a client sent more or fewer requests than it should.
func (t *traffic) checkCalls(s *statement) error {
	most := 1
	if s.Assert.ExpectTwoRequests {
		most = 2
	}
	if t.calls > most {
		return fmt.Errorf("the number of requests is %d; want at most %d", t.calls, most)
	}
	if s.TransportCalls != nil && t.calls != *s.TransportCalls {
		return fmt.Errorf("the number of requests is %d; want %d", t.calls, *s.TransportCalls)
	}
	return nil
}
