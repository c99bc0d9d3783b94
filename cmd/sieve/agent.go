// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// mesosDiffers compares what a document means to its own tools with what a Mesos agent
// makes of it, and returns d with a message that names the calls that get another answer.
// It returns nothing if there are none, or if the comparison is too large to finish: this
// is a note for information, not a verdict.
//
// Only calls of the machine's own ABI are named. As the example in the message it prefers
// a call to which the agent gives the milder answer, since that is what a reader must not
// miss. Calls without a name, newer than the tables, are named only if nothing else
// differs.
func mesosDiffers(d profile.Diagnostic, own, agent *seccomp.Policy) []profile.Diagnostic {
	var names []string
	seen := map[string]bool{}
	var first, unnamed *proof.Difference
	native := document.Machine(own)
	count := 0
	for set, err := range proof.Diff(proof.Of(own), proof.Of(agent)) {
		if err != nil {
			return nil
		}
		// A message names a few calls; this many sets are enough to choose them from.
		if count++; count > 10_000 {
			break
		}
		if set.ABI != native {
			continue
		}
		if len(set.Names) == 0 {
			if unnamed == nil {
				unnamed = &set
			}
			continue
		}
		for _, name := range set.Names {
			if !seen[name] {
				seen[name] = true
				names = append(names, name)
			}
		}
		if first == nil || set.B.Rank() > set.A.Rank() && first.B.Rank() <= first.A.Rank() {
			first = &set // the agent lets it through
		}
	}
	if first == nil {
		first = unnamed
	}
	if first == nil {
		return nil
	}
	d.Message = "a Mesos agent, which knows no errnos and no answers for new calls, decides otherwise on " + mesosCalls(names, native) +
		fmt.Sprintf("; %s gets %v, not %v", mesosCall(first), first.B, first.A)
	d.Witness = &first.Call
	return []profile.Diagnostic{d}
}

// mesosCalls names the first few calls: "chmod, chown, close, dup, dup2 and 12 more". A
// message must fit a line.
func mesosCalls(names []string, a arch.Arch) string {
	const few = 5
	switch {
	case len(names) == 0:
		return "calls newer than the document on " + a.String()
	case len(names) > few:
		return fmt.Sprintf("%s and %d more", strings.Join(names[:few], ", "), len(names)-few)
	}
	return strings.Join(names, ", ")
}

// mesosCall names one call of a set: by its name, or by its number if no table has one.
func mesosCall(d *proof.Difference) string {
	if len(d.Names) > 0 {
		return d.Names[0]
	}
	return fmt.Sprintf("number %d", d.Call.Nr)
}
