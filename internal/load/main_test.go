package load

import (
	"flag"
	"fmt"
	"hash/maphash"
	"os"
	"testing"
	"time"

	"github.com/telestruct/telestruct/internal/leaks"
)

var duration = flag.Duration("load", 5*time.Second, "how long the load lasts")

const (
	sockets  = 64
	inFlight = 32 // calls on each of them

	// patience is how long things may take that should take no time.
	patience = 2 * time.Minute
)

func TestMain(m *testing.M) {
	flag.Parse()
	if *mirrorsOf == "" {
		leaks.Main(m)
		return
	}
	all := &mirrors{address: *mirrorsOf, whole: *mirrorsWhole, seed: maphash.MakeSeed()}
	if err := runMirrors(all, *mirrorClients, os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
