// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/internal/mesos"
	"github.com/gosieve/sieve/profile"
)

// readDefinitions reads the files of Marathon definitions. It goes through all files even
// if one is refused, so that one run reports all that is wrong. Ids must differ over all
// files, as in one Marathon: the id is how events and the status name a task.
func readDefinitions(cmd *cli.Command) ([]mesos.Definition, error) {
	if !cmd.Args().Present() {
		return nil, fmt.Errorf("%s: want APP.json: \"sieve marathon %s --help\" has an example", cmd.Name, cmd.Name)
	}
	w := cmd.Root().ErrWriter
	var all []mesos.Definition
	refused := false
	for _, name := range cmd.Args().Slice() {
		doc, err := readFile(cmd, name)
		if err != nil {
			return nil, err
		}
		inputsOf(cmd).keep(shown(name), doc)
		definitions, diagnostics, err := mesos.ParseMarathon(shown(name), doc)
		// Diagnostics come before the error: they are about the same file, and some
		// explain it.
		for _, d := range diagnostics {
			inputsOf(cmd).tell(w, d)
		}
		if err != nil {
			refused = true
			inputsOf(cmd).reportRefusal(w, err)
		}
		for _, d := range definitions {
			if slices.ContainsFunc(all, func(o mesos.Definition) bool { return o.ID == d.ID }) {
				refused = true
				fmt.Fprintf(w, "%s: error: %s is defined twice\n", shown(name), d.ID)
			}
			all = append(all, d)
		}
	}
	if refused {
		return nil, &statusError{statusNo, nil}
	}
	return all, nil
}

// reportRefusal writes each of joined errors on a line of its own, with its place in
// front, as compilers do and editors read it.
func (in *inputs) reportRefusal(w io.Writer, err error) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, one := range joined.Unwrap() {
			in.reportRefusal(w, one)
		}
		return
	}
	var e *document.Refusal
	if errors.As(err, &e) {
		fmt.Fprintf(w, "%s: error: %s\n%s", printable(e.Place.String()), printable(e.Error()), in.quoted(e.Place, painter(w, profile.Failure)))
		return
	}
	fmt.Fprintln(w, err)
}
