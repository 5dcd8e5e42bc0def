package mirror

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// vectorsVariable names the vector files, as a list of paths that are absolute or seen from the
// root of the module.
const vectorsVariable = "TELESTRUCT_MIRROR_VECTORS"

// vectorFile is a file of test vectors of the protocol (section 16).
type vectorFile struct {
	Format string
	Models map[string]json.RawMessage
	Groups map[string][]json.RawMessage
}

// groups has what runs one vector of each group.
func groups() map[string]func(*vectorFile, json.RawMessage) error {
	return map[string]func(*vectorFile, json.RawMessage) error{
		"value_codec":   run(valueCodecVector.run),
		"value_decode":  run(valueDecodeVector.run),
		"message_codec": run(messageCodecVector.run),
		"diff":          run(diffVector.run),
		"apply":         run(applyVector.run),
		"codec_name":    run(codecNameVector.run),
		"connect_url":   run(connectURLVector.run),
		"client":        run(clientVector.run),
		"server":        run(stepsVector.run),
		"hub":           run(stepsVector.run),
		"merge":         run(mergeVector.run),
		"sequence":      run(sequenceVector.run),
		"relay":         run(relayVector.run),
		"election":      run(electionVector.run),
		"sse":           run(sseVector.run),
		"byte_frame":    run(byteFrameVector.run),
		"schema":        run(schemaVector.run),
	}
}

// run returns what runs vectors of one form.
func run[V any](vector func(V, *vectorFile) error) func(*vectorFile, json.RawMessage) error {
	return func(file *vectorFile, text json.RawMessage) error {
		var v V
		if err := json.Unmarshal(text, &v); err != nil {
			return err
		}
		return vector(v, file)
	}
}

// Without vectors there is nothing to run: they are no part of this repository.
func TestVectors(t *testing.T) {
	root := filepath.Join("..", "..")
	paths := filepath.SplitList(os.Getenv(vectorsVariable))
	if len(paths) == 0 {
		public := filepath.Join("..", "shared", "spec", "mirror-vectors.json")
		if _, err := os.Stat(filepath.Join(root, public)); err != nil {
			t.Skipf("no vectors: set %s", vectorsVariable)
		}
		paths = []string{public}
	}
	passed, failed := map[string]int{}, map[string]int{}
	for _, path := range paths {
		if !filepath.IsAbs(path) {
			path = filepath.Join(root, path)
		}
		runVectors(t, path, passed, failed)
	}
	var pass, fail int
	for _, name := range slices.Sorted(maps.Keys(passed)) {
		fmt.Printf("group=%s pass=%d fail=%d\n", name, passed[name], failed[name])
		pass, fail = pass+passed[name], fail+failed[name]
	}
	fmt.Printf("total pass=%d fail=%d\n", pass, fail)
	if pass == 0 {
		t.Error("no vector passes")
	}
}

// runVectors runs all vectors of a file and counts by group.
func runVectors(t *testing.T, path string, passed, failed map[string]int) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var file vectorFile
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	runners := groups()
	for group, vectors := range file.Groups {
		for _, vector := range vectors {
			var named struct{ Name string }
			err := json.Unmarshal(vector, &named)
			runVector := runners[group]
			if runVector == nil {
				err = errors.New("nothing runs this group")
			}
			if err == nil {
				err = runVector(&file, vector)
			}
			passed[group] += 0
			if err == nil {
				passed[group]++
				continue
			}
			failed[group]++
			t.Errorf("%s/%s: %v", group, named.Name, err)
		}
	}
}

// mismatch returns an error unless the two are equal, as JSON if they are not.
func mismatch(what string, want, got any) error {
	if reflect.DeepEqual(want, got) {
		return nil
	}
	return fmt.Errorf("%s (-want +got):\n%s", what, cmp.Diff(plain(want), plain(got)))
}

// plain returns v as a tree without types.
func plain(v any) any {
	text, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	var tree any
	if err := json.Unmarshal(text, &tree); err != nil {
		return err.Error()
	}
	return tree
}

// differentJSON is mismatch for what is the same document.
func differentJSON(what string, want, got any) error { return mismatch(what, plain(want), plain(got)) }

type valueCodecVector struct {
	Value      Value
	JSON       string
	MsgpackHex string `json:"msgpack_hex"`
	CborHex    string `json:"cbor_hex"`
}

func (v valueCodecVector) run(*vectorFile) error {
	msgpack, err1 := hex.DecodeString(v.MsgpackHex)
	cbor, err2 := hex.DecodeString(v.CborHex)
	problems := errors.Join(err1, err2)
	for codec, want := range map[Codec]string{JSON(): v.JSON, MessagePack(): string(msgpack), CBOR(): string(cbor)} {
		frame, err := codec.EncodeValue(v.Value)
		if err == nil {
			err = mismatch(codec.Name(), want, string(frame.Data))
		}
		back, decodeErr := codec.DecodeValue(Frame{Text: codec.Text(), Data: []byte(want)}, Limits{})
		if decodeErr == nil && !back.Equal(v.Value) {
			decodeErr = fmt.Errorf("%s: decoded %v", codec.Name(), back)
		}
		problems = errors.Join(problems, err, decodeErr)
	}
	return problems
}

type valueDecodeVector struct {
	Codec, Text, Hex string
	Value            *Value
	Error            Code
}

func (v valueDecodeVector) run(*vectorFile) error {
	codec := codecNamed(v.Codec)
	frame := Frame{Text: codec.Text(), Data: []byte(v.Text)}
	if v.Hex != "" {
		data, err := hex.DecodeString(v.Hex)
		if err != nil {
			return err
		}
		frame.Data = data
	}
	got, err := codec.DecodeValue(frame, Limits{})
	if v.Error != "" || err != nil {
		return mismatch("error", v.Error, CodeOf(err))
	}
	if !got.Equal(*v.Value) {
		return fmt.Errorf("decoded %v, not %v", got, v.Value)
	}
	return nil
}

type messageCodecVector struct {
	Message    json.RawMessage
	MsgpackHex string `json:"msgpack_hex"`
	CborHex    string `json:"cbor_hex"`
}

func (v messageCodecVector) run(*vectorFile) error {
	message, err := JSON().Decode(Frame{Text: true, Data: v.Message}, Limits{})
	if err != nil {
		return err
	}
	for codec, want := range map[Codec]string{MessagePack(): v.MsgpackHex, CBOR(): v.CborHex} {
		frame, encodeErr := codec.Encode(message)
		if encodeErr == nil {
			encodeErr = mismatch(codec.Name(), want, hex.EncodeToString(frame.Data))
		}
		back, decodeErr := codec.Decode(frame, Limits{})
		if decodeErr == nil {
			decodeErr = differentJSON("decoded", v.Message, inJSON(back))
		}
		err = errors.Join(err, encodeErr, decodeErr)
	}
	return err
}

// inJSON returns a message as JSON.
func inJSON(m Message) json.RawMessage {
	frame, err := JSON().Encode(m)
	if err != nil {
		panic(err)
	}
	return frame.Data
}

type diffVector struct {
	Old, New Value
	Ops      json.RawMessage
}

func (v diffVector) run(*vectorFile) error {
	ops := Diff(v.Old, v.New)
	result, err := Apply(v.Old, ops)
	if err == nil && !result.Equal(v.New) {
		err = fmt.Errorf("applied, it is %v, not %v", result, v.New)
	}
	got := map[string]any{"rev": 0, "ops": v.Ops}
	return errors.Join(err, differentJSON("operations", got, Patch{Ops: ops}))
}

type applyVector struct {
	Value  Value
	Ops    json.RawMessage
	Result *Value
	Error  Code
}

func (v applyVector) run(*vectorFile) error {
	before := v.Value.String()
	text := fmt.Appendf(nil, `{"rev":1,"ops":%s}`, v.Ops)
	patch, err := JSON().DecodePatch(Frame{Text: true, Data: text}, Limits{})
	var got Value
	if err == nil {
		got, err = Apply(v.Value, patch.Ops)
	}
	if after := v.Value.String(); after != before {
		return fmt.Errorf("the value became %s", after)
	}
	if v.Error != "" || err != nil {
		return mismatch("error", v.Error, CodeOf(err))
	}
	if !got.Equal(*v.Result) {
		return fmt.Errorf("it is %v, not %v", got, v.Result)
	}
	return nil
}

type codecNameVector struct {
	Input, Canonical string
	Error            Code
}

func (v codecNameVector) run(*vectorFile) error {
	codec, err := (*Codecs)(nil).Named(v.Input)
	if v.Error != "" || err != nil {
		return mismatch("error", v.Error, CodeOf(err))
	}
	return mismatch("name", v.Canonical, codec.Name())
}
