// Package leaks fails the tests of a package that leave goroutines behind.
package leaks

import (
	"testing"
	"time"

	"go.uber.org/goleak"
)

// patience is how long goroutines may take to end after the last test: busy machines do not
// come round to them at once.
const patience = 2 * time.Minute

// Main runs the tests of a package, for its TestMain, and ends the program. When all have passed
// and goroutines are left that do not end, it says which, and fails.
func Main(m *testing.M) { goleak.VerifyTestMain(unhurried{m}) }

// unhurried gives what the tests have begun time to end.
type unhurried struct{ *testing.M }

func (m unhurried) Run() int {
	code := m.M.Run()
	for end := time.Now().Add(patience); code == 0 && goleak.Find() != nil && time.Now().Before(end); {
	}
	return code
}
