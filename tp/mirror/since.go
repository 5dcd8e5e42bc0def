package mirror

import (
	"maps"
	"net/url"
	"slices"
	"strconv"

	"github.com/telestruct/telestruct/tp/wire"
)

// Query is what a client asks for in the URL of its connection (section 7).
type Query struct {
	// Codec is the codec of the connection.
	Codec Codec
	// Since has the revisions that the client has, by the numbers of the models. Models that
	// are not in it are sent whole.
	Since map[uint64]uint64
}

// Names of the parameters of a URL.
const (
	codecParameter = "codec"
	sinceParameter = "since"
)

// AddTo returns the URL with the query added to the one that it may have. It fails when the
// URL cannot be parsed.
func (q Query) AddTo(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	added := codecParameter + "=" + url.QueryEscape(q.Codec.Name())
	if len(q.Since) > 0 {
		added += "&" + sinceParameter + "=" + url.QueryEscape(sinceText(q.Since))
	}
	if u.RawQuery != "" {
		added = u.RawQuery + "&" + added
	}
	u.RawQuery = added
	return u.String(), nil
}

// sinceText returns the since document.
func sinceText(since map[uint64]uint64) string {
	text := []byte{'{'}
	for i, id := range slices.Sorted(maps.Keys(since)) {
		if i > 0 {
			text = append(text, ',')
		}
		text = append(strconv.AppendUint(append(text, '"'), id, 10), `":`...)
		text = strconv.AppendUint(text, since[id], 10)
	}
	return string(append(text, '}'))
}

// ParseQuery reads the query of a connection's URL. An absent or empty codec is def. It fails
// with an *[Error], for which a server answers 400, when there is no such codec (UnknownCodec)
// and when the since document is malformed (BadSince).
func ParseQuery(values url.Values, codecs *Codecs, def Codec) (Query, error) {
	q := Query{Codec: def}
	if name := values.Get(codecParameter); name != "" {
		var err error
		if q.Codec, err = codecs.Named(name); err != nil {
			return Query{}, err
		}
	}
	since, err := parseSince(values.Get(sinceParameter))
	if err != nil {
		return Query{}, err
	}
	q.Since = since
	return q, nil
}

// parseSince reads a since document; nothing is none.
func parseSince(text string) (map[uint64]uint64, error) {
	if text == "" {
		return nil, nil
	}
	const depth, elements = 2, 1 << 16
	s := newSource([]byte(text), JSON().format, wire.Limits{Depth: depth, Elements: elements})
	since := map[uint64]uint64{}
	ok := s.fields(func(key []byte) bool {
		id, err := strconv.ParseUint(string(key), 10, 64)
		rev, ok := s.uint()
		since[id] = rev
		return err == nil && ok
	})
	if !ok || !s.end() {
		return nil, &Error{Code: BadSince, Reason: "since is a JSON object from the number of a model to its revision"}
	}
	return since, nil
}
