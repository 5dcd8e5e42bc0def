// Command report measures Telestruct beside others and prints tables of how they
// compare. Run it in the root of the module:
//
//	go run ./internal/bench/report
//
// Programs on a busy machine are fast at one time and slow at another. So each round
// measures everything once and shortly: for each row of a table the benchmarks that it
// compares right after one another, and the next time backwards. The tables have the
// median of the ratios of all rounds. They say what is, and judge nothing.
//
// The flags:
//
//	-rounds n       how many rounds; default 21
//	-benchtime d    how long each benchmark runs in a round, as for go test; default 100ms
//	-match pattern  only the benchmarks that match, as for go test -bench; default all
//	-write page     put the tables into the part "measured" of a Markdown page as well
//
// Peers that are modules of their own are left out when they cannot be downloaded.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/telestruct/telestruct/internal/bench/page"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], command{dir: ".", messages: os.Stderr}, os.Stdout); err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(os.Stderr, "report:", err)
		}
		stop()
		os.Exit(1)
	}
}

// options are what the flags say.
type options struct {
	rounds    int
	benchtime string
	match     string
	write     string
}

func parseOptions(args []string, usage io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("report", flag.ContinueOnError)
	flags.SetOutput(usage)
	flags.IntVar(&o.rounds, "rounds", 21, "how many `rounds`")
	flags.StringVar(&o.benchtime, "benchtime", "100ms", "how `long` each benchmark runs in a round, as for go test")
	flags.StringVar(&o.match, "match", "", "only the benchmarks that match this `pattern`, as for go test -bench")
	flags.StringVar(&o.write, "write", "", "the Markdown `page` to put the tables into")
	err := flags.Parse(args)
	switch {
	case err != nil:
		return o, err
	case flags.NArg() > 0:
		return o, fmt.Errorf("unexpected argument %q; all arguments are flags", flags.Arg(0))
	case o.rounds < 1:
		return o, fmt.Errorf("-rounds is %d; want 1 at least", o.rounds)
	case o.write != "" && o.match != "":
		return o, errors.New("-write wants all benchmarks; leave out -match")
	}
	return o, nil
}

// run measures and prints the tables to out.
func run(ctx context.Context, args []string, c command, out io.Writer) error {
	o, err := parseOptions(args, c.messages)
	if err != nil {
		return err
	}
	results, err := measure(ctx, c, o)
	if err != nil {
		return err
	}
	text := results.report(time.Now(), machineOf(results.cpu), tables())
	if o.write != "" {
		if err := writePage(o.write, text); err != nil {
			return err
		}
	}
	_, err = io.WriteString(out, text)
	return err
}

func writePage(file, text string) error {
	old, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	replaced, err := page.Replace(old, "measured", text)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return os.WriteFile(file, replaced, 0o644)
}
