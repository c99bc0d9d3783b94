// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// mesosDiffers says which calls by name get another answer from a Mesos agent, and
// what calls get that have no name yet.
func mesosDiffers(d profile.Diagnostic, own, agent *seccomp.Policy) []profile.Diagnostic {
	var names []string
	seen := map[string]bool{}
	var first, unnamed *proof.Difference
	native := own.Machine()
	count := 0
	for set, err := range proof.Diff(proof.Of(own), proof.Of(agent)) {
		if err != nil {
			return nil
		}
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

// mesosCalls names the first few calls, for a message that must fit a line.
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

// mesosCall is one of a set's calls.
func mesosCall(d *proof.Difference) string {
	if len(d.Names) > 0 {
		return d.Names[0]
	}
	return fmt.Sprintf("number %d", d.Call.Nr)
}
