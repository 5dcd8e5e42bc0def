package tp

import (
	"context"
	"reflect"
	"runtime"
	"strings"

	"github.com/telestruct/telestruct/internal/initialism"
)

// goName returns the runtime's name of a handler, such as
// "example.com/shop.(*Service).Greet-fm"; "" for nil.
func goName[A, R any](handler func(context.Context, A) (R, error)) string {
	if handler == nil {
		return ""
	}
	f := runtime.FuncForPC(reflect.ValueOf(handler).Pointer())
	if f == nil {
		return ""
	}
	return f.Name()
}

// wireName derives "fn.greet" from a runtime function name. It reports false for
// function literals: their names change when the code around them does.
func wireName(goName string) (string, bool) {
	name := goName[strings.LastIndexByte(goName, '/')+1:]
	name = strings.ReplaceAll(name, "[...]", "")
	parts := strings.Split(name, ".")
	base := parts[len(parts)-1]
	switch {
	case len(parts) == 2:
	case len(parts) == 3 && strings.HasSuffix(base, "-fm"):
		base = strings.TrimSuffix(base, "-fm")
	default:
		return "", false
	}
	if trimmed := strings.TrimSuffix(base, "Handler"); trimmed != "" {
		base = trimmed
	}
	return "fn." + initialism.Lower(base), true
}
