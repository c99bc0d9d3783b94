// SPDX-License-Identifier: Apache-2.0

// Users builds and tests programs that filter calls through libseccomp-golang,
// each as it is and again with Sieve's module libseccomp in its place, and
// prints both side by side.
//
//	go run ./users                  those that build in a minute
//	go run ./users -all             CRI-O and the Kubernetes operator as well
//	go run ./users -only runc,snapd
//
// It fails where a user that builds as it is does not with Sieve, still links
// libseccomp, or has a test that passes as it is and not with Sieve. A user whose
// sources cannot be had has a row that says so. The sources are modules, pinned by
// their hash. Nothing is written but in a temporary folder.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "users:", err)
		os.Exit(1)
	}
}

func run() error {
	all := flag.Bool("all", false, "those whose builds take minutes as well")
	only := flag.String("only", "", "names of users, separated by commas")
	limit := flag.Duration("timeout", 30*time.Minute, "of everything together")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, unix.SIGTERM)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, *limit)
	defer cancel()
	var rows []row
	var failed error
	for _, u := range users {
		if *only == "" && u.heavy && !*all || *only != "" && !slices.Contains(strings.Split(*only, ","), u.name) {
			continue
		}
		began := time.Now()
		more, err := u.compare(ctx)
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("%s: %w", u.name, err))
		}
		rows = append(rows, more...)
		fmt.Fprintf(os.Stderr, "%s: %.0f s\n", u.title(), time.Since(began).Seconds())
	}
	if len(rows) == 0 && failed == nil {
		return errors.New("no such user")
	}
	if !slices.ContainsFunc(rows, func(r row) bool { return len(r.results) > 0 }) {
		failed = errors.Join(failed, errors.New("no user could be built: nothing was compared"))
	}
	return errors.Join(failed, printTable(os.Stdout, rows))
}

// compare is what a user's builds and tests gave, a row for each suite.
func (u user) compare(ctx context.Context) ([]row, error) {
	temporary, err := os.MkdirTemp("", "users")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(temporary)
	if err := os.Chmod(temporary, 0o755); err != nil { // containers run as other users
		return nil, err
	}
	var sides []*checkout
	for _, sieve := range []bool{false, true} {
		side, err := u.checkout(ctx, temporary, sieve)
		if errors.Is(err, errUnavailable) {
			return []row{{user: u.title(), what: "build", measured: []string{firstLine(err), "not run"}}}, nil
		}
		if err != nil {
			return nil, err
		}
		sides = append(sides, side)
	}
	rows := []row{u.how()}
	for _, s := range u.suites() {
		r := row{user: u.title(), what: s.name}
		for _, side := range sides {
			result, err := s.run(ctx, side)
			if err != nil {
				return rows, fmt.Errorf("%s, %v: %w", s.name, side, err)
			}
			r.results = append(r.results, result)
		}
		rows = append(rows, r)
	}
	if u.measure == nil {
		return rows, nil
	}
	more, err := u.measure(ctx, sides)
	return append(rows, more...), err
}

// firstLine is an error as a cell of the table.
func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return strings.ReplaceAll(line, "|", "/")
}

func (u user) title() string { return u.name + " " + u.version }

// how says how a user is built.
func (u user) how() row {
	after := "CGO_ENABLED=0"
	if u.cgo {
		after = "cgo for C of its own, no libseccomp"
	}
	return row{user: u.title(), what: "build", measured: []string{"cgo with libseccomp", after}}
}
