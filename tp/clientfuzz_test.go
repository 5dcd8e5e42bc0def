package tp_test

import (
	"context"
	"errors"
	"testing"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/wire"
)

// FuzzClientResponse answers a client with anything: a call has a result, or an error
// of one of the two kinds, and what was learnt from a response does not hurt the next
// call. Typed and raw calls agree on what is a response.
func FuzzClientResponse(f *testing.F) {
	srv := build(f, ordersAPI())
	fields := fieldsOf(srv)
	enc := tp.Member{Key: "@enc_", Value: fields.Header()}
	const order = `[{"@base64_":{"Ok_":{"order":{"blob!":true}}}},{"Ok_":{"order":{"id":1,"buyer":null,"lines":[{"sku":"s","price":1e3},{"sku":"t","price":2}],"blob!":"AQI=","extra!":[1,{"a":true}]}}}]`
	for _, message := range []string{order, `[{},{"ErrorQuota":{"left":3}}]`, `[{},{"ErrorInvalidRequestBody_":{"cases":[{"path":["a",1],"reason":{"A":{}}}]}}]`,
		`[{},{"ErrorParseFailure_":{"reasons":[{"IncompatibleBinaryEncoding":{}}]}}]`} {
		f.Add([]byte(message))
		for _, format := range binaryFormats {
			f.Add(binary(f, format, fields, message, enc))
			f.Add(binary(f, format, fields, message, enc, tp.Member{Key: "@pac_", Value: true}))
			f.Add(binary(f, format, fields, message))
		}
	}
	f.Fuzz(func(t *testing.T, response []byte) {
		client := tp.NewClient(answering(string(response)), tp.Binary(tp.BinaryAlways), tp.Packed())
		for range 2 {
			_, err := tp.Call[OrderMsg](context.Background(), client, &OrderMsg{}, tp.Name("fn.echo"))
			checkFuzzedError(t, err)
		}
		answer, err := client.Exchange(context.Background(), &tp.Message{Target: "fn.echo"})
		if err == nil {
			if _, err := wire.AppendMessage(nil, answer); err != nil {
				t.Errorf("the answer is no tree: %v", err)
			}
		}
		good := string(binary(t, tp.MessagePack, fields, order, enc))
		fresh := tp.NewClient(answerInTurn(string(response), good), tp.Binary(tp.BinaryAlways))
		_, _ = tp.Call[OrderMsg](context.Background(), fresh, &OrderMsg{}, tp.Name("fn.echo"))
		if _, err := tp.Call[OrderMsg](context.Background(), fresh, &OrderMsg{}, tp.Name("fn.echo")); err != nil {
			t.Errorf("the call after it failed: %v", err)
		}
	})
}

func checkFuzzedError(t *testing.T, err error) {
	var (
		failure *tp.Error
		result  *tp.ResultError
		quota   *QuotaError
	)
	switch {
	case err == nil:
	case errors.As(err, &failure):
		if failure.Kind != tp.KindSerialization {
			t.Errorf("got %v", err)
		}
	case errors.As(err, &result):
		_ = errors.As(err, &quota)
		_ = standardOf(err).Error()
	default:
		t.Errorf("got %v", err)
	}
}

// answerInTurn gives the answers, and the last one for ever.
func answerInTurn(answers ...string) tp.Transport {
	return tp.TransportFunc(func(context.Context, []byte) ([]byte, error) {
		answer := answers[0]
		if len(answers) > 1 {
			answers = answers[1:]
		}
		return []byte(answer), nil
	})
}
