// Package callsite tells where a user's program called the framework.
package callsite

import (
	"fmt"
	"path"
	"runtime"
	"strings"
)

// module is the prefix of the packages whose frames are ours.
const module = "github.com/telestruct/telestruct/"

// own are the packages through which users reach the framework: the first frame
// outside of them is the user's.
var own = []string{"tp.", "mw.", "wsx.", "reflectschema.", "internal/callsite."}

// Caller returns "dir/file.go:line" of the innermost frame outside the
// framework, with the last directory only so that no path of the machine that
// built the program is shown. It returns "" when there is none.
func Caller() string {
	var pcs [16]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	for {
		frame, more := frames.Next()
		if frame.File != "" && !isOwn(frame.Function) {
			dir, file := path.Split(frame.File)
			return fmt.Sprintf("%s:%d", path.Join(path.Base(dir), file), frame.Line)
		}
		if !more {
			return ""
		}
	}
}

func isOwn(function string) bool {
	rest, found := strings.CutPrefix(function, module)
	if !found {
		return false
	}
	for _, pkg := range own {
		if strings.HasPrefix(rest, pkg) {
			return true
		}
	}
	return false
}
